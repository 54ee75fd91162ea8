"""Count regression of one outcome on many arrangements of two arms at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.specification_curve.effects import Effects

_STEPS = 100
_TOLERANCE = 1e-11  # of the last step, in units of the log rate and of log theta
_LARGEST_THETA = 1e7  # beyond it the counts are Poisson to any practical degree
_LARGEST_PREDICTOR = 50.0  # log counts; only a fit that goes astray meets it


@dataclass(frozen=True)
class _Counts:
    """Counts, logarithms of their exposure, and the design of every arrangement (arm last)."""

    count: FloatArray  # (n,)
    log_exposure: FloatArray  # (n,)
    design: FloatArray  # (R, n, p)

    def only(self, rows: BoolArray) -> _Counts:
        return _Counts(self.count, self.log_exposure, self.design[rows])

    def means(self, coefficients: FloatArray) -> FloatArray:
        """Expected counts, shape (R, n)."""
        predictor = (self.design @ coefficients[:, :, None])[:, :, 0] + self.log_exposure
        means: FloatArray = np.exp(np.clip(predictor, -_LARGEST_PREDICTOR, _LARGEST_PREDICTOR))
        return means

    def information(self, weights: FloatArray) -> FloatArray:
        """``X' W X`` of every arrangement, shape (R, p, p)."""
        weighted = np.swapaxes(self.design * weights[:, :, None], 1, 2)
        return np.asarray(weighted @ self.design)

    def score_step(self, means: FloatArray, weights: FloatArray) -> FloatArray:
        """A step of Fisher scoring, shape (R, p)."""
        working = weights * (self.count - means) / means
        gradient = np.swapaxes(self.design, 1, 2) @ working[:, :, None]
        return np.asarray(np.linalg.solve(self.information(weights), gradient)[:, :, 0])


def quasi_poisson(
    count: FloatArray, log_exposure: FloatArray, others: FloatArray, treated: FloatArray
) -> Effects:
    """Log rate ratio by Poisson regression, its variance times Pearson's dispersion, by t.

    Args:
        count: Counts, shape (n,).
        log_exposure: Logarithm of the exposure, shape (n,).
        others: Intercept and covariates, shape (n, q).
        treated: 1 in the arm compared and 0 in the reference, shape (R, n).

    Source:
        McCullagh & Nelder (1989), Generalized Linear Models, 6.2.
    """
    df = len(count) - others.shape[1] - 1
    effects = _undefined(len(treated), float(df))
    rows = _estimable(count, others, treated)
    if not rows.any():
        return effects
    counts = _Counts(count, log_exposure, _designs(others, treated[rows]))
    coefficients, converged = _poisson(counts)
    means = counts.means(coefficients)
    dispersion = ((count - means) ** 2 / means).sum(axis=1) / df
    variance = np.linalg.inv(counts.information(means))[:, -1, -1] * dispersion
    return _placed(effects, rows, coefficients[:, -1], np.sqrt(variance), converged)


def negative_binomial(
    count: FloatArray, log_exposure: FloatArray, others: FloatArray, treated: FloatArray
) -> Effects:
    """Log rate ratio by maximum likelihood with variance ``mu + mu^2 / theta``.

    Coefficients and theta are improved in turn until neither moves; they are orthogonal, so few
    turns are needed. Standard errors hold theta fixed, as R's ``glm.nb``.

    Args:
        count: Counts, shape (n,).
        log_exposure: Logarithm of the exposure, shape (n,).
        others: Intercept and covariates, shape (n, q).
        treated: 1 in the arm compared and 0 in the reference, shape (R, n).

    Source:
        Venables & Ripley, Modern Applied Statistics with S, 4th ed., 7.4 (``glm.nb``).
    """
    effects = _undefined(len(treated), np.inf)
    rows = _estimable(count, others, treated)
    if not rows.any():
        return effects
    counts = _Counts(count, log_exposure, _designs(others, treated[rows]))
    coefficients, theta, converged = _both_in_turn(counts)
    means = counts.means(coefficients)
    weights = means / (1 + means / theta[:, None])
    variance = np.linalg.inv(counts.information(weights))[:, -1, -1]
    return _placed(effects, rows, coefficients[:, -1], np.sqrt(variance), converged)


def _undefined(size: int, df: float) -> Effects:
    missing = np.full(size, np.nan)
    return Effects(missing, missing.copy(), np.full(size, df), np.zeros(size, dtype=bool))


