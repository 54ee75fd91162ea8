"""The map of tipping points, and where a conclusion turns along a path through it."""

import math

import numpy as np
import pytest
from seizureflow.count_imputation.imputation import Assumption, draw_parameters, estimate_by_rubin
from seizureflow.count_imputation.tipping_points import tipping_map, turning_point
from seizureflow.streams import Streams
from unit.count_imputation.simulated_trial import simulate_trial

PATHS = {
    "none": ([(0.5, -1.0), (1, -2.0), (2, -0.1)], math.nan),
    # Linear in the logarithm: a third of the way from 1 to 2.
    "above": ([(0.5, -3.0), (1, -1.0), (2, 2.0)], 2 ** (1 / 3)),
    "below": ([(0.25, 1.0), (1, -1.0), (2, -2.0)], 0.5),
    "nearest of two": ([(0.25, 1.0), (1, -1.0), (2, 2.0)], 2 ** (1 / 3)),
    "at a multiplier": ([(1, -1.0), (2, 0.0), (4, 1.0)], 2.0),
    "a single multiplier": ([(1, -1.0)], math.nan),
    "nothing": ([], math.nan),
}


@pytest.mark.parametrize("name", PATHS)
def test_turning_points(name):
    path, wanted = PATHS[name]
    assert turning_point(path) == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_the_nearest_turn_of_several_quantities():
    limits = ([(1, -3.0), (2, -1.0), (4, 3.0)], [(1, -1.0), (2, 1.0), (4, 5.0)])
    assert turning_point(*limits) == pytest.approx(2**0.5, rel=1e-12)


@pytest.fixture(scope="module")
def found():
    trial = simulate_trial(np.random.default_rng(1), per_arm=60, ratio=0.6, leaving=0.4)
    streams = Streams.of(np.random.default_rng(1))
    parameters, _ = draw_parameters(trial, 20, "normal", streams)
    return trial, tipping_map(trial, parameters, [0.5, 2, 6], streams.generator("counts"))


def test_one_is_always_among_the_multipliers(found):
    assert found[1].multipliers == (0.5, 1, 2, 6)
    assert found[1].failed == 0
    assert found[1].fitted == 16 * 20


def test_the_map_is_monotone_in_both_directions(found):
    estimates = np.array([[cell[0].estimate for cell in row] for row in found[1].cells])
    assert (np.diff(estimates, axis=1) > 0).all()  # more seizures in the active arm
    assert (np.diff(estimates, axis=0) < 0).all()  # more in the reference arm


def test_its_cell_of_ones_is_imputation_at_random(found):
    trial, tipping = found
    streams = Streams.of(np.random.default_rng(1))
    alone = estimate_by_rubin(trial, Assumption("mar", np.ones(2)), 20, "normal", streams)
    assert tipping.cells[1][1][0].estimate == pytest.approx(alone.pooled[0].estimate, rel=1e-10)
    assert tipping.cells[1][1][0].se == pytest.approx(alone.pooled[0].se, rel=1e-8)


def test_paths_run_through_the_cell_of_ones(found):
    tipping = found[1]
    assert tipping.along("active", 0)[3] == (6, tipping.cells[1][3][0])
    assert tipping.along("reference", 0)[3] == (6, tipping.cells[3][1][0])
    assert tipping.along("both", 0)[3] == (6, tipping.cells[3][3][0])
    assert len({tipping.along(path, 0)[1] for path in ("active", "reference", "both")}) == 1
