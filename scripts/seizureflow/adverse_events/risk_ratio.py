"""Ratio of two risks with the score interval of Miettinen and Nurminen (Koopman's with N/(N-1))."""

from __future__ import annotations

import math

from scipy import optimize

from seizureflow.proportions.interval import Interval, normal_quantile
from seizureflow.proportions.score_interval import standardised

# Logarithms of ratios between which limits are sought; one beyond is taken to be 0 or infinite.
_WIDEST = 60.0


def risk_ratio(events: int, size: int, reference_events: int, reference_size: int) -> float:
    """Risk of the arm over that of the reference arm; infinite or not a number without events."""
    if reference_events == 0:
        return math.inf if events else math.nan
    return (events / size) / (reference_events / reference_size)


def risk_ratio_interval(
    events: int, size: int, reference_events: int, reference_size: int, level: float
) -> Interval:
    """Give the ratios that the score test does not reject.

    Args:
        events: Participants of the arm with the event.
        size: Participants of the arm, at least 1.
        reference_events: Participants of the reference arm with the event.
        reference_size: Participants of the reference arm, at least 1.
        level: Confidence level.

    Returns:
        The limits; 0 and infinity where no ratio on that side is rejected.

    Source:
        Miettinen & Nurminen, Stat Med 4 (1985) 213-226, equations 10-11; without the factor
        N/(N-1) of the variance it is the interval of Koopman, Biometrics 40 (1984) 513-517.
    """
    if events == 0 and reference_events == 0:
        return Interval(0.0, math.inf)
    quantile = normal_quantile(level)

    def z(log_ratio: float) -> float:
        return _score(events, size, reference_events, reference_size, math.exp(log_ratio))

    lower = _root(lambda x: z(x) - quantile) if events else None
    upper = _root(lambda x: z(x) + quantile) if reference_events else None
    return Interval(
        0.0 if lower is None else math.exp(lower), math.inf if upper is None else math.exp(upper)
    )


def _root(function) -> float | None:  # type: ignore[no-untyped-def]
    if function(-_WIDEST) * function(_WIDEST) > 0:
        return None
    root: float = optimize.brentq(function, -_WIDEST, _WIDEST, xtol=1e-13, rtol=1e-13)
    return root


def _score(events: int, size: int, other_events: int, other_size: int, ratio: float) -> float:
    """Score statistic of a ratio: the observed deviation over its restricted standard error."""
    total = size + other_size
    a = total * ratio
    b = -(size * ratio + events + other_size + other_events * ratio)
    c = events + other_events
    # The smaller root, written so that nothing cancels.
    inner = max(b * b - 4 * a * c, 0.0)
    other = min(2 * c / (-b + math.sqrt(inner)), 1.0)
    risk = min(ratio * other, 1.0)
    variance = risk * (1 - risk) / size + ratio**2 * other * (1 - other) / other_size
    variance *= total / max(total - 1, 1)
    return standardised(events / size - ratio * other_events / other_size, variance)
