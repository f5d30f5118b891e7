"""Days, durations, ages, versions, answers not given; and what is said where a measure cannot be made."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.quality.days import gaps_of
from pipeline.quality.limits import LIMITS
from pipeline.quality.results import Bin, Day, Gap, Version
from tests.support.quality import measure


def lasting(*minutes: int) -> list[dict[str, str]]:
    """An interview of each length, each by an enumerator of its own."""
    return [
        {
            "enumerator": f"E{number:03d}",
            "interview_start": "2016-07-15T08:00:00+02:00",
            "interview_end": f"2016-07-15T{8 + length // 60:02d}:{length % 60:02d}:00+02:00",
        }
        for number, length in enumerate(minutes, start=1)
    ]


# --- days -------------------------------------------------------------------------------------------------------------


def test_records_by_day(tmp_path: Path, engine: Engine) -> None:
    """Every day of fieldwork has its place; the copy of a record is none, and other days are in a review queue."""
    days = ["2015-12-01", "2015-12-01", "2016-09-30", "2016-10-01", ""]
    rows = [{"survey_date": day} for day in days] + [{"survey_date": "2015-12-01", "submission_uuid": "uuid-1"}]
    measured = measure(tmp_path, engine, rows)
    assert [day for day in measured.quality.days if day.records] == [
        Day(date(2015, 12, 1), 2),
        Day(date(2016, 9, 30), 1),
    ]
    assert len(measured.quality.days) == 305
    assert measured.rows_in("outside_fieldwork") == [5]
    assert (measured.quality.received, measured.quality.records) == (6, 5)


def test_gaps() -> None:
    records = [0, 0, 5, 0, 3, 0, 0, 0]
    days = tuple(Day(date(2016, 7, 1 + i), n) for i, n in enumerate(records))
    first, last = Gap(date(2016, 7, 1), date(2016, 7, 2)), Gap(date(2016, 7, 6), date(2016, 7, 8))
    assert gaps_of(days, 2) == (first, last)
    assert gaps_of(days, 3) == (last,)
    assert [gap.days for gap in (first, last)] == [2, 3]


def test_monitoring_points(tmp_path: Path, engine: Engine) -> None:
    rows = [
        {"monitoring_point": "ITA-02", "enumerator": "E01"},
        {"monitoring_point": "ITA-02", "enumerator": "E02", "survey_date": "2016-07-16"},
        {"monitoring_point": "ITA-02", "enumerator": "E02", "consent": "no", "survey_date": "2016-07-16"},
        {"monitoring_point": "ITA-01", "enumerator": ""},
    ]
    points = measure(tmp_path, engine, rows).quality.points
    assert [(p.point, p.records, p.interviews, p.days, p.enumerators) for p in points] == [
        ("ITA-01", 1, 1, 1, 0),
        ("ITA-02", 3, 2, 2, 2),
    ]


def test_versions_of_the_form(tmp_path: Path, engine: Engine) -> None:
    rows = [
        {"form_version": "v2", "survey_date": "2016-08-01"},
        {"form_version": "v1", "survey_date": "2016-07-01"},
        {"form_version": "v1", "survey_date": "2016-09-01"},
        {"form_version": "v1", "survey_date": "1970-01-01"},
        {"form_version": "", "survey_date": "2016-09-02"},
        {"form_version": "made at the house of Amina Example, 12", "survey_date": "2016-09-03"},
        {"form_version": "Amina Example", "survey_date": "2016-09-04"},
    ]
    versions = measure(tmp_path, engine, rows).quality.versions
    assert versions[:3] == (
        Version("v1", 3, date(2016, 7, 1), date(2016, 9, 1)),
        Version("v2", 1, date(2016, 8, 1), date(2016, 8, 1)),
        Version("no version given", 1, date(2016, 9, 2), date(2016, 9, 2)),
    )
    hidden = [version.version for version in versions[3:]]
    assert hidden == ["version 4 (its name is not shown)", "version 5 (its name is not shown)"]


# --- durations --------------------------------------------------------------------------------------------------------


def test_durations(tmp_path: Path, engine: Engine) -> None:
    found = measure(tmp_path, engine, lasting(10, 12, 14, 15, 21)).quality.durations
    assert found is not None
    assert (found.timed, found.lower_quartile, found.median, found.upper_quartile) == (5, 12, 14, 15)
    assert sum(b.interviews for b in found.bins) == 5
    assert found.bins[0] == Bin(10, 11, 1)
    assert (found.low_limit, found.high_limit) == (None, None)
    assert found.limits_from == "fewer than 30 interviews have both times, so none was worked out"


def test_robust_limits(tmp_path: Path, engine: Engine) -> None:
    """By hand: the median is 20; half of the logarithms are within ln 1.25 of it, so the MAD is ln 1.25."""
    lengths = [16] * 10 + [20] * 11 + [25] * 10
    outliers = [5, 6, 60, 100]
    measured = measure(tmp_path, engine, lasting(*lengths, *outliers))
    found = measured.quality.durations
    assert found is not None
    reach = 3.5 * 1.4826 * math.log(1.25)
    assert found.low_limit == pytest.approx(20 * math.exp(-reach))
    assert found.high_limit == pytest.approx(20 * math.exp(reach))
    assert found.limits_from == "worked out from the wave"
    assert measured.rows_in("too_short") == [33, 34]
    assert measured.rows_in("too_long") == [36], "60 minutes are within, 100 are not"


def test_limits_without_a_spread(tmp_path: Path, engine: Engine) -> None:
    """Where most took the same time, every other time would be remarkable."""
    measured = measure(tmp_path, engine, lasting(*[20] * 40, 21))
    assert measured.quality.durations is not None
    assert measured.quality.durations.low_limit is None
    assert "the same time" in measured.quality.durations.limits_from
    assert "too_short" not in [queue.name for queue in measured.quality.queues]


def test_one_limit_declared(tmp_path: Path, engine: Engine) -> None:
    lengths = [16] * 10 + [20] * 11 + [25] * 10
    limits = replace(LIMITS, shortest_minutes=18)
    measured = measure(tmp_path, engine, lasting(*lengths), limits=limits)
    assert measured.rows_in("too_short") == list(range(2, 12))
    assert measured.quality.durations is not None
    assert measured.quality.durations.limits_from == "one declared, one worked out from the wave"


def test_long_tail_shares_the_last_bin(tmp_path: Path, engine: Engine) -> None:
    found = measure(tmp_path, engine, lasting(*[20] * 150, *[30] * 150, 700)).quality.durations
    assert found is not None
    assert found.bins[-1] == Bin(30, None, 151)
    assert sum(b.interviews for b in found.bins) == 301


def test_minutes_of_an_enumerator(tmp_path: Path, engine: Engine) -> None:
    rows = [row | {"enumerator": "E01", "survey_date": "2016-07-15"} for row in lasting(10, 20, 60)]
    staff = measure(tmp_path, engine, [*rows, {"enumerator": "E02"}]).quality.enumerators
    assert [(one.code, one.median_minutes, one.records) for one in staff] == [("E01", 20, 3), ("E02", None, 1)]
    assert staff[0].queued == {"overlapping": 3}


# --- ages and answers not given ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ages", "base", "index", "verdict"),
    [
        ([*range(23, 63)] * 3, 120, 100, "highly accurate"),
        ([30] * 100, 100, 500, "very rough"),
        ([30] * 24 + [31] * 76 + [20] * 50 + [65] * 50, 100, 120, "approximate"),
        ([30] * 25 + [31] * 75, 100, 125, "rough"),
    ],
)
def test_whipple(ages: list[int], base: int, index: float, verdict: str, tmp_path: Path, engine: Engine) -> None:
    """Ages below 23 and above 62 do not count. Eight of the forty ages from 23 to 62 end in 0 or 5."""
    found = measure(tmp_path, engine, [{"age": str(age)} for age in ages]).quality.ages
    assert found is not None
    assert (found.base, found.index, found.verdict) == (base, index, verdict)


def test_whipple_needs_a_base(tmp_path: Path, engine: Engine) -> None:
    assert measure(tmp_path, engine, [{"age": "30"}] * 99).quality.ages is None


def test_answers_not_given(tmp_path: Path, engine: Engine) -> None:
    """Of the interviewed only; a question that was not put is not in the base."""
    rows = [
        {"education": "declined", "cost": "unknown", "forced_work": "yes_me", "forced_work_country": "LBY"},
        {"education": "", "cost": "unknown", "age": ""},
        {"consent": "no"},
        {"previous_participation": "yes"},
    ]
    questions = {q.question: q for q in measure(tmp_path, engine, rows).quality.questions}
    found = {name: (q.asked, q.dont_know, q.declined, q.no_answer) for name, q in questions.items()}
    assert found["education"] == (2, 0, 1, 1)
    assert found["cost"] == (2, 2, 0, 0)
    assert found["age"] == (2, 0, 0, 1)
    assert found["forced_work_country"] == (1, 0, 0, 0)
    assert found["reasons"] == (2, 0, 0, 0)
    assert "consent" not in found
    assert list(found)[:3] == ["age", "sex", "nationality"], "in the order of the questionnaire"


# --- what cannot be measured ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("without", "said", "queues"),
    [
        ("enumerator", "enumerator code", {"no_enumerator", "overlapping", "back_to_back"}),
        ("interview_start", "interview_start", {"too_short", "spans_days", "other_day", "overlapping"}),
        ("interview_end", "interview_end", {"too_short", "spans_days", "ends_before_it_begins", "overlapping"}),
        ("submission_time", "submission_time", {"sent_late", "sent_before_it_ended"}),
        ("form_version", "form_version", set()),
    ],
)
def test_not_measured(without: str, said: str, queues: set[str], tmp_path: Path, engine: Engine) -> None:
    """A column that is not there costs its measures, says so in one line, and breaks nothing."""
    rows = lasting(10, 20, 30)
    quality = measure(tmp_path / "with", engine, rows).quality
    measured = measure(tmp_path / "without", engine, rows, without=[without])
    assert [line for line in measured.quality.not_measured if said in line]
    assert not [line for line in quality.not_measured if said in line]
    found = {queue.name for queue in measured.quality.queues}
    assert not found & queues
    assert said in measured.page


def test_sent_late_without_times(tmp_path: Path, engine: Engine) -> None:
    """Without the end of an interview, the end of its day counts."""
    rows = [{"submission_time": "2016-07-23T00:00:00"}, {"submission_time": "2016-07-23T00:00:01"}]
    assert measure(tmp_path, engine, rows).rows_in("sent_late") == [3]


def test_three_people(tmp_path: Path, engine: Engine) -> None:
    measured = measure(tmp_path, engine, lasting(10, 20, 30))
    assert measured.quality.interviews == 3
    assert not measured.quality.to_review
    assert "Nothing to review" in measured.page
    assert all(share.verdict == "few" for one in measured.quality.enumerators for share in one.shares.values())
