"""The zero-inflated fit against brute-force maximisation of the likelihood written out."""

import math

import numpy as np
import pytest
from scipy import optimize, stats
from seizureflow.count_models.negative_binomial import fit_negative_binomial
from seizureflow.count_models.zero_inflated import fit_zero_inflated


def simulated(seed: int, zeros: float, theta: float, size: int = 150):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(size), np.arange(size) % 2])
    means = np.exp(matrix @ [1.6, -0.5])
    counts = rng.poisson(means * (rng.gamma(theta, 1 / theta, size) if theta < 1e3 else 1.0))
    return np.where(rng.random(size) < zeros, 0, counts).astype(float), matrix


def minus_log_likelihood(point, counts, matrix):
    means, theta = np.exp(matrix @ point[:2]), math.exp(point[2])
    share = 1 / (1 + math.exp(-point[3]))
    density = (1 - share) * stats.nbinom.pmf(counts, theta, theta / (theta + means))
    return -np.log(density + share * (counts == 0)).sum()


@pytest.mark.parametrize(("seed", "zeros"), [(1, 0.3), (2, 0.15), (3, 0.5)])
def test_no_point_of_a_brute_force_search_is_likelier(seed, zeros):
    counts, matrix = simulated(seed, zeros, theta=2.0)
    fit = fit_zero_inflated(counts, matrix, np.zeros(len(counts)))
    found = min(
        (
            optimize.minimize(
                minus_log_likelihood, [1, 0, start, logit], (counts, matrix),
                method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-11, "maxiter": 4000},
            )
            for start in (0, 2) for logit in (-2, 0)
        ),
        key=lambda one: one.fun,
    )  # fmt: skip
    assert fit.converged
    assert not fit.at_boundary
    assert -fit.log_likelihood == pytest.approx(found.fun, abs=1e-7)
    # Where the likelihood is known to 1e-9, its maximum is known to about 1e-4.
    expected = [*found.x[:2], math.exp(found.x[2]), found.x[3]]
    assert [*fit.coefficients, fit.theta, fit.zero_logit] == pytest.approx(expected, rel=2e-4)


def test_standard_errors_are_those_of_the_curvature():
    counts, matrix = simulated(1, 0.3, theta=2.0)
    fit = fit_zero_inflated(counts, matrix, np.zeros(len(counts)))
    point = np.array([*fit.coefficients, math.log(fit.theta), fit.zero_logit])
    step = 1e-3
    curvature = np.empty((4, 4))
    moves = step * np.eye(4)
    for i in range(4):
        for j in range(4):
            curvature[i, j] = sum(
                a * b * minus_log_likelihood(point + a * moves[i] + b * moves[j], counts, matrix)
                for a in (1, -1)
                for b in (1, -1)
            ) / (4 * step**2)
    expected = np.sqrt(np.diag(np.linalg.inv(curvature)))
    found = [*np.sqrt(np.diag(fit.covariance)), fit.zero_logit_se]
    assert found == pytest.approx([*expected[:2], expected[3]], rel=1e-4)


def test_fewer_zeros_than_expected_give_the_negative_binomial_fit():
    counts, matrix = simulated(4, 0.0, theta=2.0)
    counts = np.where(counts == 0, 1.0, counts)
    counts[:2] = 0
    fit = fit_zero_inflated(counts, matrix, np.zeros(len(counts)))
    plain = fit_negative_binomial(counts, matrix, np.zeros(len(counts)))
    assert fit.at_boundary
    assert fit.zero_share == 0
    assert math.isnan(fit.zero_logit)
    assert fit.coefficients == pytest.approx(plain.coefficients)
    assert fit.covariance == pytest.approx(plain.covariance_full)
    # Brute force agrees: at any share the likelihood is lower than without.
    point = [*plain.coefficients, math.log(plain.theta)]
    for logit in (-12, -6, -3):
        assert minus_log_likelihood([*point, logit], counts, matrix) > -plain.log_likelihood


def test_zeros_among_poisson_counts():
    """The counts besides the zeros are Poisson counts: theta is infinite, and the moments hold."""
    counts = np.array([0.0] * 20 + [4, 5, 6, 5, 5, 4, 6, 5] * 5)
    fit = fit_zero_inflated(counts, np.ones((60, 1)), np.zeros(60))
    assert math.isinf(fit.theta)
    mean = math.exp(fit.coefficients[0])
    # Lambert's equations for one mean: mean / (1 - exp(-mean)) is that of the positive counts.
    assert mean / -math.expm1(-mean) == pytest.approx(5.0, rel=1e-6)
    assert (1 - fit.zero_share) * -math.expm1(-mean) == pytest.approx(40 / 60, rel=1e-6)
