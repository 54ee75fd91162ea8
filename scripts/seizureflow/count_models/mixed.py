"""Generalised linear mixed models of counts by maximum likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg import block_diag

from seizureflow.array_types import FloatArray
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.errors import CountModelError
from seizureflow.count_models.negative_binomial import fit_negative_binomial
from seizureflow.count_models.optimum import Optimum, maximise
from seizureflow.count_models.poisson import inverse
from seizureflow.count_models.random_effects import ClusteredCounts

RandomEffects = Literal["participant", "participant_and_row", "participant_and_slope"]

# A standard deviation below this is 0 to any practical degree.
_NO_VARIATION = 1e-3
_LOWEST_LOG_DISPERSION = math.log(1e-6)
_HIGHEST_LOG_DISPERSION = 6.0
_LARGEST_SD = 20.0
# Of a standard deviation, of the other entries of a covariance factor, and of a log dispersion.
_GUESSED_VARIANCE = 0.01


@dataclass(frozen=True)
class MixedFit:
    """Maximum likelihood fit of a mixed model of counts.

    Attributes:
        coefficients: Log rates given the random effects, one per column of the design matrix.
        covariance: From the observed information of all parameters.
        factor: Lower triangular factor of the covariance of the random effects; for
            ``participant_and_row`` the standard deviations of participant and row on its diagonal.
        theta: Shape of the counts given the random effects; infinite for Poisson counts.
        log_likelihood: At the maximum.
        quadrature_points: Points of the quadrature; 1 is Laplace's method.
        at_boundary: Whether a standard deviation of random effects is 0.
        converged: Whether the maximum was reached.
    """

    coefficients: FloatArray
    covariance: FloatArray
    factor: FloatArray
    theta: float
    log_likelihood: float
    quadrature_points: int
    at_boundary: bool
    converged: bool

    @property
    def standard_deviations(self) -> FloatArray:
        """Standard deviations of the random effects."""
        return np.asarray(np.sqrt(np.diag(self.factor @ self.factor.T)), dtype=np.float64)

    @property
    def correlation(self) -> float:
        """Correlation of two random effects; not a number where one does not vary."""
        covariance = self.factor @ self.factor.T
        product = math.sqrt(covariance[0, 0] * covariance[-1, -1])
        return float(covariance[0, -1] / product) if product > 0 else math.nan


def fit_mixed(
    counts: FloatArray,
    matrix: FloatArray,
    offset: FloatArray,
    clusters: Clusters,
    *,
    random_effects: RandomEffects = "participant",
    slope: FloatArray | None = None,
    negative_binomial: bool = False,
    quadrature_points: int = 25,
) -> MixedFit:
    """Fit by maximum likelihood.

    Args:
        counts: Counts, whole numbers, one per row.
        matrix: Design matrix, rows by terms, of full rank.
        offset: Added to the linear predictor.
        clusters: Participant and visit of each row.
        random_effects: Normal effects on the log rate: of the participant, and besides it of every
            row, or of the participant's slope, correlated with its intercept.
        slope: Covariate of each row whose slope differs between participants.
        negative_binomial: Whether counts vary more than Poisson counts given the random effects.
        quadrature_points: Points of the adaptive quadrature over a single random effect; several
            random effects are always integrated by Laplace's method.

    Raises:
        CountModelError: All counts are zero, a term runs to infinity, or there is no maximum.

    Source:
        Breslow & Clayton (JASA 1993; 88: 9-25) for the models; Pinheiro & Bates (J Comput Graph
        Stat 1995; 4: 12-35) for the quadrature.
    """
    points = quadrature_points if random_effects == "participant" else 1
    layout = _Layout(matrix.shape[1], random_effects, clusters.present.shape[1])
    effects = _effects(random_effects, clusters, slope)
    data = ClusteredCounts.of(counts, matrix, offset, effects, clusters)
    plain = fit_negative_binomial(counts, matrix, offset)
    guess = math.sqrt(math.log1p(max(plain.alpha, 0.05)))
    start = np.concatenate([plain.coefficients, layout.start(guess)])
    covariance = block_diag(
        plain.covariance_fixed_theta, _GUESSED_VARIANCE * np.eye(len(start) - matrix.shape[1])
    )

    def poisson(point: FloatArray) -> float:
        return _value(data, layout, point, 0.0, points)

    def overdispersed(point: FloatArray) -> float:
        if not _LOWEST_LOG_DISPERSION - 3 < point[-1] < _HIGHEST_LOG_DISPERSION:
            return -math.inf
        return _value(data, layout, point[:-1], math.exp(point[-1]), points)

    if negative_binomial:
        begin = np.append(start, math.log(max(plain.alpha, 0.02) / 2))
        best = maximise(overdispersed, begin, block_diag(covariance, np.diag([0.1])))
        if best.point[-1] > _LOWEST_LOG_DISPERSION:
            return _result(best, layout, math.exp(best.point[-1]), points)
    return _result(maximise(poisson, start, covariance), layout, 0.0, points)


@dataclass(frozen=True)
class _Layout:
    """Where the parameters stand: coefficients first, then the factor of the random effects."""

    terms: int
    random_effects: RandomEffects
    visits: int

    def start(self, guess: float) -> FloatArray:
        """Parameters of the factor to begin with."""
        second: dict[str, list[float]] = {
            "participant": [],
            "participant_and_row": [guess / 2],
            "participant_and_slope": [0.0, guess / 2],
        }
        return np.array([guess, *second[self.random_effects]])

    def factor(self, point: FloatArray) -> FloatArray:
        """The factor, with one row for each kind of random effect."""
        parameters = point[self.terms :]
        if self.random_effects == "participant_and_slope":
            first, mixed, second = parameters[:3]
            return np.array([[first, 0.0], [mixed, second]])
        return np.diag(parameters)

    def full_factor(self, point: FloatArray) -> FloatArray:
        """The factor, with one row for each random effect of a participant."""
        factor = self.factor(point)
        if self.random_effects == "participant_and_row":
            return np.diag([factor[0, 0], *([factor[1, 1]] * self.visits)])
        return factor


def _effects(
    random_effects: RandomEffects, clusters: Clusters, slope: FloatArray | None
) -> FloatArray:
    """Design matrix of the random effects of each row."""
    rows = len(clusters.participant)
    intercept = np.ones((rows, 1))
    if random_effects == "participant":
        return intercept
    if random_effects == "participant_and_row":
        return np.hstack([intercept, np.eye(clusters.present.shape[1])[clusters.position]])
    if slope is None:
        raise ValueError("A random slope needs its covariate.")
    return np.hstack([intercept, slope[:, None]])


def _value(
    data: ClusteredCounts, layout: _Layout, point: FloatArray, alpha: float, points: int
) -> float:
    if np.abs(point[layout.terms :]).max() > _LARGEST_SD:
        return -math.inf
    return data.log_likelihood(point[: layout.terms], layout.full_factor(point), alpha, points)


def _result(best: Optimum, layout: _Layout, alpha: float, points: int) -> MixedFit:
    if not math.isfinite(best.value):
        raise CountModelError("The likelihood of the mixed model has no maximum on these data.")
    factor = layout.factor(best.point)
    factor = factor * np.where(np.diag(factor) < 0, -1.0, 1.0)
    terms = layout.terms
    return MixedFit(
        coefficients=best.point[:terms],
        covariance=inverse(best.information)[:terms, :terms],
        factor=factor,
        theta=1 / alpha if alpha > 0 else math.inf,
        log_likelihood=best.value,
        quadrature_points=points,
        at_boundary=bool(np.abs(np.diag(factor)).min() < _NO_VARIATION),
        converged=best.converged,
    )
