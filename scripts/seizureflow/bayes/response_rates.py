"""Compares two response probabilities with independent beta mixtures, by quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from seizureflow.bayes.beta_mixture import BetaMixture

# Log odds ratios are looked for within these limits.
_WIDEST_LOG_ODDS = 60.0


@dataclass(frozen=True)
class Interval:
    """Median of a posterior with its equal-tailed credible interval."""

    median: float
    lower: float
    upper: float


@dataclass(frozen=True)
class RateComparison:
    """Two response probabilities compared.

    Attributes:
        higher: Probability that the active one is higher.
        risk_difference: Active less reference.
        odds_ratio: Odds of the active over those of the reference.
    """

    higher: float
    risk_difference: Interval
    odds_ratio: Interval


def compare_rates(active: BetaMixture, reference: BetaMixture, level: float) -> RateComparison:
    """Compare two independent response probabilities.

    Args:
        active: Posterior of the active arm.
        reference: Posterior of the reference arm.
        level: Level of the credible intervals.
    """
    smooth = reference.nodes()

    def difference_below(value: float) -> float:
        # The active rate ends at 0, or at 1: the probability below a bound bends there.
        points, weights = reference.nodes(bend=-value if value < 0 else 1 - value)
        return float(weights @ active.cdf(points + value))

    def log_odds_below(value: float) -> float:
        # p1 / (1 - p1) <= k p0 / (1 - p0), solved for p1.
        points, weights = smooth
        ratio = math.exp(value)
        return float(weights @ active.cdf(ratio * points / (1 - points + ratio * points)))

    log_odds = _interval(log_odds_below, _WIDEST_LOG_ODDS, level)
    return RateComparison(
        higher=1 - difference_below(0.0),
        risk_difference=_interval(difference_below, 1.0, level),
        odds_ratio=Interval(
            *(math.exp(x) for x in (log_odds.median, log_odds.lower, log_odds.upper))
        ),
    )


def rate_interval(law: BetaMixture, level: float) -> Interval:
    """Median and credible interval of one response probability."""
    return _interval(lambda value: float(law.cdf(np.array(value))), 1.0, level)


def _interval(below: Callable[[float], float], widest: float, level: float) -> Interval:
    median, lower, upper = (
        float(brentq(lambda x, p=p: below(x) - p, -widest, widest, xtol=1e-12))
        for p in (0.5, (1 - level) / 2, (1 + level) / 2)
    )
    return Interval(median, lower, upper)
