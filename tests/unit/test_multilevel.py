"""The multilevel model against quadrature, R and simulated points; what is derived from it against its formula."""

from __future__ import annotations

import builtins
import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import halfnorm, norm
from scipy.stats import logistic as logistic_distribution

from pipeline.errors import CannotReadOrWrite
from pipeline.stats import logistic, multilevel
from pipeline.stats.multilevel import Multilevel, average_probability, intraclass_correlation, median_odds_ratio
from tests.support.quadrature import Counted, fit, log_likelihood

PUBLISHED = Path(__file__).parents[1] / "published"
CASES = {case["id"]: case for case in json.loads((PUBLISHED / "refvalues.json").read_text(encoding="utf-8"))}


def ours(counted: Counted) -> Multilevel:
    return multilevel.fit(counted.y, counted.n, counted.design, counted.point)


def parameters(model: Multilevel) -> np.ndarray:
    return np.append(model.beta, model.sd)


def made_up_survey() -> Counted:
    """`fms_synth.csv`: the first indicator by route and time in transit, over 24 points."""
    at: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    with (PUBLISHED / "fms_synth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["ind1"] in ("yes", "no"):
                cell = at[row["route"], row["fmp"], row["transit"]]
                cell[0] += row["ind1"] == "yes"
                cell[1] += 1
    y, n = np.array(list(at.values()), dtype=float).T
    design = np.array([[1.0, route == "WMR", route == "CMR", float(transit)] for route, _, transit in at])
    return Counted(y, n, design, np.array([point for _, point, _ in at]))


def simulated(seed: int, beta: list[float], sd: float, points: int, rows: int = 4, people: int = 15) -> Counted:
    """People at points drawn at random, with a score that differs between people and a level of some points."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(points), rows)
    design = np.column_stack([np.ones(len(place)), np.tile(np.arange(rows), points), place % 2])
    intercept = random.normal(0, sd, points)[place]
    n = random.poisson(people, len(place)) + 1
    y = random.binomial(n, expit(design @ beta + intercept))
    return Counted(y.astype(float), n.astype(float), design, np.array([f"p{number:03d}" for number in place]))


# --- against R and quadrature ---------------------------------------------------------------------------------------


def test_quadrature_gives_what_r_gives() -> None:
    """R: glmer(nAGQ = 25). What stands beside gpboost in these tests is right."""
    case = CASES["glmer_fms_agq25"]
    assert fit(made_up_survey(), 25) == pytest.approx(case["expected"], rel=0, abs=case["atol"])


def test_laplace_is_near_what_r_gives_by_quadrature() -> None:
    """The spread is off by .0034, as Laplace's approximation is; the coefficients by less than .0004."""
    found = parameters(ours(made_up_survey()))
    off = np.abs(found - CASES["glmer_fms_agq25"]["expected"])
    assert (off[:-1] < 5e-4).all()
    assert 2e-3 < off[-1] < 5e-3


@pytest.mark.parametrize(
    "counted", [made_up_survey(), simulated(1, [-2, 0.5, 1], 1.5, 20)], ids=["survey", "simulated"]
)
def test_it_is_the_maximum_of_laplaces_likelihood(counted: Counted) -> None:
    model = ours(counted)
    assert parameters(model) == pytest.approx(fit(counted, 1), rel=0, abs=2e-5)
    by_hand = log_likelihood(counted.by_point(), model.beta, model.sd, 1)
    assert model.log_likelihood == pytest.approx(by_hand, rel=0, abs=1e-7)


@pytest.mark.parametrize("sd", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("people", [5, 20])
def test_how_far_laplace_is_off(sd: float, people: int) -> None:
    """With 20 people at a point the spread is off by a fiftieth at most, with 80 by less than a hundredth."""
    counted = simulated(3, [-1, 0.3, 0.5], sd, 30, people=people)
    model, exact = ours(counted), fit(counted, 15)
    assert model.sd == pytest.approx(exact[-1], rel=0.02 if people < 20 else 0.01)
    assert model.beta == pytest.approx(exact[:-1], rel=0, abs=0.05 * np.sqrt(np.diag(model.covariance)).max())


def test_intercepts_are_the_likeliest_of_their_points() -> None:
    """Σ (y − n p) = u / σ² at each point; and every row of a point has its."""
    counted = simulated(2, [-1, 0.3, 0.5], 0.8, 20)
    model = ours(counted)
    residual = counted.y - counted.n * expit(counted.design @ model.beta + model.intercept)
    for one in dict.fromkeys(counted.point):
        there = counted.point == one
        assert len(set(model.intercept[there])) == 1
        assert residual[there].sum() == pytest.approx(model.intercept[there][0] / model.sd**2, rel=1e-4, abs=1e-4)


def test_the_covariance_is_that_of_the_linearised_model() -> None:
    """(Xᵀ V⁻¹ X)⁻¹ with V = W⁻¹ + σ² for people at one point: the same by inverting V, which is rows × rows."""
    counted = simulated(2, [-1, 0.3, 0.5], 0.8, 20)
    model = ours(counted)
    p = expit(counted.design @ model.beta + model.intercept)
    together = counted.point[:, None] == counted.point[None, :]
    v = np.diag(1 / (counted.n * p * (1 - p))) + model.sd**2 * together
    expected = np.linalg.inv(counted.design.T @ np.linalg.inv(v) @ counted.design)
    assert model.covariance == pytest.approx(expected, rel=1e-8)


def test_standard_errors_are_near_those_of_the_likelihood() -> None:
    """The curvature of Laplace's likelihood in the coefficients, by finite differences, with the spread as found."""
    counted = simulated(2, [-1, 0.3, 0.5], 0.8, 40)
    model, points, h = ours(counted), counted.by_point(), 1e-3
    many = len(model.beta)
    hessian = np.empty((many, many))
    for i, one in enumerate(np.eye(many) * h):
        for j, other in enumerate(np.eye(many) * h):
            corners = [(1, one + other), (-1, one - other), (-1, other - one), (1, -one - other)]
            values = [sign * log_likelihood(points, model.beta + move, model.sd, 1) for sign, move in corners]
            hessian[i, j] = -sum(values) / (4 * h * h)
    expected = np.sqrt(np.diag(np.linalg.inv(hessian)))
    assert np.sqrt(np.diag(model.covariance)) == pytest.approx(expected, rel=0.01)


# --- what must hold of any fit --------------------------------------------------------------------------------------


def assert_same(one: Multilevel, other: Multilevel) -> None:
    assert parameters(one) == pytest.approx(parameters(other), rel=0, abs=1e-4)
    assert one.covariance == pytest.approx(other.covariance, rel=1e-3, abs=1e-7)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=0, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_order_of_rows_and_names_of_points_do_not_matter(seed: int) -> None:
    counted = simulated(seed, [-1, 0.3, 0.5], 0.8, 25)
    order = np.random.default_rng(seed).permutation(len(counted.y))
    named = np.array([f"x{point[::-1]}" for point in counted.point])
    mixed = Counted(counted.y[order], counted.n[order], counted.design[order], named[order])
    one, other = ours(counted), ours(mixed)
    assert_same(one, other)
    assert one.intercept[order] == pytest.approx(other.intercept, rel=0, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_rows_may_be_cut_in_two(seed: int) -> None:
    """Also for the likelihood, which is that of one row a person."""
    counted = simulated(seed, [-1, 0.3, 0.5], 0.8, 25)
    random = np.random.default_rng(seed)
    n = np.maximum(random.binomial(counted.n.astype(int), 0.4), 1).astype(float)
    y = np.clip(random.binomial(counted.y.astype(int), 0.4), n - (counted.n - counted.y), n)
    rest = Counted(counted.y - y, counted.n - n, counted.design, counted.point)
    some = rest.n > 0
    cut = Counted(
        np.append(y, rest.y[some]),
        np.append(n, rest.n[some]),
        np.vstack([counted.design, counted.design[some]]),
        np.append(counted.point, counted.point[some]),
    )
    assert cut.n.sum() == counted.n.sum()
    assert_same(ours(counted), ours(cut))


def test_the_other_answer_turns_everything_round() -> None:
    counted = simulated(5, [-1, 0.3, 0.5], 0.8, 25)
    one = ours(counted)
    other = ours(Counted(counted.n - counted.y, counted.n, counted.design, counted.point))
    assert one.beta == pytest.approx(-other.beta, rel=0, abs=2e-5)
    assert (one.sd, one.log_likelihood) == pytest.approx((other.sd, other.log_likelihood), rel=0, abs=2e-5)


def test_what_was_put_in_is_found_again() -> None:
    """60 surveys of 60 points: estimates are right on average, and 95% intervals hold the truth about as often."""
    truth, sd, surveys = np.array([-1.0, 0.3, 0.5]), 0.7, 60
    models = [ours(simulated(seed, truth.tolist(), sd, 60)) for seed in range(surveys)]
    beta = np.array([model.beta for model in models])
    error = np.array([np.sqrt(np.diag(model.covariance)) for model in models])
    found = np.array([model.sd for model in models])
    assert np.abs((beta.mean(axis=0) - truth) / (beta.std(axis=0) / np.sqrt(surveys))).max() < 3
    # The likeliest spread of few points is a little too small, by some hundredths.
    assert sd * 0.94 < found.mean() < sd
    assert np.abs(found - sd).max() < 4 * sd / np.sqrt(2 * 60)
    held = np.abs(beta - truth) < norm.ppf(0.975) * error
    assert 0.90 < held.mean() < 0.99


# --- no clustering, few answers -------------------------------------------------------------------------------------


def test_where_points_are_alike_they_have_no_spread() -> None:
    design = np.tile([[1.0, 0], [1, 1]], (20, 1))
    counted = Counted(np.tile([10.0, 20], 20), np.full(40, 50.0), design, np.repeat([f"p{n}" for n in range(20)], 2))
    model, single = ours(counted), logistic.fit(counted.y, counted.n, counted.design)
    assert single is not None
    assert model.sd < 1e-3
    assert model.intercept == pytest.approx(0, abs=1e-6)
    assert model.beta == pytest.approx([logit(0.2), logit(0.4) - logit(0.2)], rel=0, abs=1e-5)
    assert model.covariance == pytest.approx(single.bread, rel=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_without_clustering_it_is_nearly_the_single_level_model(seed: int) -> None:
    counted = simulated(seed, [-1, 0.3, 0.5], 0, 40)
    model, single = ours(counted), logistic.fit(counted.y, counted.n, counted.design)
    assert single is not None
    assert model.sd < 0.25
    assert model.beta == pytest.approx(single.beta, rel=0, abs=0.5 * np.sqrt(np.diag(single.bread)).max())


@pytest.mark.parametrize("seed", [0, 1, 54])
def test_nothing_is_printed_and_the_maximum_found_where_people_are_few(
    seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """Five at a point, few of them positive: in these surveys a search along a line fails, and must be begun again."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(60), 2)
    design = np.column_stack([np.ones(120), np.tile([0.0, 1], 60)])
    n = np.maximum(random.poisson(2.5, 120), 1)
    y = random.binomial(n, expit(design @ [-3, 0.5] + 2 * random.normal(size=60)[place]))
    counted = Counted(y.astype(float), n.astype(float), design, place.astype(str))
    model = ours(counted)
    assert capfd.readouterr() == ("", "")
    points = counted.by_point()
    for move in np.vstack([np.eye(3), -np.eye(3)]) * 1e-3:
        beside = log_likelihood(points, model.beta + move[:-1], model.sd + move[-1], 1)
        assert beside < model.log_likelihood


# --- derived quantities ---------------------------------------------------------------------------------------------


def test_intraclass_correlation() -> None:
    """σ² over itself and the variance of the logistic distribution, π²/3."""
    assert intraclass_correlation(0) == 0
    assert intraclass_correlation(logistic_distribution.std()) == pytest.approx(0.5, rel=1e-12)
    assert intraclass_correlation(1) == pytest.approx(1 / (1 + 3.289868134), rel=1e-9)


@given(st.floats(0.01, 5))
def test_median_odds_ratio(sd: float) -> None:
    """Two intercepts differ by a normal of variance 2σ²; the median of its size is that of a half-normal."""
    assert median_odds_ratio(sd) == pytest.approx(np.exp(halfnorm.median(scale=np.sqrt(2) * sd)), rel=1e-9)


def test_median_odds_ratio_at_known_numbers() -> None:
    """exp(0.9539 σ): 1 without spread, 2.596 at a standard deviation of 1."""
    assert median_odds_ratio(0) == 1
    assert median_odds_ratio(1) == pytest.approx(2.5957, abs=5e-5)


def a_model(beta: list[float], sd: float) -> Multilevel:
    """Coefficients as if they had been found, each with an error of its own and hanging together a little."""
    errors = 0.1 + 0.05 * np.arange(len(beta))
    covariance = np.outer(errors, errors) * (0.2 + 0.8 * np.eye(len(beta)))
    return Multilevel(np.array(beta), covariance, sd, np.zeros(0), 0.0)


ROWS = np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 3], [1, 1, 1]])
PEOPLE = np.array([10.0, 3, 5, 20])


def integrated(beta: np.ndarray, sd: float) -> float:
    """The mean over people of the integral over points, by adaptive quadrature of SciPy."""
    each = [
        quad(lambda z, fixed=fixed: expit(fixed + sd * z) * norm.pdf(z), -12, 12, epsabs=1e-12)[0]
        for fixed in ROWS @ beta
    ]
    return float(PEOPLE @ each / PEOPLE.sum())


@pytest.mark.parametrize(("sd", "near"), [(0, 1e-7), (0.5, 1e-7), (1, 1e-5), (2, 1e-4), (3, 1e-3)])
@pytest.mark.parametrize("intercept", [-6, -1, 2])
def test_average_probabilities_are_integrals_over_points(intercept: float, sd: float, near: float) -> None:
    """21 nodes do for the spreads that there are: R finds 0.91 on the shipped wave."""
    model = a_model([intercept, 0.7, -0.4], sd)
    found, low, high = average_probability(model, ROWS, PEOPLE, 0.95)
    assert found == pytest.approx(integrated(model.beta, sd), rel=near)
    assert 0 < low < found < high < 1


@pytest.mark.parametrize("sd", [0, 1, 2])
def test_their_intervals_are_by_the_delta_method(sd: float) -> None:
    """On log odds, with a gradient by finite differences of the integral."""
    model, h = a_model([-1, 0.7, -0.4], sd), 1e-4
    moves = np.eye(3) * h
    gradient = [
        (logit(integrated(model.beta + m, sd)) - logit(integrated(model.beta - m, sd))) / (2 * h) for m in moves
    ]
    off = norm.ppf(0.95) * np.sqrt(np.array(gradient) @ model.covariance @ gradient)
    found, *interval = average_probability(model, ROWS, PEOPLE, 0.90)
    assert interval == pytest.approx(expit(logit(found) + np.array([-off, off])), rel=1e-4)


def test_their_intervals_are_those_of_a_parametric_bootstrap() -> None:
    model = a_model([-1, 0.7, -0.4], 1)
    _, *interval = average_probability(model, ROWS, PEOPLE, 0.95)
    drawn = np.random.default_rng(7).multivariate_normal(model.beta, model.covariance, 1500)
    means = [
        average_probability(Multilevel(beta, model.covariance, 1, model.intercept, 0), ROWS, PEOPLE, 0.95)[0]
        for beta in drawn
    ]
    assert interval == pytest.approx(np.quantile(means, [0.025, 0.975]), rel=0.05)


def test_only_how_many_people_each_row_stands_for_counts() -> None:
    model = a_model([-1, 0.7, -0.4], 1)
    cut = np.repeat(ROWS, 2, axis=0), np.repeat(PEOPLE, 2)
    assert average_probability(model, *cut, 0.95) == pytest.approx(average_probability(model, ROWS, PEOPLE, 0.95))


def test_one_row_without_spread_is_its_own_probability() -> None:
    model = a_model([-1, 0.7, -0.4], 0)
    found, low, high = average_probability(model, np.array([[1.0, 0, 0]]), np.array([4.0]), 0.95)
    assert (found, low, high) == pytest.approx(expit([-1, -1 - norm.ppf(0.975) * 0.1, -1 + norm.ppf(0.975) * 0.1]))


def test_a_system_without_libgomp_is_told_what_to_install(monkeypatch) -> None:
    """The library is compiled code, and the Linux of a container often lacks what it links to."""
    real = builtins.__import__

    def refusing(name: str, *rest: object, **more: object) -> object:
        if name == "gpboost":
            raise OSError("libgomp.so.1: cannot open shared object file: No such file or directory")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(CannotReadOrWrite, match="libgomp") as told:
        multilevel.fit(np.ones(2), np.full(2, 2.0), np.ones((2, 1)), np.array(["a", "b"]))
    assert "apt install libgomp1" in told.value.repair
