"""An edition: what a report is made of. The released tables, the wave's declarations, a language, a provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from pipeline.disclose.released import Released, Rows, Value
from pipeline.questionnaire import in_language
from pipeline.report.text import Text
from pipeline.vocabulary import ALL, COMMON_CORE, OVER_6_MONTHS, ROUTES, Derived
from pipeline.wave import Wave

ROUTES_IN_FULL = 2
"""Of how many routes a report has room for everything."""


@dataclass(frozen=True)
class Cell:
    """A released share. None stands for a number that is not printed: withheld, or its base too small.

    route, key: what it is about; the key names the row of the released table. share, low, high: fractions. count, n:
    part and base in people, rounded. bounds: what missing answers could make of the share. withheld: by the policy.
    nobody: the share is exactly 0, not merely rounded to it. is_firm: it is not called unreliable.
    """

    route: str
    key: dict[str, str]
    share: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    n: int | None = None
    bounds: tuple[float, float] | None = None
    withheld: bool = False
    nobody: bool = True
    is_firm: bool = True


Interval = tuple[float, float, float]
"""A number and the ends of its interval."""


@dataclass(frozen=True)
class Contrast:
    """A released contrast of two shares. None where it is not printed.

    ratio: how many times; difference: how much more; log10_p: of the difference, after Holm.
    """

    ratio: Interval | None
    difference: Interval | None
    log10_p: float | None


@dataclass(frozen=True)
class Stratified:
    """Two routes at equal journey time. None where it is not printed.

    crude: share over share without regard to it; ratio: with; odds: odds over odds over points; log10_p_same: whether
    the odds ratio is the same in every bin.
    """

    crude: float | None
    ratio: Interval | None
    odds: Interval | None
    log10_p_same: float | None


@dataclass(frozen=True)
class Change:
    """A released share beside that of an earlier wave. difference: None where it is not printed, or may not be.

    broken: why the two may not be compared, if they may not.
    """

    earlier: Cell
    later: Cell
    difference: Interval | None
    broken: tuple[str, ...]


class Method(Protocol):
    """How a statistic is computed: which question it answers, where it is, what it is, and paragraphs on it."""

    @property
    def question(self) -> str:
        """A word for the question."""

    @property
    def name(self) -> str:
        """Module and function."""

    @property
    def title(self) -> str:
        """What it is."""

    @property
    def text(self) -> tuple[str, ...]:
        """Formula, source, assumptions."""


@dataclass(frozen=True)
class Edition:
    """Everything that the pages and figures of one report are drawn from.

    methods: how its numbers are computed. earlier: the wave that it is set beside, if there is one.
    """

    released: Released
    wave: Wave
    text: Text
    methods: tuple[Method, ...] = ()
    earlier: Wave | None = None

    def __post_init__(self) -> None:
        """The words follow the policy of what is released, so that none of them can claim what it does not do."""
        object.__setattr__(self, "text", self.text.under(self.released.policy.name))

    @property
    def watermark(self) -> str:
        """What stands across every page and figure of an edition that must not leave; else nothing."""
        return self.text.say("stamp.internal") if self.released.policy.is_internal else ""

    def file_name(self, name: str) -> str:
        """The name under which a file is kept: one that must not leave says so in its name."""
        return f"internal_{name}" if self.released.policy.is_internal else name

    def file_name_in_language(self, name: str) -> str:
        """The same for a file with words in it: its name has the language too, unless that is English."""
        if self.text.locale != "en":
            stem, _, ending = name.rpartition(".")
            name = f"{stem}.{self.text.locale}.{ending}"
        return self.file_name(name)

    @property
    def rounded(self) -> str:
        """How counts are rounded, as it follows what they are; nothing if they are exact."""
        return self.text.say("format.rounded", rounding=self.released.policy.rounding)

    @property
    def routes(self) -> list[str]:
        """The routes on which anyone was interviewed, in order, without `all`."""
        return [route for route in ROUTES if route in self.released.analysed_by_route]

    @property
    def singles(self) -> list[str]:
        """The single indicators, in the order of the form."""
        return [str(item.indicator) for item in self.wave.questionnaire.indicators]

    @property
    def has_many_routes(self) -> bool:
        """Whether there are so many routes that not everything on each of them has room on a page."""
        return len(self.routes) > ROUTES_IN_FULL

    @property
    def apart(self) -> list[str]:
        """The indicators that do not count in "at least one", in words."""
        items = self.wave.questionnaire.indicators
        return [self.text.say(f"indicator_short.{item.indicator}") for item in items if not item.counts]

    @property
    def asks_common_core(self) -> bool:
        """Whether "at least one of the four common to all instruments" can be said at all."""
        return self.wave.questionnaire.common_core == COMMON_CORE

    @property
    def ledger(self) -> dict[str, int]:
        """Rows by rule of the exclusion ledger, exact."""
        return {str(row["rule"]): int(row["rows"] or 0) for row in self.released.ledger}

    @property
    def stamps(self) -> list[str]:
        """What every figure and page must say of itself."""
        stamps = [self.watermark] if self.watermark else []
        if self.wave.file.synthetic:
            stamps.append(self.text.say("stamp.synthetic"))
        if self.wave.file.status == "draft":
            stamps.append(self.text.say("stamp.draft"))
        if not (self.released.policy.audited or self.released.policy.is_internal):
            stamps.append(self.text.say("stamp.not_audited"))
        return stamps

    def estimate(self, indicator: str, route: str, group: str = ALL, level: str = ALL) -> Cell:
        """The released estimate of one cell. KeyError if there is no such row."""
        return self._estimates[str(indicator), route, group, level]

    def distribution(self, variable: str, route: str, level: str) -> Cell:
        """The released share of one level of a characteristic. KeyError if there is no such row."""
        return self._distributions[variable, route, level]

    def levels(self, variable: str) -> list[str]:
        """The levels of a distribution, in order."""
        return list(dict.fromkeys(level for name, _, level in self._distributions if name == variable))

    def variables(self) -> list[str]:
        """The characteristics that have a distribution, in order."""
        return list(dict.fromkeys(variable for variable, _, _ in self._distributions))

    def estimated_levels(self, group: str) -> list[str]:
        """The levels of a group of the estimates, in order."""
        return list(dict.fromkeys(level for _, _, name, level in self._estimates if name == group))

    def events(self, route: str, indicator: str = ALL) -> list[Cell]:
        """Countries with a released share of any events, the largest first; equal ones by name."""
        there = [self._events[key] for key in self._events if key[:2] == (indicator, route)]
        cells = [cell for cell in there if _is_any(cell)]
        return sorted(cells, key=lambda cell: (-(cell.share or 0), self.text.country(cell.key["country"])))

    def experience(self, measure: str, indicator: str, route: str, level: str) -> Cell:
        """The released share of own, family members' or no experience, or of a number of indicators."""
        return self._experience[measure, str(indicator), route, level]

    def contrast(self, indicator: str, compared: str, route: str, first: str, second: str) -> Contrast:
        """One group against another. KeyError if there is no such row."""
        return self._contrasts[str(indicator), compared, route, first, second]

    def contrasted(self, compared: str) -> list[tuple[str, str]]:
        """The pairs of a characteristic's levels, in order."""
        return list(dict.fromkeys((one[3], one[4]) for one in self._contrasts if one[1] == compared))

    def stratified(self, indicator: str, first: str, second: str) -> Stratified:
        """Two routes at equal journey time. KeyError if there is no such row."""
        return self._stratified[str(indicator), first, second]

    def complete_cases(self, indicator: str, route: str, group: str = ALL, level: str = ALL) -> Cell:
        """The share among those who answered every question. Of groups, of at least one indicator alone."""
        return self._complete[str(indicator), route, group, level]

    def tipping(self, indicator: str, first: str, second: str) -> dict[tuple[float, float], float | None]:
        """What is supposed of the missing answers on both routes → their difference then."""
        key = {"indicator": str(indicator), "first": first, "second": second}
        rows = (row for row in self.released.tipping if all(row[name] == word for name, word in key.items()))
        return {
            (float(row["first_assumed"] or 0), float(row["second_assumed"] or 0)): _fraction(row["difference"])
            for row in rows
        }

    def both(self, one: str, other: str, route: str) -> Cell:
        """The share that reported both indicators."""
        return self._both[one, other, route]

    def mean(self, route: str) -> Interval | None:
        """The mean number of indicators."""
        rows = (row for row in self.released.means if row["route"] == route)
        return next((interval_of(row, "mean", "mean_low", "mean_high") for row in rows), None)

    def changes(self, route: str) -> list[Change]:
        """What is set beside an earlier wave on a route, the common set first; nothing where only one has anyone."""
        return [_change(row) for row in self.released.changes if row["route"] == route]

    @property
    def has_break(self) -> bool:
        """Whether the two waves may not be compared on some route."""
        return any(row["break_before"] for row in self.released.changes)

    @property
    def has_model(self) -> bool:
        """Whether the model of factors could be fitted."""
        return self.quantity("fitted") == 1

    @property
    def model_note(self) -> str:
        """Why there is no model of factors, or what makes it less sure than it looks: words, or nothing."""
        return next((str(row["note"]) for row in self.released.model if row["quantity"] == "fitted"), "")

    def quantity(self, name: str) -> float | None:
        """A number that describes the model as a whole; None where it is not printed."""
        return next((_fraction(row["value"]) for row in self.released.model if row["quantity"] == name), None)

    def factors(self, factor_level: str) -> dict[str, list[dict[str, Value]]]:
        """The factors on one of IOM's levels, each with the released rows of its levels in the model."""
        found: dict[str, list[dict[str, Value]]] = {}
        for row in self.released.factors:
            if row["factor_level"] == factor_level and row["role"] != "left_out":
                found.setdefault(str(row["factor"]), []).append(row)
        return found

    def predicted(self, profile: str, route: str) -> tuple[Interval | None, str]:
        """How likely the model takes a report by a profile on a route, and a note on it."""
        for row in self.released.predicted:
            if (row["profile"], row["route"]) == (profile, route):
                return interval_of(row, "probability", "probability_low", "probability_high"), str(row["note"] or "")
        return None, ""

    def trend(self, indicator: str, route: str) -> Interval | None:
        """How many times the odds are from one bin of journey time to the next; None where it is not printed."""
        return self._trends[str(indicator), route]

    @cached_property
    def _trends(self) -> dict[tuple[str, ...], Interval | None]:
        rows = self.released.trends
        return {
            (str(row["indicator"]), str(row["route"])): interval_of(row, "odds_ratio", "odds_low", "odds_high")
            for row in rows
        }

    @cached_property
    def _contrasts(self) -> dict[tuple[str, ...], Contrast]:
        key = ("indicator", "compared", "route", "first", "second")
        return {tuple(str(row[name]) for name in key): _contrast(row) for row in self.released.contrasts}

    @cached_property
    def _stratified(self) -> dict[tuple[str, ...], Stratified]:
        key = ("indicator", "first", "second")
        return {tuple(str(row[name]) for name in key): _equal(row) for row in self.released.stratified}

    @cached_property
    def _complete(self) -> Cells:
        of = ("complete_yes", "complete", "complete_share")
        return Cells(self.released.nonresponse, ("indicator", "route", "group", "level"), *of)

    @cached_property
    def _both(self) -> Cells:
        return Cells(self.released.cooccurrence, ("indicator", "other", "route"), "yes", "answered")

    @cached_property
    def _estimates(self) -> Cells:
        return Cells(self.released.estimates, ("indicator", "route", "group", "level"), "yes", "answered")

    @cached_property
    def _distributions(self) -> Cells:
        return Cells(self.released.distributions, ("variable", "route", "level"), "respondents", "base")

    @cached_property
    def _events(self) -> Cells:
        return Cells(self.released.events, ("indicator", "route", "country"), "events", "base")

    @cached_property
    def _experience(self) -> Cells:
        key = ("measure", "indicator", "route", "level")
        return Cells(self.released.experience, key, "respondents", "base")

    @property
    def over_6_months(self) -> str:
        """Name of the distribution of journey time in two classes."""
        return OVER_6_MONTHS

    def caveats(self, *beside: str) -> list[str]:
        """The sentences that must stand beside results of these kinds."""
        caveats = self.wave.questionnaire.caveats.values()
        return [in_language(caveat.text, self.text.locale) for caveat in caveats if set(caveat.beside) & set(beside)]

    def at_least_one(self, route: str, group: str = ALL, level: str = ALL) -> Cell:
        """The headline estimate."""
        return self.estimate(Derived.AT_LEAST_ONE, route, group, level)

    def percent(self, cell: Cell, *, short: bool = False) -> str:
        """A cell's share in words, or the mark for withheld. short: for tables and figures."""
        return printed(cell, self.text, short=short)

    def interviewed_in(self) -> list[str]:
        """Countries of interview whose number of interviews is released, in the order of the questionnaire."""
        levels = self.levels("survey_country") if "survey_country" in self.wave.questionnaire.distributions else []
        cells = {level: self.distribution("survey_country", ALL, level) for level in levels}
        return [self.text.country(level) for level, cell in cells.items() if _is_any(cell)]


