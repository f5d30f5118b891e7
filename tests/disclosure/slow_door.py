"""The rules of the public policy in plain loops over one row at a time: slow, obvious, and written on its own.

It knows nothing of `pipeline.disclose`. Numbers of the policy are written out here on purpose. Numbers that are worked
out, and not read off a count, are given as all that they may be printed as: computers add up with a hair of rounding,
and a value that is a half may go either way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm, t

from pipeline.stats.clustered import korn_graubard
from pipeline.stats.proportion import wilson
from pipeline.stats.two_samples import koopman, miettinen_nurminen, newcombe

Row = dict[str, Any]
HAIR = 1e-9
NOTHING: set[float | None] = {None}

# --- counts and shares ----------------------------------------------------------------------------------------------


def printed_count(n: int) -> int:
    """To the nearest 5."""
    return 5 * floor(Fraction(n, 5) + Fraction(1, 2))


def may_show(n: int) -> bool:
    """11 people or more, and not printed below 15."""
    return n >= 11 and printed_count(n) >= 15


def may_show_part(part: int, base: int) -> bool:
    if not may_show(base) or not may_show(base - part):
        return False
    return may_show(part) or (part == 0 and base >= 50)


def printed_share(part: int, base: int) -> float | None:
    """A whole percent, half up; only for a base of 50 or more."""
    if base < 50:
        return None
    return floor(Fraction(100 * part, base) + Fraction(1, 2)) / 100


def released_part(part: int, base: int, shown: bool | None = None) -> dict[str, float | int | str | None]:
    """What a reader gets for a part of a base."""
    shown = may_show_part(part, base) if shown is None else shown
    return {
        "part": printed_count(part) if shown else None,
        "base": printed_count(base) if may_show(base) else None,
        "share": printed_share(part, base) if shown else None,
        "suppressed": "" if shown else "withheld",
    }


def released_estimate(row: Row, on_route: int) -> Row:
    """What a reader gets of an estimate. A group that nobody belongs to is no one's secret, where 50 were met."""
    if row["asked"] == 0 and on_route >= 50:
        return {"asked": 0, "part": 0, "base": 0, "share": None, "suppressed": ""}
    asked = printed_count(row["asked"]) if may_show(row["asked"]) else None
    return {"asked": asked, **released_part(row["yes"], row["answered"])}


def nobody(*names: str) -> Row:
    """A row of a route on which nobody was met: zeros, and no shares."""
    return {**dict.fromkeys(names, 0), "suppressed": ""}


# --- numbers that are worked out ------------------------------------------------------------------------------------


def two_digits(value: float | None) -> set[float | None]:
    """Two significant digits."""
    if value is None:
        return NOTHING
    return {without_dust(float(f"{value * off:.2g}")) for off in (1 - HAIR, 1, 1 + HAIR)}


def without_dust(value: float | None) -> float | None:
    """A number that is 0 but for how computers add up, as 0."""
    return 0.0 if value is not None and abs(value) < 1e-12 else value


def whole_percents(value: float | None) -> set[float | None]:
    """A whole percent, half up."""
    return NOTHING if value is None else {floor((value + off) * 100 + 0.5) / 100 for off in (-HAIR, 0, HAIR)}


def is_whole_percent(value: float) -> bool:
    return abs(value * 100 - round(value * 100)) < 1e-6


def has_two_digits(value: float) -> bool:
    return value == float(f"{value:.2g}")


def intervals(printed: Row) -> dict[str, set[float | None]]:
    """Both intervals of a printed share, from what is printed beside it.

    A share printed as 0% or 100% that is none gives way to the ratio of the printed counts.
    """
    p, n, deff, df, yes = (printed[name] for name in ("share", "answered", "deff", "df", "yes"))
    if (p == 0 and yes > 0) or (p == 1 and yes < n):
        p = yes / n
    names = ("ci_low", "ci_high", "wilson_low", "wilson_high")
    if p is None:
        return dict.fromkeys(names, NOTHING)
    alone = [float(limit) for limit in wilson(p, n)]
    by_points = alone
    if printed["ci_method"] == "korn_graubard":
        by_points = [float(limit) for limit in korn_graubard(p, n, math.sqrt(deff * p * (1 - p) / (n - 1)), df)]
    return {name: whole_percents(limit) for name, limit in zip(names, [*by_points, *alone], strict=True)}


# --- one group against another --------------------------------------------------------------------------------------

