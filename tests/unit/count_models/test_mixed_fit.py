"""Marginal likelihoods against integrals taken by brute force; lme4 is in tests/validation."""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.mixed import fit_mixed
from seizureflow.count_models.optimum import maximise
from seizureflow.count_models.random_effects import ClusteredCounts

COUNTS = np.array([3.0, 0, 2, 14, 9, 1, 0, 0, 6])
CLUSTERS = Clusters.of(np.array([0, 0, 0, 1, 1, 2, 2, 2, 3]), np.array([0, 1, 2, 0, 2, 0, 1, 2, 1]))
MATRIX = np.column_stack([np.ones(9), CLUSTERS.participant % 2])
OFFSET = np.linspace(-0.2, 0.3, 9)
BETA, SD = np.array([0.7, 0.4]), 0.8


def log_density(counts, means, alpha):
    if alpha == 0:
        return stats.poisson.logpmf(counts, means)
    return stats.nbinom.logpmf(counts, 1 / alpha, 1 / (1 + alpha * means))


def one_effect(alpha: float, points: int) -> float:
    data = ClusteredCounts.of(COUNTS, MATRIX, OFFSET, np.ones((9, 1)), CLUSTERS)
    return data.log_likelihood(BETA, np.array([[SD]]), alpha, points)


@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_quadrature_is_the_integral(alpha):
    total = 0.0
    for person in range(4):
        rows = CLUSTERS.participant == person

        def integrand(u, rows=rows):
            means = np.exp(OFFSET[rows] + MATRIX[rows] @ BETA + SD * u)
            return np.exp(log_density(COUNTS[rows], means, alpha).sum()) * stats.norm.pdf(u)

        total += math.log(
            integrate.quad(integrand, -12, 12, epsabs=1e-14, epsrel=1e-12, limit=200)[0]
        )
    assert one_effect(alpha, 25) == pytest.approx(total, rel=1e-9)
    # Laplace's method is near it, and is not it.
    assert one_effect(alpha, 1) == pytest.approx(total, rel=0.01)
    assert abs(one_effect(alpha, 1) - total) > 1e-4


@pytest.mark.parametrize("alpha", [0.0, 0.5])
@pytest.mark.parametrize("kind", ["row", "slope"])
def test_laplace_over_several_effects_is_the_height_and_curvature_of_each_mode(kind, alpha):
    slope = np.array([-0.2, 0.0, 0.2])[CLUSTERS.position]
    if kind == "row":
        effects = np.hstack([np.ones((9, 1)), np.eye(3)[CLUSTERS.position]])
        factor = np.diag([SD, 0.4, 0.4, 0.4])
    else:
        effects, factor = np.column_stack([np.ones(9), slope]), np.array([[SD, 0], [0.1, 0.6]])
    data = ClusteredCounts.of(COUNTS, MATRIX, OFFSET, effects, CLUSTERS)
    total = 0.0
    for person in range(4):
        rows = CLUSTERS.participant == person
        loadings = effects[rows] @ factor

        def height(u, rows=rows, loadings=loadings):
            means = np.exp(OFFSET[rows] + MATRIX[rows] @ BETA + loadings @ u)
            return log_density(COUNTS[rows], means, alpha).sum() - u @ u / 2

        start = np.zeros(len(factor))
        mode = optimize.minimize(
            lambda u, f=height: -f(u), start, method="BFGS", options={"gtol": 1e-8}
        ).x
        means = np.exp(OFFSET[rows] + MATRIX[rows] @ BETA + loadings @ mode)
        weights = means * (1 + alpha * COUNTS[rows]) / (1 + alpha * means) ** 2
        curvature = np.eye(len(factor)) + loadings.T @ (loadings * weights[:, None])
        total += height(mode) - np.linalg.slogdet(curvature)[1] / 2
    assert data.log_likelihood(BETA, factor, alpha, 1) == pytest.approx(total, rel=1e-9)


def simulated(seed: int, sd: float, people: int = 40):
    rng = np.random.default_rng(seed)
    person, visit = (grid.ravel() for grid in np.indices((people, 4)))
    matrix = np.column_stack([np.ones(len(person)), person % 2])
    means = np.exp(matrix @ [1.2, -0.5] + sd * rng.normal(size=people)[person])
    return (
        rng.poisson(means).astype(float),
        matrix,
        np.zeros(len(person)),
        Clusters.of(person, visit),
    )


def test_the_fit_is_at_a_maximum_and_its_errors_are_its_curvature():
    counts, matrix, offset, clusters = simulated(1, 0.6)
    fit = fit_mixed(counts, matrix, offset, clusters, quadrature_points=15)
    data = ClusteredCounts.of(counts, matrix, offset, np.ones((len(counts), 1)), clusters)

    def value(point):
        return data.log_likelihood(point[:2], np.array([[point[2]]]), 0.0, 15)

    found = optimize.minimize(
        lambda p: -value(p),
        [1, 0, 0.5],
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-11, "maxiter": 2000},
    )
    assert fit.converged
    assert -found.fun == pytest.approx(fit.log_likelihood, abs=1e-8)
    assert found.x == pytest.approx([*fit.coefficients, fit.factor[0, 0]], abs=1e-4)


def test_participants_who_do_not_differ_are_at_the_boundary():
    counts = np.array([3.0, 5, 4, 4] * 6)
    clusters = Clusters.of(np.repeat(np.arange(6), 4), np.tile(np.arange(4), 6))
    fit = fit_mixed(counts, np.ones((24, 1)), np.zeros(24), clusters)
    assert fit.converged
    assert fit.at_boundary
    assert math.exp(fit.coefficients[0]) == pytest.approx(4, rel=1e-6)


def test_counts_poisson_given_the_effects_give_the_poisson_mixed_model():
    """Counts spread evenly within each participant are less variable than Poisson counts."""
    levels = np.array([2.0, 4, 8, 16, 3, 10])
    counts = np.repeat(levels, 4)
    clusters = Clusters.of(np.repeat(np.arange(6), 4), np.tile(np.arange(4), 6))
    matrix, offset = np.ones((24, 1)), np.zeros(24)
    fit = fit_mixed(counts, matrix, offset, clusters, negative_binomial=True)
    assert math.isinf(fit.theta)
    poisson = fit_mixed(counts, matrix, offset, clusters)
    assert fit.coefficients == pytest.approx(poisson.coefficients)


def test_a_maximum_is_found_to_many_digits():
    """A quartic with a known maximum, curvature and a start far away."""

    def objective(point):
        a, b = point[0] - 3, point[1] + 1
        return -(a**2) - 2 * b**2 - a * b - a**4 / 10

    best = maximise(objective, np.array([0.0, 0.0]), np.diag([0.5, 0.3]))
    assert best.converged
    assert best.point == pytest.approx([3, -1], abs=1e-8)
    assert best.information == pytest.approx(np.array([[2, 1], [1, 4]]), abs=1e-6)
