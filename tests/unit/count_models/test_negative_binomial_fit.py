"""The negative binomial fit against statsmodels, closed forms and brute force."""

import math

import numpy as np
import pytest
from scipy import optimize, stats
from seizureflow.count_models.errors import CountModelError
from seizureflow.count_models.negative_binomial import fit_negative_binomial
from seizureflow.count_models.negative_binomial_terms import Counts
from seizureflow.count_models.poisson import fit_poisson
from statsmodels.discrete.discrete_model import NegativeBinomial


def simulated(seed: int, size: int = 60, theta: float = 1.5):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(size), np.arange(size) % 2, rng.normal(size=size)])
    offset = np.log(rng.uniform(0.5, 2, size))
    means = np.exp(matrix @ [1.5, -0.4, 0.6] + offset)
    return rng.poisson(means * rng.gamma(theta, 1 / theta, size)).astype(float), matrix, offset


@pytest.mark.parametrize(("seed", "theta"), [(1, 1.5), (2, 0.3), (7, 5.0)])
def test_it_is_the_fit_of_statsmodels(seed, theta):
    counts, matrix, offset = simulated(seed, theta=theta)
    fit = fit_negative_binomial(counts, matrix, offset)
    model = NegativeBinomial(counts, matrix, offset=offset)
    other = model.fit(
        np.append(fit.coefficients, fit.alpha), method="newton", disp=0, maxiter=50, tol=1e-14
    )
    assert fit.converged
    assert [*fit.coefficients, fit.alpha] == pytest.approx(other.params, rel=1e-7)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-10)
    full = np.sqrt(np.diag(fit.covariance_full))
    assert full == pytest.approx(other.bse[:-1], rel=1e-6)


def test_no_point_of_a_brute_force_search_is_likelier():
    counts, matrix, offset = simulated(4)
    fit = fit_negative_binomial(counts, matrix, offset)

    def minus(point):
        means, theta = np.exp(matrix @ point[:3] + offset), math.exp(point[3])
        return -stats.nbinom.logpmf(counts, theta, theta / (theta + means)).sum()

    found = optimize.minimize(
        minus,
        [1, 0, 0, 0],
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000},
    )
    assert found.fun == pytest.approx(-fit.log_likelihood, abs=1e-7)
    assert found.x[:3] == pytest.approx(fit.coefficients, abs=1e-5)


def test_two_arms_have_closed_forms():
    """Equal exposure: the rates are the means; the sandwich of each log mean is sum (y-m)^2/(nm)^2."""
    arms = [np.array([3.0, 9, 1, 7, 0]), np.array([2.0, 1, 12, 4, 0, 3])]
    matrix = np.column_stack([np.ones(11), [0] * 5 + [1] * 6])
    fit = fit_negative_binomial(np.concatenate(arms), matrix, np.zeros(11))
    means = [arm.mean() for arm in arms]
    assert fit.coefficients == pytest.approx([math.log(means[0]), math.log(means[1] / means[0])])
    robust = sum(((a - m) ** 2).sum() / (len(a) * m) ** 2 for a, m in zip(arms, means, strict=True))
    assert fit.covariance_robust[1, 1] == pytest.approx(robust, rel=1e-10)
    fixed = sum((1 / m + fit.alpha) / len(a) for a, m in zip(arms, means, strict=True))
    assert fit.covariance_fixed_theta[1, 1] == pytest.approx(fixed, rel=1e-10)


def test_clusters_of_one_row_are_no_clusters():
    counts, matrix, offset = simulated(5)
    alone = fit_negative_binomial(counts, matrix, offset, np.arange(len(counts)))
    assert alone.covariance_robust == pytest.approx(
        fit_negative_binomial(counts, matrix, offset).covariance_robust
    )
    twice = fit_negative_binomial(
        np.repeat(counts, 2),
        np.repeat(matrix, 2, axis=0),
        np.repeat(offset, 2),
        np.repeat(np.arange(60), 2),
    )
    # Each participant twice, as one cluster, says no more than once.
    assert twice.covariance_robust == pytest.approx(alone.covariance_robust, rel=1e-6)


