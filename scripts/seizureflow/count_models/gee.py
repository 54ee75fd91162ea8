"""Poisson generalised estimating equations with a log link over the visits of participants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.errors import CountModelError
from seizureflow.count_models.poisson import fit_poisson, inverse
from seizureflow.count_models.working_correlation import (
    Denominator,
    Structure,
    WorkingCorrelation,
    estimate_correlation,
)

_MAX_ITERATIONS = 200
_TOLERANCE = 1e-10
_LARGEST_LOG_RATE = 50.0


@dataclass(frozen=True)
class GeeParts:
    """What the estimating equations consist of at given coefficients, per participant.

    Attributes:
        derivatives: Participants by visits by terms: derivative of the mean, 0 where missing.
        residuals: Participants by visits: count less mean, 0 where missing.
        inverse_covariance: Participants by visits by visits: inverse of the working covariance.
    """

    derivatives: FloatArray
    residuals: FloatArray
    inverse_covariance: FloatArray

    @property
    def weighted(self) -> FloatArray:
        """Participants by terms by visits: derivatives times inverse covariance."""
        return np.einsum("ijp,ijk->ipk", self.derivatives, self.inverse_covariance)

    @property
    def information(self) -> FloatArray:
        """Participants by terms by terms."""
        return self.weighted @ self.derivatives

    @property
    def scores(self) -> FloatArray:
        """Participants by terms."""
        return np.einsum("ipj,ij->ip", self.weighted, self.residuals)


@dataclass(frozen=True)
class GeeFit:
    """Solution of the estimating equations.

    Attributes:
        coefficients: Log rates, one per column of the design matrix.
        correlation: Scale and working correlation at the solution.
        model_covariance: Of the coefficients, if the working correlation were true.
        parts: The equations at the solution, for sandwich estimates.
        pearson: Pearson residuals, one per row.
        converged: Whether the equations were solved.
    """

    coefficients: FloatArray
    correlation: WorkingCorrelation
    model_covariance: FloatArray
    parts: GeeParts
    pearson: FloatArray
    converged: bool


def fit_gee(
    counts: FloatArray,
    matrix: FloatArray,
    offset: FloatArray,
    clusters: Clusters,
    structure: Structure = "exchangeable",
    denominator: Denominator = "rows",
) -> GeeFit:
    """Solve the estimating equations, alternating with moment estimates of the correlation.

    Args:
        counts: Counts, one per row.
        matrix: Design matrix, rows by terms, of full rank.
        offset: Added to the linear predictor.
        clusters: Participant and visit of each row.
        structure: Structure of the working correlation.
        denominator: See :func:`estimate_correlation`.

    Raises:
        CountModelError: There is no solution, or the working correlation cannot be estimated.

    Source:
        Liang & Zeger (Biometrika 1986; 73: 13-22).
    """
    terms = matrix.shape[1]
    if clusters.participants <= terms:
        raise CountModelError(
            f"{clusters.participants} participants are too few for {terms} terms."
        )
    coefficients = fit_poisson(counts, matrix, offset).coefficients
    converged = False
    for _ in range(_MAX_ITERATIONS):
        means, pearson = _means(counts, matrix, offset, coefficients)
        correlation = estimate_correlation(pearson, clusters, terms, structure, denominator)
        parts = _parts(counts, matrix, means, clusters, correlation)
        step = inverse(parts.information.sum(axis=0)) @ parts.scores.sum(axis=0)
        coefficients = coefficients + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        if float(np.abs(step).max()) < _TOLERANCE:
            converged = True
            break
    means, pearson = _means(counts, matrix, offset, coefficients)
    correlation = estimate_correlation(pearson, clusters, terms, structure, denominator)
    parts = _parts(counts, matrix, means, clusters, correlation)
    return GeeFit(
        coefficients=coefficients,
        correlation=correlation,
        model_covariance=inverse(parts.information.sum(axis=0)),
        parts=parts,
        pearson=pearson,
        converged=converged,
    )


def _means(
    counts: FloatArray, matrix: FloatArray, offset: FloatArray, coefficients: FloatArray
) -> tuple[FloatArray, FloatArray]:
    log_rates = matrix @ coefficients
    if np.abs(log_rates).max() > _LARGEST_LOG_RATE:
        raise CountModelError("A group without seizures has no finite rate.")
    means = np.exp(log_rates + offset)
    return means, (counts - means) / np.sqrt(means)


def _parts(
    counts: FloatArray,
    matrix: FloatArray,
    means: FloatArray,
    clusters: Clusters,
    correlation: WorkingCorrelation,
) -> GeeParts:
    # A missing visit gets a row and column of the identity, so that it takes part in nothing.
    both = clusters.present[:, :, None] & clusters.present[:, None, :]
    visits = clusters.present.shape[1]
    correlations = np.where(both, correlation.matrix, np.eye(visits))
    roots = clusters.spread(np.sqrt(means), empty=1.0)
    inverses = np.linalg.inv(correlations)
    return GeeParts(
        derivatives=clusters.spread(matrix * means[:, None]),
        residuals=clusters.spread(counts - means),
        inverse_covariance=inverses / (correlation.scale * roots[:, :, None] * roots[:, None, :]),
    )
