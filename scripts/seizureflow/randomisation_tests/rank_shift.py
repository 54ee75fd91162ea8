"""Rank test of a constant shift under many assignments, with the shift estimated by inversion."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.randomisation_tests.arrangements import Arrangements
from seizureflow.randomisation_tests.inference import Inference, as_extreme, p_value

# Halvings of a search interval: enough for the last digits of a double.
_HALVINGS = 60
# Shifts are looked for within so many times the range of the outcomes.
_REACH = 10


@dataclass(frozen=True)
class RankedTrial:
    """What a rank test of a shift needs.

    Attributes:
        outcome: Outcomes of the participants who have one.
        covariates: Matrix of the terms that outcomes are adjusted for, the intercept among them.
        actual: The actual assignment of all randomised participants, 0 and 1.
        analysed: Which of the randomised participants have an outcome.
        block: Block of every randomised participant.
        arrangements: Assignments of all randomised participants.
    """

    outcome: FloatArray
    covariates: FloatArray
    actual: FloatArray
    analysed: BoolArray
    block: IntArray
    arrangements: Arrangements


def rank_inference(trial: RankedTrial, level: float) -> Inference:
    """Test no shift by the rank sum of the active arm, estimate it, and give its limits.

    Outcomes without the supposed shift are adjusted by least squares on the covariates (not on the
    arm), ranked, and centred; a participant without an outcome scores 0. The rank sum is compared
    with its mean over the arrangements. Without covariates and blocks this is the Wilcoxon test,
    and the estimate is that of Hodges and Lehmann.

    Args:
        trial: The trial.
        level: Confidence level.

    Source:
        Rosenbaum, Statistical Science 2002; 17: 286-327 (covariance adjustment in randomisation
        inference); Hodges & Lehmann, Annals of Mathematical Statistics 1963; 34: 598-611.
    """
    basis = np.linalg.qr(trial.covariates)[0]
    actual = trial.actual[trial.analysed]
    outcome_residual = trial.outcome - basis @ (basis.T @ trial.outcome)
    actual_residual = actual - basis @ (basis.T @ actual)

    def centred_sum(tau: float, active: FloatArray) -> FloatArray:
        scores = np.zeros(len(trial.actual))
        ranks = _ranks(outcome_residual - tau * actual_residual)
        scores[trial.analysed] = ranks - ranks.mean()
        return active @ scores - _expected(scores, trial.actual, trial.block)

    def observed(tau: float) -> float:
        return float(centred_sum(tau, trial.actual))

    def p_of(tau: float) -> tuple[float, float]:
        sums = centred_sum(tau, trial.arrangements.active)
        return p_value(as_extreme(sums, observed(tau)), trial.arrangements.complete)

    reach = _REACH * (1 + float(np.ptp(trial.outcome)))
    estimate = 0.5 * (
        _last_with(lambda tau: observed(tau) > 0, -reach, reach)
        + _last_with(lambda tau: observed(tau) >= 0, -reach, reach)
    )
    alpha = 1 - level
    p, p_se = p_of(0)
    return Inference(
        estimate=estimate,
        lower=-_last_with(lambda back: p_of(-back)[0] > alpha, -estimate, reach),
        upper=_last_with(lambda tau: p_of(tau)[0] > alpha, estimate, reach),
        p=p,
        p_se=p_se,
        undefined=0,
    )


def _ranks(values: FloatArray) -> FloatArray:
    """Midranks; values that differ by rounding alone are tied."""
    return np.asarray(stats.rankdata(np.round(values, 10)), dtype=np.float64)


def _expected(scores: FloatArray, active: FloatArray, block: IntArray) -> float:
    """Mean of the active arm's sum of scores over all arrangements within the blocks."""
    sizes = np.bincount(block)
    share = np.bincount(block, active) / np.where(sizes > 0, sizes, 1)
    return float(share @ np.bincount(block, scores))


def _last_with(holds: Callable[[float], bool], start: float, end: float) -> float:
    """Halve towards the point up to which a condition holds; infinite where it holds at the end."""
    if holds(end):
        return math.inf
    low, high = start, end
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
