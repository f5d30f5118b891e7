"""Measures of field quality against slow and obvious loops over the rows, on random waves.

A wave is put together as the measures take it, without an export, so that each of many costs little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from statistics import median, quantiles

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.engine import Engine
from pipeline.quality.alike import near_duplicates
from pipeline.quality.days import points, records_by_day
from pipeline.quality.enumerators import enumerators
from pipeline.quality.limits import LIMITS
from pipeline.quality.times import durations, time_queues
from pipeline.wave import Wave, load_questionnaire, load_wave
from tests.support.profiles import NAME
from tests.support.quality import Record, as_interviews, groups_in
from tests.support.waves import NAME as WAVE
from tests.support.waves import write_wave

MINUTE = 60
RANDOM = settings(max_examples=40 if NAME == "ci" else 500, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def wave(tmp_path_factory: pytest.TempPathFactory) -> Wave:
    folder = tmp_path_factory.mktemp("reference")
    write_wave(folder, [])
    return load_wave(folder, WAVE)


DAYS = st.sampled_from([None, *(date(2016, 7, day) for day in (1, 2, 5)), date(1970, 1, 1)])
CODES = st.sampled_from([None, "E01", "E01", "E01", "E02", "E03"])
POINTS = st.sampled_from([None, "ITA-01", "ITA-02"])
TIMES = st.one_of(
    st.sampled_from([(None, None), (0, None), (None, 0)]),
    *[st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted)] * 4,
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
"""Minutes from which and to which an interview lasts: mostly one after the other."""


@st.composite
def a_record(draw: st.DrawFn) -> Record:
    started, ended = (None if at is None else 1_468_000_000 + at * MINUTE for at in draw(TIMES))
    held = draw(st.sampled_from([True, True, True, False]))
    return Record(draw(DAYS), draw(POINTS), draw(CODES), held, started, ended)


WAVES = st.lists(a_record(), max_size=14) | st.lists(a_record(), min_size=8, max_size=14)


# --- records ----------------------------------------------------------------------------------------------------------


@RANDOM
@given(records=WAVES)
def test_records_by_day(records: list[Record], wave: Wave, engine: Engine) -> None:
    found = records_by_day(as_interviews(records, engine), wave, engine)
    assert (found[0].day, found[-1].day) == (wave.period.from_, wave.period.to)
    for day in found:
        assert day.records == len([record for record in records if record.day == day.day])


@RANDOM
@given(records=WAVES)
def test_monitoring_points(records: list[Record], engine: Engine) -> None:
    expected = []
    for code in sorted({record.point for record in records if record.point}):
        of = [record for record in records if record.point == code]
        held = len([record for record in of if record.interviewed])
        days = {record.day for record in of} - {None}
        staff = {record.enumerator for record in of} - {None}
        expected.append((code, len(of), held, len(days), len(staff)))
    found = points(as_interviews(records, engine), engine)
    assert [(p.point, p.records, p.interviews, p.days, p.enumerators) for p in found] == expected


@RANDOM
@given(records=WAVES)
def test_work_of_enumerators(records: list[Record], engine: Engine) -> None:
    expected = []
    for code in sorted({record.enumerator for record in records if record.enumerator}):
        of = [record for record in records if record.enumerator == code]
        held = len([record for record in of if record.interviewed])
        days = {record.day for record in of} - {None}
        lengths = lengths_of(of)
        expected.append((code, len(of), held, len(days), median(lengths) if lengths else None))
    _, found = enumerators(as_interviews(records, engine), {}, LIMITS, engine)
    assert [(one.code, one.records, one.interviews, one.days, one.median_minutes) for one in found] == expected


# --- times ------------------------------------------------------------------------------------------------------------


def minutes_of(record: Record) -> float | None:
    """How long an interview took, if it was held and ends after it begins."""
    if not record.interviewed or record.started is None or record.ended is None or record.ended <= record.started:
        return None
    return (record.ended - record.started) / MINUTE


def lengths_of(records: list[Record]) -> list[float]:
    return [minutes for record in records if (minutes := minutes_of(record)) is not None]


@RANDOM
@given(records=WAVES)
def test_durations(records: list[Record], engine: Engine) -> None:
    found = durations(as_interviews(records, engine), LIMITS, engine)
    lengths = lengths_of(records)
    if not lengths:
        assert found is None
        return
    assert found is not None
    quarters = quantiles(lengths, n=4, method="inclusive") if len(lengths) > 1 else lengths * 3
    assert (found.timed, found.median) == (len(lengths), median(lengths))
    assert [found.lower_quartile, found.upper_quartile] == pytest.approx([quarters[0], quarters[2]])
    for one in found.bins:
        inside = [length for length in lengths if one.low <= length and (one.high is None or length < one.high)]
        assert one.interviews == len(inside)
    assert sum(one.interviews for one in found.bins) == len(lengths)


def together(pairs: list[tuple[int, int]]) -> list[list[int]]:
    """Sets of what is linked, directly or through others, in order."""
    sets: list[set[int]] = []
    for one, other in pairs:
        linked = [members for members in sets if one in members or other in members]
        sets = [members for members in sets if members not in linked] + [{one, other}.union(*linked)]
    return sorted(sorted(members) for members in sets)


def one_after_the_other(*spans: tuple[int, int]) -> list[Record]:
    """Interviews of one enumerator, from minute to minute."""
    return [Record(enumerator="E01", started=start * MINUTE, ended=end * MINUTE) for start, end in spans]


@RANDOM
@given(records=WAVES)
@example(records=one_after_the_other((0, 60), (10, 20), (30, 40), (60, 70)))
@example(records=one_after_the_other((0, 10), (10, 20), (21, 30), (32, 40)))
@example(records=one_after_the_other((30, 40), (0, 60), (10, 20), (61, 62)))
def test_interviews_of_one_enumerator(records: list[Record], engine: Engine) -> None:
    """Each interview beside the one before it that ended last: what is negative between them is an overlap."""
    overlaps: list[tuple[int, list[int]]] = []
    at_once: list[tuple[int, list[int]]] = []
    for code in ("E01", "E02", "E03"):
        of = [i for i, record in enumerate(records) if record.enumerator == code and minutes_of(record) is not None]
        of.sort(key=lambda i: (records[i].started, i))
        for place, i in enumerate(of):
            ends = [records[j].ended or 0 for j in of[:place]]
            if not ends:
                continue
            pause = (records[i].started or 0) - max(ends)
            # Where several ended last together, any of them stands for the moment.
            last = [j for j in of[:place] if records[j].ended == max(ends)]
            if pause < LIMITS.between_minutes * MINUTE:
                (overlaps if pause < 0 else at_once).append((i, last))
    found = time_queues(as_interviews(records, engine), None, LIMITS, engine)
    for name, expected in (("overlapping", overlaps), ("back_to_back", at_once)):
        queue = groups_in(found[name]) if name in found else []
        queued = {i for group in queue for i in group}
        assert {i for i, _ in expected} <= queued
        assert queued <= {i for i, _ in expected} | {j for _, last in expected for j in last}
        assert all(any({i, j} <= set(group) for j in last for group in queue) for i, last in expected)
        if all(len(last) == 1 for _, last in expected):
            assert queue == together([(i, last[0]) for i, last in expected])


# --- nearly the same --------------------------------------------------------------------------------------------------

Q = load_questionnaire("fms-2016")
QUESTIONS = ("marital_status", "education", "travel_mode", "transit", "cost", "departure_country")
FEW = replace(LIMITS, alike_questions=3, alike_percent=75)
MISSING = ("not_asked", "no_answer")


@dataclass(frozen=True)
class Told:
    """Somebody's answers to `QUESTIONS`, and what makes the block."""

    age: int | None
    day: date | None
    consent: str
    answers: tuple[str, ...]

    @property
    def columns(self) -> dict[str, object]:
        answers = dict(zip(QUESTIONS, self.answers, strict=True))
        return {"age": self.age, "survey_date": self.day, "consent": self.consent, **answers}


