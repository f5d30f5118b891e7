"""Every case of `refvalues.json`, of textbooks and of R, by our own function wherever there is one."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, binomtest, chi2_contingency, contingency, fisher_exact

from pipeline.stats import logistic
from pipeline.stats.clustered import clopper_pearson, korn_graubard, points_of, spread
from pipeline.stats.mantel_haenszel import Stratified, mantel_haenszel
from pipeline.stats.multiple import benjamini_hochberg, holm
from pipeline.stats.nonresponse import bounds
from pipeline.stats.proportion import wilson
from pipeline.stats.risk import individual_risk
from pipeline.stats.trend import cochran_armitage
from pipeline.stats.two_samples import katz, koopman, miettinen_nurminen, newcombe, odds_ratio, risk_ratio

HERE = Path(__file__).parent
ROUTES = ("CMR", "WMR", "EMR")
Numbers = Iterable[float]

CASES = {case["id"]: case for case in json.loads((HERE / "refvalues.json").read_text(encoding="utf-8"))}

ELSEWHERE = {
    "fms_raoscott": "tests/unit/test_independence.py",
    "glmer_fms_agq25": "tests/unit/test_multilevel.py",
}
"""Cases that are checked beside the other tests of their method, and where."""

# What stands for these is a function of SciPy or, for the last two, a plain reference in this file: `STAND_INS`.
NOT_OURS = {
    "jeffreys_81_263": "no interval here is Bayesian; quantiles of scipy.stats.beta",
    "jeffreys_15_148": "as above",
    "jeffreys_0_20": "as above",
    "jeffreys_1_29": "as above",
    "binom_test_682_925": "no share is tested against a given one; scipy.stats.binomtest",
    "fisher_tea": "two shares are not compared exactly; scipy.stats.fisher_exact and contingency.odds_ratio",
    "fisher_convictions": "as above",
    "chisq_party": "tables with more than two columns are not tested; scipy.stats.chi2_contingency",
    "midpoint6": "counts are rounded to the nearest 5, not to midpoints; plain arithmetic below",
}
"""Cases of methods that the pipeline does not have, why, and what stands for them."""


def people() -> list[dict[str, str]]:
    with (HERE / "fms_synth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(*by: str) -> tuple[list[tuple[str, ...]], np.ndarray, np.ndarray]:
    """The cells of `fms_synth.csv` by these columns; yes and answered to the first indicator in each."""
    cells: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in people():
        if row["ind1"] in ("yes", "no"):
            cell = cells[tuple(row[name] for name in by)]
            cell[0] += row["ind1"] == "yes"
            cell[1] += 1
    yes, answered = np.array(list(cells.values()), dtype=float).T
    return list(cells), yes, answered


def p_of(log10_p: float) -> float:
    return 10**log10_p


def one_share(interval: Callable[..., Numbers]) -> Callable[[list[float]], Numbers]:
    return lambda given: interval(given[0] / given[1], given[1])


def two_shares(interval: Callable[..., Numbers]) -> Callable[[list[float]], Numbers]:
    return lambda given: interval(*given)


def dogs(given: list[list[float]]) -> Numbers:
    (ill, well), (other_ill, other_well) = given
    shares = (ill, ill + well, other_ill, other_ill + other_well)
    return [*risk_ratio(*shares), *odds_ratio(*shares)]


def armitage(given: dict[str, list[float]]) -> list[float]:
    found = cochran_armitage(*(np.array(given[name], dtype=float) for name in ("x", "n", "scores")))
    return [found["chi_square"], p_of(found["log10_p"])]


def armitage_and_z(given: dict[str, list[float]]) -> list[float]:
    chi_square, p = armitage(given)
    return [chi_square, p, math.sqrt(chi_square)]


def fms_trend(_: str) -> list[float]:
    bins, yes, answered = counted("transit")
    return armitage({"x": yes.tolist(), "n": answered.tolist(), "scores": [float(score) for (score,) in bins]})


def stratified(given: list[list[list[float]]], *, continuity: bool = False) -> Stratified:
    """From a table for each stratum: groups in rows, yes and no in columns."""
    tables = np.array(given, dtype=float)
    return mantel_haenszel(
        tables[:, 0, 0], tables[:, 0].sum(axis=1), tables[:, 1, 0], tables[:, 1].sum(axis=1), continuity=continuity
    )


def with_odds(found: Stratified) -> list[float]:
    return [found.odds_ratio, found.odds_low, found.odds_high]


def ucb(given: list[list[list[float]]]) -> Numbers:
    found, corrected = stratified(given), stratified(given, continuity=True)
    return [
        *with_odds(found),
        *(corrected.chi_square, p_of(corrected.log10_p)),
        *(found.chi_square, p_of(found.log10_p)),
        *(found.breslow_day, p_of(found.breslow_day_log10_p)),
        *(found.tarone, p_of(found.tarone_log10_p)),
    ]


def salary(given: list[list[list[float]]]) -> Numbers:
    found = stratified(given)
    tests = [found.chi_square, p_of(found.log10_p), found.breslow_day, p_of(found.breslow_day_log10_p)]
    return [*with_odds(found), *tests]


def rabbits(given: list[list[list[float]]]) -> Numbers:
    corrected = stratified(given, continuity=True)
    return [corrected.chi_square, p_of(corrected.log10_p), *with_odds(corrected)]


def fms_mh(_: str) -> Numbers:
    cells, yes, answered = counted("transit", "route")
    at = {cell: (y, n - y) for cell, y, n in zip(cells, yes, answered, strict=True)}
    return salary([[at[score, "CMR"], at[score, "EMR"]] for score in "12345"])


def adjusted(method: Callable[[np.ndarray], np.ndarray]) -> Callable[[list[float]], Numbers]:
    return lambda given: 10 ** method(np.log10(given))


def kg(given: dict[str, float]) -> Numbers:
    return korn_graubard(given["p"], given["n"], given.get("se", 0), given["df"])


def fms_prop_cluster(_: str) -> Numbers:
    points, yes, answered = counted("fmp")
    rows = [("central", "all", "all", point, n, y) for (point,), y, n in zip(points, yes, answered, strict=True)]
    key = ["route", "group", "level"]
    counts = pd.DataFrame(rows, columns=[*key, "monitoring_point", "answered", "yes"])
    whole = counts.groupby(key, as_index=False)[["answered", "yes"]].sum()
    off = spread(points_of(counts), whole, key)
    n, p = answered.sum(), yes.sum() / answered.sum()
    return [p, off.se[0], off.deff[0], *np.ravel(korn_graubard(p, n, off.se, off.df))]


def fms_logit_cluster(_: str) -> Numbers:
    cells, yes, answered = counted("route", "transit", "fmp")
    design = np.array([(1, route == "CMR", route == "WMR", int(score)) for route, score, _ in cells], dtype=float)
    fitted = logistic.fit(yes, answered, design)
    assert fitted is not None
    covariance = logistic.clustered_covariance(fitted, yes, answered, design, np.array([cell[2] for cell in cells]))
    # Ours is HC0 · G/(G−1) of R; HC1 has (N−1)/(N−K) on top, over people.
    people_there, columns = answered.sum(), design.shape[1]
    return [*fitted.beta, *np.sqrt(np.diag(covariance) * (people_there - 1) / (people_there - columns))]


def fms_any(_: str) -> Numbers:
    answers = [[row[f"ind{number}"] for number in range(1, 7)] for row in people()]
    yes = [some.count("yes") for some in answers]
    complete = [some for some in answers if set(some) <= {"yes", "no"}]
    # Someone with a yes is a yes whatever is missing, someone without may be one if anything is.
    undecided = sum(not any_yes and not set(some) <= {"yes", "no"} for any_yes, some in zip(yes, answers, strict=True))
    positive, asked = sum(map(bool, yes)), len(answers)
    low, high = bounds(positive, undecided, asked)
    return [
        *(sum("yes" in some for some in complete), len(complete)),
        *(positive, asked - undecided),
        *(float(low) * asked, asked),
        *(float(high) * asked, asked),
    ]


def jeffreys(given: list[float]) -> Numbers:
    y, n = given
    low, high = beta.ppf([0.025, 0.975], y + 0.5, n - y + 0.5)
    return [0 if y == 0 else low, 1 if y == n else high]


def exact_test(given: list[float]) -> Numbers:
    y, n, expected = given
    return [binomtest(int(y), int(n), expected).pvalue]


def fisher(given: list[list[int]]) -> Numbers:
    conditional = contingency.odds_ratio(given, kind="conditional")
    return [fisher_exact(given).pvalue, conditional.statistic, *conditional.confidence_interval(0.95)]


def party(given: list[list[int]]) -> Numbers:
    x2, p, df, _ = chi2_contingency(given, correction=False)
    g2, p_g2, _, _ = chi2_contingency(given, correction=False, lambda_="log-likelihood")
    return [x2, df, p, g2, p_g2, contingency.association(np.array(given), method="cramer")]


def risks(given: dict[str, list[float]]) -> Numbers:
    """How many are alike in the sample, and how many they stand for by their weights."""
    keys = list(zip(given["A"], given["B"], given["C"], strict=True))
    weights = list(zip(keys, given["w"], strict=True))
    behind = [sum(weight for other, weight in weights if other == key) for key in keys]
    return individual_risk([keys.count(key) for key in keys], behind)


def midpoint(given: list[int]) -> Numbers:
    return [6 * math.ceil(count / 6) - 3 if count else 0 for count in given]


OURS: dict[str, Callable[[Any], Numbers]] = {
    "sdcmicro_risk_approx": risks,
    "wilson_": one_share(wilson),
    "cp_": one_share(clopper_pearson),
    "newcombe_": two_shares(newcombe),
    "mn_": two_shares(miettinen_nurminen),
    "katz_": two_shares(katz),
    "koopman_": two_shares(koopman),
    "rr_or_dogs": dogs,
    "ca_smokers": armitage,
    "ca_dose": armitage_and_z,
    "ca_alcohol": armitage,
    "ca_lungtumor": armitage,
    "mh_ucb": ucb,
    "mh_salary": salary,
    "mh_rabbits": rabbits,
    "holm_": adjusted(holm),
    "bh_": adjusted(benjamini_hochberg),
    "kg_": kg,
    "fms_logit_cluster": fms_logit_cluster,
    "fms_prop_cluster": fms_prop_cluster,
    "fms_trend": fms_trend,
    "fms_mh": fms_mh,
    "fms_any": fms_any,
}
"""How ids begin, and what answers such a case from its input."""

STAND_INS: dict[str, Callable[[Any], Numbers]] = {
    "jeffreys_": jeffreys,
    "binom_test_": exact_test,
    "fisher_": fisher,
    "chisq_party": party,
    "midpoint6": midpoint,
}
"""The same for what the pipeline does not have."""

ANSWERS = OURS | STAND_INS


def answer_of(name: str) -> Callable[[Any], Numbers]:
    (beginning,) = (beginning for beginning in ANSWERS if name.startswith(beginning))
    return ANSWERS[beginning]


@pytest.mark.parametrize("name", [name for name in CASES if name not in ELSEWHERE])
def test_case(name: str) -> None:
    case = CASES[name]
    found, expected = np.array([*answer_of(name)(case["input"])], dtype=float), np.array(case["expected"], dtype=float)
    # A small p value is held to its digits, or 0 would do for it.
    digits = np.where((expected != 0) & (abs(expected) < 1e-3), 1e-6 * abs(expected), np.inf)
    assert found.shape == expected.shape
    assert (abs(found - expected) <= np.minimum(case["atol"], digits)).all(), found - expected


def begin_with(beginnings: Iterable[str]) -> set[str]:
    return {name for name in CASES if name.startswith(tuple(beginnings))}


def test_every_case_is_checked_here_or_where_it_says() -> None:
    here = begin_with(ANSWERS)
    assert here | set(ELSEWHERE) == set(CASES)
    assert not here & set(ELSEWHERE)
    assert (len(CASES), len(here)) == (53, 51)


def test_what_the_pipeline_has_is_checked_through_it() -> None:
    assert begin_with(STAND_INS) == set(NOT_OURS)
    assert not begin_with(OURS) & set(NOT_OURS)


@pytest.mark.parametrize("beginning", ANSWERS)
def test_every_answer_is_asked_for(beginning: str) -> None:
    assert begin_with([beginning])
