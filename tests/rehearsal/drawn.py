"""What made-up people must come to, worked out from the people themselves and not from any file.

The drawn arrays become rows of codes, in a plain loop; the reference engine makes our words of them. What it does not
know is added here: that an older version of the form did not put a question, and that a record is not approved.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

from pipeline.questionnaire import IntegerColumn, KeyColumn, ManyColumn, Questionnaire
from pipeline.rehearsal.people import People
from pipeline.rehearsal.submissions import APPROVED, STATUSES
from pipeline.vocabulary import MISSING_WORDS
from pipeline.wave import Wave
from tests.support import oracle

Persons = dict[str, oracle.Person]
"""Number of the submission → everything that is said of it."""

LOOKED_AT = ("route", "age_group", "region_of_origin", "excluded_by")


def expected(people: People, wave: Wave) -> list[oracle.Person]:
    """Every row in our words, with the rule that takes it out."""
    rows = [_row(people, place) for place in range(people.size)]
    persons = oracle.people(wave, {wave.file.exports[0].file: rows})
    for place, person in enumerate(persons):
        if person["age"] is None:
            asked = all(
                oracle.holds(c, person)
                for c in people.questionnaire.condition(people.questionnaire.columns["age"].asked_if)
            )
            person["age"] = "no_answer" if asked else "not_asked"
        is_older = people.submissions.is_older[people.submissions.source[place]]
        for name in people.older if is_older else ():
            person[name] = "not_asked" if person[name] == "no_answer" else person[name]
        status = STATUSES[people.submissions.status[place]]
        if wave.file.approved and status != APPROVED and person["excluded_by"] != "duplicate":
            person["excluded_by"] = "not_approved"
    return persons


def as_told(persons: list[oracle.Person], q: Questionnaire) -> Persons:
    """What of each person is compared."""
    names = [name for name, column in q.columns.items() if not isinstance(column, KeyColumn)]
    return {
        person["submission_id"]: {name: _level(name, person[name]) for name in (*names, "submission_uuid", *LOOKED_AT)}
        for person in persons
    }


def as_read(received: pd.DataFrame, q: Questionnaire) -> Persons:
    """The same of the rows that the pipeline has read."""
    return {str(row["submission_id"]): _read(row, q) for row in received.to_dict("records")}


def differences(found: Persons, wanted: Persons) -> list[str]:
    """Where they differ, the first few."""
    lines = [f"{number}: only on one side" for number in sorted(set(found) ^ set(wanted))]
    for number in sorted(set(found) & set(wanted)):
        for name, word in wanted[number].items():
            if found[number][name] != word:
                lines.append(f"{number}: {name} is {found[number][name]!r}, not {word!r}")
    return lines[:20]


def _level(name: str, word: Any) -> Any:
    """Of an age group only the level counts: which kind of missing it is stands with the age."""
    return "unknown" if name == "age_group" and word in MISSING_WORDS and word != "declined" else word


def _row(people: People, place: int) -> dict[str, str]:
    """The codes of one row, as the form has them; a blank is an empty text."""
    submissions, source = people.submissions, people.submissions.source[place]
    root = UUID(bytes=submissions.root[place].tobytes())
    row = {
        "submission_id": str(submissions.number[place]),
        "submission_uuid": str(UUID(bytes=submissions.uuid[place].tobytes())),
        "submission_time": str(submissions.sent[place]),
        "root_uuid": f"uuid:{root}" if submissions.is_edit[place] else "",
        "form_version": "a" if submissions.is_older[source] else "b",
        "validation_status": STATUSES[submissions.status[place]],
    }
    for name, closed in people.closed.items():
        row[name] = closed.codes[closed.picked[place]] if closed.picked[place] >= 0 else ""
    for name, several in people.several.items():
        row[name] = " ".join(code for code, chosen in zip(several.codes, several.chosen[place], strict=True) if chosen)
    for name, numbers in people.numbers.items():
        row[name] = str(numbers[place]) if numbers[place] >= 0 else ""
    for name, days in people.days.items():
        row[name] = str(days[place])
    return row


def _read(row: dict[str, Any], q: Questionnaire) -> oracle.Person:
    person = {name: row[name] for name in ("submission_uuid", *LOOKED_AT)}
    for name, column in q.columns.items():
        if isinstance(column, ManyColumn):
            person[name] = _chosen({word: row[f"{name}_{word}"] for word in q.words(name)})
        elif isinstance(column, IntegerColumn):
            person[name] = int(row[name]) if row[f"{name}_status"] == "given" else row[f"{name}_status"]
        elif not isinstance(column, KeyColumn):
            person[name] = row[name]
    return {name: _level(name, _plain(value)) for name, value in person.items()}


def _chosen(parts: dict[str, str]) -> set[str] | str:
    missing = {state for state in parts.values() if state in MISSING_WORDS}
    return missing.pop() if missing else {word for word, state in parts.items() if state == "yes"}


def _plain(value: Any) -> Any:
    """Days as days, however the engine gave them."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value if not isinstance(value, np.datetime64) else date.fromisoformat(str(value)[:10])
