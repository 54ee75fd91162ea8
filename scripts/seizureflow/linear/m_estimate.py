"""Robust linear regression: M-estimates with Huber's or Tukey's function and the MAD as scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray

Norm = Literal["huber", "tukey"]

# Each gives 95% of the efficiency of least squares where residuals are normal.
TUNING = {"huber": 1.345, "tukey": 4.685}
_NORMAL_QUARTILE = float(distributions.normal.ppf(0.75))
_EXACT_FIT = 1e-10
_TOLERANCE = 1e-11
_MOST_ITERATIONS = 1000


@dataclass(frozen=True)
class MEstimate:
    """An M-estimate.

    Attributes:
        coefficients: p.
        covariance: p x p; not numbers where it does not exist.
        scale: Median absolute residual over 0.6745.
        weights: Of the rows in the last weighted least squares, n; 1 for the bulk.
        converged: Whether the iterations came to rest.
    """

    coefficients: FloatArray
    covariance: FloatArray
    scale: float
    weights: FloatArray
    converged: bool


def fit_m_estimate(outcome: FloatArray, matrix: FloatArray, norm: Norm) -> MEstimate | None:
    """Fit by iterated weighted least squares, the scale being estimated anew each time.

    Huber's estimate starts from least squares. Tukey's, which can have several solutions, starts
    from Huber's. The covariance is Huber's (1981) eq. 7.6.11: ``k^2 [sum psi^2 / (n - p)] /
    [mean psi']^2 (X'X)^-1`` with ``k = 1 + p / n var(psi') / mean(psi')^2``.

    Args:
        outcome: n.
        matrix: Design matrix, n x p, of full rank, n > p.
        norm: Huber's or Tukey's (bisquare).

    Returns:
        None where at least half of the residuals are 0, so that there is no scale.

    Source:
        Huber, Robust Statistics, 1981, ch. 7; Beaton & Tukey, Technometrics 1974;16:147.
    """
    coefficients = _least_squares(matrix, outcome)
    found = _iterate(outcome, matrix, coefficients, "huber")
    if norm == "tukey" and found is not None:
        found = _iterate(outcome, matrix, found.coefficients, "tukey")
    return found


def _iterate(
    outcome: FloatArray, matrix: FloatArray, coefficients: FloatArray, norm: Norm
) -> MEstimate | None:
    weight = _WEIGHTS[norm]
    smallest = _EXACT_FIT * max(float(np.abs(outcome).max()), 1e-300)
    for _ in range(_MOST_ITERATIONS):
        residuals = outcome - matrix @ coefficients
        scale = _scale(residuals)
        if scale <= smallest:
            return None
        roots = np.sqrt(weight(residuals / scale, TUNING[norm]))
        better = _least_squares(matrix * roots[:, None], outcome * roots)
        step = float(np.abs(matrix @ (better - coefficients)).max())
        coefficients = better
        if step <= _TOLERANCE * scale:
            return _finish(outcome, matrix, coefficients, norm, converged=True)
    return _finish(outcome, matrix, coefficients, norm, converged=False)


def _finish(
    outcome: FloatArray, matrix: FloatArray, coefficients: FloatArray, norm: Norm, converged: bool
) -> MEstimate:
    residuals = outcome - matrix @ coefficients
    scale, (n, p) = _scale(residuals), matrix.shape
    standardised = residuals / scale
    weights = _WEIGHTS[norm](standardised, TUNING[norm])
    slopes = _SLOPES[norm](standardised, TUNING[norm])
    mean = float(slopes.mean())
    factor = math.nan
    if mean > 0:
        inflation = 1 + p / n * float(slopes.var()) / mean**2
        spread = float(np.sum((weights * residuals) ** 2)) / (n - p)
        factor = inflation**2 * spread / mean**2
    covariance = np.asarray(factor * np.linalg.inv(matrix.T @ matrix), dtype=np.float64)
    return MEstimate(coefficients, covariance, scale, weights, converged)


def _least_squares(matrix: FloatArray, outcome: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.lstsq(matrix, outcome, rcond=None)[0], dtype=np.float64)


def _scale(residuals: FloatArray) -> float:
    return float(np.median(np.abs(residuals))) / _NORMAL_QUARTILE


def _huber_weight(u: FloatArray, k: float) -> FloatArray:
    return k / np.maximum(np.abs(u), k)


def _huber_slope(u: FloatArray, k: float) -> FloatArray:
    return (np.abs(u) <= k).astype(np.float64)


def _tukey_weight(u: FloatArray, c: float) -> FloatArray:
    return np.where(np.abs(u) <= c, (1 - (u / c) ** 2) ** 2, 0.0)


def _tukey_slope(u: FloatArray, c: float) -> FloatArray:
    square = (u / c) ** 2
    return np.where(square <= 1, (1 - square) * (1 - 5 * square), 0.0)


_Function = Callable[[FloatArray, float], FloatArray]
_WEIGHTS: dict[str, _Function] = {"huber": _huber_weight, "tukey": _tukey_weight}
_SLOPES: dict[str, _Function] = {"huber": _huber_slope, "tukey": _tukey_slope}
