"""Marginal log-likelihood of counts with normal random effects of participants on the log rate.

The integral over the random effects of each participant is taken by Laplace's method or, for a
single random effect, by adaptive Gauss-Hermite quadrature, of which Laplace's method is the case
of one point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.negative_binomial_terms import Counts

_MAX_ITERATIONS = 100
# The last step of Newton's method to a mode; its square is the error that is left.
_MODE_TOLERANCE = 1e-8
_LARGEST_LOG_MEAN = 300.0


@cache
def _rule(points: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite.hermgauss(points)
    return np.asarray(nodes, dtype=np.float64), np.asarray(weights, dtype=np.float64)


@dataclass(frozen=True)
class ClusteredCounts:
    """Counts laid out as participants by visits, missing visits padded.

    Attributes:
        counts: Counts, in the order of the cells; 0 where there is no row.
        present: Participants by visits: 1 where there is a row.
        matrix: Participants by visits by terms.
        offset: Participants by visits.
        effects: Participants by visits by random effects: their covariates, 0 without a row.
    """

    counts: Counts
    present: FloatArray
    matrix: FloatArray
    offset: FloatArray
    effects: FloatArray

    @classmethod
    def of(
        cls,
        counts: FloatArray,
        matrix: FloatArray,
        offset: FloatArray,
        effects: FloatArray,
        clusters: Clusters,
    ) -> ClusteredCounts:
        """Lay out rows.

        Args:
            counts: Counts, one per row.
            matrix: Design matrix of the fixed effects, rows by terms.
            offset: Added to the linear predictor.
            effects: Design matrix of the random effects, rows by effects.
            clusters: Where the rows stand.
        """
        return cls(
            counts=Counts(clusters.spread(counts).ravel()),
            present=clusters.present.astype(np.float64),
            matrix=clusters.spread(matrix),
            offset=clusters.spread(offset),
            effects=clusters.spread(effects),
        )

    def log_likelihood(
        self, coefficients: FloatArray, factor: FloatArray, alpha: float, points: int
    ) -> float:
        """Marginal log-likelihood; minus infinity where a mean is beyond all counts.

        Args:
            coefficients: Of the fixed effects.
            factor: Lower triangular factor of the covariance of the random effects.
            alpha: Dispersion of the counts given the random effects; 0 for Poisson counts.
            points: Points of the quadrature; 1 is Laplace's method, and the only choice for
                several random effects.

        Source:
            Pinheiro & Bates (J Comput Graph Stat 1995; 4: 12-35), 2.4.
        """
        fixed = self.offset + self.matrix @ coefficients
        if np.abs(fixed).max() > _LARGEST_LOG_MEAN:
            return -np.inf
        loadings = self.effects @ factor
        modes, curvature = self._modes(fixed, loadings, alpha)
        if modes is None:
            return -np.inf
        _, log_determinants = np.linalg.slogdet(curvature)
        if points == 1:
            heights = self._penalised(fixed, loadings, modes[:, :, None], alpha)[:, 0]
            return float(np.sum(heights - log_determinants / 2))
        if modes.shape[1] != 1:
            raise ValueError("Quadrature is for a single random effect.")
        nodes, weights = _rule(points)
        spread = np.sqrt(2 / curvature[:, 0])
        heights = self._penalised(
            fixed, loadings, modes[:, :, None] + spread[:, :, None] * nodes, alpha
        )
        heights = heights + nodes**2 + np.log(weights)
        top = heights.max(axis=1)
        sums = np.log(np.exp(heights - top[:, None]).sum(axis=1)) + top
        return float(np.sum(sums - log_determinants / 2 - np.log(np.pi) / 2))

    def _penalised(
        self, fixed: FloatArray, loadings: FloatArray, values: FloatArray, alpha: float
    ) -> FloatArray:
        """Log-likelihood given the random effects, less their half square.

        Args:
            fixed: Linear predictor without the random effects.
            loadings: Participants by visits by random effects.
            values: Participants by random effects by points.
            alpha: Dispersion.

        Returns:
            Participants by points.
        """
        eta = fixed[:, :, None] + loadings @ values
        cells = self.counts.log_likelihood(eta.reshape(-1, eta.shape[2]), alpha)
        total = (cells.reshape(eta.shape) * self.present[:, :, None]).sum(axis=1)
        return np.asarray(total - (values**2).sum(axis=1) / 2, dtype=np.float64)

    def _slopes(
        self, fixed: FloatArray, loadings: FloatArray, values: FloatArray, alpha: float
    ) -> tuple[FloatArray, FloatArray]:
        """Gradient and minus the second derivatives of what :meth:`_penalised` gives."""
        means = np.exp(fixed + np.einsum("ijq,iq->ij", loadings, values)) * self.present
        counts = self.counts.values.reshape(means.shape)
        grown = 1 + alpha * means
        slope = (counts - means) / grown
        weights = means * (1 + alpha * counts) / grown**2
        gradient = np.einsum("ijq,ij->iq", loadings, slope) - values
        curvature = np.swapaxes(loadings, 1, 2) @ (loadings * weights[:, :, None])
        return gradient, curvature + np.eye(loadings.shape[2])

    def _modes(
        self, fixed: FloatArray, loadings: FloatArray, alpha: float
    ) -> tuple[FloatArray | None, FloatArray]:
        """Likeliest random effects of each participant, and the curvature there."""
        values = np.zeros((len(fixed), loadings.shape[2]))
        for _ in range(_MAX_ITERATIONS):
            gradient, curvature = self._slopes(fixed, loadings, values, alpha)
            step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
            longest = float(np.abs(step).max())
            if not np.isfinite(longest):
                break
            if longest < _MODE_TOLERANCE:
                values = values + step
                return values, self._slopes(fixed, loadings, values, alpha)[1]
            # The logarithm of a mean moves by at most 2 at a time, so that no mean overflows.
            reach = np.abs(np.einsum("ijq,iq->ij", loadings, step)).max(axis=1)
            values = values + step * np.minimum(1.0, 2.0 / np.maximum(reach, 2.0))[:, None]
        return None, np.empty(0)
