"""The density of the reduction against the probabilities that the posterior gives."""

import math

import numpy as np
import pytest
from seizureflow.bayes.log_ratio import LogRatio, log_ratio_of
from seizureflow.bayes.posteriors import Prior, posterior
from seizureflow.bayes.reduction_density import reduction_density, reduction_grid

ESTIMATE = LogRatio(-0.42, 0.2258, 6.0)
PRIORS = {"flat": Prior(0.0, math.inf), "sceptical": Prior(0.0, 0.2256)}


@pytest.mark.parametrize("t_likelihood", [False, True], ids=["normal", "t"])
@pytest.mark.parametrize("name", PRIORS)
@pytest.mark.parametrize("reduction", [0.0, 31.0])
def test_the_area_beyond_a_reduction_is_its_probability(name, t_likelihood, reduction):
    found = posterior(ESTIMATE, PRIORS[name], (log_ratio_of(reduction),), 0.95, t_likelihood)
    points = np.linspace(reduction, 99.99, 20001)
    density = reduction_density(ESTIMATE, PRIORS[name], points, t_likelihood)
    area = np.trapezoid(density, points)
    # 1e-5 is what the grid of the posterior without closed form is good for.
    assert area == pytest.approx(found.probabilities[0], abs=1e-5)


@pytest.mark.parametrize("se", [0.001, 0.2258, 1.0, 5.0])
def test_a_grid_is_round_ascending_and_holds_the_margins(se):
    estimate = LogRatio(-0.42, se, 6.0)
    middle = round(-100 * math.expm1(-0.42), 1)
    grid = reduction_grid(estimate, PRIORS.values(), (middle, 500.0), t_likelihood=False)
    assert len(grid) <= 84
    assert (np.diff(grid) > 0).all()
    assert -150 <= grid[0] < middle < grid[-1] < 100
    assert middle in grid


def test_a_grid_holds_nearly_all_of_every_posterior():
    grid = reduction_grid(ESTIMATE, PRIORS.values(), (), t_likelihood=False)
    for prior in PRIORS.values():
        density = reduction_density(ESTIMATE, prior, grid, t_likelihood=False)
        assert np.trapezoid(density, grid) == pytest.approx(1, abs=0.003)
