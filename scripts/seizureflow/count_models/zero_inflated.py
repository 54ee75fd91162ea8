"""Zero-inflated negative binomial regression with one share of structural zeros."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.count_models.negative_binomial import NegativeBinomialFit, fit_negative_binomial
from seizureflow.count_models.negative_binomial_terms import Counts
from seizureflow.count_models.optimum import Optimum, maximise
from seizureflow.count_models.poisson import fit_poisson, inverse

# Bounds between which the logarithm of the dispersion is sought; below, counts are Poisson.
_LOWEST_LOG_DISPERSION = math.log(1e-6)


@dataclass(frozen=True)
class ZeroInflatedFit:
    """Maximum likelihood fit of a mixture of zeros and negative binomial counts.

    Attributes:
        coefficients: Log rates of the counts that are not structural zeros.
        covariance: From the observed information of all parameters.
        theta: Shape; infinite where the counts besides the zeros are Poisson counts.
        zero_share: Share of structural zeros; 0 at the boundary.
        zero_logit: Its logit; not a number at the boundary.
        zero_logit_se: Standard error of the logit; not a number at the boundary.
        log_likelihood: At the maximum.
        negative_binomial: The fit without structural zeros.
        at_boundary: Whether no share of structural zeros is likelier than none, so that the
            coefficients are those of the negative binomial fit.
        converged: Whether the maximum was reached.
    """

    coefficients: FloatArray
    covariance: FloatArray
    theta: float
    zero_share: float
    zero_logit: float
    zero_logit_se: float
    log_likelihood: float
    negative_binomial: NegativeBinomialFit
    at_boundary: bool
    converged: bool


def fit_zero_inflated(
    counts: FloatArray, matrix: FloatArray, offset: FloatArray
) -> ZeroInflatedFit:
    """Fit by maximum likelihood; where the share of zeros goes to 0, give the fit without it.

    Args:
        counts: Counts, whole numbers, one per row.
        matrix: Design matrix, rows by terms, of full rank.
        offset: Added to the linear predictor.

    Raises:
        CountModelError: All counts are zero, or a term runs to infinity.

    Source:
        Lambert (Technometrics 1992; 34: 1-14), with negative binomial counts: Greene (NYU working
        paper EC-94-10, 1994).
    """
    plain = fit_negative_binomial(counts, matrix, offset)
    rows, zero = Counts(counts), np.asarray(counts) == 0
    best = _best(rows, zero, matrix, offset, plain)
    if best is None or best.value <= plain.log_likelihood + 1e-8:
        return _boundary(plain)
    poisson = len(best.point) == matrix.shape[1] + 1
    covariance = inverse(best.information)
    logit = float(best.point[-1])
    terms = matrix.shape[1]
    return ZeroInflatedFit(
        coefficients=best.point[:terms],
        covariance=covariance[:terms, :terms],
        theta=math.inf if poisson else math.exp(-best.point[terms]),
        zero_share=1 / (1 + math.exp(-logit)),
        zero_logit=logit,
        zero_logit_se=math.sqrt(covariance[-1, -1]),
        log_likelihood=best.value,
        negative_binomial=plain,
        at_boundary=False,
        converged=best.converged,
    )


def zero_inflated_log_likelihood(
    rows: Counts, zero: BoolArray, eta: FloatArray, alpha: float, logit: float
) -> float:
    """Log-likelihood of the mixture.

    Args:
        rows: The counts.
        zero: Whether each is 0.
        eta: Log means of the counts that are not structural zeros.
        alpha: Dispersion.
        logit: Logit of the share of structural zeros.
    """
    count = rows.log_likelihood(eta, alpha) - np.logaddexp(0.0, logit)
    structural = -np.logaddexp(0.0, -logit)
    return float(np.sum(np.where(zero, np.logaddexp(structural, count), count)))


def _best(
    rows: Counts,
    zero: BoolArray,
    matrix: FloatArray,
    offset: FloatArray,
    plain: NegativeBinomialFit,
) -> Optimum | None:
    """The likeliest of the maxima found, from starts with few and with many structural zeros."""
    if not zero.any():
        return None
    terms = matrix.shape[1]

    def mixture(point: FloatArray) -> float:
        eta = matrix @ point[:terms] + offset
        if eta.max() > 300 or abs(point[-1]) > 50 or not -25 < point[terms] < 10:
            return -math.inf
        return zero_inflated_log_likelihood(rows, zero, eta, math.exp(point[terms]), point[-1])

    def poisson_mixture(point: FloatArray) -> float:
        eta = matrix @ point[:terms] + offset
        if eta.max() > 300 or abs(point[-1]) > 50:
            return -math.inf
        return zero_inflated_log_likelihood(rows, zero, eta, 0.0, point[-1])

    def with_scales(covariance: FloatArray, *variances: float) -> FloatArray:
        return block_diag(covariance, np.diag(variances))

    found = []
    share = float(zero.mean())
    for part in (0.1, 0.9):
        logit = math.log(part * share / (1 - part * share))
        start = np.concatenate([plain.coefficients, [math.log(max(plain.alpha, 1e-2)), logit]])
        covariance = with_scales(plain.covariance_fixed_theta, 0.1, 0.3)
        found.append(maximise(mixture, start, covariance))
    if any(one.point[terms] < _LOWEST_LOG_DISPERSION for one in found):
        base = fit_poisson(rows.values, matrix, offset)
        start = np.append(base.coefficients, math.log(share / (2 - share)))
        found = [one for one in found if one.point[terms] >= _LOWEST_LOG_DISPERSION]
        found.append(maximise(poisson_mixture, start, with_scales(base.covariance, 0.3)))
    converged = [one for one in found if one.converged]
    return max(converged or found, key=lambda one: one.value)


def _boundary(plain: NegativeBinomialFit) -> ZeroInflatedFit:
    return ZeroInflatedFit(
        coefficients=plain.coefficients,
        covariance=plain.covariance_full,
        theta=plain.theta,
        zero_share=0.0,
        zero_logit=math.nan,
        zero_logit_se=math.nan,
        log_likelihood=plain.log_likelihood,
        negative_binomial=plain,
        at_boundary=True,
        converged=plain.converged,
    )