@pytest.mark.parametrize("counts", [[5.0] * 6 + [3.0] * 6, [4.0, 5, 6, 5, 4, 6, 3, 2, 4, 3, 3, 3]])
def test_counts_no_more_variable_than_poisson_counts_are_at_the_limit(counts):
    matrix = np.column_stack([np.ones(12), [0] * 6 + [1] * 6])
    fit = fit_negative_binomial(np.array(counts), matrix, np.zeros(12))
    poisson = fit_poisson(np.array(counts), matrix, np.zeros(12))
    assert math.isinf(fit.theta)
    assert math.isnan(fit.theta_se)
    assert fit.coefficients == pytest.approx(poisson.coefficients)
    assert fit.log_likelihood == pytest.approx(poisson.log_likelihood)
    assert fit.covariance_full == pytest.approx(poisson.covariance)


def test_counts_barely_more_variable_than_poisson_counts():
    """The likelihood is flat near the limit; the maximum is the root of the score there."""
    counts = np.array([2.0, 8, 5, 4, 6, 5] * 4)
    fit = fit_negative_binomial(counts, np.ones((24, 1)), np.zeros(24))
    spread = ((counts - 5) ** 2 - counts).sum()
    assert math.isinf(fit.theta) == (spread <= 0)
    counts[:2] = [1, 12]
    fit = fit_negative_binomial(counts, np.ones((24, 1)), np.zeros(24))
    at = Counts(counts).derivatives(np.full(24, fit.coefficients[0]), fit.alpha)
    assert fit.converged
    assert at.alpha.sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("alpha", [1e-6, 1e-3, 0.04, 0.6, 5.0])
def test_derivatives_are_those_of_the_value(alpha):
    rows = Counts(np.array([0.0, 1, 4, 30]))
    eta = np.array([0.3, -2.0, 1.0, 3.5])
    at = rows.derivatives(eta, alpha)
    step = 1e-5
    up, down = (rows.derivatives(eta + sign * step, alpha) for sign in (1, -1))
    assert at.eta == pytest.approx((up.value - down.value) / (2 * step), rel=1e-6, abs=1e-8)
    assert at.eta_eta == pytest.approx((up.eta - down.eta) / (2 * step), rel=1e-6)
    step = alpha * 1e-4
    up, down = (rows.derivatives(eta, alpha + sign * step) for sign in (1, -1))
    assert at.alpha == pytest.approx((up.value - down.value) / (2 * step), rel=1e-5, abs=1e-4)
    assert at.alpha_alpha == pytest.approx((up.alpha - down.alpha) / (2 * step), rel=1e-4, abs=1e-4)
    assert at.eta_alpha == pytest.approx((up.eta - down.eta) / (2 * step), rel=1e-5)


def test_values_are_probabilities():
    rows, eta = Counts(np.array([0.0, 3, 50])), np.array([0.1, 1.2, 3.0])
    poisson = stats.poisson.logpmf([0, 3, 50], np.exp(eta))
    assert rows.log_likelihood(eta, 0.0) == pytest.approx(poisson, rel=1e-13)
    assert rows.log_likelihood(eta, 1e-12) == pytest.approx(poisson, rel=1e-8)
    theta = 0.7
    expected = stats.nbinom.logpmf([0, 3, 50], theta, theta / (theta + np.exp(eta)))
    assert rows.log_likelihood(eta, 1 / theta) == pytest.approx(expected, rel=1e-12)


def test_what_has_no_fit_is_refused():
    matrix = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    with pytest.raises(CountModelError, match="no seizure at all"):
        fit_negative_binomial(np.zeros(6), matrix, np.zeros(6))
    with pytest.raises(CountModelError, match="no finite rate"), np.errstate(all="ignore"):
        fit_negative_binomial(np.array([3.0, 1, 5, 0, 0, 0]), matrix, np.zeros(6))
    with pytest.raises(ValueError, match="whole numbers"):
        fit_negative_binomial(np.array([1.5, 2]), np.ones((2, 1)), np.zeros(2))