RATIOS = ("risk_ratio", "ratio_low", "ratio_high", "koopman_low", "koopman_high")
TESTS = ("f", "log10_p")
OVER_POINTS = ("risk_ratio", "ratio_low", "ratio_high", "risk_difference", "difference_low", "difference_high")
ALONE = {"koopman": koopman, "newcombe": newcombe, "miettinen_nurminen": miettinen_nurminen}


def contrast(first: Row, second: Row, correlation: float | None, df: int | None) -> dict[str, float | None]:
    """Every number of a contrast, before it is rounded, from two printed rows of estimates; None where there is none.

    correlation: as it is printed.
    """
    ends = [f"{name}_{end}" for name in ALONE for end in ("low", "high")]
    told: dict[str, float | None] = dict.fromkeys([*OVER_POINTS, *TESTS, *ends])
    p, q, n, m = (row[name] for name in ("share", "answered") for row in (first, second))
    if p is None or q is None:
        return told
    for name, method in ALONE.items():
        low, high = method(p * n, n, q * m, m)
        told |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    known = None not in (first["deff"], second["deff"], correlation) and df
    if known and {p, q}.isdisjoint({0, 1}):
        a, b = (_standard_error(row) for row in (first, second))
        told |= _rao_scott((p, q), (n, m), (a, b), correlation, df) if a or b else {}
        told |= _over_points(p, q, a, b, correlation, df) if a and b else {}
    if min(p, q) < 0.05:
        told |= dict.fromkeys(RATIOS)
    return told


def _standard_error(row: Row) -> float:
    return math.sqrt(row["deff"] * row["share"] * (1 - row["share"]) / (row["answered"] - 1))


def _over_points(p: float, q: float, a: float, b: float, r: float, df: int) -> dict[str, float | None]:
    quantile = float(t.ppf(0.975, df))
    wide = quantile * math.sqrt(a * a + b * b - 2 * r * a * b)
    off = quantile * math.sqrt((a / p) ** 2 + (b / q) ** 2 - 2 * r * (a / p) * (b / q))
    around_ratio = (p / q, p / q * math.exp(-off), p / q * math.exp(off))
    return dict(zip(OVER_POINTS, (*around_ratio, p - q, p - q - wide, p - q + wide), strict=True))


def _rao_scott(
    share: Sequence[float], n: Sequence[int], se: Sequence[float], r: float, df: int
) -> dict[str, float | None]:
    """Pearson's chi-square over the design effect of the log odds ratio, which has 1 and df degrees of freedom."""
    pooled = sum(p * of for p, of in zip(share, n, strict=True)) / sum(n)
    chi_square = sum(of * (p - pooled) ** 2 for p, of in zip(share, n, strict=True)) / (pooled * (1 - pooled))
    a, b = (error / (p * (1 - p)) for error, p in zip(se, share, strict=True))
    alone = sum(1 / (of * p * (1 - p)) for p, of in zip(share, n, strict=True))
    f = chi_square / ((a * a + b * b - 2 * r * a * b) / alone)
    return {"f": f, "log10_p": (math.log(2) + float(t.logsf(math.sqrt(f), df))) / math.log(10)}


def printed_contrast(told: dict[str, float | None]) -> dict[str, set[float | None]]:
    """What each number of a contrast may be printed as."""
    return {
        name: two_digits(value) if name in (*RATIOS, *TESTS) else whole_percents(value) for name, value in told.items()
    }


def holm(log10_p: Sequence[float | None]) -> list[float | None]:
    """Holm's steps over one family, in logarithms."""
    in_order = sorted((value, place) for place, value in enumerate(log10_p) if value is not None)
    adjusted: list[float | None] = [None] * len(log10_p)
    greatest = -math.inf
    for step, (value, place) in enumerate(in_order):
        greatest = max(greatest, value + math.log10(len(in_order) - step))
        adjusted[place] = min(greatest, 0.0)
    return adjusted


# --- along, and at equal, journey time ------------------------------------------------------------------------------

STEEP = 15
"""Steeper than any slope of counts of people."""

Weighed = tuple[str, float, int, int]
"""A level of its own, what the slope multiplies, yes, answered."""
Stratum = tuple[int, int, int, int]
"""Yes and answered of one route, and of the other, in a bin that both have."""

