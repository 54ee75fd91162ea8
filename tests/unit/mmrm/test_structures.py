"""Covariance structures: values by their definitions, derivatives against differences."""

import numpy as np
import pytest
from seizureflow.mmrm.errors import OptionError
from seizureflow.mmrm.structures import STRUCTURES, covariance_structure


def parameters(structure, seed=3):
    return 0.4 * np.random.default_rng(seed).normal(size=(2, structure.n_parameters))


def differences(function, theta, step=1e-5):
    sides = [
        function(theta + step * e) - function(theta - step * e) for e in np.eye(theta.shape[1])
    ]
    return np.stack(sides, axis=1) / (2 * step)


@pytest.mark.parametrize("m", [2, 3, 5])
@pytest.mark.parametrize("name", STRUCTURES)
def test_derivatives_are_those_of_the_covariance(name, m):
    structure = covariance_structure(name, m)
    theta = parameters(structure)
    rng = np.random.default_rng(4)
    gamma, weights = (
        rng.normal(size=(2, m, m)),
        rng.normal(size=(2, theta.shape[1], theta.shape[1])),
    )
    gamma, weights = gamma + gamma.swapaxes(1, 2), weights + weights.swapaxes(1, 2)
    second = differences(lambda at: structure.expand(at).jacobian, theta)
    at = structure.expand(theta)
    # Central differences with step 1e-5 leave about 1e-9 of elements of order one.
    for ours, numeric in (
        (at.jacobian, differences(structure.covariance, theta)),
        (at.curvature(gamma), np.einsum("bhjxy,bxy->bhj", second, gamma)),
        (
            at.weighted_curvature(weights),
            np.einsum("bhjxy,bhj->bxy", second, weights),
        ),
    ):
        np.testing.assert_allclose(ours, numeric, rtol=1e-7, atol=1e-7)


# Number of parameters: SAS PROC MIXED documentation, table "Covariance Structures".
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("us", 15),
        ("toep", 5),
        ("toeph", 9),
        ("ar1", 2),
        ("ar1h", 6),
        ("cs", 2),
        ("csh", 6),
        ("ad", 5),
        ("adh", 9),
    ],
)
def test_number_of_parameters(name, count):
    assert covariance_structure(name, 5).n_parameters == count


@pytest.mark.parametrize("name", STRUCTURES)
def test_start_recovers_a_member_of_the_family(name):
    structure = covariance_structure(name, 4)
    sigma = structure.covariance(np.full((1, structure.n_parameters), 0.2))
    # Inverse of a closed-form map: rounding only.
    np.testing.assert_allclose(structure.covariance(structure.start(sigma)), sigma, rtol=1e-12)


def test_patterns_of_the_correlations():
    def correlation(name, shape):
        structure = covariance_structure(name, 4)
        theta = np.concatenate([np.zeros(structure.n_scales), shape])
        return structure.covariance(theta[None])[0]

    rho = 0.6 / np.sqrt(1 - 0.36)  # maps to correlation 0.6
    lag = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    np.testing.assert_allclose(correlation("ar1", [rho]), 0.6**lag, rtol=1e-14)
    np.testing.assert_allclose(correlation("ad", [rho] * 3), 0.6**lag, rtol=1e-14)
    # logit^{-1}(0) = 1/2 of the range (-1/3, 1): correlation 1/3.
    np.testing.assert_allclose(correlation("cs", [0.0])[0, 1:], 1 / 3, rtol=1e-14)
    toeplitz = correlation("toep", [rho, 0.0, -rho])
    np.testing.assert_allclose(toeplitz[0], [1, 0.6, 0, -0.6], atol=1e-15)
    np.testing.assert_allclose(toeplitz, toeplitz[::-1, ::-1])


def test_unknown_structure_lists_the_known_ones():
    with pytest.raises(OptionError, match="toeph"):
        covariance_structure("arma", 3)
