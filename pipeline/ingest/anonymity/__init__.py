"""The anonymity gate: an export in which something could identify a person is refused before anything is written.

It looks at everything that is not kept: at columns by their names (`names`, with the words in `words`) and by what
every cell looks like (`values`); at further sheets, file properties and comments (`sheets`). `gate` judges, for all
exports of a wave together. A refusal names columns and kinds of identifier, never a value.
"""

from pipeline.ingest.anonymity.gate import Place, Seen, judge
from pipeline.ingest.anonymity.names import doubtful_by_name, kinds_by_name
from pipeline.ingest.anonymity.sheets import seen_in_cells, seen_in_texts
from pipeline.ingest.anonymity.values import (
    bits_of,
    is_blank,
    is_closed,
    kinds_of_bits,
    looks_identifying,
    suspicion,
)

__all__ = [
    "Place",
    "Seen",
    "bits_of",
    "doubtful_by_name",
    "is_blank",
    "is_closed",
    "judge",
    "kinds_by_name",
    "kinds_of_bits",
    "looks_identifying",
    "seen_in_cells",
    "seen_in_texts",
    "suspicion",
]