TREND = ("slope", "slope_se", "odds_ratio", "odds_low", "odds_high", "df")
ADJUSTED = ("adjusted_odds_ratio", "adjusted_low", "adjusted_high", "df", "adjusted_log10_p")


def printed_bins(released: Iterable[Row], indicator: str, *routes: str) -> list[Weighed]:
    """The printed bins of an indicator in which anyone answered: route, 1 to 5, yes, answered."""
    return [
        (row["route"], BINS.index(row["level"]) + 1, row["yes"], row["answered"])
        for row in released
        if row["indicator"] == indicator and row["route"] in routes and row["group"] == "transit"
        if row["level"] in BINS and row["answered"]
    ]


def trend(bins: Sequence[Weighed], se: float, df: int, why_no_error: str) -> Row:
    """Every number of a trend from printed bins, before it is rounded, and the reason."""
    told: Row = dict.fromkeys((*TREND, "chi_square", "log10_p"))
    yes, answered = (sum(one[at] for one in bins) for at in (2, 3))
    if not answered:
        return told | {"reason": "nobody_answered"}
    if len({score for _, score, _, _ in bins}) == 1:
        return told | {"reason": "one_bin"}
    if yes in (0, answered):
        return told | {"reason": "nobody_or_everybody"}
    told |= _test_of_trend(bins)
    slope = logistic_slope(bins)
    if why_no_error or slope is None:
        return told | {"reason": why_no_error or "not_separable"}
    off = float(t.ppf(0.975, df)) * se
    odds = (math.exp(slope), math.exp(slope - off), math.exp(slope + off))
    return told | dict(zip(TREND, (slope, se, *odds, df), strict=True)) | {"reason": ""}


def logistic_slope(cells: Sequence[Weighed]) -> float | None:
    """The slope at which the likelihood is greatest: as many positive as expected, at each level and along the slope.

    None where there is no such slope: nobody or everybody at a level is positive, or on none a positive one stands
    before one who is not, so that the steepest slope is the likeliest.
    """
    levels = [[cell[1:] for cell in cells if cell[0] == level] for level in {cell[0] for cell in cells}]
    positive, others = ([[x for x, y, n in of if (n - y, y)[is_yes]] for of in levels] for is_yes in (True, False))
    if not all(positive) or not all(others):
        return None
    sides = list(zip(positive, others, strict=True))
    if all(min(yes) >= max(no) for yes, no in sides) or all(max(yes) <= min(no) for yes, no in sides):
        return None

    def beyond_expected(slope: float) -> float:
        return sum(_beyond(of, _level(of, slope), slope, weighed=True) for of in levels)

    return float(brentq(beyond_expected, -STEEP, STEEP, xtol=1e-14))


def _level(of: Sequence[tuple[float, int, int]], slope: float) -> float:
    return float(brentq(lambda level: _beyond(of, level, slope), -100, 100, xtol=1e-14))


def _beyond(of: Sequence[tuple[float, int, int]], level: float, slope: float, *, weighed: bool = False) -> float:
    """By how many more are positive than is expected."""
    return sum((x if weighed else 1) * (yes - n / (1 + math.exp(-level - slope * x))) for x, yes, n in of)


def _test_of_trend(bins: Sequence[Weighed]) -> dict[str, float | None]:
    """Cochran–Armitage within routes, in plain loops."""
    above, spread = 0.0, 0.0
    for route in {one[0] for one in bins}:
        of = [one[1:] for one in bins if one[0] == route]
        people, positive = sum(n for *_, n in of), sum(yes for _, yes, _ in of)
        p, mean = positive / people, sum(score * n for score, _, n in of) / people
        above += sum(score * (yes - n * p) for score, yes, n in of)
        spread += p * (1 - p) * sum(n * (score - mean) ** 2 for score, _, n in of)
    chi_square = above**2 / spread if spread > HAIR else None
    return {"chi_square": chi_square, "log10_p": _log10_p(chi_square, 1)}


def _log10_p(chi_square: float | None, df: int) -> float | None:
    """Two degrees of freedom at a time, in logarithms, since p itself may be too small for a computer."""
    if chi_square is None:
        return None
    if df > 2:
        half, a = chi_square / 2, df / 2 - 1
        more = a * math.log(half) - half - math.lgamma(a + 1) if half else -math.inf
        return float(np.logaddexp(_log10_p(chi_square, df - 2) * math.log(10), more)) / math.log(10)
    log_p = -chi_square / 2 if df == 2 else math.log(2) + float(norm.logsf(math.sqrt(chi_square)))
    return log_p / math.log(10)


