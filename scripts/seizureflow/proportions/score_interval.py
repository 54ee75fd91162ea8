"""Miettinen and Nurminen's score interval and test of a risk difference, over strata or without."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.proportions.interval import Interval, normal_quantile
from seizureflow.proportions.strata import StratifiedCounts


@dataclass(frozen=True)
class ScoreInference:
    """Score inference of a risk difference.

    Attributes:
        interval: The differences that the score test does not reject.
        z: Score statistic of no difference.
        p_value: Two-sided.
    """

    interval: Interval
    z: float
    p_value: float


def score_inference(counts: StratifiedCounts, weights: FloatArray, level: float) -> ScoreInference:
    """Give the score interval of a weighted risk difference and the test of its being 0.

    The variance of each stratum is that of the maximum likelihood estimates restricted to the
    difference tested, times ``N / (N - 1)``.

    Args:
        counts: Counts by stratum; each has both arms.
        weights: Weights of the strata, with the sum 1.
        level: Confidence level.

    Source:
        Miettinen & Nurminen, Stat Med 4 (1985) 213-226, equations 8-10 and 15-16.
    """
    shares = counts.responders / counts.participants
    reference = counts.reference_responders / counts.reference_participants
    estimate = float(weights @ (shares - reference))

    def z(difference: float) -> float:
        variance = restricted_variance(
            shares, reference, counts.participants, counts.reference_participants, difference
        )
        return standardised(estimate - difference, float(weights**2 @ variance))

    quantile = normal_quantile(level)
    return ScoreInference(
        Interval(
            _root(lambda d: z(d) - quantile, -1.0, estimate),
            _root(lambda d: z(d) + quantile, estimate, 1.0),
        ),
        z(0.0),
        2 * float(distributions.normal.sf(abs(z(0.0)))),
    )


def _root(function, low: float, high: float) -> float:  # type: ignore[no-untyped-def]
    """Where the statistic passes the quantile; the end of the range where it does not."""
    if high - low < 1e-14 or function(low) * function(high) >= 0:
        return low if abs(low) == 1 else high
    root: float = optimize.brentq(function, low, high, xtol=1e-13, rtol=1e-13)
    return root


def standardised(deviation: float, variance: float) -> float:
    """A deviation over its standard error; 0/0 is 0, anything else over 0 infinite."""
    if variance <= 0:
        return 0.0 if abs(deviation) < 1e-14 else math.copysign(1e10, deviation)
    return deviation / math.sqrt(variance)


def restricted_variance(
    shares: FloatArray,
    reference: FloatArray,
    participants: FloatArray,
    reference_participants: FloatArray,
    difference: float,
) -> FloatArray:
    """Variance of risk differences at the estimates restricted to a difference.

    Args:
        shares: Observed risks of the arm.
        reference: Observed risks of the reference arm.
        participants: Participants of the arm.
        reference_participants: Participants of the reference arm.
        difference: The risk difference to which the estimates are restricted.

    Source:
        Miettinen & Nurminen (1985), equation 9, with the cubic of their appendix I solved as in
        Farrington & Manning, Stat Med 9 (1990) 1447-1454.
    """
    risk = restricted_risk(shares, reference, reference_participants / participants, difference)
    other = np.clip(risk - difference, 0, 1)
    total = participants + reference_participants
    variance = risk * (1 - risk) / participants + other * (1 - other) / reference_participants
    return variance * total / np.maximum(total - 1, 1)


def restricted_risk(
    shares: FloatArray, reference: FloatArray, ratio: FloatArray, difference: float
) -> FloatArray:
    """Maximum likelihood estimate of the arm's risk where the difference is given.

    Args:
        shares: Observed risks of the arm.
        reference: Observed risks of the reference arm.
        ratio: Participants of the reference arm for each of the arm.
        difference: Risk of the arm less that of the reference arm.
    """
    a = 1 + ratio
    b = -(1 + ratio + shares + ratio * reference + difference * (ratio + 2))
    c = difference**2 + difference * (2 * shares + ratio + 1) + shares + ratio * reference
    d = -shares * difference * (1 + difference)
    v = b**3 / (3 * a) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    inner = np.maximum(b**2 / (3 * a) ** 2 - c / (3 * a), 0)
    u = np.where(v < 0, -1.0, 1.0) * np.sqrt(inner)
    cube = np.where(u == 0, 1.0, u**3)
    angle = (math.pi + np.arccos(np.clip(v / cube, -1, 1))) / 3
    risk = 2 * u * np.cos(angle) - b / (3 * a)
    return np.clip(risk, max(0.0, difference), min(1.0, 1.0 + difference))
