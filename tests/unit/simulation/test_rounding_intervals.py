import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.rounding import rounded
from seizureflow.simulation.rounding_intervals import Interval, fit_moments
from seizureflow.simulation.spec import PrintedMoments


def test_distance_is_in_units_of_the_last_digit():
    interval = Interval.of(2.09, 2)
    assert interval.distance(2.0901) == 0
    assert interval.distance(2.115) == pytest.approx(2.0, abs=1e-5)
    assert interval.distance(2.065) == pytest.approx(2.0, abs=1e-5)
    assert interval.distance(float("nan")) == float("inf")


def test_a_half_belongs_to_the_number_farther_from_zero():
    assert Interval.of(31.3, 1).distance(100 * 10 / 32) == 0
    assert Interval.of(31.2, 1).distance(100 * 10 / 32) > 0
    assert Interval.of(-0.58, 2).distance(-0.575) == 0
    assert Interval.of(-0.57, 2).distance(-0.575) > 0


@given(st.floats(-50, 50), st.integers(0, 3))
def test_both_ends_of_an_interval_print_as_the_number(value, decimals):
    printed = round(value, decimals)
    interval = Interval.of(printed, decimals)
    for end in (interval.lower, interval.upper):
        assert rounded(end, decimals) == rounded(printed, decimals)


def test_fitted_ages_have_the_printed_moments_and_stay_in_range():
    moments = PrintedMoments(42.8, 1, 14.56, 2)
    drawn = np.random.default_rng(5).integers(18, 76, size=32)
    fitted = fit_moments(drawn, (18, 75), moments)
    assert rounded(fitted.mean(), 1) == "42.8"
    assert rounded(fitted.std(ddof=1), 2) == "14.56"
    assert fitted.min() >= 18
    assert fitted.max() <= 75


def test_moments_that_integers_cannot_have_are_refused():
    with pytest.raises(ValueError, match="no integers found"):
        fit_moments(np.array([40, 40]), (18, 75), PrintedMoments(42.0, 1, 500.0, 1))
