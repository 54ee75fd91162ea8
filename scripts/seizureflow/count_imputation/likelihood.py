"""Log-likelihood of negative binomial counts with its derivatives, for many data sets at once.

It is written in the dispersion ``alpha = 1 / theta``, in which nothing cancels as the counts
approach Poisson counts: every expression is regular at ``alpha = 0``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray

# Below this, series replace differences of nearly equal numbers; eight terms then give 1e-15.
_SMALL = 1e-2
_TERMS = 8
# Linear predictors are kept within this: exp of it is no count that a diary can hold.
_LARGEST_LOG_MEAN = 50.0


@dataclass(frozen=True)
class CountData:
    """Data sets of equal size, as the likelihood reads them.

    Attributes:
        counts: Shape (sets, participants).
        exposure: Same shape; 0 where nothing was observed, the count is then 0.
        design: Shape (sets or 1, participants, terms).
        exceeding: Number of participants whose count exceeds 0, 1, ..., shape (sets, largest).
    """

    counts: FloatArray
    exposure: FloatArray
    design: FloatArray
    exceeding: FloatArray

    def of(self, sets: IntArray) -> CountData:
        """Some of the data sets."""
        design = self.design if len(self.design) == 1 else self.design[sets]
        return CountData(self.counts[sets], self.exposure[sets], design, self.exceeding[sets])


@dataclass(frozen=True)
class Likelihood:
    """Log-likelihood of each data set, with its derivatives.

    Attributes:
        value: Without the terms in the counts alone, shape (sets,).
        gradient: In the coefficients and ``log alpha``, shape (sets, terms + 1).
        information: Minus the second derivatives, shape (sets, terms + 1, terms + 1).
        expected: Expected information of the coefficients with alpha held fixed.
        alpha_score: Derivative in alpha itself, which exists at 0 too.
    """

    value: FloatArray
    gradient: FloatArray
    information: FloatArray
    expected: FloatArray
    alpha_score: FloatArray


def exceeding_counts(counts: FloatArray) -> FloatArray:
    """Number of participants whose count exceeds 0, 1, ..., by data set.

    With it the sum over participants of ``log Gamma(y + theta) - log Gamma(theta)`` is one over
    counts, ``sum_j exceeding_j log(theta + j)``, without special functions.
    """
    sets, largest = len(counts), int(counts.max(initial=0))
    places = np.arange(sets)[:, None] * (largest + 1) + counts.astype(np.int64)
    histogram = np.bincount(places.ravel(), minlength=sets * (largest + 1))
    above = histogram.reshape(sets, largest + 1)[:, :0:-1].cumsum(axis=1)[:, ::-1]
    return above.astype(np.float64)


def evaluate(data: CountData, coefficients: FloatArray, alpha: FloatArray) -> Likelihood:
    """Evaluate the likelihood.

    Args:
        data: The data sets.
        coefficients: Log rates, shape (sets, terms).
        alpha: Dispersion of each data set, 0 for Poisson counts.

    Source:
        Lawless, Negative binomial and mixed Poisson regression, Can J Stat 1987; 15: 209-225.
    """
    y, a = data.counts, alpha[:, None]
    predictor = np.clip(_times(data.design, coefficients), -np.inf, _LARGEST_LOG_MEAN)
    mean = data.exposure * np.exp(predictor)
    x = a * mean
    j = np.arange(data.exceeding.shape[1], dtype=np.float64)
    grown = 1 + j * a
    value = (
        (data.exceeding * np.log(grown)).sum(axis=1)
        + (y * predictor).sum(axis=1)
        - (mean * _log1p_ratio(x) + y * np.log1p(x)).sum(axis=1)
    )
    residual = (y - mean) / (1 + x)
    first, second = _alpha_terms(x)
    alpha_score = (data.exceeding * j / grown).sum(axis=1) + (
        mean**2 * first - y * mean / (1 + x)
    ).sum(axis=1)
    alpha_curvature = -(data.exceeding * (j / grown) ** 2).sum(axis=1) + (
        mean**3 * second + y * (mean / (1 + x)) ** 2
    ).sum(axis=1)
    cross = a * mean * residual / (1 + x)
    terms = coefficients.shape[1]
    information = np.empty((len(y), terms + 1, terms + 1))
    information[:, :-1, :-1] = _cross_products(data.design, mean * (1 + a * y) / (1 + x) ** 2)
    information[:, :-1, -1] = information[:, -1, :-1] = _sums(data.design, cross)
    information[:, -1, -1] = -(alpha**2 * alpha_curvature + alpha * alpha_score)
    return Likelihood(
        value,
        np.column_stack([_sums(data.design, residual), alpha * alpha_score]),
        information,
        _cross_products(data.design, mean / (1 + x)),
        alpha_score,
    )


def _times(design: FloatArray, coefficients: FloatArray) -> FloatArray:
    if len(design) == 1:
        return np.asarray(coefficients @ design[0].T)
    return np.asarray((design @ coefficients[:, :, None])[:, :, 0])


def _sums(design: FloatArray, weights: FloatArray) -> FloatArray:
    if len(design) == 1:
        return np.asarray(weights @ design[0])
    return np.asarray((weights[:, None, :] @ design)[:, 0, :])


def _cross_products(design: FloatArray, weights: FloatArray) -> FloatArray:
    weighted = design * weights[:, :, None]
    return np.asarray(np.swapaxes(weighted, 1, 2) @ design)


def _log1p_ratio(x: FloatArray) -> FloatArray:
    """``log(1 + x) / x``, 1 at 0."""
    safe = np.where(x > 1e-8, x, 1.0)
    return np.where(x > 1e-8, np.log1p(safe) / safe, 1 - x / 2)


def _alpha_terms(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What the means contribute to the derivatives in alpha, ``x`` being alpha times the mean.

    Returns:
        ``g = (log(1 + x) - x / (1 + x)) / x^2`` and ``(1 / (1 + x)^2 - 2 g) / x``.
    """
    safe = np.where(x > _SMALL, x, 1.0)
    g = (np.log1p(safe) - safe / (1 + safe)) / safe**2
    h = (1 / (1 + safe) ** 2 - 2 * g) / safe
    g_series, h_series = np.zeros_like(x), np.zeros_like(x)
    for m in range(_TERMS, -1, -1):
        g_series = g_series * x + (-1) ** m * (m + 1) / (m + 2)
        if m:
            h_series = h_series * x + (-1) ** m * m * (m + 1) / (m + 2)
    return np.where(x > _SMALL, g, g_series), np.where(x > _SMALL, h, h_series)