def printed(cell: Cell, text: Text, *, short: bool = False) -> str:
    """A cell's share in words, or the mark for withheld. short: for tables and figures."""
    if cell.share is None:
        return text.say("format.withheld")
    return text.percent(cell.share, nobody=cell.nobody, everybody=cell.count == cell.n, short=short)


def _is_any(cell: Cell) -> bool:
    """Whether a share is printed that is not of nobody: one that is rounded to 0% counts."""
    return cell.share is not None and not cell.nobody


class Cells(Mapping[tuple[str, ...], Cell]):
    """The rows of a released table by their key, each made a cell when it is asked for: most never are."""

    def __init__(self, table: Rows, key: tuple[str, ...], part: str, base: str, share: str = "share") -> None:
        """key: the columns that name a row. part, base, share: the columns of these."""
        self._columns, self._key, self._part, self._base, self._share = table.columns, key, part, base, share
        places = [table.columns.index(name) for name in key]
        self._rows = {tuple(str(row[place]) for place in places): row for row in table.values}

    def __getitem__(self, key: tuple[str, ...]) -> Cell:
        """The cell of a row. KeyError if there is no such row."""
        row = dict(zip(self._columns, self._rows[key], strict=True))
        named = dict(zip(self._key, key, strict=True))
        low, high = (_fraction(row.get(name)) for name in ("bound_low", "bound_high"))
        return Cell(
            route=named["route"],
            key=named,
            share=_fraction(row[self._share]),
            low=_fraction(row.get("ci_low")),
            high=_fraction(row.get("ci_high")),
            count=_people(row[self._part]),
            n=_people(row[self._base]),
            bounds=None if low is None or high is None else (low, high),
            withheld=row["suppressed"] != "",
            nobody=row[self._part] == 0,
            is_firm=row.get("reliable") != "no",
        )

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Their keys, in order."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)


