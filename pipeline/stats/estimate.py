"""The estimate stage: counts → exact estimates. They stay with the analyst; `disclose` is the only door to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.aside import Begin, Begun, at_once
from pipeline.questionnaire import Questionnaire
from pipeline.stats.clustered import NO_INTERVAL
from pipeline.stats.cooccurrence import of_all_routes
from pipeline.stats.inference import KEY, Counted, Inferred, infer
from pipeline.stats.nonresponse import bounds, nonresponse
from pipeline.stats.proportion import share
from pipeline.tables import COOCCURRENCE, DISTRIBUTIONS, ESTIMATES, EVENTS, EXPERIENCE, MEANS, conform
from pipeline.tabulate import MEASURES, PEOPLE, Tabulated, occurring_levels
from pipeline.vocabulary import (
    ALL,
    DECLINED,
    DIMENSIONS,
    NUMBER_OF_INDICATORS,
    OVER_6_MONTHS,
    OWN_OR_FAMILY,
    OWN_OR_FAMILY_LEVELS,
    ROUTES,
    TRANSIT_OVER_6_MONTHS,
    UNKNOWN,
    Derived,
)
from pipeline.wave import Wave

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Estimates:
    """Exact tables, and the analysed respondents by route: not for release.

    Those here hold counts and what they come to. inferred: how sure that is, and all else; it may be on its way yet.
    """

    estimates: pd.DataFrame
    distributions: pd.DataFrame
    events: pd.DataFrame
    experience: pd.DataFrame
    means: pd.DataFrame
    cooccurrence: pd.DataFrame
    nonresponse: pd.DataFrame
    analysed: dict[str, int]
    inferred: Begun[Inferred]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, without what is inferred."""
        return {name: value for name, value in vars(self).items() if isinstance(value, pd.DataFrame)}

    def every_table(self) -> dict[str, pd.DataFrame]:
        """All of them, with intervals, once these are there."""
        return self.tables() | self.inferred.result().tables()


def estimate(tabulated: Tabulated, wave: Wave, begin: Begin = at_once) -> Estimates:
    """Every estimate of a wave, from counts alone. begin: how that is begun which is inferred, and takes longest."""
    q = wave.questionnaire
    shares = _shares(tabulated.counts, wave)
    counted = Counted(tabulated.counts, tabulated.profiles, tabulated.pairs)
    inferred = begin(infer, shares, counted, q, wave.name)
    return Estimates(
        estimates=shares,
        distributions=_distributions(tabulated, wave),
        events=_events(tabulated.events, wave),
        experience=_experience(tabulated, wave, q),
        means=_means(shares, q),
        cooccurrence=_cooccurrence(tabulated.pairs, wave),
        nonresponse=nonresponse(tabulated.counts, wave.name),
        analysed=_analysed(tabulated.people),
        inferred=inferred,
    )


