"""Logistic regression by maximum likelihood or by Firth's penalised likelihood.

A coefficient can be held fixed, which gives profiles of the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow.array_types import FloatArray

_MAX_ITERATIONS = 500
_MAX_STEP = 5.0
# Steps end when they are that small relative to the coefficients.
_TOLERANCE = 1e-11


@dataclass(frozen=True)
class LogisticFit:
    """A fitted logistic regression.

    Attributes:
        coefficients: Log odds by column of the matrix, the fixed one included.
        covariance: Inverse of the Fisher information at the coefficients (of the likelihood
            without penalty, as in R's ``logistf``); None where the information is singular.
        log_likelihood: At the maximum, with the penalty where there is one.
        converged: Whether the maximum was reached.
    """

    coefficients: FloatArray
    covariance: FloatArray | None
    log_likelihood: float
    converged: bool


@dataclass(frozen=True)
class _Point:
    """The likelihood, its score and the information at given coefficients."""

    value: float
    score: FloatArray
    information: FloatArray


def fit_logistic(
    outcome: FloatArray,
    matrix: FloatArray,
    *,
    firth: bool = False,
    fixed: tuple[int, float] | None = None,
    start: FloatArray | None = None,
) -> LogisticFit:
    """Maximise the likelihood, or the one penalised by Jeffreys' prior.

    The penalised log-likelihood is ``l(b) + log det I(b) / 2``. Where a coefficient is fixed the
    determinant stays that of the whole information, as in Heinze & Schemper (2002).

    Args:
        outcome: 0 or 1 by participant.
        matrix: Design matrix of full rank, participants by terms.
        firth: Whether to penalise.
        fixed: Column of a coefficient that is held, and its value.
        start: Coefficients to start from; zero where not given.

    Source:
        Firth, Biometrika 80 (1993) 27-38; Heinze & Schemper, Stat Med 21 (2002) 2409-2419.
    """
    beta = np.zeros(matrix.shape[1]) if start is None else start.copy()
    free = np.ones(matrix.shape[1], dtype=bool)
    if fixed is not None:
        beta[fixed[0]] = fixed[1]
        free[fixed[0]] = False
    point = _evaluate(outcome, matrix, beta, firth)
    converged = not free.any()
    previous = np.zeros_like(beta)
    for _ in range(0 if converged else _MAX_ITERATIONS):
        step = np.zeros_like(beta)
        step[free] = _solve(point.information[np.ix_(free, free)], point.score[free])
        if np.abs(step).max() <= _TOLERANCE * (1 + np.abs(beta).max()):
            converged = True
            break
        step *= min(1.0, _MAX_STEP / np.abs(step).max())
        # With a penalty the steps are not Newton's own and can swing about the maximum.
        step *= 0.5 if float(step @ previous) < 0 else 1.0
        previous = step
        beta, point, risen = _climb(outcome, matrix, beta, step, point, firth)
        if not risen:
            converged = float(np.abs(step).max()) < 1e-6
            break
    return LogisticFit(beta, _inverse(point.information), point.value, converged)


def _climb(
    outcome: FloatArray,
    matrix: FloatArray,
    beta: FloatArray,
    step: FloatArray,
    point: _Point,
    firth: bool,
) -> tuple[FloatArray, _Point, bool]:
    """Take the step, or as much of it as makes the likelihood rise."""
    for halving in range(30):
        candidate = beta + step / 2**halving
        reached = _evaluate(outcome, matrix, candidate, firth)
        if reached.value >= point.value - 1e-13 * abs(point.value):
            return candidate, reached, True
    return beta, point, False


def _evaluate(outcome: FloatArray, matrix: FloatArray, beta: FloatArray, firth: bool) -> _Point:
    predictor = matrix @ beta
    probability = special.expit(predictor)
    weight = probability * special.expit(-predictor)
    root = matrix * np.sqrt(weight)[:, None]
    information = root.T @ root
    value = float(np.sum(outcome * predictor - np.logaddexp(0, predictor)))
    residual = outcome - probability
    if firth:
        sign, log_determinant = np.linalg.slogdet(information)
        if sign <= 0 or not np.isfinite(log_determinant):
            return _Point(-np.inf, np.zeros_like(beta), information)
        value += 0.5 * float(log_determinant)
        leverage = np.sum(root * np.linalg.solve(information, root.T).T, axis=1)
        residual = residual + leverage * (0.5 - probability)
    return _Point(value, matrix.T @ residual, information)


def _solve(information: FloatArray, score: FloatArray) -> FloatArray:
    try:
        return np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    except np.linalg.LinAlgError:  # all probabilities at 0 or 1
        return np.asarray(np.linalg.pinv(information) @ score, dtype=np.float64)


def _inverse(information: FloatArray) -> FloatArray | None:
    try:
        inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    return inverse if np.isfinite(inverse).all() else None
