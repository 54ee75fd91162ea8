"""Rates of events by time at risk: exact limits, their ratio and their difference."""

from __future__ import annotations

import math

from scipy import optimize

from seizureflow import distributions
from seizureflow.proportions.interval import Interval, normal_quantile
from seizureflow.proportions.score_interval import standardised


def rate_interval(events: int, time: float, level: float) -> Interval:
    """Give the exact limits of a Poisson rate.

    Args:
        events: Number of events.
        time: Time at risk, positive.
        level: Confidence level.

    Source:
        Garwood, Biometrika 28 (1936) 437-442.
    """
    tail = (1 - level) / 2
    lower = 0.0 if events == 0 else float(distributions.chi_square.ppf(tail, 2 * events)) / 2
    upper = float(distributions.chi_square.ppf(1 - tail, 2 * events + 2)) / 2
    return Interval(lower / time, upper / time)


def rate_ratio_interval(
    events: int, time: float, reference_events: int, reference_time: float, level: float
) -> Interval:
    """Give the exact limits of the ratio of two Poisson rates.

    Given the number of all events, that of the arm is binomial; the limits are those of Clopper and
    Pearson for its share, turned into ratios of rates.

    Args:
        events: Events of the arm.
        time: Its time at risk, positive.
        reference_events: Events of the reference arm.
        reference_time: Its time at risk, positive.
        level: Confidence level.

    Source:
        Przyborowski & Wilenski, Biometrika 31 (1940) 313-323; Clopper & Pearson, Biometrika 26
        (1934) 404-413.
    """
    tail = (1 - level) / 2

    def ratio(share: float) -> float:
        return math.inf if share >= 1 else share / (1 - share) * reference_time / time

    lower = (
        0.0 if events == 0 else float(distributions.beta.ppf(tail, events, reference_events + 1))
    )
    upper = 1.0
    if reference_events:
        upper = float(distributions.beta.ppf(1 - tail, events + 1, reference_events))
    return Interval(ratio(lower), ratio(upper))


def rate_difference_interval(
    events: int, time: float, reference_events: int, reference_time: float, level: float
) -> Interval:
    """Give the differences of two Poisson rates that the score test does not reject.

    Args:
        events: Events of the arm.
        time: Its time at risk, positive.
        reference_events: Events of the reference arm.
        reference_time: Its time at risk, positive.
        level: Confidence level.

    Source:
        Miettinen & Nurminen, Stat Med 4 (1985) 213-226, section 3.
    """
    quantile = normal_quantile(level)
    estimate = events / time - reference_events / reference_time

    def z(difference: float) -> float:
        other = _restricted_rate(events, time, reference_events, reference_time, difference)
        variance = max(other + difference, 0.0) / time + other / reference_time
        return standardised(estimate - difference, variance)

    # Beyond it, every difference is rejected: the exact limits of one rate, widened.
    step = (rate_interval(events, time, level).upper) + rate_interval(
        reference_events, reference_time, level
    ).upper
    low, high = estimate - step, estimate + step
    while z(low) < quantile:
        low -= step
    while z(high) > -quantile:
        high += step
    return Interval(
        float(optimize.brentq(lambda d: z(d) - quantile, low, estimate, xtol=1e-14, rtol=1e-13)),
        float(optimize.brentq(lambda d: z(d) + quantile, estimate, high, xtol=1e-14, rtol=1e-13)),
    )


def _restricted_rate(
    events: int, time: float, reference_events: int, reference_time: float, difference: float
) -> float:
    """Maximum likelihood estimate of the reference rate where the difference is given."""
    total = time + reference_time
    b = total * difference - events - reference_events
    c = -reference_events * difference
    root = math.sqrt(max(b * b - 4 * total * c, 0.0))
    # The larger root, written so that nothing cancels.
    found = (root - b) / (2 * total) if b <= 0 else -2 * c / (b + root)
    return max(found, 0.0, -difference)
