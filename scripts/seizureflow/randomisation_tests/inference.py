"""The p-value of a randomisation test, its Monte Carlo error, and the inversion into limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.randomisation_tests.shift_effects import ShiftEffects

# Statistics of equal arrangements differ by rounding: differences this small, relative to the
# largest statistic, are none.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Inference:
    """What a randomisation test answers.

    Attributes:
        estimate: The shift that the observed statistic estimates.
        lower: Lower limit: the smallest shift that the test does not reject.
        upper: Upper limit.
        p: Two-sided p-value of no shift.
        p_se: Its Monte Carlo standard error; 0 where every arrangement was listed.
        undefined: Arrangements without a statistic, counted as more extreme than the observed.
    """

    estimate: float
    lower: float
    upper: float
    p: float
    p_se: float
    undefined: int


def p_value(extreme: BoolArray, complete: bool) -> tuple[float, float]:
    """The p-value from the arrangements that are as extreme as the actual one, and its error.

    Random arrangements are joined by the actual one, so that the test holds its level whatever
    their number: ``(1 + extreme) / (1 + drawn)``.

    Source:
        Davison & Hinkley, Bootstrap Methods and their Application, 1997, 4.2; Phipson & Smyth 2010.
    """
    drawn = len(extreme)
    if complete:
        return float(extreme.mean()), 0.0
    p = float((1 + extreme.sum()) / (1 + drawn))
    return p, math.sqrt(p * (1 - p) / drawn)


def as_extreme(statistics: FloatArray, observed: float) -> BoolArray:
    """Whether statistics are as far from zero as the observed one; undefined ones are."""
    largest = max(abs(observed), float(np.nanmax(np.abs(statistics), initial=0.0)))
    return ~(np.abs(statistics) < abs(observed) - _ROUNDING * largest)


def invert_shift(effects: ShiftEffects, complete: bool, level: float) -> Inference:
    """Test no shift, and give the shifts that a test by the same arrangements does not reject.

    A shift ``tau`` is judged by ``|effect - tau * overlap| >= |observed - tau|``. Where the overlap
    is between -1 and 1, that holds on one interval around the observed coefficient, whose ends are
    known in closed form; a limit is then an order statistic of the ends, and no search is needed.

    Args:
        effects: Coefficients of all arrangements.
        complete: Whether the arrangements are all that exist.
        level: Confidence level.

    Source:
        Inversion of randomisation tests: Garthwaite, Biometrics 1996; 52: 1387-1393 (who searches
        for the limits).
    """
    extreme = as_extreme(effects.effect, effects.observed)
    p, p_se = p_value(extreme, complete)
    left, right = _accepting_intervals(effects)
    needed = _most_rejected(len(left), complete, level) + 1
    return Inference(
        estimate=effects.observed,
        lower=_order_statistic(left, needed),
        upper=-_order_statistic(-right, needed),
        p=p,
        p_se=p_se,
        undefined=int(np.isnan(effects.effect).sum()),
    )


def _accepting_intervals(effects: ShiftEffects) -> tuple[FloatArray, FloatArray]:
    """Ends of the interval of shifts for which each arrangement is as extreme as the actual one.

    An arrangement that is as extreme for every shift (the actual one, its mirror image, an
    undefined one) has infinite ends. One whose overlap is beyond 1, which differs little from the
    actual one, is as extreme for all shifts but those in a gap; the gap is closed, which can only
    widen the limits.
    """
    effect, overlap, observed = effects.effect, effects.overlap, effects.observed
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (effect - observed) / (overlap - 1)
        other = (effect + observed) / (overlap + 1)
    low, high = np.fmin(one, other), np.fmax(one, other)
    within = np.abs(overlap) < 1 - _ROUNDING
    left = np.where(within, low, -np.inf)
    right = np.where(within, high, np.inf)
    return left, right


def _most_rejected(drawn: int, complete: bool, level: float) -> int:
    """How many arrangements may be as extreme while the shift is still rejected."""
    alpha = 1 - level
    total = alpha * drawn if complete else alpha * (1 + drawn) - 1
    return max(math.floor(total + _ROUNDING), -1)


def _order_statistic(ends: FloatArray, rank: int) -> float:
    """The end with the given rank from below; minus infinity where the rank is not reached."""
    if rank < 1 or rank > len(ends):
        return -math.inf
    return float(np.partition(ends, rank - 1)[rank - 1])
