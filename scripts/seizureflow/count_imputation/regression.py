"""Maximum likelihood fits of negative binomial regressions, many data sets at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.count_imputation.likelihood import (
    CountData,
    Likelihood,
    evaluate,
    exceeding_counts,
)

# Below this dispersion the counts are no more variable than Poisson counts to any practical degree.
_NO_DISPERSION = 1e-7
_ITERATIONS = 100
# Newton's decrement, twice the gain in log-likelihood that is left: estimates are then within 1e-7
# standard errors, and the step that is still taken squares that.
_CONVERGED = 1e-14
# Smallest to largest eigenvalue of the information below which a term is not determined: of
# standardised terms one that rests on less than a billionth of the seizures.
_SINGULAR = 1e-9
# Numbers held in one array; more data sets are fitted in turn.
_ARRAY_SIZE = 2_000_000


@dataclass(frozen=True)
class CountFits:
    """Fits of counts with variance ``mu + alpha mu^2``, one per data set.

    Attributes:
        coefficients: Log rates, shape (sets, terms).
        covariance: Of the coefficients, from the expected information with alpha held fixed (as
            R's ``glm.nb``), shape (sets, terms, terms).
        alpha: Dispersion, ``1 / theta``; 0 for Poisson counts.
        log_alpha_se: Standard error of its logarithm, from the observed information of alpha alone
            (as R's ``theta.ml``); not a number for Poisson counts.
        converged: Whether a maximum was found at which every term is determined.
    """

    coefficients: FloatArray
    covariance: FloatArray
    alpha: FloatArray
    log_alpha_se: FloatArray
    converged: BoolArray

    @property
    def theta(self) -> FloatArray:
        """Shape; infinite for Poisson counts."""
        with np.errstate(divide="ignore"):
            return np.asarray(1 / self.alpha)

    def of(self, sets: slice) -> CountFits:
        """The fits of some of the data sets."""
        return CountFits(
            self.coefficients[sets],
            self.covariance[sets],
            self.alpha[sets],
            self.log_alpha_se[sets],
            self.converged[sets],
        )


def fit_counts(
    counts: FloatArray, exposure: FloatArray, matrix: FloatArray, rows: IntArray | None = None
) -> CountFits:
    """Fit by joint maximum likelihood of coefficients and dispersion.

    Args:
        counts: Whole numbers, shape (sets, participants).
        exposure: Time over which they were counted, same shape or one row for all; a participant
            with 0 (and a count of 0) does not contribute.
        matrix: Design matrix, shape (participants, terms).
        rows: For each data set the rows of the matrix that its participants have, shape
            (sets, participants); all in order by default.

    Returns:
        The fits. Where the score of alpha at 0 is not positive the Poisson fit is the maximum
        (Levin & Reeds, Ann Stat 1977; 5: 79-87).

    Source:
        Venables & Ripley, Modern Applied Statistics with S, 4th ed., 7.4 (``glm.nb``).
    """
    orthogonal, triangle = np.linalg.qr(matrix)
    size = math.sqrt(len(matrix))
    design, back = orthogonal * size, _inverse(triangle) * size
    exposure = np.broadcast_to(exposure, counts.shape)
    numbers = counts.shape[1] * matrix.shape[1] + int(counts.max(initial=0)) + 1
    step = max(1, _ARRAY_SIZE // numbers)
    parts = [
        _fit_part(
            counts[start : start + step],
            exposure[start : start + step],
            design[None] if rows is None else design[rows[start : start + step]],
        )
        for start in range(0, len(counts), step)
    ]
    coefficients, covariance, alpha, log_alpha_se, converged = (
        np.concatenate(piece) for piece in zip(*parts, strict=True)
    )
    # Without a seizure the rates have no logarithm, however the iterations ended.
    usable = converged & (counts.sum(axis=1) > 0) & np.isfinite(back).all()
    return CountFits(coefficients @ back.T, back @ covariance @ back.T, alpha, log_alpha_se, usable)


def _inverse(triangle: FloatArray) -> FloatArray:
    """Inverse of the triangle of a design; not a number where its columns are dependent."""
    if np.abs(np.diag(triangle)).min() < 1e-12 * np.abs(triangle).max():
        return np.full_like(triangle, math.nan)
    return np.asarray(np.linalg.inv(triangle))


def _fit_part(
    counts: FloatArray, exposure: FloatArray, design: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, BoolArray]:
    data = CountData(counts, exposure, design, exceeding_counts(counts))
    sets, terms = len(counts), design.shape[2]
    poisson, found = _maximise(data, _start(data), np.zeros(sets), free_alpha=False)
    parameters = np.column_stack([poisson, np.full(sets, -np.inf)])
    at_zero = evaluate(data, poisson, np.zeros(sets))
    dispersed = np.flatnonzero(found & (at_zero.alpha_score > 0))
    if len(dispersed):
        some = data.of(dispersed)
        first = _moment_alpha(at_zero.alpha_score[dispersed], some, poisson[dispersed])
        parameters[dispersed], found[dispersed] = _maximise(
            some, poisson[dispersed], first, free_alpha=True
        )
        none = dispersed[parameters[dispersed, -1] < math.log(_NO_DISPERSION)]
        parameters[none] = np.column_stack([poisson[none], np.full(len(none), -np.inf)])
        found[none] = True
    alpha = np.exp(parameters[:, -1])
    final = evaluate(data, parameters[:, :terms], alpha)
    covariance, determined = _inverted(final.expected)
    curvature = final.information[:, -1, -1]
    known = (alpha > 0) & (curvature > 0)
    se = np.where(known, 1 / np.sqrt(np.where(known, curvature, 1.0)), np.nan)
    return parameters[:, :terms], covariance, alpha, se, found & determined


def _start(data: CountData) -> FloatArray:
    """Least squares of the logarithms of rates that are drawn a little to the common one."""
    total = data.exposure.sum(axis=1, keepdims=True)
    rate = data.counts.sum(axis=1, keepdims=True) / np.where(total > 0, total, 1.0)
    rate = np.where(rate > 0, rate, 1.0)
    logs = np.log((data.counts + rate) / (data.exposure + 1))
    if len(data.design) == 1:
        return np.asarray(logs @ data.design[0]) / logs.shape[1]
    return np.asarray((logs[:, None, :] @ data.design)[:, 0, :]) / logs.shape[1]


def _moment_alpha(score_at_zero: FloatArray, data: CountData, poisson: FloatArray) -> FloatArray:
    """The dispersion that equates squared residuals with their expectation, roughly.

    The score at 0 is half the excess of squared residuals over the counts.
    """
    means = _means(data, poisson)
    return np.clip(2 * score_at_zero / (means**2).sum(axis=1), 1e-3, 10.0)


def _means(data: CountData, coefficients: FloatArray) -> FloatArray:
    """Expected counts, shape (sets, participants)."""
    if len(data.design) == 1:
        return np.asarray(data.exposure * np.exp(coefficients @ data.design[0].T))
    return np.asarray(data.exposure * np.exp((data.design @ coefficients[:, :, None])[:, :, 0]))


def _maximise(
    data: CountData, coefficients: FloatArray, alpha: FloatArray, *, free_alpha: bool
) -> tuple[FloatArray, BoolArray]:
    """Newton's method with step control; data sets leave the iterations as they converge.

    The step uses the absolute values of the eigenvalues of the information, so that it leads uphill
    even where the likelihood is not concave.

    Returns:
        Parameters (with log alpha last where it is free), and whether each set converged.
    """
    start = np.column_stack([coefficients, np.log(alpha)]) if free_alpha else coefficients
    parameters = start.copy()
    converged = np.zeros(len(start), dtype=bool)
    active = np.arange(len(start))
    here, state = start, _at(data, start, free_alpha)
    scale = np.ones(len(start))
    for _ in range(_ITERATIONS):
        step, decrement = _newton_step(state, free_alpha)
        done = decrement < _CONVERGED
        parameters[active] = np.where(done[:, None], here + step, here)
        converged[active] = done
        # At a dispersion below any that matters the Poisson limit is taken instead.
        keep = ~done & ((here[:, -1] >= math.log(_NO_DISPERSION)) | (not free_alpha))
        if not keep.any():
            break
        data, active = data.of(np.flatnonzero(keep)), active[keep]
        here, scale, step = here[keep], scale[keep], step[keep]
        state = _selected(state, keep)
        trial = here + scale[:, None] * step
        proposed = _at(data, trial, free_alpha)
        better = proposed.value >= state.value - 1e-10 * np.abs(state.value)
        here = np.where(better[:, None], trial, here)
        state = _merged(better, proposed, state)
        scale = np.where(better, 1.0, scale / 4)
    return parameters, converged & np.isfinite(parameters).all(axis=1)


def _at(data: CountData, parameters: FloatArray, free_alpha: bool) -> Likelihood:
    if free_alpha:
        return evaluate(data, parameters[:, :-1], np.exp(np.minimum(parameters[:, -1], 20.0)))
    return evaluate(data, parameters, np.zeros(len(parameters)))


def _newton_step(state: Likelihood, free_alpha: bool) -> tuple[FloatArray, FloatArray]:
    """The step, and the gain that it promises."""
    end = None if free_alpha else -1
    gradient, information = state.gradient[:, :end], state.information[:, :end, :end]
    values, vectors = np.linalg.eigh(information)
    rotated = (np.swapaxes(vectors, 1, 2) @ gradient[:, :, None])[:, :, 0]
    lengths = rotated / np.maximum(np.abs(values), 1e-300)
    step = (vectors @ lengths[:, :, None])[:, :, 0]
    decrement = (rotated * lengths).sum(axis=1)
    size = np.abs(step).max(axis=1, keepdims=True)
    return step / np.maximum(size / 2, 1.0), decrement


def _selected(state: Likelihood, keep: BoolArray) -> Likelihood:
    return Likelihood(
        state.value[keep],
        state.gradient[keep],
        state.information[keep],
        state.expected[keep],
        state.alpha_score[keep],
    )


def _merged(better: BoolArray, new: Likelihood, old: Likelihood) -> Likelihood:
    return Likelihood(
        np.where(better, new.value, old.value),
        np.where(better[:, None], new.gradient, old.gradient),
        np.where(better[:, None, None], new.information, old.information),
        np.where(better[:, None, None], new.expected, old.expected),
        np.where(better, new.alpha_score, old.alpha_score),
    )


def _inverted(information: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Inverses, and whether each is determined."""
    usable: BoolArray = np.all(np.isfinite(information), axis=(1, 2))
    values, vectors = np.linalg.eigh(np.where(usable[:, None, None], information, 0.0))
    largest = values[:, -1]
    determined = usable & (largest > 0) & (values[:, 0] > _SINGULAR * largest)
    inverse = 1 / np.where(determined[:, None], values, np.nan)
    return (vectors * inverse[:, None, :]) @ np.swapaxes(vectors, 1, 2), determined
