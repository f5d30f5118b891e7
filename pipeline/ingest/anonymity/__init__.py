"""The anonymity gate: an export in which something could identify a person is refused before anything is written.

It looks at columns by their names (`names`, with the words in `words.toml`) and by what every cell looks like
(`values`, with the patterns in `patterns`); at the columns that are kept, which a questionnaire declares (`kept`); at
further sheets, file properties and comments (`sheets`). `gate` judges, for all exports of a wave together. A refusal
names columns and kinds of identifier, never a value.
"""

from pipeline.ingest.anonymity.gate import Place, Seen, asks_for_more, judge
from pipeline.ingest.anonymity.names import compile_words, doubtful_by_name, is_of_staff, kinds_by_name
from pipeline.ingest.anonymity.sheets import seen_in_cells, seen_in_texts
from pipeline.ingest.anonymity.values import (
    bits_of,
    glance,
    is_blank,
    is_closed,
    is_private,
    kinds_of_bits,
    looks_identifying,
    suspicion,
)

__all__ = [
    "Place",
    "Seen",
    "asks_for_more",
    "bits_of",
    "compile_words",
    "doubtful_by_name",
    "glance",
    "is_blank",
    "is_closed",
    "is_of_staff",
    "is_private",
    "judge",
    "kinds_by_name",
    "kinds_of_bits",
    "looks_identifying",
    "seen_in_cells",
    "seen_in_texts",
    "suspicion",
]
