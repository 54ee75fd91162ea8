"""Interval and test of one coefficient from the profile of the (penalised) likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import optimize

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.proportions.interval import Interval
from seizureflow.proportions.logistic_fit import LogisticFit, fit_logistic

# A limit beyond this log odds ratio is not sought.
_FARTHEST = 100.0
_LONGEST_STEP = 10.0


@dataclass(frozen=True)
class ProfileInference:
    """What the profile of the likelihood says of a coefficient.

    Attributes:
        interval: Where twice the log-likelihood falls by the quantile of the chi-square
            distribution; a limit farther than 100 from the estimate is infinite.
        chi_square: Likelihood ratio statistic of the coefficient being 0, 1 degree of freedom.
        p_value: Of that statistic.
    """

    interval: Interval
    chi_square: float
    p_value: float


def profile_inference(
    outcome: FloatArray,
    matrix: FloatArray,
    fit: LogisticFit,
    column: int,
    level: float,
    *,
    firth: bool = False,
) -> ProfileInference:
    """Give the profile likelihood interval of a coefficient and its likelihood ratio test.

    Args:
        outcome: 0 or 1 by participant.
        matrix: Design matrix; without separation where the likelihood is not penalised.
        fit: Fit of the whole model, penalised or not.
        column: Column of the coefficient.
        level: Confidence level.
        firth: Whether the likelihood is penalised; it is then the profile penalised likelihood.

    Source:
        Venzon & Moolgavkar, Appl Stat 37 (1988) 87-94; Heinze & Schemper, Stat Med 21 (2002)
        2409-2419.
    """

    def fall(value: float) -> float:
        held = fit_logistic(
            outcome, matrix, firth=firth, fixed=(column, value), start=fit.coefficients
        )
        return max(0.0, 2 * (fit.log_likelihood - held.log_likelihood))

    estimate = float(fit.coefficients[column])
    quantile = float(distributions.chi_square.ppf(level, 1))
    variance = math.nan if fit.covariance is None else float(fit.covariance[column, column])
    step = min(math.sqrt(variance * quantile), _LONGEST_STEP) if variance > 0 else 1.0
    chi_square = fall(0.0)
    return ProfileInference(
        Interval(
            _limit(fall, estimate, -step, quantile),
            _limit(fall, estimate, step, quantile),
        ),
        chi_square,
        float(distributions.chi_square.sf(chi_square, 1)),
    )


def _limit(fall: Callable[[float], float], estimate: float, step: float, quantile: float) -> float:
    """The value on one side of the estimate where the likelihood has fallen by the quantile."""
    inside, outside = estimate, estimate + step
    while fall(outside) < quantile:
        inside, outside = outside, outside + step
        if abs(outside - estimate) > _FARTHEST:
            return math.copysign(math.inf, step)
    root: float = optimize.brentq(
        lambda value: fall(value) - quantile, inside, outside, xtol=1e-11, rtol=1e-13
    )
    return root
