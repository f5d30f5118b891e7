"""Where and when records were made: by day, monitoring point and version of the form; and answers not given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.versions import may_show
from pipeline.quality.interviews import Interviews, first_columns, was_interviewed
from pipeline.quality.results import Day, Gap, Point, Question, Version
from pipeline.questionnaire import Questionnaire
from pipeline.vocabulary import Missing
from pipeline.wave import Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir


def records_by_day(interviews: Interviews, wave: Wave, engine: Engine) -> tuple[Day, ...]:
    """Every day from the first to the last of fieldwork, in order. Records of other days are in a review queue."""
    dated = interviews.rows.filter(interviews.rows["day"].notnull())
    counted = engine.frame(dated.group_by("day").agg(n=dated.count()).order_by("day"))
    by_day = {stamp.date(): int(n) for stamp, n in zip(counted["day"], counted["n"], strict=True)}
    first, last = wave.period.from_, wave.period.to
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return tuple(Day(day, by_day.get(day, 0)) for day in days)


def gaps_of(days: tuple[Day, ...], at_least: int) -> tuple[Gap, ...]:
    """Days in a row without a record, if there are so many, in order."""
    gaps: list[Gap] = []
    begun: date | None = None
    for day in (*days, None):
        if day is not None and not day.records:
            begun = begun or day.day
            continue
        if begun is not None:
            gaps.append(Gap(begun, (day.day if day else days[-1].day + timedelta(days=1)) - timedelta(days=1)))
        begun = None
    return tuple(gap for gap in gaps if gap.days >= at_least)


def points(interviews: Interviews, engine: Engine) -> tuple[Point, ...]:
    """Monitoring points, by code."""
    rows = interviews.rows.filter(interviews.rows["point"].notnull())
    counted = engine.frame(
        rows.group_by("point")
        .agg(
            records=rows.count(),
            interviews=rows["interviewed"].sum(),
            days=rows["day"].nunique(),
            enumerators=rows["enumerator"].nunique(),
        )
        .order_by("point")
    )
    return tuple(Point(str(code), *map(int, numbers)) for code, *numbers in counted.itertuples(index=False))


def versions(interviews: Interviews, wave: Wave, engine: Engine) -> tuple[Version, ...]:
    """Versions of the form, in the order in which fieldwork first used them.

    A name that could be that of a person is not shown. Days outside fieldwork do not count as first or last.
    """
    rows = interviews.rows
    in_period = rows["day"].between(wave.period.from_, wave.period.to)
    counted = engine.frame(
        rows.group_by("version")
        .agg(records=rows.count(), first=rows["day"].min(where=in_period), last=rows["day"].max(where=in_period))
        .order_by(["first", "version"])
    )
    return tuple(
        Version(_version(name, place, int(n), wave.questionnaire), int(n), _date(first), _date(last))
        for place, (name, n, first, last) in enumerate(counted.itertuples(index=False), start=1)
    )


def _version(name: object, place: int, records: int, q: Questionnaire) -> str:
    if not isinstance(name, str):
        return "no version given"
    return name if may_show(name, records, q) else f"version {place} (its name is not shown)"


def _date(stamp: object) -> date | None:
    import pandas as pd

    return stamp.date() if isinstance(stamp, pd.Timestamp) else None


def questions(interviews: Interviews, q: Questionnaire, engine: Engine) -> tuple[Question, ...]:
    """How many of the interviewed did not answer each question, in the order of the questionnaire."""
    table = interviews.answers
    firsts = first_columns(q, table)
    if not firsts:
        return ()
    # Only interviews that were held: after a refusal nothing was asked.
    held = table.filter(was_interviewed(q, table))
    sums: dict[str, ir.IntegerScalar] = {}
    for column in firsts:
        sums[f"{column}|asked"] = (held[column] != str(Missing.NOT_ASKED)).sum()
        for why in (Missing.DONT_KNOW, Missing.DECLINED, Missing.NO_ANSWER):
            sums[f"{column}|{why}"] = (held[column] == str(why)).sum()
    counts = engine.frame(held.aggregate(**sums)).fillna(0).iloc[0]
    order = {name: place for place, name in enumerate(q.columns)}
    found = [
        Question(name, *(int(counts[f"{column}|{what}"]) for what in ("asked", "dont_know", "declined", "no_answer")))
        for column, name in firsts.items()
    ]
    return tuple(sorted(found, key=lambda question: order[question.question]))
