"""Risk difference over strata with its weights, and the intervals of Newcombe, Sato and Wald."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.proportions.interval import Interval, normal_quantile, wilson
from seizureflow.proportions.strata import StratifiedCounts


@dataclass(frozen=True)
class WeightedRisks:
    """Risks of two arms, weighted over strata.

    Attributes:
        risk: Of the arm.
        reference_risk: Of the reference arm.
    """

    risk: float
    reference_risk: float

    @property
    def difference(self) -> float:
        """Risk of the arm less that of the reference arm."""
        return self.risk - self.reference_risk


def stratum_weights(counts: StratifiedCounts, kind: str) -> FloatArray:
    """Weights of the strata, with the sum 1.

    Args:
        counts: Counts by stratum; each has both arms.
        kind: ``mantel_haenszel`` (Cochran's: harmonic in the sizes of the arms) or ``sample_size``
            (participants of both arms).
    """
    n1, n0 = counts.participants, counts.reference_participants
    weights = n1 * n0 / (n1 + n0) if kind == "mantel_haenszel" else n1 + n0
    return weights / weights.sum()


def weighted_risks(counts: StratifiedCounts, weights: FloatArray) -> WeightedRisks:
    """The risks of both arms with the same weights of the strata."""
    return WeightedRisks(
        float(weights @ (counts.responders / counts.participants)),
        float(weights @ (counts.reference_responders / counts.reference_participants)),
    )


def wald_standard_error(counts: StratifiedCounts, weights: FloatArray) -> float:
    """Standard error of the weighted difference from the observed, unpooled variances."""
    p1 = counts.responders / counts.participants
    p0 = counts.reference_responders / counts.reference_participants
    variance = p1 * (1 - p1) / counts.participants + p0 * (1 - p0) / counts.reference_participants
    return math.sqrt(float(weights**2 @ variance))


def sato_standard_error(counts: StratifiedCounts) -> float:
    """Standard error of the Mantel-Haenszel risk difference, for many small strata or few large.

    Source:
        Greenland & Robins, Biometrics 41 (1985) 55-68; Sato, Biometrics 45 (1989) 1323-1324.
    """
    y1, n1 = counts.responders, counts.participants
    y0, n0 = counts.reference_responders, counts.reference_participants
    total = n1 + n0
    weight = (n1 * n0 / total).sum()
    difference = ((y1 * n0 - y0 * n1) / total).sum() / weight
    p = (n1**2 * y0 - n0**2 * y1 + n1 * n0 * (n0 - n1) / 2) / total**2
    q = (y1 * (n0 - y0) + y0 * (n1 - y1)) / (2 * total)
    return math.sqrt(max(0.0, float(difference * p.sum() + q.sum()))) / float(weight)


def newcombe_interval(counts: StratifiedCounts, weights: FloatArray, level: float) -> Interval:
    """Newcombe's hybrid score interval; over strata that of Yan and Su.

    Without strata it is method 10 of Newcombe: the distances of both risks from their Wilson limits
    as the sides of a right-angled triangle. Over strata the limits of each arm are the weighted
    Wilson limits of its strata, at a quantile that gives the weighted risk its own confidence.

    Args:
        counts: Counts by stratum; each has both arms.
        weights: Weights of the strata, with the sum 1.
        level: Confidence level.

    Source:
        Newcombe, Stat Med 17 (1998) 873-890; Yan & Su, Stat Biopharm Res 2 (2010) 329-335.
    """
    quantile = normal_quantile(level)
    difference = weighted_risks(counts, weights).difference
    arm = _stratified_wilson(counts.responders, counts.participants, weights, quantile)
    n0 = counts.reference_participants
    reference = _stratified_wilson(counts.reference_responders, n0, weights, quantile)
    spread = float(weights**2 @ (1 / counts.participants))
    reference_spread = float(weights**2 @ (1 / n0))

    def distance(limit: float, reference_limit: float) -> float:
        variance = spread * limit * (1 - limit)
        return quantile * math.sqrt(
            variance + reference_spread * reference_limit * (1 - reference_limit)
        )

    return Interval(
        difference - distance(arm.lower, reference.upper),
        difference + distance(arm.upper, reference.lower),
    )


def _stratified_wilson(
    responders: FloatArray, participants: FloatArray, weights: FloatArray, quantile: float
) -> Interval:
    """Weighted Wilson limits of the strata at Yan and Su's quantile."""
    shares = responders / participants
    deviation = np.sqrt(shares * (1 - shares) / participants)
    total = float(weights @ deviation)
    # With no deviation in any stratum, 0/0: the quantile of equal deviations is taken.
    if total == 0:
        deviation, total = 1 / np.sqrt(participants), float(weights @ (1 / np.sqrt(participants)))
    adjusted = quantile * math.sqrt(float(weights**2 @ deviation**2)) / total
    limits = [wilson(y, n, adjusted) for y, n in zip(responders, participants, strict=True)]
    return Interval(
        float(weights @ np.array([limit.lower for limit in limits])),
        float(weights @ np.array([limit.upper for limit in limits])),
    )