def strata(first: Sequence[Weighed], second: Sequence[Weighed]) -> list[Stratum]:
    """The bins that both routes have."""
    return [(*one[2:], *other[2:]) for one in first for other in second if one[1] == other[1]]


def equal_time(strata: Sequence[Stratum], se: float, df: int, why_no_error: str) -> Row:
    """Every number of two routes at equal journey time from printed bins, before it is rounded, and the reasons."""
    told: Row = dict.fromkeys(ADJUSTED) | _mantel_haenszel(strata)
    told["reason"] = "nobody_or_everybody" if None in (told["ratio_low"], told["odds_low"]) else ""
    first = [(f"{at}", 1.0, y, n) for at, (y, n, _, _) in enumerate(strata)]
    slope = logistic_slope([*first, *((f"{at}", 0.0, y, n) for at, (_, _, y, n) in enumerate(strata))])
    if why_no_error or slope is None:
        return told | {"adjusted_reason": why_no_error or "not_separable"}
    off = float(t.ppf(0.975, df)) * se
    odds = (math.exp(slope), math.exp(slope - off), math.exp(slope + off))
    log10_p = (math.log(2) + float(t.logsf(abs(slope) / se, df))) / math.log(10)
    return told | dict(zip(ADJUSTED, (*odds, df, log10_p), strict=True)) | {"adjusted_reason": ""}


def _mantel_haenszel(strata: Sequence[Stratum]) -> dict[str, float | None]:
    """Ratios without and with regard to bins, with limits, and both tests, as textbooks write them."""
    y1, n1, y2, n2 = (sum(column) for column in zip(*strata, strict=True))
    tables = [(y, n - y, z, m - z, n + m) for y, n, z, m in strata]
    along, across = ([part / n for part, n in _products(tables, *at)] for at in ((0, 3), (1, 2)))
    on, off = ([(table[i] + table[j]) / table[4] for table in tables] for i, j in ((0, 3), (1, 2)))
    ratio, r, s = _per(sum(along), sum(across)), sum(along), sum(across)
    low = high = None
    if r and s:
        variance = sum(p * a / (2 * r * r) + (p * c + q * a) / (2 * r * s) + q * c / (2 * s * s)
                       for p, q, a, c in zip(on, off, along, across, strict=True))  # fmt: skip
        low, high = _around(r / s, variance)
    told = {"crude_risk_ratio": _per(y1 * n2, y2 * n1), "crude_odds_ratio": _per(y1 * (n2 - y2), (n1 - y1) * y2)}
    told |= {"odds_ratio": ratio, "odds_low": low, "odds_high": high, **_common_risk_ratio(tables)}
    return told | _tests_of_strata([table for table in tables if table[0] + table[2] and table[1] + table[3]], ratio)


def _products(tables: Sequence[tuple[int, ...]], i: int, j: int) -> list[tuple[int, int]]:
    return [(table[i] * table[j], table[4]) for table in tables]


def _per(part: float, of: float) -> float | None:
    return part / of if of else None


def _around(ratio: float, variance: float) -> tuple[float | None, float | None]:
    off = NormalDist().inv_cdf(0.975) * math.sqrt(variance)
    return (ratio * math.exp(-off), ratio * math.exp(off)) if off else (None, None)


def _common_risk_ratio(tables: Sequence[tuple[int, ...]]) -> dict[str, float | None]:
    one = sum(a * (c + d) / n for a, b, c, d, n in tables)
    other = sum(c * (a + b) / n for a, b, c, d, n in tables)
    within = sum(((a + c) * (a + b) * (c + d) - a * c * n) / n**2 for a, b, c, d, n in tables)
    low, high = _around(one / other, within / (one * other)) if one and other else (None, None)
    return {"risk_ratio": _per(one, other), "ratio_low": low, "ratio_high": high}


def _tests_of_strata(tables: Sequence[tuple[int, ...]], ratio: float | None) -> dict[str, float | None]:
    """Cochran–Mantel–Haenszel; and Breslow–Day, whose expected counts are found by trial."""
    told: dict[str, float | None] = dict.fromkeys(("chi_square", "breslow_day"))
    if tables:
        above = sum(a - (a + b) * (a + c) / n for a, b, c, d, n in tables)
        variance = sum((a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1)) for a, b, c, d, n in tables)
        told["chi_square"] = above**2 / variance
    if len(tables) > 1 and ratio:
        told["breslow_day"] = sum(_unlike(a, a + b, c + d, a + c, ratio) for a, b, c, d, _ in tables)
    df = max(len(tables) - 1, 0)
    p = {"log10_p": _log10_p(told["chi_square"], 1), "breslow_day_log10_p": _log10_p(told["breslow_day"], max(df, 1))}
    return told | p | {"breslow_day_df": df}


