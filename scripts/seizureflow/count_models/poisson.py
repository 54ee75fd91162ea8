"""Poisson regression with a log link, by iteratively reweighted least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow.array_types import FloatArray
from seizureflow.count_models.errors import CountModelError

_MAX_ITERATIONS = 100
# A Newton step that gains less log-likelihood than this is the last; the next gains its square.
NEGLIGIBLE_GAIN = 1e-13
# A fitted mean below this is that of a group without seizures, on its way to zero.
_SMALLEST_MEAN = 1e-8


@dataclass(frozen=True)
class PoissonFit:
    """Maximum likelihood fit of Poisson counts.

    Attributes:
        coefficients: Log rates, one per column of the design matrix.
        means: Fitted means, one per row.
        covariance: Inverse of the expected information, for a dispersion of 1.
        deviance: Twice the log-likelihood ratio against the saturated model.
        pearson: Sum of the squared Pearson residuals.
        residual_df: Rows less columns.
        log_likelihood: At the maximum.
        converged: Whether the maximum was reached.
    """

    coefficients: FloatArray
    means: FloatArray
    covariance: FloatArray
    deviance: float
    pearson: float
    residual_df: int
    log_likelihood: float
    converged: bool


def fit_poisson(counts: FloatArray, matrix: FloatArray, offset: FloatArray) -> PoissonFit:
    """Fit a Poisson regression.

    Args:
        counts: Counts, one per row.
        matrix: Design matrix, rows by terms, of full rank.
        offset: Added to the linear predictor.

    Raises:
        CountModelError: All counts are zero, or the fit runs to infinity.

    Source:
        McCullagh & Nelder, Generalized Linear Models, 2nd ed., 2.5.
    """
    refuse_silence(counts)
    coefficients = _start(counts, matrix, offset)
    current = _log_likelihood_kernel(counts, matrix @ coefficients + offset)
    converged = False
    for _ in range(_MAX_ITERATIONS):
        means = np.exp(matrix @ coefficients + offset)
        score = matrix.T @ (counts - means)
        step = solve(matrix.T @ (matrix * means[:, None]), score)
        if float(score @ step) < NEGLIGIBLE_GAIN:
            coefficients, converged = coefficients + step, True
            break
        coefficients, current, moved = _advance(counts, matrix, offset, coefficients, step, current)
        if not moved:
            break
    eta = matrix @ coefficients + offset
    means = np.exp(eta)
    refuse_vanishing(means)
    information = matrix.T @ (matrix * means[:, None])
    return PoissonFit(
        coefficients=coefficients,
        means=means,
        covariance=inverse(information),
        deviance=2 * float(np.sum(special.xlogy(counts, counts / means) - counts + means)),
        pearson=float(np.sum((counts - means) ** 2 / means)),
        residual_df=len(counts) - matrix.shape[1],
        log_likelihood=_log_likelihood_kernel(counts, eta)
        - float(np.sum(special.gammaln(counts + 1))),
        converged=converged,
    )


def refuse_silence(counts: FloatArray) -> None:
    """Refuse counts that are all zero.

    Raises:
        CountModelError: They are.
    """
    if not np.any(counts > 0):
        raise CountModelError("There was no seizure at all, so a rate ratio does not exist.")


def refuse_vanishing(means: FloatArray) -> None:
    """Refuse fitted means that are going to zero, where coefficients go to infinity.

    Raises:
        CountModelError: One is.
    """
    if not float(means.min()) > _SMALLEST_MEAN:
        raise CountModelError(
            "A group of participants without seizures has no finite rate, so the model has no "
            "finite answer. Remove a covariate, or join its categories."
        )


def solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solve a positive-definite system that may be all but singular on the way to infinity."""
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0], dtype=np.float64)


def inverse(information: FloatArray) -> FloatArray:
    """Invert an information matrix.

    Raises:
        CountModelError: It is singular.
    """
    try:
        return np.asarray(np.linalg.inv(information), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise CountModelError(
            "The information about the terms is singular: a group without seizures has no finite "
            "rate. Remove a covariate, or join its categories."
        ) from error


def _start(counts: FloatArray, matrix: FloatArray, offset: FloatArray) -> FloatArray:
    """Weighted least squares of the log counts, as R's glm() begins."""
    means = counts + 0.1
    working = np.log(means) - offset
    return solve(matrix.T @ (matrix * means[:, None]), matrix.T @ (means * working))


def _advance(
    counts: FloatArray,
    matrix: FloatArray,
    offset: FloatArray,
    coefficients: FloatArray,
    step: FloatArray,
    current: float,
) -> tuple[FloatArray, float, bool]:
    """Take a step, halved until the likelihood does not fall; whether there was such a step."""
    for halvings in range(30):
        trial = coefficients + step * 0.5**halvings
        eta = matrix @ trial + offset
        if np.abs(eta).max() < 700:
            value = _log_likelihood_kernel(counts, eta)
            if value >= current:
                return trial, value, True
    return coefficients, current, False


def _log_likelihood_kernel(counts: FloatArray, eta: FloatArray) -> float:
    return float(np.sum(counts * eta - np.exp(eta)))
