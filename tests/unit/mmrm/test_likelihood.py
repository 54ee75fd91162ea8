"""The criterion and its derivatives against the textbook formulas on the uncompressed data."""

import numpy as np
import pytest
from seizureflow.mmrm.fit import layout_of
from seizureflow.mmrm.frame import analysed_rows
from seizureflow.mmrm.likelihood import Likelihood
from seizureflow.mmrm.patterns import compress
from seizureflow.mmrm.structures import STRUCTURES, covariance_structure
from unit.mmrm.simulated import simulated_trial

FORMULA = "y ~ arm * visit + baseline"


def prepared(group, formula=FORMULA):
    data = simulated_trial()
    data["current"] = np.random.default_rng(7).normal(size=len(data))  # varies within subject
    rows = analysed_rows(formula, data, subject="subject", visit="visit", group=group)
    outcomes = np.stack([rows.y, np.random.default_rng(0).normal(size=len(rows.y))])
    return rows, outcomes, compress(layout_of(rows), rows.X, outcomes)


def dense_criterion(rows, outcomes, sigma, *, reml):
    """-2 l of each outcome less its constants, from the n x n covariance."""
    V = sigma[rows.group[:, None], rows.visit[:, None], rows.visit[None, :]]
    V = np.where(rows.subject[:, None] == rows.subject[None, :], V, 0.0)
    inverse, X = np.linalg.inv(V), rows.X
    information = X.T @ inverse @ X
    beta = np.linalg.solve(information, X.T @ inverse @ outcomes.T)
    residual = outcomes.T - X @ beta
    value = np.linalg.slogdet(V)[1] + (residual * (inverse @ residual)).sum(0)
    return value + (np.linalg.slogdet(information)[1] if reml else 0.0)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("group", [None, "arm"])
@pytest.mark.parametrize("name", STRUCTURES)
def test_criterion_gradient_and_information(name, group, reml):
    rows, outcomes, data = prepared(group)
    likelihood = Likelihood(data, covariance_structure(name, 4), reml=reml)
    both = np.arange(2)
    theta = 0.2 * np.random.default_rng(1).normal(size=(1, likelihood.n_parameters)).repeat(2, 0)
    at = likelihood.evaluate(theta, both)
    derivatives = likelihood.derivatives(at, both)
    sigma = likelihood.structure.covariance(likelihood.by_group(theta))[0]
    # Rounding of sums of some hundred terms.
    np.testing.assert_allclose(
        at.value, dense_criterion(rows, outcomes, sigma, reml=reml), rtol=1e-11
    )

    def along(function, step=1e-5):
        moves = step * np.eye(theta.shape[1])
        sides = [
            function(likelihood.evaluate(theta + e, both))
            - function(likelihood.evaluate(theta - e, both))
            for e in moves
        ]
        return np.stack(sides, axis=-1) / (2 * step)

    # Central differences: error step^2 times third derivatives, at most about 1e-6 here.
    gradient = along(lambda e: e.value)
    np.testing.assert_allclose(derivatives.gradient, gradient, rtol=1e-5, atol=1e-4)
    information = along(lambda e: likelihood.derivatives(e, both).gradient)
    np.testing.assert_allclose(derivatives.information, information, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("formula", ["y ~ visit * current + arm", "y ~ arm", "y ~ 0 + visit:arm"])
def test_criterion_with_other_designs(formula):
    """Covariates that vary within subject, no visit effect, no intercept."""
    rows, outcomes, data = prepared("arm", formula)
    likelihood = Likelihood(data, covariance_structure("us", 4), reml=True)
    theta = 0.2 * np.random.default_rng(1).normal(size=(1, likelihood.n_parameters)).repeat(2, 0)
    sigma = likelihood.structure.covariance(likelihood.by_group(theta))[0]
    value = likelihood.evaluate(theta, np.arange(2)).value
    # Rounding of sums of some hundred terms.
    np.testing.assert_allclose(value, dense_criterion(rows, outcomes, sigma, reml=True), rtol=1e-11)


@pytest.mark.parametrize("reml", [True, False])
def test_expected_information_is_the_mean_of_the_observed(reml):
    rows, _, _ = prepared(None)
    structure = covariance_structure("us", 4)
    theta = 0.3 * np.random.default_rng(2).normal(size=(1, structure.n_parameters))
    sigma = structure.covariance(theta)[0]
    V = sigma[rows.visit[:, None], rows.visit[None, :]]
    V = np.where(rows.subject[:, None] == rows.subject[None, :], V, 0.0)
    draws = 4000
    normal = np.random.default_rng(3).normal(size=(draws, len(V)))
    data = compress(layout_of(rows), rows.X, normal @ np.linalg.cholesky(V).T)
    likelihood = Likelihood(data, structure, reml=reml)
    everything = np.arange(draws)
    at = likelihood.evaluate(theta.repeat(draws, 0), everything)
    observed = likelihood.derivatives(at, everything).information
    expected = likelihood.derivatives(at, everything, expected=True).information[0]
    error = observed.std(0) / np.sqrt(draws)
    # Under ML the residuals' mean square is short of V by the fitted coefficients, so only REML's
    # expectation is exact; ML's is compared at the order p/n it holds to.
    allowance = 5 * error + (0 if reml else 0.25 * np.abs(expected).max())
    assert (np.abs(observed.mean(0) - expected) < allowance + 1e-8).all()


def test_compression_keeps_fewer_rows_than_subjects():
    _, _, data = prepared(None)
    assert data.x.shape[0] < 60 / 2
    assert data.size.sum() == 60
