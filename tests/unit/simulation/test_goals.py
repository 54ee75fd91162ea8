import numpy as np
import pytest
from seizureflow.simulation.goals import FAR_OFF, Goals
from seizureflow.simulation.rounding_intervals import Interval


@pytest.fixture
def goals():
    return Goals.of([Interval(1.0, 2.0), Interval(10.0, 10.5)], [False, True])


def test_misfits_are_in_widths_of_the_interval(goals):
    assert goals.misfits(np.array([0.5, 11.0])).tolist() == [0.5, 1.0]
    assert goals.met(np.array([1.0, 10.5]))
    assert not goals.met(np.array([1.0, 10.6]))


def test_many_points_at_once(goals):
    values = np.array([[1.5, 10.2], [3.0, 10.2]])
    assert goals.misfits(values).tolist() == [[0.0, 0.0], [1.0, 0.0]]


def test_a_number_that_does_not_exist_is_far_off(goals):
    assert goals.misfits(np.array([np.nan, np.inf])).tolist() == [FAR_OFF, FAR_OFF]


def test_narrowed_goals_keep_the_middle(goals):
    narrow = goals.narrowed(0.5)
    assert narrow.lower.tolist() == [1.25, 10.125]
    assert narrow.upper.tolist() == [1.75, 10.375]


def test_ratios_are_extrapolated_on_the_log_scale(goals):
    scaled = goals.to_scale(np.array([3.0, np.e]))
    assert scaled.tolist() == [3.0, 1.0]
    assert goals.from_scale(scaled) == pytest.approx([3.0, np.e])
    assert np.isfinite(goals.from_scale(np.array([0.0, 1e9]))).all()
