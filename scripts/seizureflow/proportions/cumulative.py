"""Cumulative responders: the share of an arm with at least each reduction, and the area between."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.proportions.interval import Interval


@dataclass(frozen=True)
class AreaBetween:
    """Area between two cumulative responder curves.

    Attributes:
        area: In percent: the integral of the difference of the shares over the reductions, which is
            the difference of the mean reductions limited to their range.
        interval: Welch's t interval; not a number where an arm has one participant.
    """

    area: float
    interval: Interval


def area_between(
    reduction: FloatArray, reference: FloatArray, lowest: float, level: float
) -> AreaBetween:
    """Area between the curves of two arms from a reduction to 100%.

    The integral of the share with at least a reduction ``c``, over ``c`` from ``lowest`` to 100, is
    the mean of the reductions limited to that range, less ``lowest``.

    Args:
        reduction: Reductions of the arm in percent, negative for an increase.
        reference: Reductions of the reference arm.
        lowest: Reduction at which the area begins.
        level: Confidence level.
    """
    arm, other = np.clip(reduction, lowest, 100.0), np.clip(reference, lowest, 100.0)
    area = float(arm.mean() - other.mean())
    if min(len(arm), len(other)) < 2:
        return AreaBetween(area, Interval(math.nan, math.nan))
    parts = arm.var(ddof=1) / len(arm), other.var(ddof=1) / len(other)
    variance = float(sum(parts))
    if variance == 0:
        return AreaBetween(area, Interval(math.nan, math.nan))
    df = variance**2 / (parts[0] ** 2 / (len(arm) - 1) + parts[1] ** 2 / (len(other) - 1))
    half = float(distributions.student_t.ppf((1 + level) / 2, df)) * math.sqrt(variance)
    return AreaBetween(area, Interval(area - half, area + half))
