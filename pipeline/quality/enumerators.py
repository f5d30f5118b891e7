"""The work of each enumerator, beside that of colleagues at the same monitoring points.

Points differ, in who passes there and in the language of the interview, so that nobody is compared across them where
others have worked at the same point; else with everyone in the same country. Who has no colleagues there either is not
judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import Engine
from pipeline.ingest.recode import FILE, ROW
from pipeline.quality import funnel
from pipeline.quality.interviews import Interviews
from pipeline.quality.limits import Limits
from pipeline.quality.places import Places
from pipeline.quality.results import Enumerator, Measure, Share, Verdict

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

COUNTED = ("too_short", "overlapping", "back_to_back", "near_duplicates")
"""Queues whose rows are counted for each enumerator."""


@dataclass(frozen=True)
class _Asked:
    """A measure before it is taken. answers: whether it is about what people said, so that small counts are hidden."""

    name: str
    title: str
    of: str
    needs: str
    answers: bool = False


MEASURES = (
    _Asked("repeats", "Took part before", "records", "repeat"),
    _Asked("refusals", "Refused consent", "people who had not taken part before", "refused"),
    _Asked("dont_know", "Any “don’t know”", "interviews", "dont_know"),
    _Asked("declined", "Any answer declined", "interviews", "declined"),
    _Asked("round_ages", "Age ends in 0 or 5", "interviews with an age", "age", answers=True),
    _Asked("at_least_one", "At least one indicator", "interviews with a valid answer", "answered", answers=True),
)


def enumerators(
    interviews: Interviews, places: Places, limits: Limits, engine: Engine
) -> tuple[tuple[Measure, ...], tuple[Enumerator, ...]]:
    """The measures taken, and one row for each enumerator code, in order. Both empty where no code is known."""
    if "enumerator" not in interviews.there:
        return (), ()
    rows = interviews.rows.filter(interviews.rows["enumerator"].notnull())
    taken = [asked for asked in MEASURES if asked.needs in interviews.there]
    counts = engine.frame(_counts(rows, taken))
    measures: list[Measure] = []
    shares: dict[str, dict[str, Share]] = {}
    for asked in taken:
        measure, by_code = _judged(counts, asked, limits)
        measures.append(measure)
        for code, share in by_code.items():
            shares.setdefault(code, {})[asked.name] = share
    queued = _queued(rows, places, engine)
    whole = engine.frame(_workload(rows))
    found = [
        Enumerator(
            code=code,
            records=int(row["records"]),
            interviews=int(row["interviews"]),
            days=int(row["days"]),
            median_minutes=None if isnan(row["minutes"]) else float(row["minutes"]),
            shares=shares.get(code, {}),
            queued=queued.get(code, {}),
        )
        for code, row in ((str(row["enumerator"]), row) for row in whole.to_dict("records"))
    ]
    return tuple(measures), tuple(found)


def _workload(rows: ir.Table) -> ir.Table:
    minutes = (rows["ended"] - rows["started"]) / 60
    timed = rows["interviewed"] & (minutes > 0)
    return (
        rows.group_by("enumerator")
        .agg(
            records=rows.count(),
            interviews=rows["interviewed"].sum(),
            days=rows["day"].nunique(),
            # Some engines take no condition beside a median; they leave NULL out all the same.
            minutes=ibis.ifelse(timed, minutes, ibis.null("float64")).median(),
        )
        .order_by("enumerator")
    )


def _counts(rows: ir.Table, taken: list[_Asked]) -> ir.Table:
    """Events and base of each measure, by enumerator, country of interview and monitoring point."""
    met = rows["interviewed"]
    tests = {
        "repeats": (rows["repeat"], rows["repeat"].notnull()),
        "refusals": (rows["refused"], ~rows["repeat"].fill_null(False)),
        "dont_know": (rows["dont_know"], met),
        "declined": (rows["declined"], met),
        "round_ages": (rows["age"] % 5 == 0, met & rows["age"].notnull()),
        "at_least_one": (rows["yes"], met & rows["answered"]),
    }
    sums = {}
    for asked in taken:
        event, in_base = tests[asked.name]
        sums[f"{asked.name}|base"] = in_base.fill_null(False).sum()
        sums[f"{asked.name}|events"] = (in_base & event).fill_null(False).sum()
    keys = ["enumerator", "country", "point"]
    return rows.group_by(keys).agg(**sums).order_by(keys)


def _judged(counts: pd.DataFrame, asked: _Asked, limits: Limits) -> tuple[Measure, dict[str, Share]]:
    """Each enumerator against everyone at the same points."""
    cells = counts.rename(columns={f"{asked.name}|base": "n", f"{asked.name}|events": "k"})
    cells = cells.loc[cells["n"] > 0, ["enumerator", "country", "point", "n", "k"]]
    compared = _compared(cells, limits.colleagues_base)
    mean, variance = funnel.moments(*(compared[name].to_numpy() for name in ("n", "whole", "events")))
    compared = compared.assign(mean=mean, variance=variance, with_others=compared["n"].where(~compared["alone"], 0))
    whole = compared.groupby("enumerator")[["n", "k", "mean", "variance", "with_others"]].sum()
    smallest = max(limits.funnel_base, limits.answers_base if asked.answers else 0)
    judged = whole[whole["with_others"] >= smallest]
    wide = 1.0
    if len(judged) >= limits.spread_enumerators:
        wide = funnel.widening(*(judged[name].to_numpy() for name in ("k", "mean", "variance")))
    found = {}
    for code, n, k, expected in whole[["n", "k", "mean"]].itertuples():
        strata = compared[compared["enumerator"] == code]
        own, records, events = (strata[name].to_numpy() for name in ("n", "whole", "events"))
        low, high = funnel.limits(own, records, events, limits.funnel_deviations)
        low, high = funnel.widened(low, high, expected, wide)
        verdict = _verdict(k, low, high) if code in judged.index else "few" if n < smallest else "alone"
        share = Share(int(n), verdict, int(k), expected / n, max(low, 0), min(high, int(n)))
        # What is expected of an enumerator without colleagues is what was observed: it is hidden with the count.
        found[str(code)] = Share(int(n), verdict) if asked.answers and _points_to_people(share, limits) else share
    return Measure(asked.name, asked.title, asked.of, wide), found


def _compared(cells: pd.DataFrame, least: int) -> pd.DataFrame:
    """What each enumerator is compared with: n, k (own) of whole, events (everyone's), alone; one row a stratum.

    A stratum is a monitoring point where others have `least` records, else what is left of the country. Where others
    have not so many in the country either, own records are all there is to compare with: alone.
    """
    import pandas as pd

    at_point = cells.groupby(["country", "point"], dropna=False)[["n", "k"]].transform("sum")
    with_point = cells["point"].notnull() & (at_point["n"] - cells["n"] >= least)
    by_point = cells[with_point].assign(whole=at_point["n"], events=at_point["k"])
    totals = cells.groupby("country", dropna=False)[["n", "k"]].sum()
    own = cells.groupby(["enumerator", "country"], dropna=False)["n"].sum().rename("own")
    by_country = cells[~with_point].groupby(["enumerator", "country"], dropna=False, as_index=False)[["n", "k"]].sum()
    by_country = by_country.join(totals.rename(columns={"n": "whole", "k": "events"}), on="country")
    by_country = by_country.join(own, on=["enumerator", "country"])
    alone = by_country["whole"] - by_country["own"] < least
    by_country["whole"] = by_country["whole"].mask(alone, by_country["n"])
    by_country["events"] = by_country["events"].mask(alone, by_country["k"])
    columns = ["enumerator", "n", "k", "whole", "events", "alone"]
    return pd.concat([by_point.assign(alone=False)[columns], by_country.assign(alone=alone)[columns]])


def _points_to_people(share: Share, limits: Limits) -> bool:
    """Whether so few people, or so few of either answer, are behind a share that it could tell about one of them."""
    events = share.events or 0
    return share.base < limits.answers_base or min(events, share.base - events) < limits.answers_events


def _verdict(events: int, low: int, high: int) -> Verdict:
    if events > high:
        return "above"
    return "below" if events < low else ""


def _queued(rows: ir.Table, places: Places, engine: Engine) -> dict[str, dict[str, int]]:
    """Enumerator → queue → rows in it. Only rows in queues are looked up, and only if there are any."""
    import pandas as pd

    in_queues = {name: places[name][[FILE, ROW]].drop_duplicates() for name in COUNTED if name in places}
    if not any(len(found) for found in in_queues.values()):
        return {}
    who = engine.frame(rows.select(FILE, ROW, "enumerator"))
    listed = pd.concat([found.assign(queue=name) for name, found in in_queues.items()])
    counted = listed.merge(who, on=[FILE, ROW]).groupby(["enumerator", "queue"]).size()
    queued: dict[str, dict[str, int]] = {}
    for code, name, n in counted.reset_index(name="n").itertuples(index=False):
        queued.setdefault(str(code), {})[str(name)] = int(n)
    return queued
