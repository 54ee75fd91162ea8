"""Negative binomial regression (NB2) with a log link, by joint maximum likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.count_models.negative_binomial_terms import Counts, Derivatives
from seizureflow.count_models.poisson import (
    NEGLIGIBLE_GAIN,
    fit_poisson,
    inverse,
    refuse_silence,
    refuse_vanishing,
)

# Below this dispersion the counts are no more variable than Poisson counts to any practical degree.
_NO_DISPERSION = 1e-7
_MAX_ITERATIONS = 200
_LONGEST_STEP = 3.0
_TRIAL_DISPERSIONS = np.geomspace(1e-3, 100, 16)


@dataclass(frozen=True)
class NegativeBinomialFit:
    """Maximum likelihood fit of counts with variance ``mu + mu^2 / theta``.

    Attributes:
        coefficients: Log rates, one per column of the design matrix.
        means: Fitted means, one per row.
        covariance_fixed_theta: Inverse of the expected information with theta held fixed (as R's
            ``glm.nb``).
        covariance_full: Of the coefficients, from the observed information of coefficients and
            theta together (as statsmodels).
        covariance_robust: Sandwich with theta held fixed, without a small-sample correction.
        theta: Shape; infinite for Poisson counts.
        theta_se: From the observed information of theta alone (as R's ``theta.ml``).
        log_likelihood: At the maximum.
        converged: Whether the maximum was reached.
    """

    coefficients: FloatArray
    means: FloatArray
    covariance_fixed_theta: FloatArray
    covariance_full: FloatArray
    covariance_robust: FloatArray
    theta: float
    theta_se: float
    log_likelihood: float
    converged: bool

    @property
    def alpha(self) -> float:
        """Dispersion, ``1 / theta``."""
        return 0.0 if math.isinf(self.theta) else 1 / self.theta


def fit_negative_binomial(
    counts: FloatArray, matrix: FloatArray, offset: FloatArray, clusters: IntArray | None = None
) -> NegativeBinomialFit:
    """Fit by joint maximum likelihood of coefficients and theta.

    Where the Poisson limit is at least as likely as any theta, it is given, with theta infinite.

    Args:
        counts: Counts, whole numbers, one per row.
        matrix: Design matrix, rows by terms, of full rank.
        offset: Added to the linear predictor.
        clusters: Number of the participant of each row, for the robust covariance; without it
            every row is a participant.

    Raises:
        CountModelError: All counts are zero, or a term runs to infinity.

    Source:
        Venables & Ripley, Modern Applied Statistics with S, 4th ed., 7.4 (``glm.nb``);
        Lawless (Can J Stat 1987; 15: 209-225) for the score at the Poisson limit.
    """
    matrix, offset = np.asarray(matrix, dtype=np.float64), np.asarray(offset, dtype=np.float64)
    rows = Counts(counts)
    refuse_silence(rows.values)
    poisson = fit_poisson(rows.values, matrix, offset)
    log_rates = matrix @ poisson.coefficients + offset
    alpha = _starting_dispersion(rows, log_rates)
    if alpha is None:
        coefficients, alpha, converged = poisson.coefficients, 0.0, poisson.converged
    else:
        coefficients, alpha, converged = _maximise(
            rows, matrix, offset, poisson.coefficients, alpha
        )
        if alpha < _NO_DISPERSION:
            coefficients, alpha, converged = poisson.coefficients, 0.0, poisson.converged
    refuse_vanishing(np.exp(matrix @ coefficients + offset))
    return _result(rows, matrix, offset, coefficients, alpha, converged, clusters)


def _starting_dispersion(rows: Counts, log_rates: FloatArray) -> float | None:
    """A dispersion that is likelier than none at the means of the Poisson fit; None without one."""
    none = rows.derivatives(log_rates, 0.0)
    overdispersed = float(none.alpha.sum()) > 0
    values = [float(rows.log_likelihood(log_rates, float(a)).sum()) for a in _TRIAL_DISPERSIONS]
    best = int(np.argmax(values))
    if values[best] > float(none.value.sum()):
        return float(_TRIAL_DISPERSIONS[best])
    return float(_TRIAL_DISPERSIONS[0]) / 10 if overdispersed else None


def _maximise(
    rows: Counts, matrix: FloatArray, offset: FloatArray, coefficients: FloatArray, alpha: float
) -> tuple[FloatArray, float, bool]:
    """Newton's method in the coefficients and the logarithm of the dispersion."""
    terms = len(coefficients)
    point = np.append(coefficients, math.log(alpha))
    now = rows.derivatives(matrix @ coefficients + offset, alpha)
    current = float(now.value.sum())
    for _ in range(_MAX_ITERATIONS):
        alpha = math.exp(point[-1])
        gradient, step = _newton_step(now, matrix, alpha)
        if float(gradient @ step) < NEGLIGIBLE_GAIN:
            point = point + step
            return point[:terms], math.exp(point[-1]), True
        if alpha < _NO_DISPERSION:
            break
        for halvings in range(40):
            trial = point + step * 0.5**halvings
            eta = matrix @ trial[:terms] + offset
            value = float(rows.log_likelihood(eta, math.exp(trial[-1])).sum())
            if value >= current:
                break
        else:
            break
        point, current = trial, value
        now = rows.derivatives(eta, math.exp(point[-1]))
    return point[:terms], math.exp(point[-1]), False


def _newton_step(
    now: Derivatives, matrix: FloatArray, alpha: float
) -> tuple[FloatArray, FloatArray]:
    """Gradient and Newton step; a step of scoring where the likelihood is not concave."""
    gradient = np.append(matrix.T @ now.eta, alpha * now.alpha.sum())
    terms = matrix.shape[1]
    information = np.empty((terms + 1, terms + 1))
    information[:terms, :terms] = -(matrix.T @ (matrix * now.eta_eta[:, None]))
    information[:terms, -1] = information[-1, :terms] = -alpha * (matrix.T @ now.eta_alpha)
    information[-1, -1] = -(alpha**2 * now.alpha_alpha.sum() + alpha * now.alpha.sum())
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        information[:terms, -1] = information[-1, :terms] = 0.0
        information[-1, -1] = max(abs(information[-1, -1]), 1e-6)
    step = np.asarray(np.linalg.lstsq(information, gradient, rcond=None)[0], dtype=np.float64)
    return gradient, step * min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))


