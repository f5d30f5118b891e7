"""How long interviews took, what came between them, and when they were sent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import Engine
from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.interviews import ID, Interviews
from pipeline.quality.limits import Limits
from pipeline.quality.places import PLACE, Places, connected, in_groups, nowhere, rows_where
from pipeline.quality.results import Bin, Durations

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

MINUTE, DAY = 60, 86_400
MAD_TO_SD = 1.4826
"""The median absolute deviation of a normal distribution, times this, is its standard deviation."""

MOST_BINS = 24
_WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)


def durations(interviews: Interviews, limits: Limits, engine: Engine) -> Durations | None:
    """Minutes from start to end of interviews that end after they begin. None where no interview has both."""
    timed = _timed(interviews.rows)
    timed = timed.filter(timed["minutes"] > 0)
    minutes = timed["minutes"]
    found = engine.frame(
        timed.aggregate(
            n=timed.count(),
            low=minutes.quantile(0.25),
            mid=minutes.median(),
            high=minutes.quantile(0.75),
            top=minutes.quantile(0.99),
            middle=minutes.ln().median(),
        )
    ).iloc[0]
    if not found["n"]:
        return None
    low, high, source = _limits(timed, int(found["n"]), float(found["middle"]), limits, engine)
    return Durations(
        timed=int(found["n"]),
        lower_quartile=float(found["low"]),
        median=float(found["mid"]),
        upper_quartile=float(found["high"]),
        low_limit=low,
        high_limit=high,
        limits_from=source,
        bins=_bins(timed, float(found["top"]), engine),
    )


def _timed(rows: ir.Table) -> ir.Table:
    """Interviews with both times, and their minutes."""
    both = rows["interviewed"] & rows["started"].notnull() & rows["ended"].notnull()
    return rows.filter(both).mutate(minutes=(rows["ended"] - rows["started"]) / MINUTE)


def _limits(
    timed: ir.Table, base: int, middle: float, limits: Limits, engine: Engine
) -> tuple[float | None, float | None, str]:
    """Below and above which an interview is remarkable: declared, or median ± deviations · MAD of the logarithm."""
    low, high = limits.shortest_minutes, limits.longest_minutes
    if low is not None and high is not None:
        return low, high, "declared"
    if base < limits.timed_base:
        return low, high, f"fewer than {limits.timed_base} interviews have both times, so none was worked out"
    from_middle = (timed["minutes"].ln() - middle).abs()
    spread = MAD_TO_SD * float(engine.frame(timed.aggregate(mad=from_middle.median()))["mad"][0])
    if not spread:
        return low, high, "more than half of the interviews took the same time, so none can be worked out"
    reach = limits.robust_deviations * spread
    return (
        math.exp(middle - reach) if low is None else low,
        math.exp(middle + reach) if high is None else high,
        "worked out from the wave" if low is None and high is None else "one declared, one worked out from the wave",
    )


def _bins(timed: ir.Table, top: float, engine: Engine) -> tuple[Bin, ...]:
    """Bins of equal width up to the longest hundredth, which shares the last one."""
    width = next((width for width in _WIDTHS if top / width <= MOST_BINS), math.ceil(top / MOST_BINS))
    last = max(1, math.ceil(top / width))
    place = (timed["minutes"] / width).floor().cast("int64")
    binned = timed.mutate(place=ibis.ifelse(place > last, last, place))
    counted = engine.frame(binned.group_by("place").agg(n=binned.count()).order_by("place"))
    by_place = dict(zip(counted["place"].astype(int), counted["n"].astype(int), strict=True))
    return tuple(
        Bin(i * width, (i + 1) * width if i < last else None, by_place.get(i, 0))
        for i in range(min(by_place), max(by_place) + 1)
    )


def time_queues(interviews: Interviews, found: Durations | None, limits: Limits, engine: Engine) -> Places:
    """Rows with a remarkable time. A queue is absent where its times are."""
    rows = interviews.rows
    there = interviews.there
    tests: dict[str, ir.BooleanValue] = {}
    if {"started", "ended"} <= there:
        tests |= _duration_tests(rows, found)
        tests["spans_days"] = rows["interviewed"] & (rows["start_day"] != rows["end_day"])
    if {"ended", "sent"} <= there:
        tests["sent_before_it_ended"] = rows["sent"] < rows["ended"] - limits.clock_slack_minutes * MINUTE
    if "sent" in there and {"ended", "day"} & there:
        tests["sent_late"] = rows["sent"] - _held_at(rows) > limits.sent_within_days * DAY
    if {"start_day", "day"} <= there:
        tests["other_day"] = rows["start_day"] != rows["day"].strftime("%Y-%m-%d")
    places = rows_where(tests, rows, engine)
    if {"started", "ended", "enumerator"} <= there:
        places |= _between(rows, limits, engine)
    return places


def _duration_tests(rows: ir.Table, found: Durations | None) -> dict[str, ir.BooleanValue]:
    minutes = (rows["ended"] - rows["started"]) / MINUTE
    tests = {"ends_before_it_begins": minutes <= 0}
    if found and found.low_limit is not None:
        tests["too_short"] = rows["interviewed"] & (minutes > 0) & (minutes < found.low_limit)
    if found and found.high_limit is not None:
        tests["too_long"] = rows["interviewed"] & (minutes > found.high_limit)
    return tests


def _held_at(rows: ir.Table) -> ir.IntegerValue:
    """When an interview was over: by its end, else by the end of the day that was written down."""
    return ibis.coalesce(rows["ended"], rows["day"].cast("timestamp").epoch_seconds() + DAY)


def _between(rows: ir.Table, limits: Limits, engine: Engine) -> Places:
    """Interviews of one enumerator that overlap, or that follow each other at once; grouped with those before them."""
    sound = _timed(rows)
    sound = sound.filter(sound["enumerator"].notnull() & (sound["minutes"] > 0))
    window = ibis.rows_window(group_by="enumerator", order_by=["started", ID], preceding=(None, 1))
    # The one before is the one that ended last, which need not be the one that began last.
    ordered = sound.mutate(
        pause=sound["started"] - sound["ended"].max().over(window), before=sound[ID].argmax(sound["ended"]).over(window)
    )
    close = ordered.filter(ordered["pause"] < limits.between_minutes * MINUTE)
    pairs = engine.frame(close.select(ID, "before", overlap=close["pause"] < 0).order_by(ID))
    overlap = pairs["overlap"].astype(bool)
    return {
        "overlapping": _together(pairs[overlap], rows, engine),
        "back_to_back": _together(pairs[~overlap], rows, engine),
    }


def _together(pairs: pd.DataFrame, rows: ir.Table, engine: Engine) -> pd.DataFrame:
    """Pairs that share an interview make one group."""
    if pairs.empty:
        return nowhere()
    places = engine.frame(rows.select(ID, FILE, ROW).rename({PLACE: ID}))
    return in_groups(connected(pairs[ID], pairs["before"]), places)
