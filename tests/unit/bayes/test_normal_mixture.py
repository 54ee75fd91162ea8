"""Mixtures of normals: the posterior of a difference against integration over both means."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from seizureflow.analysis import Arm
from seizureflow.bayes.adjusted_means import adjusted_means
from seizureflow.bayes.normal_mixture import (
    NormalMixture,
    TwoMeans,
    difference_posterior,
    elir_sample_size,
    moment_sample_size,
    reference_posterior,
)
from seizureflow.problems import AnalysisError
from statsmodels.regression.linear_model import OLS

PRIOR = NormalMixture(np.array([0.6, 0.4]), np.array([-0.18, -0.18]), np.array([0.12, 1.0]))
MEANS = TwoMeans(-0.45, -0.80, 0.024, 0.027, 0.004)


def test_posterior_is_prior_times_likelihood_over_both_means():
    """Both means on a grid, with a flat prior of the active one and their joint likelihood."""
    found = difference_posterior(reference_posterior(PRIOR, MEANS), MEANS)
    grid = np.linspace(-2.2, 1.4, 1201)
    reference, active = np.meshgrid(grid, grid, indexing="ij")
    covariance = [[0.024, 0.004], [0.004, 0.027]]
    joint = stats.multivariate_normal([-0.45, -0.80], covariance).pdf(
        np.stack([reference, active], axis=-1)
    )
    weight = (
        joint
        * (PRIOR.weights * stats.norm.pdf(grid[:, None], PRIOR.means, PRIOR.sds)).sum(axis=1)[
            :, None
        ]
    )
    weight /= weight.sum()
    difference = active - reference
    mean = (weight * difference).sum()
    assert found.mean == pytest.approx(mean, abs=1e-6)
    assert found.variance == pytest.approx((weight * (difference - mean) ** 2).sum(), rel=1e-5)
    # A step of the grid holds some 0.003 of probability.
    assert found.cdf(-0.371) == pytest.approx(weight[difference < -0.371].sum(), abs=0.004)


def test_a_vague_prior_leaves_the_estimate():
    vague = NormalMixture(np.ones(1), np.zeros(1), np.array([1e4]))
    found = difference_posterior(reference_posterior(vague, MEANS), MEANS)
    assert found.mean == pytest.approx(-0.35, abs=1e-6)
    assert found.variance == pytest.approx(0.024 + 0.027 - 2 * 0.004, rel=1e-6)


def test_quantiles_invert_the_distribution_function():
    for probability in (0.001, 0.3, 0.5, 0.99):
        assert PRIOR.cdf(PRIOR.quantile(probability)) == pytest.approx(probability, abs=1e-9)


def test_the_sample_size_of_one_normal_is_the_ratio_of_variances():
    one = NormalMixture(np.ones(1), np.array([0.3]), np.array([0.2]))
    assert elir_sample_size(one, 0.95) == pytest.approx((0.95 / 0.2) ** 2, rel=1e-8)
    assert moment_sample_size(one, 0.95) == pytest.approx((0.95 / 0.2) ** 2, rel=1e-12)


def test_local_information_of_a_mixture_by_numerical_derivatives():
    def log_density(x: float) -> float:
        return float(np.log(PRIOR.weights @ stats.norm.pdf(x, PRIOR.means, PRIOR.sds)))

    def integrand(x: float) -> float:
        step = 1e-4
        second = (log_density(x + step) - 2 * log_density(x) + log_density(x - step)) / step**2
        return -second * np.exp(log_density(x))

    expected = integrate.quad(integrand, -6, 6, points=[-0.7, -0.18, 0.3], limit=300)[0]
    assert elir_sample_size(PRIOR, 1.0) == pytest.approx(expected, rel=1e-4)


FRAME = pd.DataFrame(
    {
        "ARM": pd.Categorical(list("pappapaap"), ["p", "a"]),
        "OUTCOME": [0.1, -0.6, 0.3, -0.2, -0.9, 0.4, -0.1, -1.2, 0.0],
        "AGE": [30.0, 41, 25, 60, 52, 33, 47, 29, 38],
    }
)
ARMS = (Arm("p", "P"), Arm("a", "A"))


def test_adjusted_means_are_those_of_least_squares():
    found = adjusted_means(FRAME, ARMS, ["AGE"]).pair("p", "a")
    active = (FRAME["ARM"] == "a").to_numpy(dtype=float)
    matrix = np.column_stack([np.ones(9), active, FRAME["AGE"] - FRAME["AGE"].mean()])
    fit = OLS(FRAME["OUTCOME"].to_numpy(), matrix).fit()
    covariance = fit.cov_params()
    assert found.reference == pytest.approx(fit.params[0], abs=1e-12)
    assert found.active - found.reference == pytest.approx(fit.params[1], abs=1e-12)
    assert found.reference_variance == pytest.approx(covariance[0, 0], rel=1e-10)
    difference = found.reference_variance + found.active_variance - 2 * found.covariance
    assert difference == pytest.approx(covariance[1, 1], rel=1e-10)


def test_outcomes_without_residual_variance_are_refused():
    with pytest.raises(AnalysisError, match="without residual variance"):
        adjusted_means(FRAME.assign(OUTCOME=1.0), ARMS, [])


def test_too_few_participants_are_refused():
    with pytest.raises(AnalysisError, match="2 participants are too few for 2 coefficients"):
        adjusted_means(FRAME.iloc[:2], ARMS, [])
