"""A slow and obvious reference engine: plain loops over dicts, from the text of an export to every count.

It shares nothing with the pipeline but its words and the loaded wave, so that both are unlikely to be wrong in the
same way. When they differ, read `design` first: either may be right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

from pipeline.questionnaire import Condition, Questionnaire
from pipeline.vocabulary import EXPERIENCE_WORDS, GROUPS, PROFILE, RULES
from pipeline.wave import Wave

Person = dict[str, Any]
Cell = tuple[str, str, str, str]
"""indicator, route, group, level."""

ANALYSED = ""
MISSING = ("dont_know", "declined", "no_answer", "not_asked")


Row = dict[str, str]


def people(wave: Wave, files: dict[str, list[Row]], log: Sequence[Row] = ()) -> list[Person]:
    """Every row received, in our words, with `route`, its levels and `excluded_by`. log: see `cleaned`."""
    found = []
    removed = {entry["uuid"] for entry in log if entry["change type"] == "remove_survey"}
    for file, rows in cleaned(files, log).items():
        for number, row in enumerate(rows, start=2):
            person = {"file": file, "row": number, **in_our_words(row, wave.questionnaire)}
            person["is_removed"] = row["submission_uuid"] in removed
            found.append(person | derived_answers(person, wave.questionnaire))
    repeated = duplicates(found)
    for person in found:
        person["excluded_by"] = excluded_by(person, wave, repeated)
    return found


def cleaned(files: dict[str, list[Row]], log: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows as the cleaning log leaves them: entry by entry, in every copy that holds the old value.

    An entry names our column under `column`; what it calls the question is for the pipeline.
    """
    after = {file: [dict(row) for row in rows] for file, rows in files.items()}
    for entry in log:
        for row in (row for rows in after.values() for row in rows):
            is_meant = row["submission_uuid"] == entry["uuid"] and entry.get("column") in row
            if is_meant and row[entry["column"]] == entry["old value"]:
                row[entry["column"]] = entry["new value"]
    return after


# --- one row --------------------------------------------------------------------------------------------------------


def in_our_words(row: dict[str, str], q: Questionnaire) -> Person:
    """The answers of a row. What is blank, or says that there is no answer, is `not_asked` where the form would not
    have put the question."""
    given = {name: read(row.get(name, "").strip(), column, q) for name, column in q.columns.items()}
    words = {}
    for name, column in q.columns.items():
        value = given[name]
        if value in (None, "no_answer") and column.kind in ("answer", "many"):
            asked = name in row and all(holds(condition, given) for condition in q.condition(column.asked_if))
            value = "no_answer" if asked else "not_asked"
        words[name] = value
    return words


def read(text: str, column: Any, q: Questionnaire) -> Any:
    """One cell: None if it is blank, else a word, a set of words, a number, a date or the text itself."""
    if not text:
        return None
    if column.kind == "answer":
        return code_word(text, column.answers, q)
    if column.kind == "many":
        chosen = {code_word(code, column.answers, q) for code in text.split()}
        missing = chosen & set(MISSING)
        return missing.pop() if missing else chosen
    if column.kind == "integer":
        return column.missing.get(text) or int(text)
    if column.kind == "date":
        return date.fromisoformat(text)
    return text


def code_word(code: str, answers: str, q: Questionnaire) -> str:
    for key, answer in q.answers[answers].items():
        if code == key or code in answer.aliases:
            return answer.word
    raise ValueError(f"unknown answer {code!r} among {answers}")


def holds(condition: Condition, person: Person) -> bool:
    value = person[condition.column]
    if condition.is_ is not None:
        return value in condition.is_
    if condition.is_not is not None:
        return value not in condition.is_not
    if condition.missing is not None:
        return (not isinstance(value, int)) == condition.missing
    return isinstance(value, int) and value < condition.below


def derived_answers(person: Person, q: Questionnaire) -> Person:
    return {
        "route": route(person, q),
        "age_group": age_group(person["age"], q),
        "region_of_origin": region(person["nationality"], q),
    }


def route(person: Person, q: Questionnaire) -> str:
    for rule in q.routes:
        if all(holds(condition, person) for condition in rule.when):
            return str(rule.route)
    return "unknown"


def age_group(age: Any, q: Questionnaire) -> str:
    for name, group in q.age_groups.items():
        if isinstance(age, int) and age >= group.low and (group.high is None or age <= group.high):
            return name
    return "declined" if age == "declined" else "unknown"


