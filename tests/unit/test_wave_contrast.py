"""Wave against wave: against plain loops and statsmodels on random waves, a textbook, and what must hold of any two."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from pipeline.stats.clustered import points_of, spread
from pipeline.stats.wave_contrast import LEAST_COVERED, directly_standardised, wave_contrasts
from pipeline.tables import PROFILES, WAVE_CONTRASTS, conform

Cell = tuple[str, str, str, str, int, int]
"""Route, point, sex, journey time, answered, yes."""
Wave = list[Cell]
Told = dict[str, float]

ROUTES = ("central", "eastern")
INDICATOR, OTHER = "unpaid_work", "forced_work"
CRUDE = ("base_share", "wave_share", "difference", "difference_low", "difference_high", "df")
STANDARDISED = (
    "base_covered",
    "wave_covered",
    "base_standardised",
    "wave_standardised",
    *(f"standardised_{name}" for name in ("difference", "low", "high", "df")),
)
EXACTLY = {"rel": 1e-9, "abs": 1e-12, "nan_ok": True}


@st.composite
def waves(draw: st.DrawFn, routes: tuple[str, ...] = ROUTES, points: int = 5, least: int = 0) -> Wave:
    """Points of each route, with people in some strata. Those with nobody here answered another indicator."""
    cells = []
    for route in routes:
        for point in draw(st.sets(st.integers(0, points), min_size=draw(st.sampled_from([1, 2, 3])))):
            for sex in ("female", "male"):
                for transit in ("under_2_weeks", "unknown"):
                    answered = draw(st.integers(least, 9))
                    cells.append((route, f"P{point}", sex, transit, answered, draw(st.integers(0, answered))))
    return cells


def profiles(wave: Wave) -> pd.DataFrame:
    """Of one indicator; another was answered everywhere. Rows of one cell differ in what is of no concern here."""
    rows = []
    for place, (route, point, sex, transit, answered, yes) in enumerate(wave):
        of = {"route": route, "monitoring_point": point, "sex": sex, "transit": transit, "age_group": "18_24"}
        of |= {"travel_mode": f"mode {place}", "education": "declined", "region_of_origin": "unknown"}
        rows += [of | {"indicator": INDICATOR, "answered": answered, "yes": yes}] if answered else []
        rows.append(of | {"indicator": OTHER, "answered": answered + 1, "yes": yes})
    return conform(pd.DataFrame(rows, columns=PROFILES.names), PROFILES)


def contrast(base: Wave, wave: Wave, route: str = "all", **how: bool) -> Told:
    frame = wave_contrasts(profiles(base), profiles(wave), [INDICATOR], ROUTES, **how)
    assert frame["route"].tolist() == [*ROUTES, "all"]
    found: Told = frame.set_index("route").loc[route].to_dict()
    return found


# --- the same by plain loops ------------------------------------------------------------------------------------------


def by_loops(base: Wave, wave: Wave, route: str) -> Told:
    """The formulas as the docstrings have them, person-free but cell by cell."""
    both = [[cell for cell in one if route in ("all", cell[0])] for one in (base, wave)]
    n, y = ([sum(cell[at] for cell in one) for one in both] for at in (4, 5))
    told = {"base_share": y[0] / n[0] if n[0] else math.nan, "wave_share": y[1] / n[1] if n[1] else math.nan}
    if not all(n):
        return told
    crude = [influence(one, {"": 1.0}, lambda cell: "") for one in both]
    told |= named(interval(*crude), "difference", "difference_low", "difference_high", "df")
    strata = [{stratum(cell) for cell in one if cell[4]} for one in both]
    common = strata[0] & strata[1]
    covered = [sum(cell[4] for cell in one if stratum(cell) in common) / of for one, of in zip(both, n, strict=True)]
    told |= named(tuple(covered), "base_covered", "wave_covered")
    if min(covered) < LEAST_COVERED:
        return told
    together = {one: sum(cell[4] for of in both for cell in of if stratum(cell) == one) for one in common}
    weights = {one: people / sum(together.values()) for one, people in together.items()}
    sides = [influence(one, weights, stratum) for one in both]
    told |= named((sides[0][0], sides[1][0]), "base_standardised", "wave_standardised")
    return told | named(interval(*sides), *STANDARDISED[4:])


def named(values: tuple[float, ...], *names: str) -> Told:
    return dict(zip(names, values, strict=True))


def stratum(cell: Cell) -> str:
    return "|".join((cell[0], *cell[2:4]))


Influence = tuple[float, dict[tuple[str, str], float], set[tuple[str, str]]]
"""The share, u_j of every point, and the points with anyone."""


def influence(cells: Wave, weights: dict[str, float], stratum_of) -> Influence:
    n, y = defaultdict(int), defaultdict(int)
    for cell in cells:
        n[stratum_of(cell)] += cell[4]
        y[stratum_of(cell)] += cell[5]
    z = {cell[:2]: 0.0 for cell in cells}
    there = set()
    for cell in cells:
        of = stratum_of(cell)
        if of in weights and cell[4]:
            z[cell[:2]] += weights[of] * (cell[5] - y[of] / n[of] * cell[4]) / n[of]
            there.add(cell[:2])
    u = {}
    for (route, point), added in z.items():
        of_route = [value for (of, _), value in z.items() if of == route]
        m = len(of_route)
        if route in {of for of, _ in there}:
            scale = math.sqrt(m / (m - 1)) if m > 1 else math.nan
            u[route, point] = (added - sum(of_route) / m) * scale
    return sum(w * y[of] / n[of] for of, w in weights.items()), u, there


def interval(base: Influence, wave: Influence) -> tuple[float, float, float, float]:
    difference = wave[0] - base[0]
    nothing = (difference, math.nan, math.nan, math.nan)
    for share, u, there in (base, wave):
        alone = len(there) <= len({route for route, _ in there})
        variance = sum(value**2 for value in u.values())
        if alone or not 1e-9 < share < 1 - 1e-9 or not variance > 1e-18:
            return nothing
    variance = sum((wave[1].get(j, 0.0) - base[1].get(j, 0.0)) ** 2 for j in base[1].keys() | wave[1].keys())
    samples = 0
    for route in {of for of, _ in base[2] | wave[2]}:
        of_base, of_wave = ({j for j in one[2] if j[0] == route} for one in (base, wave))
        samples += 2 if of_base and of_wave and not of_base & of_wave else 1
    df = len(base[2] | wave[2]) - samples
    off = student.ppf(0.975, df) * math.sqrt(variance)
    return difference, difference - off, difference + off, df


@given(waves(), waves(), st.sampled_from([*ROUTES, "all"]))
@settings(max_examples=30)
def test_the_contrast_is_what_loops_find(base: Wave, wave: Wave, route: str) -> None:
    found, expected = contrast(base, wave, route), by_loops(base, wave, route)
    for name in (*CRUDE, *STANDARDISED):
        assert found[name] == pytest.approx(expected.get(name, math.nan), **EXACTLY), name


@given(waves(ROUTES[:1], points=4, least=1), st.data())
@settings(max_examples=30)
def test_at_the_same_points_it_is_the_contrast_of_a_regression_over_clusters(base: Wave, data: st.DataObject) -> None:
    """statsmodels: least squares on a dummy a stratum and wave, cluster-robust (HC0), times G/(G−1)."""
    wave = [(*cell[:4], n, data.draw(st.integers(0, n))) for cell in base for n in [data.draw(st.integers(1, 9))]]
    found = contrast(base, wave, "central")
    if not math.isnan(found["difference_low"] + found["standardised_low"]):
        for name, strata in (("difference", lambda cell: ""), ("standardised", stratum)):
            expected = by_regression(base, wave, strata)
            low, high = found[f"{name}_low"], found[f"{name}_high"]
            assert ((low + high) / 2, high - low) == pytest.approx(expected, rel=1e-7, abs=1e-9)


def by_regression(base: Wave, wave: Wave, stratum_of) -> tuple[float, float]:
    """The difference, and how wide its interval is."""
    people = [
        (cell[1], stratum_of(cell), of, place < cell[5])
        for of, cells in enumerate((base, wave))
        for cell in cells
        for place in range(cell[4])
    ]
    point, strata, of, positive = (np.array(column) for column in zip(*people, strict=True))
    levels = sorted(set(strata))
    design = np.column_stack([(strata == level) & (of == one) for level in levels for one in (0, 1)]).astype(float)
    weight = np.array([(strata == level).mean() for level in levels])
    groups = np.unique(point, return_inverse=True)[1]
    fitted = sm.OLS(positive.astype(float), design).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    contrasted = np.column_stack([-weight, weight]).ravel()
    many = len(set(point))
    variance = contrasted @ fitted.cov_params() @ contrasted * many / (many - 1)
    return float(contrasted @ fitted.params), 2 * student.ppf(0.975, many - 1) * math.sqrt(max(variance, 0.0))


# --- what must hold of any two waves ----------------------------------------------------------------------------------


@given(waves(), st.sampled_from([*ROUTES, "all"]))
@settings(max_examples=30)
def test_a_wave_does_not_differ_from_itself(wave: Wave, route: str) -> None:
    found = contrast(wave, wave, route)
    for name in ("difference", "difference_low", "difference_high", *STANDARDISED[4:7]):
        assert math.isnan(found[name]) or found[name] == pytest.approx(0, abs=1e-12)
    assert math.isnan(found["difference"]) == (found["reason"] == "nobody_answered")
    assert math.isnan(found["difference_low"]) == bool(found["reason"])


@given(waves(), waves())
@settings(max_examples=30)
def test_from_the_other_side_every_difference_is_its_negative(base: Wave, wave: Wave) -> None:
    there, back = contrast(base, wave), contrast(wave, base)
    for name in ("difference", "standardised_difference"):
        assert there[name] == pytest.approx(-back[name], **EXACTLY)
    for low, high in (("difference_low", "difference_high"), ("standardised_low", "standardised_high")):
        assert there[low] == pytest.approx(-back[high], **EXACTLY)
        assert there[high] == pytest.approx(-back[low], **EXACTLY)
    for name in ("reason", "standardised_reason", "df", "standardised_df"):
        assert there[name] == pytest.approx(back[name], nan_ok=True)
    assert there["base_covered"] == pytest.approx(back["wave_covered"], nan_ok=True)


@given(waves(), waves(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_order_and_names_of_points_do_not_matter(base: Wave, wave: Wave, random) -> None:
    shuffled = [[(cell[0], f"x{cell[1]}", *cell[2:]) for cell in one] for one in (base, wave)]
    for one in shuffled:
        random.shuffle(one)
    one, other = contrast(base, wave), contrast(*shuffled)
    for name in (*CRUDE, *STANDARDISED):
        assert one[name] == pytest.approx(other[name], **EXACTLY), name


@given(waves(), waves())
@settings(max_examples=30)
def test_twice_the_people_at_the_same_points_change_nothing(base: Wave, wave: Wave) -> None:
    doubled = [[(*cell[:4], 2 * cell[4], 2 * cell[5]) for cell in one] for one in (base, wave)]
    one, other = contrast(base, wave), contrast(*doubled)
    for name in (*CRUDE, *STANDARDISED):
        assert one[name] == pytest.approx(other[name], **EXACTLY), name


@given(waves(), st.integers(1, 3), st.data())
@settings(max_examples=30)
def test_with_equal_compositions_the_standardised_shares_are_the_crude_ones(base: Wave, times: int, data) -> None:
    wave = [(*cell[:4], times * cell[4], data.draw(st.integers(0, times * cell[4]))) for cell in base]
    found = wave_contrasts(profiles(base), profiles(wave), [INDICATOR], ROUTES)
    for name, crude in (("base", "base_share"), ("wave", "wave_share"), ("difference", "difference")):
        standardised = found[f"{name}_standardised" if name != "difference" else "standardised_difference"]
        assert standardised.to_numpy(float) == pytest.approx(found[crude].to_numpy(float), **EXACTLY)


RISKS = {"female|under_2_weeks": 1, "female|unknown": 3, "male|under_2_weeks": 6, "male|unknown": 9}
"""Of ten people in each stratum."""


@given(st.lists(st.tuples(*[st.integers(1, 9)] * 4), min_size=6, max_size=6))
@settings(max_examples=30)
def test_a_change_of_composition_alone_is_no_standardised_difference(tens) -> None:
    base, wave = (
        [
            ("central", f"P{point}", *level.split("|"), 10 * people, risk * people)
            for point, of_point in enumerate(tens[3 * which : 3 * which + 3])
            for (level, risk), people in zip(RISKS.items(), of_point, strict=True)
        ]
        for which in (0, 1)
    )
    shares = [Fraction(sum(cell[5] for cell in one), sum(cell[4] for cell in one)) for one in (base, wave)]
    found = contrast(base, wave, "central")
    assert found["difference"] == pytest.approx(float(shares[1] - shares[0]), abs=1e-12)
    assert found["standardised_difference"] == pytest.approx(0, abs=1e-12)


def test_more_men_are_a_crude_difference_and_no_standardised_one() -> None:
    """Half of men and a tenth of women, at each of two points: 18% with 20 men in 100, 42% with 80 in 100."""
    base, wave = (
        [
            ("central", point, sex, "unknown", people, people // least)
            for point in ("P1", "P2")
            for sex, people, least in (("male", men, 2), ("female", 100 - men, 10))
        ]
        for men in (20, 80)
    )
    found = contrast(base, wave, "central")
    assert (found["base_share"], found["wave_share"]) == pytest.approx((0.18, 0.42))
    assert (found["base_standardised"], found["wave_standardised"]) == pytest.approx((0.3, 0.3))
    assert found["standardised_difference"] == pytest.approx(0, abs=1e-12)
    assert found["reason"] == "no_spread"


def counts(wave: Wave) -> pd.DataFrame:
    rows = defaultdict(lambda: [0, 0])
    for route, point, _, _, answered, yes in wave:
        rows[route, point][0] += answered
        rows[route, point][1] += yes
    named = [(route, "all", "all", point, *people) for (route, point), people in rows.items()]
    return pd.DataFrame(named, columns=["route", "group", "level", "monitoring_point", "answered", "yes"])


@given(waves(), waves(), st.sampled_from([*ROUTES, "all"]))
@settings(max_examples=30)
def test_without_a_point_in_both_variances_and_degrees_of_freedom_add_up(base: Wave, wave: Wave, route: str) -> None:
    apart = [(cell[0], f"other {cell[1]}", *cell[2:]) for cell in wave]
    found = contrast(base, apart, route)
    if not math.isnan(found["difference_low"]):
        variance = df = 0.0
        for one, name in ((base, "base"), (apart, "wave")):
            whole = {"route": route, "group": "all", "level": "all"}
            cell = pd.DataFrame([whole | {k: found[f"{name}_{k}"] for k in ("answered", "yes")}])
            off = spread(points_of(counts(one)), cell, ["route", "group", "level"])
            variance, df = variance + off.se[0] ** 2, df + off.df[0]
        assert found["df"] == df
        off = (found["difference_high"] - found["difference_low"]) / 2
        assert (off / student.ppf(0.975, found["df"])) ** 2 == pytest.approx(variance, rel=1e-8)


LASTING: Wave = [
    ("central", f"P{point}", sex, "unknown", 50, yes + point * 8)
    for point in range(5)
    for sex, yes in (("female", 2), ("male", 4))
]
"""Points that differ much from one another."""
LATER: Wave = [(*cell[:5], cell[5] + (3 if cell[1] in ("P1", "P2") else 1)) for cell in LASTING]


def width(found: Told, name: str = "difference") -> float:
    return found[f"{name}_high"] - found[f"{name}_low"]


def test_what_stays_the_same_at_a_point_takes_itself_out() -> None:
    apart = [(cell[0], f"other {cell[1]}", *cell[2:]) for cell in LATER]
    for name in ("difference", "standardised"):
        same, others = contrast(LASTING, LATER, "central"), contrast(LASTING, apart, "central")
        assert width(same, name) < width(others, name) / 5
    assert (same["df"], others["df"]) == (4, 8)


@pytest.mark.parametrize("word", ["dont_know", "no_answer", "declined", "not_asked", "unknown"])
def test_people_whose_point_is_not_known_were_not_met_at_one_of_both_waves(word: str) -> None:
    base, wave, apart = (
        [(cell[0], cell[1].replace("P4", name), *cell[2:]) for cell in one]
        for one, name in ((LASTING, word), (LATER, word), (LATER, "other"))
    )
    found, expected = contrast(base, wave, "central"), contrast(base, apart, "central")
    assert [found[name] for name in (*CRUDE, *STANDARDISED)] == pytest.approx(
        [expected[name] for name in (*CRUDE, *STANDARDISED)]
    )


# --- where it cannot be told ------------------------------------------------------------------------------------------


def moved(wave: Wave, **changes: str) -> Wave:
    """The wave with everyone of these points (`P0`) under another code, or of this sex or journey time."""
    return [tuple(changes.get(value, value) if isinstance(value, str) else value for value in c) for c in wave]


def answers(wave: Wave, of_ten: int) -> Wave:
    return [(*cell[:5], cell[4] * of_ten // 10) for cell in wave]


HERE = {f"P{n}": "P0" for n in range(5)}
NOWHERE = {f"P{n}": "dont_know" for n in range(5)}
MEN = [(*cell[:4], 9 if cell[2] == "female" else 41, cell[5] // 5) for cell in LASTING]
CASES = {
    # base, wave → why there is no crude interval, and why no standardised one; "" where there is.
    "all is well": (LASTING, LATER, "", ""),
    "nobody in the base": ([], LATER, "nobody_answered", "nobody_answered"),
    "nobody in the wave": (LASTING, [(*c[:4], 0, 0) for c in LASTING], "nobody_answered", "nobody_answered"),
    "one point": (LASTING, moved(LATER, **HERE), "one_point", "one_point"),
    "no point is known": (moved(LASTING, **NOWHERE), LATER, "points_unknown", "points_unknown"),
    "nobody positive": (answers(LASTING, 0), LATER, "nobody_or_everybody", "nobody_or_everybody"),
    "everybody positive": (LASTING, answers(LATER, 10), "nobody_or_everybody", "nobody_or_everybody"),
    "points that do not differ": (LASTING, answers(LATER, 2), "no_spread", "no_spread"),
    "others": (LASTING, moved(LATER, unknown="3_to_6_months"), "", "low_coverage"),
    "half of them others": (LASTING, moved(LATER, female="declined"), "", "low_coverage"),
    "a fifth of them others": (moved(MEN, female="declined"), moved(MEN, female="unknown"), "", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_why_there_is_no_interval(case: str) -> None:
    base, wave, *why = CASES[case]
    found = contrast(base, wave, "central")
    assert [found["reason"], found["standardised_reason"]] == why
    assert [math.isnan(found[name]) for name in ("difference_low", "difference_high", "df")] == [bool(why[0])] * 3
    assert math.isnan(found["standardised_low"]) == bool(why[1])
    # The shares are there unless nobody answered; nothing is standardised without enough people in strata of both.
    assert math.isnan(found["difference"]) == (why[0] == "nobody_answered")
    assert math.isnan(found["wave_standardised"]) == (why[1] in ("nobody_answered", "low_coverage"))


def test_where_strata_are_not_made_alike_nothing_is_standardised() -> None:
    found = contrast(LASTING, LATER, "central", strata_agree=False)
    assert (found["reason"], found["standardised_reason"]) == ("", "strata_differ")
    assert all(math.isnan(found[name]) for name in STANDARDISED)
    assert found["difference"] == contrast(LASTING, LATER, "central")["difference"]


def test_people_in_strata_of_one_wave_only_are_left_out_of_both() -> None:
    """Standardised over men alone, of whom 9 in 10 were asked: 50 of 450 are women in the base, and all men after."""
    base = [("central", f"P{n}", *who) for n in (1, 2) for who in (("male", "unknown", 200, 20 * n),)]
    base += [("central", f"P{n}", "female", "unknown", 25, 25) for n in (1, 2)]
    wave = [("central", f"P{n}", "male", "unknown", 100, 30 * n) for n in (1, 2)]
    found = contrast(base, wave, "central")
    assert (found["base_covered"], found["wave_covered"]) == pytest.approx((400 / 450, 1))
    assert (found["base_share"], found["base_standardised"]) == pytest.approx((110 / 450, 60 / 400))
    assert found["standardised_difference"] == pytest.approx(90 / 200 - 60 / 400)


def test_the_table_has_a_row_for_every_indicator_and_route_and_no_other() -> None:
    frame = wave_contrasts(profiles(LASTING), profiles(LATER), [INDICATOR, OTHER, "marriage_offer"], ["central"])
    assert list(zip(frame["indicator"], frame["route"], strict=True)) == [
        (indicator, route) for indicator in (INDICATOR, OTHER, "marriage_offer") for route in ("central", "all")
    ]
    assert frame["reason"].tolist() == ["", "", "", "", "nobody_answered", "nobody_answered"]
    columns = WAVE_CONTRASTS.names[WAVE_CONTRASTS.names.index("indicator") :]
    assert list(frame.columns) == columns
    nothing = wave_contrasts(profiles([]), profiles([]), [], ROUTES)
    assert (len(nothing), list(nothing.columns)) == (0, columns)
    assert set(wave_contrasts(profiles([]), profiles([]), [INDICATOR], ROUTES)["reason"]) == {"nobody_answered"}


# --- textbooks --------------------------------------------------------------------------------------------------------

BIRTHS = {
    # Mother's age: births and cases among first children, and births of children of all orders.
    "under 20": (230_061, 107, 319_933),
    "20-24": (329_449, 141, 931_318),
    "25-29": (114_920, 60, 786_511),
    "30-34": (39_487, 40, 488_235),
    "35-39": (14_208, 39, 237_863),
    "40 and over": (3_052, 25, 61_313),
}


def test_a_directly_standardised_rate_in_a_textbook() -> None:
    """Down's syndrome in Michigan, 1950–1964: 56.3 in 100,000 first children, 92.3 at the ages of all mothers.

    Fleiss (1981), Statistical Methods for Rates and Proportions, table 14.4; as standardised by Fay and Feuer (1997),
    Statistics in Medicine 16, 791–801; `ageadjust.direct` of R's epitools has them as its example.
    """
    births, cases, standard = zip(*BIRTHS.values(), strict=True)
    assert directly_standardised([sum(cases)], [sum(births)], [1]) * 1e5 == pytest.approx(56.3, abs=0.05)
    assert directly_standardised(cases, births, standard) * 1e5 == pytest.approx(92.3, abs=0.05)


def test_a_directly_standardised_share_by_hand() -> None:
    """1/4 of 100, 1/2 of 300: (0.25 · 100 + 0.5 · 300) / 400 = 175/400."""
    assert directly_standardised([5, 30], [20, 60], [100, 300]) == pytest.approx(0.4375)
    assert math.isnan(directly_standardised([], [], []))
    assert math.isnan(directly_standardised([0, 1], [0, 2], [1, 1]))
