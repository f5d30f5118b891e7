"""Random waves: every code of the questionnaire, blanks, copies, edits, impossible ages and dates, refusals.

Most people consent, are of age and answer, as in a real wave; each way to differ is drawn often enough that a few waves
hold them all (`test_generator.py` sees to it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pipeline.wave import Wave, load_questionnaire, load_wave
from tests.support.waves import INDICATORS, NAME, REASONS, Row, respondent, write_wave

Q = load_questionnaire("fms-2016")
"""The questionnaire whose codes are drawn from."""

MOST_PEOPLE = 40
ROUTED = ("ITA", "GRC", "MKD", "SRB", "HRV", "SVN", "HUN", "BGR", "ESP", "MAR")
"""Countries of interview with a route. Any other stops a run, so that nobody is lost in silence."""

DAYS = ("2015-11-30", "2015-12-01", "2016-05-31", "2016-06-01", "2016-09-30", "2016-10-01", "")
AGES = ("", "-1", "0", "13", "14", "17", "18", "24", "25", "110", "111")
TIMES = ("", "2016-07-01T08:00:00", "2016-07-01T09:00:00", "2016-07-01T10:00:00")
NO_REASONS = ("dont_know", "declined", "no_answer")
SOME_REASONS = ("", *REASONS, *NO_REASONS, "war economic", "family war services", "services persecution economic")
POINTS = ("AAA-01", "BBB-02", "CCC-03", "")
BY_ROUTE = "[exports.fieldwork_by_route]\ncentral = { from = 2016-06-01, to = 2016-09-30 }\n"


@dataclass(frozen=True, repr=False)
class RandomWave:
    """The rows of each export, and what the wave file says beside them."""

    files: dict[str, list[Row]]
    more: str

    def __repr__(self) -> str:
        """Only what sets each row apart from the usual respondent, so that a failure can be read."""
        usual = respondent()
        lines = [
            f"{file} {row['submission_id']}: " + ", ".join(f"{k}={v!r}" for k, v in row.items() if v != usual[k])
            for file, rows in self.files.items()
            for row in rows
        ]
        return "\n".join([f"a random wave, more={self.more!r}", *lines])

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Hypothesis prints what made a test fail in this way."""
        printer.text(repr(self))

    @property
    def rows(self) -> list[Row]:
        return [row for rows in self.files.values() for row in rows]


def mostly(usual: str, others: Sequence[str]) -> st.SearchStrategy[str]:
    """This answer two times out of three."""
    return st.sampled_from([usual] * (2 * len(others)) + [*others])


def codes(column: str) -> list[str]:
    """Every code of a closed question, and a blank."""
    return [*Q.answers[Q.columns[column].answers], ""]


def answers() -> st.SearchStrategy[Row]:
    """What one person said, without the platform's columns. Every question is drawn, whether it was put or not."""
    closed = [name for name, column in Q.columns.items() if column.kind == "answer"]
    return st.fixed_dictionaries(
        {
            **{name: st.sampled_from(codes(name)) for name in closed},
            **{f"{name}_country": mostly("", codes(f"{name}_country")) for name in INDICATORS},
            "survey_country": st.sampled_from(ROUTED),
            "survey_date": mostly("2016-07-15", DAYS),
            "consent": mostly("yes", ("no", "declined", "dont_know", "no_answer", "")),
            "previous_participation": mostly("no", ("yes", "declined", "dont_know", "no_answer", "")),
            "age": mostly("30", AGES),
            "monitoring_point": st.sampled_from(POINTS),
            "reasons": st.sampled_from(SOME_REASONS),
        }
    )


def submissions() -> st.SearchStrategy[Row]:
    """The identity of a submission: mostly its own, else shared with others as a copy or as an edit."""
    return st.fixed_dictionaries(
        {
            "submission_uuid": mostly("own", ("a", "b", "")),
            "root_uuid": mostly("", ("uuid:a", "b", "uuid:c")),
            "submission_time": st.sampled_from(TIMES),
        }
    )


@st.composite
def waves(draw: Any, *, least: int = 1) -> RandomWave:
    """A wave of one or two exports, in which one person at the least is analysed."""
    size = draw(st.integers(least, MOST_PEOPLE))
    rows = [_row(number, draw(answers()), draw(submissions())) for number in range(1, size + 1)]
    rows.append(respondent(size + 1))  # A wave with nobody left to analyse is refused.
    copied = draw(st.lists(st.sampled_from(rows), max_size=2))
    rows += [dict(row) for row in copied]
    cut = draw(st.sampled_from((len(rows), max(1, size // 2))))
    files = {"a.csv": rows[:cut], "b.csv": rows[cut:]} if cut < len(rows) else {"a.csv": rows}
    return RandomWave(files, draw(st.sampled_from(("", BY_ROUTE))))


def _row(number: int, said: Row, submission: Row) -> Row:
    own = {"submission_uuid": f"uuid-{number}"} if submission["submission_uuid"] == "own" else {}
    return respondent(number, **{**said, **submission, **own})


def on_disk(random: RandomWave, raw: Path) -> Wave:
    """The random wave, written under `raw` and loaded."""
    write_wave(raw, random.files, more=random.more)
    return load_wave(raw, NAME)
