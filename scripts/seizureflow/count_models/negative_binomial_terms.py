"""Log-likelihood of a negative binomial count and its derivatives, exact down to the Poisson limit.

The variance is ``mu + alpha mu^2``. All is written in ``alpha``, by sums over ``0 .. count - 1``
instead of gamma functions, so that nothing cancels as ``alpha`` goes to 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow.array_types import FloatArray, IntArray

# Below this product of dispersion and mean a series replaces differences that would cancel.
_SMALL = 0.05
_POWERS = np.arange(16)
_G_SERIES = (-1.0) ** _POWERS * (_POWERS + 1) / (_POWERS + 2)
_G_SLOPE_SERIES = (_POWERS[1:] * _G_SERIES[1:]).copy()


@dataclass(frozen=True)
class Derivatives:
    """Log-likelihood of every row, and its derivatives in ``eta = log(mu)`` and ``alpha``."""

    value: FloatArray
    eta: FloatArray
    eta_eta: FloatArray
    alpha: FloatArray
    alpha_alpha: FloatArray
    eta_alpha: FloatArray


class Counts:
    """Whole counts, with what of their likelihood depends on no parameter."""

    def __init__(self, counts: FloatArray) -> None:
        self.values = np.asarray(counts, dtype=np.float64)
        self._index: IntArray = self.values.astype(np.int64)
        if not np.array_equal(self._index, self.values):
            raise ValueError("Counts must be whole numbers.")
        self._steps = np.arange(int(self._index.max(initial=0)), dtype=np.float64)
        self._log_factorials = special.gammaln(self.values + 1)

    def log_likelihood(self, eta: FloatArray, alpha: float) -> FloatArray:
        """Log-likelihood of every row (rows along the first axis of ``eta``)."""
        shape = (-1,) + (1,) * (np.ndim(eta) - 1)
        counts = self.values.reshape(shape)
        if alpha == 0:
            constants = self._log_factorials.reshape(shape)
            return np.asarray(counts * eta - np.exp(eta) - constants, dtype=np.float64)
        scaled = alpha * np.exp(eta)
        lead = self._sum_below(np.log1p(alpha * self._steps)) - self._log_factorials
        grown = np.log1p(scaled)
        return np.asarray(
            lead.reshape(shape) + counts * (eta - grown) - grown / alpha, dtype=np.float64
        )

    def derivatives(self, eta: FloatArray, alpha: float) -> Derivatives:
        """Log-likelihood and derivatives of every row.

        Args:
            eta: Log means.
            alpha: Dispersion, at least 0.
        """
        means, counts = np.exp(eta), self.values
        scaled = alpha * means
        grown = 1 + scaled
        first = self._steps / (1 + alpha * self._steps)
        g, g_slope = _g(scaled)
        return Derivatives(
            value=self.log_likelihood(eta, alpha),
            eta=(counts - means) / grown,
            eta_eta=-means * (1 + alpha * counts) / grown**2,
            alpha=self._sum_below(first) + means**2 * g - counts * means / grown,
            alpha_alpha=-self._sum_below(first**2)
            + means**3 * g_slope
            + counts * means**2 / grown**2,
            eta_alpha=-means * (counts - means) / grown**2,
        )

    def _sum_below(self, terms: FloatArray) -> FloatArray:
        """For every count, the sum of the terms of the numbers below it."""
        sums = np.concatenate(([0.0], np.cumsum(terms)))
        return np.asarray(sums[self._index], dtype=np.float64)


def _g(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """``(log(1 + x) - x / (1 + x)) / x^2`` and its derivative, by their series where x is small."""
    small = x < _SMALL
    low = np.where(small, x, 0.0)
    value = np.polynomial.polynomial.polyval(low, _G_SERIES)
    slope = np.polynomial.polynomial.polyval(low, _G_SLOPE_SERIES)
    high = np.where(small, 1.0, x)
    exact = (np.log1p(high) - high / (1 + high)) / high**2
    exact_slope = (1 / (1 + high) ** 2 - 2 * exact) / high
    return np.where(small, value, exact), np.where(small, slope, exact_slope)