def _result(
    rows: Counts,
    matrix: FloatArray,
    offset: FloatArray,
    coefficients: FloatArray,
    alpha: float,
    converged: bool,
    clusters: IntArray | None,
) -> NegativeBinomialFit:
    at = rows.derivatives(matrix @ coefficients + offset, alpha)
    means = np.exp(matrix @ coefficients + offset)
    expected = inverse(matrix.T @ (matrix * (means / (1 + alpha * means))[:, None]))
    scores = matrix * at.eta[:, None]
    if clusters is not None:
        scores = np.stack([np.bincount(clusters, weights=column) for column in scores.T], axis=1)
    return NegativeBinomialFit(
        coefficients=coefficients,
        means=means,
        covariance_fixed_theta=expected,
        covariance_full=_full_covariance(at, matrix, alpha),
        covariance_robust=expected @ (scores.T @ scores) @ expected,
        theta=1 / alpha if alpha > 0 else math.inf,
        theta_se=_theta_standard_error(at, alpha),
        log_likelihood=float(at.value.sum()),
        converged=converged,
    )


def _full_covariance(at: Derivatives, matrix: FloatArray, alpha: float) -> FloatArray:
    """Block of the coefficients in the inverse of the observed information of all parameters.

    At the Poisson limit the dispersion lies on its bound and takes no part.
    """
    information = -(matrix.T @ (matrix * at.eta_eta[:, None]))
    if alpha == 0:
        return inverse(information)
    mixed = -(matrix.T @ at.eta_alpha)
    return inverse(information - np.outer(mixed, mixed) / -float(at.alpha_alpha.sum()))


def _theta_standard_error(at: Derivatives, alpha: float) -> float:
    """From the second derivative of the log-likelihood in theta; none at the Poisson limit."""
    information = -float(at.alpha_alpha.sum()) * alpha**4
    return 1 / math.sqrt(information) if information > 0 else math.nan
