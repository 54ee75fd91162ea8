import math

import numpy as np
import pytest
from seizureflow.survival.kaplan_meier import kaplan_meier
from unit.survival.leukaemia import CONTROL, CONTROL_HAPPENED, TREATED, TREATED_HAPPENED


def test_the_leukaemia_trial_as_published():
    """Shares and standard errors: Klein & Moeschberger, Survival Analysis, 2nd ed., table 4.1A."""
    found = kaplan_meier(TREATED, TREATED_HAPPENED)
    assert found.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert found.share.round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    shown = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert found.standard_errors().round(4).tolist() == shown


def test_medians_of_the_leukaemia_trial():
    """Of 21 controls 12 are left before week 8 and 8 after it; the treated are at 0.448 in week 23."""
    assert kaplan_meier(TREATED, TREATED_HAPPENED).median(0.95)[0] == 23
    assert kaplan_meier(CONTROL, CONTROL_HAPPENED).median(0.95)[0] == 8


def test_limits_are_those_of_the_log_cumulative_hazard():
    found = kaplan_meier(TREATED, TREATED_HAPPENED)
    lower, upper = found.limits(0.95)
    for share, variance, low, high in zip(
        found.share, found.hazard_variance, lower, upper, strict=True
    ):
        log_hazard = math.log(-math.log(share))
        half = 1.959963984540054 * math.sqrt(variance) / abs(math.log(share))
        assert low == pytest.approx(math.exp(-math.exp(log_hazard + half)), rel=1e-12)
        assert high == pytest.approx(math.exp(-math.exp(log_hazard - half)), rel=1e-12)


def test_the_limits_of_the_median_are_where_the_limits_of_the_share_cross_a_half():
    found = kaplan_meier(CONTROL, CONTROL_HAPPENED)
    lower, upper = found.limits(0.95)
    median, low, high = found.median(0.95)
    assert low == found.days[np.flatnonzero(lower <= 0.5)[0]]
    assert high == found.days[np.flatnonzero(upper <= 0.5)[0]]
    assert low < median < high


def test_a_share_of_exactly_a_half_puts_the_median_between_two_days():
    found = kaplan_meier(np.array([1.0, 2.0, 4.0, 8.0]), np.ones(4, dtype=bool))
    assert found.median(0.95)[0] == 3


def test_what_is_known_of_a_day():
    found = kaplan_meier(TREATED, TREATED_HAPPENED)
    on = found.after(10, 0.95)
    assert (on.at_risk, on.events, on.censored) == (15, 5, 2)
    assert on.share == pytest.approx(6 / 7 * 16 / 17 * 14 / 15, rel=1e-12)
    before = found.after(5, 0.95)
    assert (before.at_risk, before.share) == (21, 1.0)
    assert math.isnan(before.lower)
    assert math.isnan(found.after(36, 0.95).share)


def test_a_curve_at_0_is_known_for_ever():
    found = kaplan_meier(CONTROL, CONTROL_HAPPENED)
    assert found.after(100, 0.95).share == 0
    assert math.isnan(found.after(100, 0.95).se)


def test_the_restricted_mean_is_the_area_under_the_curve():
    found = kaplan_meier(TREATED, TREATED_HAPPENED)
    days = np.arange(0, 30, 0.01)
    shares = [1.0 if day < 6 else found.share[found.days <= day][-1] for day in days]
    mean, se = found.restricted_mean(30)
    assert mean == pytest.approx(sum(shares) * 0.01, abs=0.01)
    assert se > 0


def test_without_censoring_the_restricted_mean_is_the_mean():
    """Its variance is then that of the mean, divisor n (Klein & Moeschberger, 4.5)."""
    times = np.array([3.0, 5.0, 5.0, 9.0, 20.0])
    mean, se = kaplan_meier(times, np.ones(5, dtype=bool)).restricted_mean(12)
    cut = np.minimum(times, 12)
    assert mean == pytest.approx(cut.mean(), rel=1e-12)
    assert se == pytest.approx(cut.std() / math.sqrt(5), rel=1e-12)


def test_without_events_nothing_falls():
    found = kaplan_meier(np.array([4.0, 9.0]), np.zeros(2, dtype=bool))
    assert found.after(4, 0.95).share == 1
    assert all(math.isnan(value) for value in found.median(0.95))
    assert found.restricted_mean(9) == (9.0, 0.0)