PEOPLE = st.builds(
    Told,
    age=st.sampled_from([30, 30, 30, 31, None]),
    day=st.sampled_from([date(2016, 7, 1), date(2016, 7, 1), None]),
    consent=st.sampled_from(["yes", "yes", "yes", "no"]),
    answers=st.tuples(*[st.sampled_from(["a", "a", "a", "b", *MISSING])] * len(QUESTIONS)),
)


def are_alike(one: Told, other: Told, every_answer: bool) -> bool:
    """Whether two people of one block gave so many of their answers alike; in a large block, every one."""
    shared = [(a, b) for a, b in zip(one.answers, other.answers, strict=True) if {a, b} - set(MISSING)]
    if len(shared) < FEW.alike_questions:
        return False
    if every_answer:
        return one.answers == other.answers
    return 100 * len([1 for a, b in shared if a == b]) >= FEW.alike_percent * len(shared)


def told(*answers: str) -> list[Told]:
    """People of one block; a letter for each answer, a dash where nobody asked."""
    words = [tuple("not_asked" if letter == "-" else letter for letter in of) for of in answers]
    return [Told(30, date(2016, 7, 1), "yes", of) for of in words]


@RANDOM
@example(people=told("aaaa--", "aaab--", "abbb--"), block=50)
@example(people=told("aaaaaa", "aaaaaa", "aaaaab", "bbbbbb", "bbbbbb"), block=4)
@given(people=st.lists(PEOPLE, max_size=12), block=st.sampled_from([4, 50]))
def test_nearly_the_same(people: list[Told], block: int, engine: Engine) -> None:
    held = [i for i, one in enumerate(people) if one.consent == "yes" and one.age is not None and one.day is not None]
    pairs = []
    for i in held:
        for j in held:
            sharing = [k for k in held if people[k].age == people[i].age and people[k].day == people[i].day]
            if i < j and j in sharing and are_alike(people[i], people[j], len(sharing) > block):
                pairs.append((i, j))
    interviews = as_interviews([Record(answers=one.columns) for one in people], engine)
    found = near_duplicates(interviews, Q, replace(FEW, alike_block=block), engine)
    assert groups_in(found) == together(pairs)