def _change(row: dict[str, Value]) -> Change:
    """Both shares of a row, each as a cell that names its wave, and their difference."""
    broken = tuple(word for word in str(row["break_before"]).split("|") if word)
    difference = interval_of(row, "difference", "difference_low", "difference_high")
    return Change(_side(row, "earlier_", ("low", "high")), _side(row, "", ("ci_low", "ci_high")), difference, broken)


def _side(row: dict[str, Value], prefix: str, limits: tuple[str, str]) -> Cell:
    """The share of one of the two waves: columns of the earlier one begin with its prefix."""
    low, high = (_fraction(row[f"{prefix}{name}"]) for name in limits)
    return Cell(
        route=str(row["route"]),
        key={"indicator": str(row["indicator"]), "wave": str(row[f"{prefix}wave"])},
        share=_fraction(row[f"{prefix}share"]),
        low=low,
        high=high,
        count=_people(row[f"{prefix}yes"]),
        n=_people(row[f"{prefix}answered"]),
        withheld=row["suppressed"] != "",
        nobody=row[f"{prefix}yes"] == 0,
        is_firm=row[f"{prefix}reliable"] != "no",
    )


def _contrast(row: dict[str, Value]) -> Contrast:
    return Contrast(
        interval_of(row, "risk_ratio", "ratio_low", "ratio_high"),
        interval_of(row, "risk_difference", "difference_low", "difference_high"),
        _fraction(row["log10_p_holm"]),
    )


def _equal(row: dict[str, Value]) -> Stratified:
    return Stratified(
        _fraction(row["crude_risk_ratio"]),
        interval_of(row, "risk_ratio", "ratio_low", "ratio_high"),
        interval_of(row, "adjusted_odds_ratio", "adjusted_low", "adjusted_high"),
        _fraction(row["breslow_day_log10_p"]),
    )


def interval_of(row: dict[str, Value], *names: str) -> Interval | None:
    """A number and the ends of its interval, from these columns of a released row; None if any is not printed."""
    number, low, high = (_fraction(row[name]) for name in names)
    return None if number is None or low is None or high is None else (number, low, high)


def _fraction(value: Value) -> float | None:
    return None if value is None else float(value)


def _people(value: Value) -> int | None:
    return None if value is None else int(value)
