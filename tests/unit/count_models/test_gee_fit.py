"""Estimating equations against statsmodels and closed forms; geepack is in tests/validation."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.errors import CountModelError
from seizureflow.count_models.gee import fit_gee
from seizureflow.count_models.gee_covariance import gee_covariance
from seizureflow.count_models.poisson import fit_poisson

VISITS = 4


def simulated(seed: int, people: int = 30, missing: float = 0.15):
    rng = np.random.default_rng(seed)
    person, visit = (grid.ravel() for grid in np.indices((people, VISITS)))
    arm, age = person % 2, rng.normal(size=people)[person]
    level = rng.gamma(2, 0.5, people)[person]
    counts = rng.poisson(4 * np.exp(-0.4 * arm + 0.3 * age) * level).astype(float)
    keep = (rng.random(len(counts)) > missing) | (visit == 0)
    matrix = np.column_stack([np.ones(len(counts)), arm, age, visit])
    clusters = Clusters.of(person[keep], visit[keep])
    return counts[keep], matrix[keep], np.zeros(int(keep.sum())), clusters


@pytest.mark.parametrize("kind", ["sandwich", "mancl_derouen"])
def test_exchangeable_with_sas_denominators_is_statsmodels(kind):
    counts, matrix, offset, clusters = simulated(1)
    fit = fit_gee(counts, matrix, offset, clusters, "exchangeable", "rows_less_terms")
    model = sm.GEE(
        counts, matrix, groups=clusters.participant, offset=offset,
        family=sm.families.Poisson(), cov_struct=sm.cov_struct.Exchangeable(),
    )  # fmt: skip
    cov_type = {"sandwich": "robust", "mancl_derouen": "bias_reduced"}[kind]
    other = model.fit(cov_type=cov_type, maxiter=200, ctol=1e-12)
    assert fit.converged
    assert fit.correlation.alpha == pytest.approx(other.cov_struct.dep_params, rel=1e-6)
    assert fit.coefficients == pytest.approx(other.params, rel=1e-6)
    errors = np.sqrt(np.diag(gee_covariance(fit, kind)))
    assert errors == pytest.approx(other.bse, rel=1e-6)


def test_independence_is_poisson_regression():
    counts, matrix, offset, clusters = simulated(2)
    fit = fit_gee(counts, matrix, offset, clusters, "independence")
    poisson = fit_poisson(counts, matrix, offset)
    assert fit.coefficients == pytest.approx(poisson.coefficients, rel=1e-9)
    assert fit.model_covariance == pytest.approx(fit.correlation.scale * poisson.covariance)


@pytest.mark.parametrize(
    ("structure", "denominator"),
    [
        ("exchangeable", "rows"),
        ("ar1", "rows"),
        ("ar1", "rows_less_terms"),
        ("unstructured", "rows"),
    ],
)
def test_the_equations_are_solved_and_the_correlation_is_their_moment(structure, denominator):
    counts, matrix, offset, clusters = simulated(3, people=60)
    fit = fit_gee(counts, matrix, offset, clusters, structure, denominator)
    less = matrix.shape[1] if denominator == "rows_less_terms" else 0
    assert np.abs(fit.parts.scores.sum(axis=0)).max() < 1e-7
    means = np.exp(matrix @ fit.coefficients)
    residual = (counts - means) / np.sqrt(means)
    sizes = [(a, b) for a in range(VISITS) for b in range(a)]
    products = {pair: [] for pair in sizes}
    for person in range(60):
        mine = {
            int(v): r
            for v, r in zip(
                clusters.position[clusters.participant == person],
                residual[clusters.participant == person],
                strict=True,
            )
        }
        for a, b in sizes:
            if a in mine and b in mine:
                products[a, b].append(mine[a] * mine[b])
    scale = np.sum(residual**2) / (len(residual) - less)
    assert fit.correlation.scale == pytest.approx(scale)
    pairs = [(a - b, x / scale) for (a, b), found in products.items() for x in found]
    alpha = fit.correlation.alpha
    if structure == "unstructured":
        for (a, b), found in products.items():
            assert fit.correlation.matrix[a, b] == pytest.approx(np.mean(found) / scale)
    elif structure == "exchangeable":
        assert alpha == pytest.approx(np.mean([x for _, x in pairs]))
        assert fit.correlation.matrix[0, 3] == pytest.approx(alpha)
    else:
        if denominator == "rows":
            expected = optimize.brentq(
                lambda at: geepack_equation(pairs, at), 0.01, 0.99, xtol=1e-13
            )
        else:
            neighbours = [x for apart, x in pairs if apart == 1]
            expected = np.sum(neighbours) / (len(neighbours) - less)
        assert alpha == pytest.approx(expected, rel=1e-9)
        assert fit.correlation.matrix[0, 3] == pytest.approx(alpha**3)


def geepack_equation(pairs, alpha):
    """What geepack 1.3 sets to zero for ar1 (gee2.cc, update_alpha; famstr.cc, cor_rho_ar1).

    Of every pair of visits of a participant, the derivative of its correlation times the deviation of
    the product of its residuals.
    """
    return sum(apart * alpha ** (apart - 1) * (x - alpha**apart) for apart, x in pairs)


def test_correlations_that_alternate_are_found():
    """Residuals that change their sign from visit to visit: alpha is below zero."""
    sign = np.tile([1.0, -1.0, 1.0, -1.0], 30)
    rng = np.random.default_rng(5)
    counts = 6 + 3 * sign * np.repeat(rng.choice([-1, 1], 30), 4) + rng.integers(-2, 3, 120)
    clusters = Clusters.of(np.repeat(np.arange(30), 4), np.tile(np.arange(4), 30))
    fit = fit_gee(counts, np.ones((120, 1)), np.zeros(120), clusters, "ar1")
    assert -1 < fit.correlation.alpha < -0.7


def test_corrections_of_participants_with_one_row_are_those_of_weighted_regression():
    """With one row each, the corrections divide residuals by 1 - h, and by its root (HC3, HC2)."""
    counts, matrix, offset, _ = simulated(4)
    counts, matrix, offset = counts[:40], matrix[:40, :3], offset[:40]
    alone = Clusters.of(np.arange(40), np.zeros(40, dtype=np.int64))
    fit = fit_gee(counts, matrix, offset, alone, "exchangeable")
    means = np.exp(matrix @ fit.coefficients)
    bread = np.linalg.inv(matrix.T @ (matrix * means[:, None]))
    leverage = means * np.einsum("ip,pq,iq->i", matrix, bread, matrix)
    for kind, power in (("sandwich", 0.0), ("kauermann_carroll", 0.5), ("mancl_derouen", 1.0)):
        scores = matrix * ((counts - means) / (1 - leverage) ** power)[:, None]
        expected = bread @ (scores.T @ scores) @ bread
        assert gee_covariance(fit, kind) == pytest.approx(expected, rel=1e-8), kind
    diagonal = np.einsum("ip,iq,qp->ip", matrix * means[:, None], matrix, bread)
    scores = matrix * (counts - means)[:, None] / np.sqrt(1 - np.minimum(diagonal, 0.75))
    expected = bread @ (scores.T @ scores) @ bread
    assert gee_covariance(fit, "fay_graubard") == pytest.approx(expected, rel=1e-8)


def test_corrections_are_larger_in_their_order():
    counts, matrix, offset, clusters = simulated(5, people=14)
    fit = fit_gee(counts, matrix, offset, clusters)
    plain, half, whole = (
        np.diag(gee_covariance(fit, kind))
        for kind in ("sandwich", "kauermann_carroll", "mancl_derouen")
    )
    assert (plain < half).all()
    assert (half < whole).all()


def test_what_has_no_solution_is_refused():
    counts, matrix, offset, clusters = simulated(6, people=4, missing=0)
    with pytest.raises(CountModelError, match="4 participants are too few for 4 terms"):
        fit_gee(counts, matrix, offset, clusters)
    exact = np.array([3.0, 3, 3, 3, 3, 3])
    with pytest.raises(CountModelError, match="fits every count exactly"):
        fit_gee(
            exact,
            np.ones((6, 1)),
            np.zeros(6),
            Clusters.of(np.repeat([0, 1, 2], 2), np.tile([0, 1], 3)),
        )
    with pytest.raises(ValueError, match="two rows at a visit"):
        Clusters.of(np.array([0, 0]), np.array([1, 1]))


def test_a_participant_who_determines_a_term_alone_has_no_correction():
    counts = np.array([3.0, 5, 2, 4, 6, 1, 8, 7])
    matrix = np.column_stack([np.ones(8), [0, 0, 0, 0, 0, 0, 1, 1]])
    clusters = Clusters.of(np.repeat(np.arange(4), 2), np.tile([0, 1], 4))
    fit = fit_gee(counts, matrix, np.zeros(8), clusters, "independence")
    for kind in ("mancl_derouen", "kauermann_carroll"):
        with pytest.raises(CountModelError, match="determines a term"):
            gee_covariance(fit, kind)
