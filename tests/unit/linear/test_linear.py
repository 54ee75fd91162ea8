"""Robust and quantile regression against published results, statsmodels and brute force."""

import math
from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from seizureflow.linear.hc3 import hc3_covariance
from seizureflow.linear.m_estimate import fit_m_estimate
from seizureflow.linear.quantile import check_loss, fit_quantile, kernel_covariance, optimal_range
from seizureflow.linear.rank_inversion import invert_rank_test, rank_statistic

ENGEL = sm.datasets.engel.load_pandas().data
FOOD, INCOME = ENGEL["foodexp"].to_numpy(), ENGEL["income"].to_numpy()
WITH_INCOME = np.column_stack([np.ones(len(INCOME)), INCOME])
STACKLOSS = sm.datasets.stackloss.load_pandas().data.to_numpy()
LOSS, PLANT = STACKLOSS[:, 0], np.column_stack([np.ones(21), STACKLOSS[:, 1:]])


# R's MASS::rlm(stack.loss ~ ., stackloss), as printed by example(rlm): Huber and, with psi.bisquare, Tukey.
# MASS takes 0.6745 for the quartile 0.67449, and its convergence test is loose (1e-4): hence the tolerance.
@pytest.mark.parametrize(
    ("norm", "published"),
    [
        ("huber", [-41.0265, 0.8294, 0.9261, -0.1278]),
        ("tukey", [-42.2853, 0.9275, 0.6507, -0.1123]),
    ],
)
def test_stackloss_of_mass(norm, published):
    fit = fit_m_estimate(LOSS, PLANT, norm)
    assert fit.coefficients == pytest.approx(published, abs=1.5e-4)


def test_stackloss_of_the_statsmodels_documentation():
    """Robust Linear Models, "stackloss": parameters and standard errors (H1) with HuberT."""
    fit = fit_m_estimate(LOSS, PLANT, "huber")
    published = [-41.02649835, 0.82938433, 0.92606597, -0.12784672]
    errors = [9.79189854, 0.11100521, 0.30293016, 0.12864961]
    assert fit.coefficients == pytest.approx(published, rel=1e-7)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(errors, rel=1e-7)
    assert fit.scale == pytest.approx(2.441, abs=5e-4)  # "Residual standard error" of MASS
    assert fit.converged


@pytest.mark.parametrize(
    ("norm", "other"),
    [("huber", sm.robust.norms.HuberT()), ("tukey", sm.robust.norms.TukeyBiweight())],
)
def test_statsmodels_gives_the_same_m_estimate(norm, other):
    fit = fit_m_estimate(LOSS, PLANT, norm)
    reference = sm.RLM(LOSS, PLANT, M=other).fit(tol=1e-12, maxiter=2000, conv="coefs")
    assert fit.coefficients == pytest.approx(reference.params, rel=1e-7)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(reference.bse, rel=1e-7)
    assert fit.weights == pytest.approx(reference.weights, abs=1e-7)


def test_no_scale_where_half_of_the_residuals_are_0():
    outcome = np.array([1.0, 1, 1, 1, 1, 7])
    assert fit_m_estimate(outcome, np.ones((6, 1)), "huber") is None


def test_one_outlier_does_not_move_tukey():
    generator = np.random.default_rng(3)
    matrix = np.column_stack([np.ones(30), np.arange(30) % 2])
    outcome = generator.normal(0, 1, 30)
    far, farther = outcome.copy(), outcome.copy()
    far[0], farther[0] = 1e3, 1e6
    fits = [fit_m_estimate(values, matrix, "tukey") for values in (far, farther)]
    assert fits[0].coefficients == pytest.approx(fits[1].coefficients, rel=1e-9)
    assert fits[1].weights[0] == 0


def test_hc3_of_statsmodels():
    fit = sm.OLS(LOSS, PLANT).fit()
    found = hc3_covariance(PLANT, fit.resid)
    assert np.sqrt(np.diag(found)) == pytest.approx(fit.HC3_se, rel=1e-9)


def test_hc3_does_not_exist_where_one_participant_determines_a_coefficient():
    matrix = np.column_stack([np.ones(5), [0, 0, 0, 0, 1]])
    assert hc3_covariance(matrix, np.array([1.0, -1, 1, -1, 0])) is None


# Koenker, the vignette of R's quantreg: rq(foodexp ~ income, data = engel), tau 0.5, with the 90%
# limits of summary() by rank inversion.
ENGEL_MEDIAN = [81.48225, 0.56018]
ENGEL_LIMITS = [(53.25915, 114.01156), (0.48702, 0.60199)]


def test_median_regression_of_engel_s_data():
    fit = fit_quantile(FOOD, WITH_INCOME, 0.5)
    assert fit.solved
    assert fit.coefficients == pytest.approx(ENGEL_MEDIAN, abs=5e-6)
    least, largest = optimal_range(FOOD, WITH_INCOME, 0.5, 1)
    assert least == pytest.approx(largest, rel=1e-6)


@pytest.mark.parametrize("column", [0, 1])
def test_limits_of_quantreg_lie_one_step_inside(column):
    """Quantreg interpolates between the step at which the test begins to reject and the one before.

    Its limit is kept by the test, and the statistic is the same there as just within ours, or one
    step away.
    """
    found = invert_rank_test(FOOD, WITH_INCOME, column, 0.5, ENGEL_MEDIAN[column], 0.9)
    cutoff = stats.t.ppf(0.95, len(FOOD) - 2)
    statistic = rank_statistic(FOOD, WITH_INCOME, column, 0.5)
    for limit, published, inwards in zip(
        (found.lower, found.upper), ENGEL_LIMITS[column], (1, -1), strict=True
    ):
        assert inwards * (published - limit) > 0
        near = 1e-6 * abs(limit)
        assert abs(statistic(limit - inwards * near)) > cutoff
        assert abs(statistic(limit + inwards * near)) < cutoff
        path = np.linspace(limit + inwards * near, published, 30)
        assert len({round(statistic(b), 6) for b in path}) <= 2