def _placed(
    effects: Effects, rows: BoolArray, log_ratio: FloatArray, se: FloatArray, converged: BoolArray
) -> Effects:
    """Put results at the rows that have them; what did not converge is no result."""
    effects.log_ratio[rows] = np.where(converged, log_ratio, np.nan)
    effects.se[rows] = np.where(converged, se, np.nan)
    effects.converged[rows] = converged
    return effects


def _estimable(count: FloatArray, others: FloatArray, treated: FloatArray) -> BoolArray:
    """Arrangements with seizures in both arms and an arm that covariates do not determine."""
    in_treated = treated @ count
    basis, _ = np.linalg.qr(others)
    left = ((treated - (treated @ basis) @ basis.T) ** 2).sum(axis=1)
    varied: BoolArray = left > 1e-9 * np.maximum(treated.sum(axis=1), 1)
    return (in_treated > 0) & (in_treated < count.sum()) & varied


def _designs(others: FloatArray, treated: FloatArray) -> FloatArray:
    shape = (len(treated), *others.shape)
    return np.concatenate([np.broadcast_to(others, shape), treated[:, :, None]], axis=2)


def _poisson(counts: _Counts) -> tuple[FloatArray, BoolArray]:
    """Maximum likelihood coefficients of Poisson counts, by Fisher scoring from an equal rate."""
    size, _, terms = counts.design.shape
    coefficients = np.zeros((size, terms))
    coefficients[:, 0] = np.log(counts.count.sum() / np.exp(counts.log_exposure).sum())
    active, converged = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    for _ in range(_STEPS):
        own = counts.only(active)
        means = own.means(coefficients[active])
        step = _bounded(own.score_step(means, means))
        coefficients[active] += step
        done = np.abs(step).max(axis=1) < _TOLERANCE
        converged[np.flatnonzero(active)[done]] = True
        active[np.flatnonzero(active)[done]] = False
        if not active.any():
            break
    return coefficients, converged


def _bounded(step: FloatArray) -> FloatArray:
    """Steps longer than 2 in any coefficient are shortened, so that none leads astray."""
    longest = np.abs(step).max(axis=1, keepdims=True)
    return step * np.minimum(1, 2 / np.maximum(longest, 1e-300))


def _both_in_turn(counts: _Counts) -> tuple[FloatArray, FloatArray, BoolArray]:
    coefficients, converged = _poisson(counts)
    means = counts.means(coefficients)
    excess = ((counts.count - means) ** 2 - counts.count).sum(axis=1)
    size = len(coefficients)
    # By moments; where the counts vary no more than Poisson counts the likelihood rises with theta.
    log_theta = np.log((means**2).sum(axis=1) / np.maximum(excess, 1e-12))
    active = excess > 0
    theta = np.where(active, np.exp(log_theta), np.inf)
    converged = np.where(active, False, converged)
    for _ in range(_STEPS):
        if not active.any():
            break
        own, places = counts.only(active), np.flatnonzero(active)
        shape = theta[active][:, None]
        means = own.means(coefficients[active])
        step = _bounded(own.score_step(means, means / (1 + means / shape)))
        coefficients[active] += step
        change = _theta_step(counts.count, own.means(coefficients[active]), shape)
        log_theta[active] += change
        theta[active] = np.exp(log_theta[active])
        moved = np.maximum(np.abs(step).max(axis=1), np.abs(change))
        limit = theta[active] > _LARGEST_THETA
        done = (moved < _TOLERANCE) | limit
        converged[places[done]] = True
        active[places[done]] = False
    beyond = theta > _LARGEST_THETA
    if beyond.any() and size:
        coefficients[beyond], converged[beyond] = _poisson(counts.only(beyond))
        theta[beyond] = np.inf
    return coefficients, theta, converged


def _theta_step(count: FloatArray, means: FloatArray, theta: FloatArray) -> FloatArray:
    """A Newton step of the likelihood in log theta, or one uphill where it is not concave."""
    sums = count + theta
    slope = (
        special.digamma(sums)
        - special.digamma(theta)
        + np.log(theta / (theta + means))
        + 1
        - sums / (theta + means)
    ).sum(axis=1)
    curvature = (
        special.polygamma(1, sums)
        - special.polygamma(1, theta)
        + 1 / theta
        - 2 / (theta + means)
        + sums / (theta + means) ** 2
    ).sum(axis=1)
    theta = theta[:, 0]
    first, second = theta * slope, theta**2 * curvature + theta * slope
    concave = second < 0
    step = np.where(concave, -first / np.where(concave, second, 1.0), np.sign(first))
    return np.asarray(np.clip(step, -2, 2))