# --- hardly anything --------------------------------------------------------------------------------------------------

ONE = Record(date(2016, 7, 1), "ITA-01", "E01", True, 1_468_000_000, 1_468_000_000 + 20 * MINUTE)
EMPTY = {
    "no record": [],
    "one interview": [ONE],
    "one single day": [ONE, replace(ONE, enumerator="E02"), replace(ONE, enumerator="E03")],
    "no monitoring point": [replace(ONE, point=None)] * 3,
    "no enumerator": [replace(ONE, enumerator=None)] * 3,
    "no times": [replace(ONE, started=None, ended=None)] * 3,
    "nothing but refusals": [replace(ONE, interviewed=False)] * 3,
}


@pytest.mark.parametrize("case", EMPTY)
def test_hardly_anything(case: str, wave: Wave, engine: Engine) -> None:
    """Every measure is made of what is there, and of nothing where nothing is."""
    records = EMPTY[case]
    interviews = as_interviews(records, engine)
    dated, lengths = len(records), len(lengths_of(records))
    assert sum(day.records for day in records_by_day(interviews, wave, engine)) == dated
    assert sum(point.records for point in points(interviews, engine)) == len([1 for r in records if r.point])
    measures, staff = enumerators(interviews, {}, LIMITS, engine)
    assert sum(one.records for one in staff) == len([1 for r in records if r.enumerator])
    assert [measure.name for measure in measures] == (["refusals"] if staff else [])
    assert all((one.shares["refusals"].base, one.shares["refusals"].verdict) == (one.records, "few") for one in staff)
    timed = durations(interviews, LIMITS, engine)
    assert (timed.timed if timed else 0) == lengths
    queues = time_queues(interviews, timed, LIMITS, engine)
    assert ("overlapping" in queues) == (bool(lengths or case == "nothing but refusals") and bool(staff))
    assert sum(len(queue) for queue in queues.values()) == (3 if case == "no monitoring point" else 0)
    assert near_duplicates(interviews, wave.questionnaire, LIMITS, engine) is None, "no answer can be compared"
