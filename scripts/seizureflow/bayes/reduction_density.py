"""Posterior density of the reduction in percent, on a grid that holds several posteriors."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.bayes.log_ratio import LogRatio, log_ratio_of
from seizureflow.bayes.posteriors import Prior, posterior, posterior_density

_MOST_POINTS = 81  # without the margins
_HELD = 0.998  # of each posterior, between the ends of the grid
_LOWEST = -150.0  # percent; nothing is shown of larger increases
_STEPS = (1.0, 2.0, 2.5, 5.0)  # times a power of ten


def reduction_grid(
    estimate: LogRatio, priors: Iterable[Prior], margins: Iterable[float], t_likelihood: bool
) -> FloatArray:
    """Reductions in percent, evenly spaced, that hold nearly all of every posterior.

    Args:
        estimate: The estimate.
        priors: The priors.
        margins: Reductions in percent that are to be points of the grid too, where they lie in it.
        t_likelihood: Whether the likelihood is the t density.

    Returns:
        The reductions, ascending, all below 100; multiples of a round step, and the margins.
    """
    limits = [posterior(estimate, prior, (), _HELD, t_likelihood) for prior in priors]
    low = max(_LOWEST, min(-100 * math.expm1(found.upper) for found in limits))
    high = max(low, *(-100 * math.expm1(found.lower) for found in limits))
    step = _round_step((high - low) / (_MOST_POINTS - 2))
    even = np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step
    inside = [margin for margin in margins if even[0] < margin < even[-1]]
    points = np.unique(np.round([*even, *inside], 9))
    return points[(points < 100) & (points >= _LOWEST)]


def reduction_density(
    estimate: LogRatio, prior: Prior, reductions: FloatArray, t_likelihood: bool
) -> FloatArray:
    """Posterior density of the reduction, per percentage point.

    Args:
        estimate: The estimate.
        prior: The prior.
        reductions: Reductions in percent, below 100, shape (n,).
        t_likelihood: Whether the likelihood is the t density.

    Returns:
        The density at each, shape (n,): that of the log ratio times the derivative of
        log(1 - reduction / 100).
    """
    points = np.array([log_ratio_of(float(reduction)) for reduction in reductions])
    density = posterior_density(estimate, prior, points, t_likelihood)
    return density / (100.0 - reductions)


def _round_step(least: float) -> float:
    """The least round number that is not below another."""
    if least <= 0:
        return _STEPS[0]
    power = 10.0 ** math.floor(math.log10(least))
    return next((s * power for s in _STEPS if s * power >= least), 10 * power)