def _shares(counts: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    cells = counts.groupby(KEY, as_index=False, sort=False)[list(MEASURES)].sum()
    least, greatest = bounds(cells["yes"], cells["undecided"], cells["asked"])
    frame = cells.assign(
        wave=wave.name,
        indicator_set=wave.questionnaire.indicator_set,
        share=share(cells["yes"], cells["answered"]),
        bound_low=least,
        bound_high=greatest,
        **NO_INTERVAL,
        reliable="",
        suppressed="",
    )
    return conform(frame, ESTIMATES)


def _means(shares: pd.DataFrame, q: Questionnaire) -> pd.DataFrame:
    """Means without intervals, from shares of whole routes: see `mean_number`."""
    whole = shares[shares["group"] == ALL]
    yes = whole[whole["indicator"].isin([str(name) for name in q.counted])].groupby("route")["yes"].sum()
    frame = whole[whole["indicator"] == str(Derived.AT_LEAST_ONE)]
    mean = share(frame["route"].map(yes).fillna(0), frame["answered"])
    return conform(frame.assign(mean=mean, mean_low=np.nan, mean_high=np.nan, df=np.nan, reason=""), MEANS)


def _cooccurrence(pairs: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Pairs of indicators without intervals: see `cooccurrence`."""
    cells = of_all_routes(pairs)
    frame = cells.assign(wave=wave.name, share=share(cells["yes"], cells["answered"]), ratio=np.nan, suppressed="")
    return conform(frame.assign(**NO_INTERVAL), COOCCURRENCE)


def _ordered(frame: pd.DataFrame, **orders: Iterable[str]) -> pd.DataFrame:
    """The rows sorted by columns whose words have an order of their own."""
    for column, words in orders.items():
        place = {word: i for i, word in enumerate(dict.fromkeys(words))}
        frame = frame.assign(**{f"_{column}": frame[column].map(place)})
    return frame.sort_values([f"_{column}" for column in orders], kind="stable")


def _distributions(tabulated: Tabulated, wave: Wave) -> pd.DataFrame:
    q = wave.questionnaire
    people = pd.concat([tabulated.people, _over_6_months(tabulated.people)], ignore_index=True)
    bases = pd.concat([tabulated.bases, _known(_over_6_months(tabulated.people))], ignore_index=True)
    variables = [name for v in q.distributions for name in ([v, OVER_6_MONTHS] if v == "transit" else [v])]
    rows = []
    for variable in variables:
        of_variable = people[people["variable"] == variable]
        for route in (*ROUTES, ALL):
            for level in _levels(variable, q, of_variable["level"]):
                rows.append({"variable": variable, "route": route, "level": level})
    frame = pd.DataFrame(rows).merge(people, on=["variable", "route", "level"], how="left")
    frame = frame.merge(bases.rename(columns={PEOPLE: "known"}), on=["variable", "route"], how="left")
    everyone = _analysed(tabulated.people)
    is_known = ~frame["level"].isin([DECLINED, UNKNOWN])
    frame["respondents"] = frame[PEOPLE].fillna(0)
    frame["base"] = frame["known"].where(is_known, frame["route"].map(everyone)).fillna(0)
    frame["share"] = share(frame["respondents"], frame["base"])
    return conform(frame.assign(wave=wave.name, suppressed=""), DISTRIBUTIONS)


def _over_6_months(people: pd.DataFrame) -> pd.DataFrame:
    """Journey time in two classes, so that "over six months" is one exact number and not a sum of rounded ones."""
    transit = people[people["variable"] == "transit"]
    level = transit["level"].map(
        lambda word: word if word in (DECLINED, UNKNOWN) else "yes" if word in TRANSIT_OVER_6_MONTHS else "no"
    )
    frame = transit.assign(variable=OVER_6_MONTHS, level=level)
    return frame.groupby(["route", "variable", "level"], as_index=False, sort=False)[[PEOPLE]].sum()


def _known(people: pd.DataFrame) -> pd.DataFrame:
    known = people[~people["level"].isin([DECLINED, UNKNOWN])]
    return known.groupby(["route", "variable"], as_index=False, sort=False)[[PEOPLE]].sum()


def _levels(variable: str, q: Questionnaire, there: Iterable[str]) -> list[str]:
    if variable == OVER_6_MONTHS:
        present = set(there)
        return ["yes", "no", *(level for level in (DECLINED, UNKNOWN) if level in present)]
    if variable in DIMENSIONS:
        return occurring_levels(variable, q, there)
    present = set(there)
    return [*q.words(variable), *(level for level in (DECLINED, UNKNOWN) if level in present)]


def _analysed(people: pd.DataFrame) -> dict[str, int]:
    """Analysed respondents by route: everyone is at one level of each characteristic."""
    by_route = people[people["variable"] == DIMENSIONS[0]].groupby("route")[PEOPLE].sum()
    return {route: int(by_route.get(route, 0)) for route in (*ROUTES, ALL)}


def _events(events: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Over every country of the form, in its order: neither a row nor its place says that something happened."""
    q = wave.questionnaire
    asked = [str(item.indicator) for item in q.indicators if item.event_country]
    columns = [item.event_country for item in q.indicators if item.event_country]
    countries = list(dict.fromkeys(word for column in columns for word in q.words(column)))
    present = set(events["country"])
    countries += [level for level in (DECLINED, UNKNOWN) if level in present]
    key = ["indicator", "route", "country"]
    places = [(i, r, c) for i in [*asked, ALL] for r in (*ROUTES, ALL) for c in countries]
    frame = pd.DataFrame(places, columns=key).merge(events, on=key, how="left").fillna({"events": 0, PEOPLE: 0})
    is_known = ~frame["country"].isin([DECLINED, UNKNOWN])
    known = frame["events"].where(is_known, 0).groupby([frame["indicator"], frame["route"]]).transform("sum")
    total = frame.groupby(["indicator", "route"])["events"].transform("sum")
    frame["base"] = known.where(is_known, total)
    frame["share"] = share(frame["events"], frame["base"])
    return conform(frame.assign(wave=wave.name, suppressed=""), EVENTS)


def _experience(tabulated: Tabulated, wave: Wave, q: Questionnaire) -> pd.DataFrame:
    parts = [_own_or_family(tabulated.counts), _number_of_indicators(tabulated.numbers, q)]
    frame = pd.concat(parts, ignore_index=True)
    frame["share"] = share(frame["respondents"], frame["base"])
    return conform(frame.assign(wave=wave.name, suppressed=""), EXPERIENCE)


def _own_or_family(counts: pd.DataFrame) -> pd.DataFrame:
    whole = counts[(counts["group"] == ALL) & (counts["indicator"] != str(Derived.AT_LEAST_TWO))]
    sums = whole.groupby(["indicator", "route"], as_index=False, sort=False)[["answered", "yes", "family"]].sum()
    sums["either"] = sums["yes"] + sums["family"]
    sums["neither"] = sums["answered"] - sums["either"]
    wide = sums.rename(columns={"yes": "own"})
    long = wide.melt(
        id_vars=["indicator", "route", "answered"],
        value_vars=list(OWN_OR_FAMILY_LEVELS),
        var_name="level",
        value_name="respondents",
    )
    long = long.rename(columns={"answered": "base"}).assign(measure=OWN_OR_FAMILY)
    order = list(dict.fromkeys(whole["indicator"]))
    return _ordered(long, indicator=order, route=(*ROUTES, ALL), level=OWN_OR_FAMILY_LEVELS)


def _number_of_indicators(numbers: pd.DataFrame, q: Questionnaire) -> pd.DataFrame:
    levels = range(len(q.counted) + 1)
    grid = pd.DataFrame([{"route": r, "number": n} for r in (*ROUTES, ALL) for n in levels])
    frame = grid.merge(numbers, on=["route", "number"], how="left").fillna({PEOPLE: 0})
    base = frame.groupby("route")[PEOPLE].transform("sum")
    return frame.assign(
        measure=NUMBER_OF_INDICATORS,
        indicator=q.indicator_set,
        level=frame["number"].astype(str),
        respondents=frame[PEOPLE],
        base=base,
    )
