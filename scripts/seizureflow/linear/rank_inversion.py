"""Intervals and tests of quantile regression by inverting a rank score test."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.linear.quantile import fit_quantile

# Limits are found to this share of the range of the outcome. A limit is looked for in so many
# strides, each four times as long as the one before, the first as long as that range.
_CLOSE = 1e-10
_STRIDES = 6
# Both sides of 0 are this share of that range apart from it: enough for the linear programme to
# tell outcomes that are tied at 0, too little to pass any that are not.
_BESIDE = 1e-7


@dataclass(frozen=True)
class RankInversion:
    """A rank score interval of one coefficient.

    Attributes:
        lower: Lower limit; minus infinity where no value is too low.
        upper: Upper limit; infinity where no value is too high.
        t: Statistic of the test that the coefficient is 0.
        p_value: Two-sided.
    """

    lower: float
    upper: float
    t: float
    p_value: float


def invert_rank_test(
    outcome: FloatArray,
    matrix: FloatArray,
    column: int,
    quantile: float,
    estimate: float,
    confidence_level: float,
) -> RankInversion:
    """Give the values of a coefficient that the rank score test does not reject.

    For a value b the outcome less ``b x`` is regressed on the other columns. With rank scores a,
    ``T(b) = x'(a - (1 - quantile)) / sqrt(quantile (1 - quantile) v)``, v the residual sum of
    squares of x on the other columns, is compared with the t distribution with n - p degrees of
    freedom, as R's quantreg does (which interpolates between the steps of T; here the limits are
    the steps themselves). Errors are taken to be identically distributed.

    Args:
        outcome: n.
        matrix: Design matrix, n x p, of full rank, n > p.
        column: Place of the coefficient.
        quantile: Strictly between 0 and 1.
        estimate: The estimate, where the test does not reject.
        confidence_level: Level of the limits.

    Source:
        Gutenbrunner & Jureckova, Ann Stat 1992;20:305; Koenker (1994), in Mandl & Huskova (eds),
        Asymptotic Statistics, 349.
    """
    df = matrix.shape[0] - matrix.shape[1]
    statistic = rank_statistic(outcome, matrix, column, quantile)
    spread = max(float(np.ptp(outcome)), 1e-300)
    # At 0 the outcome may be tied with a change of the scores: the mean of both sides is taken.
    nearby = _BESIDE * spread
    t = (statistic(-nearby) + statistic(nearby)) / 2
    cutoff = float(distributions.student_t.ppf((1 + confidence_level) / 2, df))
    return RankInversion(
        lower=_step(lambda b: statistic(b) <= cutoff, estimate, -spread),
        upper=_step(lambda b: statistic(b) >= -cutoff, estimate, spread),
        t=t,
        p_value=2 * float(distributions.student_t.sf(abs(t), df)),
    )


def rank_statistic(
    outcome: FloatArray, matrix: FloatArray, column: int, quantile: float
) -> Callable[[float], float]:
    """The function T(b) of :func:`invert_rank_test`; it falls in steps."""
    x = matrix[:, column]
    others = np.delete(matrix, column, axis=1)
    left = x - others @ np.linalg.lstsq(others, x, rcond=None)[0]
    sd = math.sqrt(quantile * (1 - quantile) * float(left @ left))

    def statistic(b: float) -> float:
        scores = fit_quantile(outcome - b * x, others, quantile).scores
        return float(x @ (scores - (1 - quantile))) / sd

    return statistic


def _step(kept: Callable[[float], bool], inside: float, stride: float) -> float:
    """Where ``kept`` ceases to hold on the way from a point at which it does."""
    close = _CLOSE * abs(stride)
    for _ in range(_STRIDES):
        outside = inside + stride
        if not kept(outside):
            return _bisect(kept, inside, outside, close)
        inside, stride = outside, 4 * stride
    return math.copysign(math.inf, stride)


def _bisect(kept: Callable[[float], bool], inside: float, outside: float, close: float) -> float:
    while abs(outside - inside) > close:
        middle = (inside + outside) / 2
        if middle in (inside, outside):
            break
        if kept(middle):
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2