@pytest.mark.filterwarnings("ignore:Convergence cycle")
@pytest.mark.parametrize("quantile", [0.25, 0.5, 0.8])
def test_statsmodels_gives_the_same_quantile_fit_and_kernel_error(quantile):
    fit = fit_quantile(FOOD, WITH_INCOME, quantile)
    reference = sm.QuantReg(FOOD, WITH_INCOME).fit(q=quantile, max_iter=5000, p_tol=1e-10)
    # Statsmodels iterates weighted least squares, and stops short of the vertex.
    assert fit.coefficients == pytest.approx(reference.params, rel=1e-4)
    assert check_loss(FOOD - WITH_INCOME @ fit.coefficients, quantile) <= check_loss(
        FOOD - WITH_INCOME @ reference.params, quantile
    ) * (1 + 1e-12)
    errors = np.sqrt(np.diag(kernel_covariance(reference.resid, WITH_INCOME, quantile)))
    # Two rows lie on the fit; statsmodels takes the signs of their rounding errors.
    assert errors == pytest.approx(reference.bse, rel=1e-9 if quantile == 0.5 else 0.02)


@pytest.mark.parametrize("quantile", [0.3, 0.5])
def test_best_fit_is_the_best_line_through_two_points(quantile):
    """Some best fit passes through as many points as there are coefficients: all are tried."""
    generator = np.random.default_rng(8)
    matrix = np.column_stack([np.ones(15), generator.normal(size=15)])
    outcome = generator.normal(size=15)
    losses = [
        check_loss(outcome - matrix @ np.linalg.solve(matrix[[i, j]], outcome[[i, j]]), quantile)
        for i, j in combinations(range(15), 2)
    ]
    fit = fit_quantile(outcome, matrix, quantile)
    assert check_loss(outcome - matrix @ fit.coefficients, quantile) == pytest.approx(
        min(losses), rel=1e-12
    )


def test_range_of_medians_of_an_even_number():
    """Medians of (1, 2, 4, 9) lie in [2, 4], of (0, 1) in [0, 1]: differences in [-4, -1]."""
    matrix = np.column_stack([np.ones(6), [0, 0, 0, 0, 1, 1]])
    least, largest = optimal_range(np.array([1.0, 2, 4, 9, 0, 1]), matrix, 0.5, 1)
    assert (least[1], largest[1]) == pytest.approx((-4, -1), abs=1e-6)


def test_rank_statistic_of_two_groups_is_that_of_the_median_test():
    """Without covariates T(0) is Mood's median test: 3 of 4 and 1 of 4 above the median.

    z = (3 - 2) / sqrt(0.25 * v), v = 8 * 1/4 the residual sum of squares of the group.
    """
    group = np.array([0.0] * 4 + [1.0] * 4)
    matrix = np.column_stack([np.ones(8), group])
    outcome = np.array([1.0, 2, 3, 8, 4, 5, 6, 7])
    test = invert_rank_test(outcome, matrix, 1, 0.5, 3.0, 0.9)
    assert test.t == pytest.approx((3 - 2) / math.sqrt(0.25 * 2), rel=1e-9)
    assert test.p_value == pytest.approx(2 * stats.t.sf(math.sqrt(2), 6), rel=1e-9)


# Seizures by group; how many of the active group are in the upper half (of 8, 10 and 12) if its
# outcomes that are tied with others come first, and if they come last.
TIED = {
    "one tie": ([1, 2, 2, 2], [2, 2, 3, 5], (4, 2)),
    "few values": ([0, 1, 1, 2, 2], [0, 0, 1, 1, 1], (3, 1)),
    "two at the median": ([3, 4, 4, 6, 7, 9], [1, 2, 3, 4, 4, 5], (3, 1)),
}


@pytest.mark.parametrize("name", TIED)
def test_ties_at_no_difference_count_half_for_either_group(name):
    """T(0) is the mean of both sides, the logarithms of counts being tied at 0 alone."""
    reference, active, (most, fewest) = TIED[name]
    size = len(active)
    matrix = np.column_stack([np.ones(2 * size), np.arange(2 * size) >= size])
    outcome = np.log(np.array([*reference, *active]) + 0.2)
    test = invert_rank_test(outcome, matrix, 1, 0.5, 0.0, 0.9)
    expected = ((most + fewest) / 2 - size / 2) / math.sqrt(0.25 * size / 2)
    assert test.t == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_groups_too_small_have_no_limit():
    matrix = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    test = invert_rank_test(np.array([1.0, 2, 3, 5]), matrix, 1, 0.5, 2.0, 0.95)
    assert (test.lower, test.upper) == (-math.inf, math.inf)


def test_rows_on_the_fit_count_alike_whatever_the_sign_of_their_rounding_error():
    residuals = np.concatenate([np.linspace(-3, 5, 40), [0.0, 0.0]])
    noise = np.concatenate([np.zeros(40), [1e-14, -1e-14]])
    matrix = np.column_stack([np.ones(42), np.arange(42) % 2])
    errors = [kernel_covariance(residuals + sign * noise, matrix, 0.2) for sign in (1, -1)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-9)


def test_kernel_needs_residuals_that_vary():
    assert kernel_covariance(np.zeros(20), np.ones((20, 1)), 0.5) is None
    assert kernel_covariance(np.arange(5.0), np.ones((5, 1)), 0.02) is None
