"""Random waves: every code of the questionnaire, blanks, copies, edits, impossible ages and dates, refusals, logs.

Most people consent, are of age and answer, as in a real wave; each way to differ is drawn often enough that a few waves
hold them all (`test_generator.py` sees to it).
"""

from __future__ import annotations

import random as chance
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pipeline.wave import Wave, load_questionnaire, load_wave
from tests.support import oracle
from tests.support.waves import (
    HEADERS,
    INDICATORS,
    LOG_HEADERS,
    NAME,
    REASONS,
    Row,
    reason_columns,
    respondent,
    write_log,
    write_wave,
)

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
APPROVED = "validation_status_approved"
LOG_STYLES = [(name, style) for name in ("cleaning.csv", "cleaning.xlsx") for style in LOG_HEADERS]
BY_ROUTE = "[exports.fieldwork_by_route]\ncentral = { from = 2016-06-01, to = 2016-09-30 }\n"


@dataclass(frozen=True, repr=False)
class RandomWave:
    """The rows of each export, what the wave file says beside them, and the cleaning log.

    log: entries as for `write_log`, each with our name of its question under `column`. log_style: the log's file name
    and how its columns are called.
    """

    files: dict[str, list[Row]]
    more: str = ""
    is_approval_asked: bool = False
    log: tuple[Row, ...] = ()
    log_style: tuple[str, str] = ("cleaning.csv", "plain")

    def __repr__(self) -> str:
        """Only what sets each row apart from the usual respondent, so that a failure can be read."""
        usual = respondent()
        lines = [
            f"{file} {row['submission_id']}: " + ", ".join(f"{k}={v!r}" for k, v in row.items() if v != usual[k])
            for file, rows in self.files.items()
            for row in rows
        ]
        head = f"a random wave, more={self.more!r}, is_approval_asked={self.is_approval_asked}"
        return "\n".join([head, *lines, *(f"{self.log_style[0]}: {entry}" for entry in self.log)])

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
            "validation_status": mostly(APPROVED, ("Approved", "validation_status_on_hold", "Not approved", "")),
        }
    )


@st.composite
def waves(draw: Any, *, least: int = 1) -> RandomWave:
    """A wave of one or two exports, in which one person at the least is analysed."""
    size = draw(st.integers(least, MOST_PEOPLE))
    rows = [_row(number, draw(answers()), draw(submissions())) for number in range(1, size + 1)]
    rows.append(respondent(size + 1, validation_status=APPROVED))  # A wave with nobody to analyse is refused.
    copied = draw(st.lists(st.sampled_from(rows), max_size=2))
    rows += [dict(row) for row in copied]
    cut = draw(st.sampled_from((len(rows), max(1, size // 2))))
    files = {"a.csv": rows[:cut], "b.csv": rows[cut:]} if cut < len(rows) else {"a.csv": rows}
    named = sorted({row["submission_uuid"] for row in rows} - {"", f"uuid-{size + 1}"})
    # Drawing each entry would take more of what Hypothesis has to draw from than the people leave.
    pick = chance.Random(draw(st.integers(0, 2**32)))
    has_log = bool(named) and pick.random() < WITH_LOG
    return RandomWave(
        files,
        draw(st.sampled_from(("", BY_ROUTE))),
        is_approval_asked=draw(st.booleans()),
        log=tuple(a_log(pick, files, named)) if has_log else (),
        log_style=pick.choice(LOG_STYLES),
    )


def a_log(pick: chance.Random, files: dict[str, list[Row]], named: list[str]) -> list[Row]:
    """A cleaning log without a mistake, about the submissions named: each change begins at what a copy then holds."""
    log: list[Row] = []
    for _ in range(pick.randint(3, MOST_ENTRIES)):
        before = [entry for entry in log if entry.get("column") in CHANGES[:-1]]
        again = pick.choice(before) if before and pick.random() < ONCE_MORE else None
        uuid = again["uuid"] if again else pick.choice(named)
        kind = "change_response" if again else pick.choice(KINDS_OF_CHANGE)
        if kind != "change_response":
            log.append({"uuid": uuid, "change type": kind})
            continue
        rows = oracle.cleaned(files, log)
        copies = [row for of_file in rows.values() for row in of_file if row["submission_uuid"] == uuid]
        question = again["column"] if again else pick.choice(CHANGES)
        new = pick.choice(changes(question))
        if question != "reasons":
            log.append(_change(pick.choice(copies), question, new))
        elif len(copies) == 1:
            log += _change_of_reasons(copies[0], new)
    return log


WITH_LOG = 0.7
ONCE_MORE = 0.2
MOST_ENTRIES = 10
KINDS_OF_CHANGE = [*["change_response"] * 4, "remove_survey", "no_action"]
CHANGES = ("age", "sex", "consent", "survey_date", "survey_country", "unpaid_work", "transit", "nationality", "reasons")


def changes(question: str) -> Sequence[str]:
    """What an answer may be changed to."""
    of_its_own = {"age": AGES, "survey_date": DAYS, "survey_country": ROUTED, "reasons": SOME_REASONS}
    return of_its_own.get(question) or codes(question)


def _change(row: Row, column: str, new: str) -> Row:
    return {
        "uuid": row["submission_uuid"],
        "column": column,
        "question": HEADERS[column],
        "old value": row[column],
        "new value": new,
        "change type": "change_response" if new else "blank_response",
    }


def _change_of_reasons(row: Row, new: str) -> list[Row]:
    """The text with all reasons, and each column of a reason that must then say otherwise."""
    after = {"reasons": new, **reason_columns(new)}
    return [_change(row, column, text) for column, text in after.items() if text != row[column]]


def _row(number: int, said: Row, submission: Row) -> Row:
    own = {"submission_uuid": f"uuid-{number}"} if submission["submission_uuid"] == "own" else {}
    return respondent(number, **{**said, **submission, **own})


def on_disk(random: RandomWave, raw: Path) -> Wave:
    """The random wave, written under `raw` and loaded."""
    asked = {"approved": f'["{APPROVED}"]'} if random.is_approval_asked else {}
    folder = write_wave(raw, random.files, more=random.more, **asked)
    if random.log:
        write_log(folder, random.log, *random.log_style)
    return load_wave(raw, NAME)
