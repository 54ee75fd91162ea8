import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.simulation.printed import Interval, fit_moments
from seizureflow.simulation.spec import PrintedMoments


@pytest.mark.parametrize(
    ("printed", "decimals", "value", "inside"),
    [
        (31.3, 1, 31.25, True),  # half away from zero: 10 of 32
        (31.2, 1, 31.25, False),
        (-0.58, 2, -0.575, True),
        (-0.57, 2, -0.575, False),
        (0.0, 0, 0.5, False),
        (0.0, 0, -0.49, True),
        (94.0, 0, 93.75, True),
        (10.0, 0, 10.0, True),
        (10.0, 0, 11.0, False),
        (10.0, 0, float("nan"), False),
    ],
)
def test_a_value_prints_as_the_number(printed, decimals, value, inside):
    assert Interval.of(printed, decimals).contains(value) is inside


def test_distance_is_in_units_of_the_last_digit():
    interval = Interval.of(2.09, 2)
    assert interval.distance(2.0901) == 0
    assert interval.distance(2.115) == pytest.approx(2.0)
    assert interval.distance(2.065) == pytest.approx(2.0)
    assert interval.distance(float("nan")) == float("inf")


@given(st.floats(-50, 50), st.integers(0, 3))
def test_the_settled_interval_is_inside(value, decimals):
    printed = round(value, decimals)
    interval = Interval.of(printed, decimals)
    settled = interval.settled()
    for edge in (settled.lower, settled.upper):
        assert interval.distance(edge) == 0
        if printed != 0:
            assert interval.contains(edge)


def test_fitted_ages_have_the_printed_moments_and_stay_in_range():
    moments = PrintedMoments(42.8, 1, 14.56, 2)
    drawn = np.random.default_rng(5).integers(18, 76, size=32)
    fitted = fit_moments(drawn, (18, 75), moments)
    assert Interval.of(42.8, 1).contains(fitted.mean())
    assert Interval.of(14.56, 2).contains(fitted.std(ddof=1))
    assert fitted.min() >= 18
    assert fitted.max() <= 75


def test_moments_that_integers_cannot_have_are_refused():
    with pytest.raises(ValueError, match="no integers found"):
        fit_moments(np.array([40, 40]), (18, 75), PrintedMoments(42.0, 1, 500.0, 1))
