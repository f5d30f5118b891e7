"""A wave beside an earlier one, for tests: its own released numbers, under another name."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.disclose.changes import Before
from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC
from pipeline.disclose.released import Rows
from pipeline.report.edition import Edition
from pipeline.report.text import load_text
from pipeline.vocabulary import ALL, ROUTES
from tests.support.run import Results

EARLIER = "2015-06"


def as_texts(table: Rows) -> list[dict[str, str]]:
    """The rows of all respondents, as they stand in a released file."""
    rows = ({name: "" if value is None else str(value) for name, value in row.items()} for row in table)
    return [row for row in rows if row["group"] == row["level"] == ALL]


def beside_itself(run: Results, broken: Mapping[str, tuple[str, ...]], locale: str = "en") -> Edition:
    """An edition of a run beside an earlier wave with the same numbers. broken: route → why it may not be compared."""
    alone = release(run.estimates, run.ingested.ledger, PUBLIC)
    before = Before(EARLIER, as_texts(alone.estimates), {route: broken.get(route, ()) for route in ROUTES})
    released = release(run.estimates, run.ingested.ledger, PUBLIC, beside=before)
    file = run.wave.file.model_copy(update={"wave": EARLIER})
    text = load_text(locale, run.wave.questionnaire)
    return Edition(released, run.wave, text, earlier=run.wave.model_copy(update={"file": file}))