def region(nationality: str, q: Questionnaire) -> str:
    for name, one in q.regions.items():
        if nationality in one.countries:
            return name
    return nationality


# --- who is taken out -----------------------------------------------------------------------------------------------


def excluded_by(person: Person, wave: Wave, repeated: set[tuple[str, int]]) -> str:
    """The first rule that holds, in the order of the ledger."""
    if person["is_removed"]:
        return "removed_by_log"
    if (person["file"], person["row"]) in repeated:
        return "duplicate"
    if wave.file.approved and not is_approved(person["validation_status"], wave):
        return "not_approved"
    if is_impossible(person, wave):
        return "invalid"
    for exclusion in wave.questionnaire.exclusions:
        if all(holds(condition, person) for condition in exclusion.when):
            return str(exclusion.rule)
    return ANALYSED


def is_approved(status: str | None, wave: Wave) -> bool:
    """Whether the platform's status is one that the wave asks for, by its name or as labels have it."""
    labels = {"Approved": "validation_status_approved", "Approuvé": "validation_status_approved"}
    return labels.get(status or "", status) in wave.file.approved


def is_impossible(person: Person, wave: Wave) -> bool:
    age, day = person["age"], person["survey_date"]
    low, high = wave.questionnaire.columns["age"].possible
    if isinstance(age, int) and not low <= age <= high:
        return True
    export = next(export for export in wave.file.exports if export.file == person["file"])
    by_route = {str(name): period for name, period in export.fieldwork_by_route.items()}
    period = by_route.get(person["route"], export.fieldwork)
    return day is not None and not period.from_ <= day <= period.to


def duplicates(received: list[Person]) -> set[tuple[str, int]]:
    """Copies of a submission but the first; then edits of a submission but the last."""
    known = [person for person in received if person["submission_uuid"]]
    out: set[tuple[str, int]] = set()
    for copies in together(known, lambda person: person["submission_uuid"]):
        out |= {place(person) for person in sorted(copies, key=earliest)[1:]}
    left = [person for person in known if place(person) not in out]
    for edits in together(left, original):
        out |= {place(person) for person in sorted(edits, key=latest)[:-1]}
    return out


def original(person: Person) -> str:
    """The submission that a row is, or is an edit of."""
    return (person["root_uuid"] or person["submission_uuid"]).removeprefix("uuid:")


def together(persons: Iterable[Person], key: Any) -> Iterable[list[Person]]:
    groups = defaultdict(list)
    for person in persons:
        groups[key(person)].append(person)
    return groups.values()


def place(person: Person) -> tuple[str, int]:
    return person["file"], person["row"]


def earliest(person: Person) -> tuple[Any, ...]:
    """Sorts the earliest first; what is not known comes last."""
    time, number = stamp(person), person["submission_id"]
    return (time is None, time or datetime.min, number is None, int(number or 0), place(person))


def latest(person: Person) -> tuple[Any, ...]:
    """Sorts the latest last; what is not known comes first."""
    time, number = stamp(person), person["submission_id"]
    return (time is not None, time or datetime.min, number is not None, int(number or 0), place(person))


def stamp(person: Person) -> datetime | None:
    text = person["submission_time"]
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def ledger(received: list[Person]) -> dict[str, int]:
    taken = Counter(person["excluded_by"] or "analysed" for person in received)
    return {rule: len(received) if rule == "received" else taken[rule] for rule in RULES}


# --- counts ---------------------------------------------------------------------------------------------------------


def analysed(received: list[Person]) -> list[Person]:
    return [person for person in received if person["excluded_by"] == ANALYSED]


def counts(received: list[Person], q: Questionnaire) -> dict[Cell, Counter[str]]:
    """Every cell with anyone in it: measure → people."""
    cells: dict[Cell, Counter[str]] = defaultdict(Counter)
    for person in analysed(received):
        measured = measures(person, q)
        for on_route in (person["route"], "all"):
            for group, crossed in GROUPS.items():
                level = "|".join(level_of(person, dimension) for dimension in crossed) or "all"
                for indicator, held in measured.items():
                    cells[indicator, on_route, group, level].update(held)
    return cells


def level_of(person: Person, dimension: str) -> str:
    word = person[dimension]
    return "unknown" if word in ("dont_know", "no_answer", "not_asked") else word


