"""Proportional intensity models of recurrent events counted by day, with a robust covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.survival.newton import Evaluation, Maximum, maximise


@dataclass(frozen=True)
class RecurrentFit:
    """A fitted model.

    Attributes:
        maximum: Maximum of the partial likelihood; its covariance takes events of a participant for
            independent.
        robust: Covariance of the coefficients whatever the dependence within participants, shape
            (p, p).
    """

    maximum: Maximum
    robust: FloatArray


@dataclass(frozen=True)
class _RiskSets:
    """Days at risk, by risk set: those of one stratum at one time."""

    counts: FloatArray
    matrix: FloatArray
    group: IntArray
    totals: FloatArray


def fit_recurrent(
    counts: FloatArray, matrix: FloatArray, risk_set: IntArray, participant: IntArray
) -> RecurrentFit:
    """Fit the intensity ``baseline(stratum, time) exp(x b)`` by partial likelihood.

    A day with c events contributes c events of its participant at one time, by Breslow's
    approximation: the likelihood is that of Poisson counts by day with a free rate in every risk
    set. Efron's approximation is of no use here, since it removes from the risk set those who had
    the event, and one who had a seizure stays at risk of the next.

    Args:
        counts: Events, by day at risk, shape (n,).
        matrix: Covariates, shape (n, p).
        risk_set: Number of the risk set (stratum and time), from 0, shape (n,).
        participant: Number of the participant, from 0, shape (n,).

    Raises:
        IndistinctError: Terms cannot be told apart.

    Source:
        Andersen & Gill, Annals of Statistics 1982; Prentice, Williams & Peterson, Biometrika 1981;
        Lin & Wei, JASA 1989, and Lin, Wei, Yang & Ying, JRSS B 2000, for the robust covariance.
    """
    totals = np.bincount(risk_set, weights=counts).astype(np.float64)
    eventful = totals[risk_set] > 0  # a risk set without events says nothing of the coefficients
    sets = _RiskSets(counts[eventful], matrix[eventful], risk_set[eventful], totals)
    scales = np.ptp(matrix, axis=0)
    maximum = maximise(lambda point: _evaluate(sets, point), scales)
    residuals = _score_residuals(sets, maximum.coefficients)
    own = _sums(participant[eventful], residuals, int(participant.max()) + 1)
    if maximum.infinite.any():
        return RecurrentFit(maximum, np.full_like(maximum.information, np.nan))
    covariance = maximum.covariance
    return RecurrentFit(maximum, covariance @ (own.T @ own) @ covariance)


def _weights(sets: _RiskSets, point: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Linear predictors, weights and what was taken out of both before the exponential."""
    predictor = sets.matrix @ point
    largest = float(predictor.max())
    return predictor, np.exp(predictor - largest), largest


def _evaluate(sets: _RiskSets, point: FloatArray) -> Evaluation:
    predictor, weights, largest = _weights(sets, point)
    groups = len(sets.totals)
    total = np.bincount(sets.group, weights=weights, minlength=groups)
    share = weights * (sets.totals / np.where(total > 0, total, 1.0))[sets.group]
    means = _means(sets, weights)
    centred = sets.matrix - means[sets.group]
    used = sets.totals > 0
    logs = np.log(total[used]) + largest
    value = float(sets.counts @ predictor - sets.totals[used] @ logs)
    score = centred.T @ sets.counts
    return value, score, (centred * share[:, None]).T @ centred


def _means(sets: _RiskSets, weights: FloatArray) -> FloatArray:
    """Weighted mean of the covariates in each risk set, shape (sets, p)."""
    groups = len(sets.totals)
    total = np.bincount(sets.group, weights=weights, minlength=groups)
    sums = _sums(sets.group, weights[:, None] * sets.matrix, groups)
    return sums / np.where(total > 0, total, 1.0)[:, None]


def _score_residuals(sets: _RiskSets, point: FloatArray) -> FloatArray:
    """Each day's part of the score: events less what was expected, times covariates less mean."""
    _, weights, _ = _weights(sets, point)
    total = np.bincount(sets.group, weights=weights, minlength=len(sets.totals))
    expected = weights * (sets.totals / np.where(total > 0, total, 1.0))[sets.group]
    centred = sets.matrix - _means(sets, weights)[sets.group]
    return centred * (sets.counts - expected)[:, None]


def _sums(group: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Sums of rows by group, shape (groups, p)."""
    columns = [np.bincount(group, weights=column, minlength=groups) for column in values.T]
    return np.column_stack(columns)
