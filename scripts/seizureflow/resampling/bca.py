"""Bootstrap intervals: percentile, and bias-corrected and accelerated (BCa)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray, IntArray
from seizureflow.ranks.ties import tie_groups


@dataclass(frozen=True)
class BootstrapIntervals:
    """Intervals of one estimate.

    Attributes:
        percentile: Limits of the percentile interval.
        bca: Limits of the BCa interval; not numbers where it does not exist.
        bias_correction: ``z0``; infinite where all replicates lie on one side of the estimate.
        acceleration: ``a``.
    """

    percentile: tuple[float, float]
    bca: tuple[float, float]
    bias_correction: float
    acceleration: float


def bootstrap_intervals(
    estimate: float, replicates: FloatArray, acceleration: float, level: float
) -> BootstrapIntervals:
    """Give both intervals.

    Args:
        estimate: The estimate on the data themselves.
        replicates: Estimates on the bootstrap samples, all numbers.
        acceleration: See :func:`acceleration_constant`.
        level: Confidence level.

    Source:
        Efron, Journal of the American Statistical Association 1987; 82: 171-185.
    """
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    z0 = bias_correction(estimate, replicates)
    low, high = np.quantile(replicates, tails)
    bca = (math.nan, math.nan)
    if math.isfinite(z0):
        shifted = z0 + distributions.normal.ppf(tails)
        probabilities = distributions.normal.cdf(z0 + shifted / (1 - acceleration * shifted))
        lower, upper = np.quantile(replicates, probabilities)
        bca = (float(lower), float(upper))
    return BootstrapIntervals((float(low), float(high)), bca, z0, acceleration)


def bias_correction(estimate: float, replicates: FloatArray) -> float:
    """The normal quantile of the share of replicates below the estimate, half of ties counted."""
    # The same participants in another order give the same estimate but for rounding.
    groups = tie_groups(np.append(replicates, estimate))
    of_replicates, own = groups[:-1], groups[-1]
    below, tied = (of_replicates < own).mean(), (of_replicates == own).mean()
    return float(distributions.normal.ppf(below + tied / 2))


def acceleration_constant(left_out: FloatArray, arm: IntArray) -> float:
    """The acceleration from the estimates that leave out one participant each.

    Args:
        left_out: Estimate without each participant, all numbers.
        arm: Number of each participant's arm.

    Returns:
        The constant; 0 where leaving out makes no difference.

    Source:
        Davison & Hinkley, Bootstrap Methods and their Application, 1997, 5.3.2, with the jackknife
        values of several samples.
    """
    cubes = squares = 0.0
    for number in np.unique(arm):
        values = left_out[arm == number]
        size = len(values)
        # The constant does not depend on how large influences are: rounding would give one, too.
        if not tie_groups(values).any():
            continue
        influence = (size - 1) * (values.mean() - values)
        cubes += float((influence**3).sum()) / size**3
        squares += float((influence**2).sum()) / size**2
    return cubes / (6 * squares**1.5) if squares > 0 else 0.0