def _unlike(yes: int, own: int, other: int, positive: int, ratio: float) -> float:
    """How far the yes of the first route are from what the common odds ratio gives at the same margins."""

    def too_many(x: float) -> float:
        return x * (other - positive + x) - ratio * (own - x) * (positive - x)

    x = float(brentq(too_many, max(0, positive - other), min(own, positive), xtol=1e-13))
    return (yes - x) ** 2 * (1 / x + 1 / (own - x) + 1 / (positive - x) + 1 / (other - positive + x))


AS_THEY_ARE = ("df", "breslow_day_df", "reason", "adjusted_reason")


def agree(row: Row, expected: Row) -> None:
    """A row holds these words and degrees of freedom, and these numbers to two digits."""
    for name, value in expected.items():
        if name in AS_THEY_ARE:
            assert row[name] == value, name
        else:
            assert without_dust(row[name]) in two_digits(value), name


# --- what missing answers could change ------------------------------------------------------------------------------


def tipping(first: Row, second: Row, assumed: tuple[float, float]) -> dict[str, set[float | None]]:
    """Both shares and their difference under a supposition, from printed bounds."""
    low, high = ([row[name] for row in (first, second)] for name in ("bound_low", "bound_high"))
    sides = [None if a is None else a + part * (b - a) for a, b, part in zip(low, high, assumed, strict=True)]
    known = [side for side in sides if side is not None]
    difference = known[0] - known[1] if len(known) == 2 else None
    names = ("first_share", "second_share", "difference")
    return {name: whole_percents(value) for name, value in zip(names, (*sides, difference), strict=True)}


def shows_complete(exact: Row, estimate: Row) -> bool:
    """Whether complete cases may be shown. Where they are counted, the others are a group that a reader works out."""
    others = exact["answered"] - exact["complete"]
    if estimate["suppressed"] or not may_show_part(exact["complete_yes"], exact["complete"]):
        return False
    if exact["group"] != "all":
        return True
    return others == 0 or may_show_part(exact["yes"] - exact["complete_yes"], others)


# --- two indicators of the same people ------------------------------------------------------------------------------


def shows_both(both: int, one_alone: int, other_alone: int, neither: int) -> bool:
    """Whether two indicators may be shown together: each group that they make, or nobody with both in large margins."""
    if not all(may_show(group) for group in (one_alone, other_alone, neither)):
        return False
    return may_show(both) or (both == 0 and min(one_alone, other_alone) >= 50)


# --- what is withheld with something else ---------------------------------------------------------------------------

SINGLE = (
    *("unpaid_work", "forced_work", "employment_offer", "marriage_offer"),
    *("held_against_will", "blood_organs", "physical_violence", "sexual_violence_threats"),
)
BINS = ("under_2_weeks", "2_weeks_to_3_months", "3_to_6_months", "6_to_12_months", "12_months_or_more")


def hides_mean(released: Iterable[Row], route: str) -> bool:
    """Whether a single indicator of the whole route is withheld."""
    return any(
        row["suppressed"] == "withheld"
        for row in released
        if row["route"] == route and row["group"] == "all" and row["indicator"] in SINGLE
    )


def hides_bin(released: Iterable[Row], indicator: str, *routes: str) -> bool:
    """Whether a bin of journey time of one of these routes is withheld."""
    return any(
        row["suppressed"] == "withheld"
        for row in released
        if row["indicator"] == indicator
        and row["route"] in routes
        and row["group"] == "transit"
        and row["level"] in BINS
    )


def hides_level(released: Iterable[Row], factor: str, level: str) -> bool:
    """Whether at least one is withheld at a level of a factor, over all routes; or on the whole of a route."""
    place = (level, "all", "all") if factor == "route" else ("all", factor, level)
    return any(
        row["suppressed"] == "withheld"
        for row in released
        if row["indicator"] == "at_least_one" and (row["route"], row["group"], row["level"]) == place
    )
