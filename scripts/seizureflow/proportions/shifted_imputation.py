"""Multiple imputation of responses by a logistic model with a shift of the odds of the missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.proportions.interval import Interval
from seizureflow.proportions.logistic_fit import fit_logistic
from seizureflow.proportions.separation import find_separation


@dataclass(frozen=True)
class PooledCoefficient:
    """A coefficient pooled over imputations by Rubin's rules.

    Attributes:
        estimate: Log odds ratio.
        se: Its standard error, between imputations and within.
        interval: t interval.
        p_value: Two-sided.
    """

    estimate: float
    se: float
    interval: Interval
    p_value: float


@dataclass(frozen=True)
class ShiftedImputations:
    """Results by shift.

    Attributes:
        pooled: By shift and column asked for.
        firth: Whether the known responses are separated, so that all fits are penalised.
        converged: Whether all fits converged.
    """

    pooled: tuple[tuple[PooledCoefficient, ...], ...]
    firth: bool
    converged: bool


def impute_shifted(
    outcome: FloatArray,
    matrix: FloatArray,
    shifted: BoolArray,
    deltas: Sequence[float],
    columns: Sequence[int],
    imputations: int,
    level: float,
    rng: np.random.Generator,
) -> ShiftedImputations:
    """Impute missing responses with shifted log odds, and pool coefficients of the same model.

    Coefficients of the imputation model are drawn from their normal approximation. All shifts use
    the same draws, so that results differ by the shift alone.

    Args:
        outcome: 0 or 1 by participant, not a number where it is missing.
        matrix: Design matrix of all participants, participants by terms.
        shifted: Participants whose log odds are shifted where their outcome is missing.
        deltas: Shifts of the log odds.
        columns: Columns of the matrix whose coefficients are pooled.
        imputations: Number of imputations, at least 2.
        level: Confidence level.
        rng: Source of the draws.

    Source:
        Rubin, Multiple Imputation for Nonresponse in Surveys (1987), 3.1 and 5.3; shift: Carpenter
        & Kenward, Multiple Imputation and its Application (2013), chapter 10.
    """
    missing = np.isnan(outcome)
    known = ~missing
    # Data that are not separated are not separated by more participants either.
    firth = find_separation(outcome[known], matrix[known]) is not None
    fit = fit_logistic(outcome[known], matrix[known], firth=firth)
    covariance = np.zeros((matrix.shape[1],) * 2) if fit.covariance is None else fit.covariance
    root = np.linalg.cholesky(covariance)
    drawn = fit.coefficients + rng.standard_normal((imputations, matrix.shape[1])) @ root.T
    uniform = rng.random((imputations, int(missing.sum())))
    converged, results = fit.converged, []
    for delta in deltas:
        odds = drawn @ matrix[missing].T + delta * shifted[missing]
        fits = [
            fit_logistic(
                _completed(outcome, missing, draw), matrix, firth=firth, start=fit.coefficients
            )
            for draw in uniform < special.expit(odds)
        ]
        converged &= all(one.converged for one in fits)
        results.append(
            tuple(
                _pool(
                    np.array([one.coefficients[column] for one in fits]),
                    np.array(
                        [
                            math.nan if one.covariance is None else one.covariance[column, column]
                            for one in fits
                        ]
                    ),
                    level,
                )
                for column in columns
            )
        )
    return ShiftedImputations(tuple(results), firth, converged)


def _completed(outcome: FloatArray, missing: BoolArray, responses: BoolArray) -> FloatArray:
    completed = outcome.copy()
    completed[missing] = responses
    return completed


def _pool(estimates: FloatArray, variances: FloatArray, level: float) -> PooledCoefficient:
    """Rubin's rules, with his degrees of freedom of 1987."""
    number = len(estimates)
    within, between = float(variances.mean()), float(estimates.var(ddof=1))
    added = (1 + 1 / number) * between
    se = math.sqrt(within + added)
    df = math.inf if added == 0 else (number - 1) * (1 + within / added) ** 2
    estimate = float(estimates.mean())
    half = float(distributions.student_t.ppf((1 + level) / 2, df)) * se
    return PooledCoefficient(
        estimate,
        se,
        Interval(estimate - half, estimate + half),
        2 * float(distributions.student_t.sf(abs(estimate) / se, df)),
    )