def measures(person: Person, q: Questionnaire) -> dict[str, list[str]]:
    """Indicator → the measures in which this person counts once."""
    asked_about = [str(item.indicator) for item in q.indicators]
    counted = [str(item.indicator) for item in q.indicators if item.counts]
    core = ["unpaid_work", "forced_work", "marriage_offer", "held_against_will"]
    return {
        **{name: measures_of([person[name]], 1) for name in asked_about},
        "at_least_one": measures_of([person[name] for name in counted], 1),
        "at_least_two": measures_of([person[name] for name in counted], 2),
        "at_least_one_common": measures_of([person[name] for name in core if name in asked_about], 1),
    }


def measures_of(words: list[str], least: int) -> list[str]:
    """In which measures a person with these answers counts, if `least` own experiences make a yes."""
    own = words.count("yes")
    unanswered = sum(word in ("dont_know", "declined", "no_answer") for word in words)
    is_complete = all(word in EXPERIENCE_WORDS for word in words)
    tests = {
        "asked": any(word != "not_asked" for word in words),
        "answered": any(word in EXPERIENCE_WORDS for word in words),
        "yes": own >= least,
        "family": own < least <= own + words.count("family"),
        "undecided": own < least <= own + unanswered,
        "complete": is_complete,
        "complete_yes": is_complete and own >= least,
    }
    return [measure for measure, counts_here in tests.items() if counts_here]


# --- what models are made from, and pairs of indicators --------------------------------------------------------------


def profiles(received: list[Person], q: Questionnaire) -> dict[tuple[str, ...], Counter[str]]:
    """(indicator, route, monitoring point, level of each characteristic of a profile) → answered and yes."""
    cells: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for person in analysed(received):
        levels = [level_of(person, characteristic) for characteristic in PROFILE]
        for indicator, held in measures(person, q).items():
            cell = cells[indicator, person["route"], point(person), *levels]
            cell.update(measure for measure in held if measure in ("answered", "yes"))
    return cells


def pairs(received: list[Person], q: Questionnaire) -> dict[tuple[str, ...], Counter[str]]:
    """(one indicator, a later one, route, monitoring point) → of those who answered both: who said yes to what."""
    cells: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for person in analysed(received):
        for one, other in combinations([str(item.indicator) for item in q.indicators], 2):
            if person[one] not in EXPERIENCE_WORDS or person[other] not in EXPERIENCE_WORDS:
                continue
            own = [person[one] == "yes", person[other] == "yes"]
            tests = {"answered": True, "yes": all(own), "yes_indicator": own[0], "yes_other": own[1]}
            cells[one, other, person["route"], point(person)].update(m for m, is_so in tests.items() if is_so)
    return cells


def point(person: Person) -> str:
    """Where a person was met. Those of whom it is not known count as met at one point of their own."""
    return person["monitoring_point"] or "no_answer"


# --- distributions, events, number of indicators --------------------------------------------------------------------


def distributions(received: list[Person], q: Questionnaire) -> dict[tuple[str, str, str], int]:
    """(variable, route, level) → respondents; the level `base` holds those with a known answer."""
    found: Counter[tuple[str, str, str]] = Counter()
    for person in analysed(received):
        for variable in q.distributions:
            word = person[variable]
            is_known = word not in MISSING
            levels = word if isinstance(word, set) else {level_of(person, variable)}
            for level in [*levels, *(["base"] if is_known else [])]:
                found.update([(variable, person["route"], level), (variable, "all", level)])
    return found


def events(received: list[Person], q: Questionnaire) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(indicator, route, country) → events, people who reported them. Awareness is no event of one's own."""
    who: dict[tuple[str, str, str], list[tuple[str, int]]] = defaultdict(list)
    for person in analysed(received):
        for item in q.indicators:
            name = str(item.indicator)
            if person[name] != "yes" or not item.event_country:
                continue
            country = level_of(person, item.event_country)
            for of in [name, "all"] if item.experience == "own" else [name]:
                for on_route in (person["route"], "all"):
                    who[of, on_route, country].append(place(person))
    return {key: (len(told), len(set(told))) for key, told in who.items()}


def numbers(received: list[Person], q: Questionnaire) -> Counter[tuple[str, int]]:
    """(route, number of indicators reported as own) → people, among those with a valid answer to one of them."""
    found: Counter[tuple[str, int]] = Counter()
    counted = [str(item.indicator) for item in q.indicators if item.counts]
    for person in analysed(received):
        words = [person[name] for name in counted]
        if any(word in EXPERIENCE_WORDS for word in words):
            found.update([(person["route"], words.count("yes")), ("all", words.count("yes"))])
    return found
