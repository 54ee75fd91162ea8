"""Roots of the tipping point against a search, and when there are none."""

import numpy as np
import pytest
from scipy import optimize
from seizureflow.imputation.tipping import LinearEffect

COVARIANCE = np.array([[0.04, 0.001, 0.003], [0.001, 0.0004, 0.0], [0.003, 0.0, 0.0009]])
EFFECT = LinearEffect(np.array([-0.6, -0.1, 0.15]), COVARIANCE)


@pytest.mark.parametrize("in_reference", [-1.0, 0.0, 0.5])
def test_the_turn_is_where_p_crosses_the_level(in_reference):
    found = EFFECT.turns_significance(in_reference, 0.05, [0, 3])
    searched = optimize.brentq(lambda d: EFFECT.p_value(in_reference, d) - 0.05, 0, 3)
    assert found == pytest.approx(searched, abs=1e-9)


def test_the_turn_nearest_to_no_delta_is_taken():
    """p crosses the level on the way up, and again beyond where the effect has the other sign."""
    effect = LinearEffect(np.array([-0.6, 0.0, 0.5]), np.diag([0.04, 0.0, 0.0]))
    quantile = 1.959963984540054
    assert effect.turns_significance(0.0, 0.05, [0, 10]) == pytest.approx(
        (0.6 - quantile * 0.2) / 0.5, rel=1e-9
    )


def test_outside_the_range_there_is_no_turn():
    turn = EFFECT.turns_significance(0.0, 0.05, [0, 3])
    assert EFFECT.turns_significance(0.0, 0.05, [0, turn * 0.99]) is None


def test_without_anything_imputed_nothing_turns():
    effect = LinearEffect(np.array([-0.6, 0.0, 0.0]), np.diag([0.04, 0.0, 0.0]))
    assert effect.turns_significance(0.0, 0.05, [-9, 9]) is None
    assert effect.reaches(-0.3, 0.0, [-9, 9]) is None


def test_an_estimate_reaches_a_value_on_a_line():
    assert EFFECT.reaches(-0.45, 0.0, [0, 3]) == pytest.approx(1.0)
    assert EFFECT.reaches(-0.45, 0.5, [0, 3]) == pytest.approx(4 / 3)
    assert EFFECT.reaches(-0.75, 0.0, [0, 3]) is None


def test_the_standard_error_is_that_of_the_combination():
    at = np.array([1.0, 0.5, 2.0])
    assert EFFECT.se(0.5, 2.0) == pytest.approx(np.sqrt(at @ COVARIANCE @ at))
