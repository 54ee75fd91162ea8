"""The limits of a confidence interval, and Wilson's for one proportion."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seizureflow import distributions


@dataclass(frozen=True)
class Interval:
    """Limits of a confidence interval."""

    lower: float
    upper: float


def normal_quantile(level: float) -> float:
    """The quantile of the normal distribution that leaves half of ``1 - level`` above it.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(distributions.normal.ppf((1 + level) / 2))


def wilson(responders: float, participants: float, quantile: float) -> Interval:
    """Wilson's score interval of a proportion.

    Args:
        responders: Number of responders.
        participants: Number of participants, at least 1.
        quantile: Quantile of the normal distribution, 1.96 for 95%.

    Source:
        Wilson (1927); method 3 of Newcombe, Stat Med 17 (1998) 857-872.
    """
    share, square = responders / participants, quantile**2
    centre = (share + square / (2 * participants)) / (1 + square / participants)
    spread = (
        quantile
        * math.sqrt(share * (1 - share) / participants + square / (4 * participants**2))
        / (1 + square / participants)
    )
    # Without responders the lower limit is 0, with none but responders the upper is 1: exactly.
    lower = 0.0 if responders == 0 else centre - spread
    upper = 1.0 if responders == participants else centre + spread
    return Interval(lower, upper)
