"""Inference against independent computations: differences, dense formulas, other tests."""

import numpy as np
import pandas as pd
import pytest
from scipy import linalg, stats
from seizureflow.mmrm import mmrm
from seizureflow.mmrm.inference import pooled_df
from unit.mmrm.simulated import simulated_trial

COLUMNS = {"subject": "subject", "visit": "visit"}
FORMULA = "y ~ arm * visit + baseline"


def dense(fit):
    """X, V and subjects of a fit as full matrices."""
    rows = fit._rows
    sigma = fit._estimates.visit_covariance[0]
    V = sigma[rows.group[:, None], rows.visit[:, None], rows.visit[None, :]]
    return rows.X, np.where(rows.subject[:, None] == rows.subject[None, :], V, 0.0), rows.subject


@pytest.mark.parametrize("group", [None, "arm"])
@pytest.mark.parametrize("structure", ["us", "toeph", "ar1"])
@pytest.mark.parametrize("method", ["kenward-roger", "kenward-roger-linear"])
def test_kenward_roger_covariance_from_its_definition(structure, method, group):
    """The double sum over parameters of Kenward and Roger (1997), with n x n matrices."""
    from seizureflow.mmrm.structures import covariance_structure

    fit = mmrm(
        FORMULA, simulated_trial(30), covariance=structure, df=method, group=group, **COLUMNS
    )
    X, V, subject = dense(fit)
    family = covariance_structure(structure, 4)
    rows, theta = fit._rows, fit.theta.reshape(-1, family.n_parameters)

    def spread(blocks):
        wide = blocks[rows.group[:, None], rows.visit[:, None], rows.visit[None, :]]
        return np.where(subject[:, None] == subject[None, :], wide, 0.0)

    k, groups = family.n_parameters, len(theta)
    first, second = [], {}
    for g in range(groups):
        jacobian = family.expand(theta[g : g + 1]).jacobian[0]
        for h in range(k):
            blocks = np.zeros((groups, 4, 4))
            blocks[g] = jacobian[h]
            first.append(spread(blocks))
            for j in range(k):
                chosen = np.zeros((1, k, k))
                chosen[0, h, j] = chosen[0, j, h] = 1.0 if h == j else 0.5
                blocks = np.zeros((groups, 4, 4))
                blocks[g] = family.expand(theta[g : g + 1]).weighted_curvature(chosen)[0]
                second[g * k + h, g * k + j] = spread(blocks)
    W, inverse = fit.theta_covariance, np.linalg.inv(V)
    phi = np.linalg.inv(X.T @ inverse @ X)
    total = np.zeros_like(phi)
    for h, D in enumerate(first):
        P = -X.T @ inverse @ D @ inverse @ X
        for j, E in enumerate(first):
            other = -X.T @ inverse @ E @ inverse @ X
            Q = X.T @ inverse @ D @ inverse @ E @ inverse @ X
            R = np.zeros_like(Q)
            if method == "kenward-roger" and (h, j) in second:
                R = X.T @ inverse @ second[h, j] @ inverse @ X
            total += W[h, j] * (Q - P @ phi @ other - R / 4)
    expected = phi + 2 * phi @ total @ phi
    # Same closed form in another order of summation.
    np.testing.assert_allclose(fit.coefficient_covariance, expected, rtol=1e-8, atol=1e-12)


def test_satterthwaite_df_by_finite_differences():
    from seizureflow.mmrm.structures import covariance_structure

    fit = mmrm(FORMULA, simulated_trial(), covariance="toeph", **COLUMNS)
    X, _, subject = dense(fit)
    family, rows = covariance_structure("toeph", 4), fit._rows

    def phi(theta):
        sigma = family.covariance(theta[None])[0]
        V = sigma[rows.visit[:, None], rows.visit[None, :]]
        V = np.where(subject[:, None] == subject[None, :], V, 0.0)
        return np.linalg.inv(X.T @ np.linalg.solve(V, X))

    step = 1e-5
    moves = step * np.eye(fit.theta.size)
    slopes = [(phi(fit.theta + e) - phi(fit.theta - e)) / (2 * step) for e in moves]
    gradient = np.array([np.diag(slope) for slope in slopes])
    variance = np.diag(phi(fit.theta))
    expected = 2 * variance**2 / np.einsum("hi,hj,ji->i", gradient, fit.theta_covariance, gradient)
    # Central differences leave about 1e-9 relative.
    np.testing.assert_allclose(fit.coefficients["df"], expected, rtol=1e-6)


def dense_sandwich(fit, kind, contrast):
    """Covariance and Bell-McCaffrey df with n x n matrices (Pustejovsky and Tipton 2018)."""
    X, V, subject = dense(fit)
    root = np.linalg.cholesky(V)
    x, r = np.linalg.solve(root, X), np.linalg.solve(root, fit.resid.to_numpy())
    phi = np.linalg.inv(x.T @ x)
    H = x @ phi @ x.T
    scores, vectors = [], []
    for i in np.unique(subject):
        own = np.flatnonzero(subject == i)
        leverage = np.eye(len(own)) - H[np.ix_(own, own)]
        B = {
            "cr0": lambda a: np.eye(len(a)),
            "cr2": lambda a: np.linalg.inv(linalg.sqrtm(a).real),
            "cr3": np.linalg.inv,
        }[kind](leverage)
        scores.append(x[own].T @ B @ r[own])
        vectors.append((np.eye(len(X)) - H)[:, own] @ B @ x[own] @ phi @ contrast)
    G = np.array(vectors) @ np.array(vectors).T
    meat = np.array(scores).T @ np.array(scores)
    return phi @ meat @ phi, np.trace(G) ** 2 / (G * G).sum()


@pytest.mark.parametrize("kind", ["cr0", "cr2", "cr3"])
@pytest.mark.parametrize("structure", ["us", "cs"])
def test_sandwich_from_its_definition(kind, structure):
    fit = mmrm(FORMULA, simulated_trial(25), covariance=structure, vcov=kind, **COLUMNS)
    for term in ("arm[T.low]", "baseline"):
        contrast = (np.array(fit.terms) == term).astype(float)
        covariance, df = dense_sandwich(fit, kind, contrast)
        # Same closed form; the dense inverses lose some digits.
        np.testing.assert_allclose(fit.coefficient_covariance, covariance, rtol=1e-7, atol=1e-10)
        assert fit.coefficients.loc[term, "df"] == pytest.approx(df, rel=1e-7)


def test_cr3_is_close_to_deleting_each_subject():
    """CR3 is the jackknife with V held fixed (Mancl and DeRouen 2001)."""
    fit = mmrm(FORMULA, simulated_trial(40), vcov="cr3", **COLUMNS)
    X, V, subject = dense(fit)
    y = fit.fittedvalues.to_numpy() + fit.resid.to_numpy()
    drawn = []
    for i in np.unique(subject):
        rest = subject != i
        inverse = np.linalg.inv(V[np.ix_(rest, rest)])
        drawn.append(np.linalg.solve(X[rest].T @ inverse @ X[rest], X[rest].T @ inverse @ y[rest]))
    gaps = np.array(drawn) - fit.params.to_numpy()
    # With V held fixed the identity is exact.
    np.testing.assert_allclose(fit.coefficient_covariance, gaps.T @ gaps, rtol=1e-7, atol=1e-10)


def test_sandwich_with_a_subject_that_fits_itself():
    """A subject alone at its site has leverage one; CR2 and CR3 leave that direction out."""
    data = simulated_trial(25)
    data["alone"] = (data["subject"] == "S003").astype(float)
    for kind in ("cr2", "cr3"):
        fit = mmrm("y ~ arm + visit + alone", data, covariance="cs", vcov=kind, **COLUMNS)
        assert np.isfinite(fit.coefficients.drop("alone").to_numpy()).all()


def test_several_rows_reduce_to_one():
    """For one row F = t^2 with the same denominator degrees of freedom, by every method."""
    for method in ("satterthwaite", "kenward-roger", "kenward-roger-linear", "residual"):
        fit = mmrm(FORMULA, simulated_trial(), df=method, **COLUMNS)
        single = fit.test({"arm[T.low]": 1.0})
        joint = fit._inference.joint(np.array([[t == "arm[T.low]" for t in fit.terms]], float))
        assert joint["F"] == pytest.approx(single["t"] ** 2, rel=1e-9)
        assert joint["df_den"] == pytest.approx(single["df"], rel=1e-9)
        assert joint["p"] == pytest.approx(single["p"], rel=1e-8)


def test_interaction_test_does_not_depend_on_its_rows():
    fit = mmrm(FORMULA, simulated_trial(), df="kenward-roger-linear", **COLUMNS)
    L = np.eye(len(fit.terms))[-3:]
    mixed = np.array([[1.0, 1, 0], [0, 2, 1], [1, 0, -1]]) @ L
    # F and its moments are functions of the row space.
    pd.testing.assert_series_equal(fit.test(L), fit.test(mixed), rtol=1e-9)


def test_residual_degrees_of_freedom():
    data = simulated_trial()
    fit = mmrm(FORMULA, data, df="residual", **COLUMNS)
    assert (fit.coefficients["df"] == len(data) - 9).all()
    row = fit.coefficients.iloc[1]
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["t"]), row["df"]), rel=1e-12)


def test_pooled_df():
    # Fai and Cornelius (1996): E = sum d/(d-2), df = 2E/(E - q); by hand for d = 6 and 10.
    assert pooled_df(np.array([6.0, 10.0])) == pytest.approx(2 * 2.75 / 0.75)
    assert pooled_df(np.array([8.0, 8.0])) == 8.0
    assert pooled_df(np.array([1.5, 8.0])) == 2.0
