"""Estimates of a stack of outcomes at their optimum, with what every inference needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from seizureflow.mmrm.likelihood import Derivatives, Evaluation, Likelihood
from seizureflow.mmrm.optimise import Optimum, maximise, starting_values
from seizureflow.mmrm.patterns import Compressed
from seizureflow.mmrm.standardise import Standardised
from seizureflow.mmrm.structures import CovarianceStructure

Array = NDArray[np.float64]

# Outcomes worked on together: enough to spread Python's overhead, few enough to stay in cache.
_CHUNK = 64


@dataclass(frozen=True)
class Estimates:
    """B fits of one design, in the units of the outcome. Failed fits hold NaN.

    Attributes:
        beta: (B, p) coefficients.
        half: (B, p, p) with ``Phi = half half'`` the model-based covariance of beta.
        A: (B, K, p, p) with ``dPhi/dtheta_h = half A_h half'``; K covariance parameters.
        adjusted: (B, p, p) Kenward-Roger covariance of beta; equal to Phi when not asked for.
        theta: (B, K) covariance parameters, log standard deviations first within each group.
        theta_covariance: (B, K, K) inverse of the observed information.
        visit_covariance: (B, G, m, m).
        loglik: (B,).
        converged: (B,).
        iterations: (B,) Newton steps.
        decrement: (B,) Newton decrement of -2 l before the last step; half of it is the squared
            distance to the optimum in standard errors of theta.
        message: why a fit failed; empty for the others.
    """

    beta: Array
    half: Array
    A: Array
    adjusted: Array
    theta: Array
    theta_covariance: Array
    visit_covariance: Array
    loglik: Array
    converged: NDArray[np.bool_]
    iterations: NDArray[np.intp]
    decrement: Array
    message: list[str]

    @property
    def covariance(self) -> Array:
        """(B, p, p) model-based covariance of the coefficients, Phi."""
        return self.half @ self.half.swapaxes(-1, -2)


def estimate(
    data: Standardised,
    structure: CovarianceStructure,
    *,
    reml: bool,
    adjustment: str | None,
    max_iterations: int,
) -> Estimates:
    """Fit every outcome of the stack.

    Args:
        data: standardised compressed data of B outcomes.
        structure: covariance structure.
        reml: restricted likelihood if true.
        adjustment: ``"full"`` or ``"linear"`` Kenward-Roger, or None.
        max_iterations: Newton steps allowed per outcome.
    """
    b = data.data.n_outcomes
    if b <= _CHUNK:
        return _estimate_chunk(data, structure, reml, adjustment, max_iterations)
    chunks = [
        _estimate_chunk(
            _some_outcomes(data, slice(i, i + _CHUNK)), structure, reml, adjustment, max_iterations
        )
        for i in range(0, b, _CHUNK)
    ]
    arrays = {
        name: np.concatenate([getattr(chunk, name) for chunk in chunks])
        for name in Estimates.__dataclass_fields__
        if name != "message"
    }
    return Estimates(**arrays, message=[text for chunk in chunks for text in chunk.message])


def _some_outcomes(data: Standardised, which: slice) -> Standardised:
    part: Compressed = replace(data.data, y=data.data.y[which], leftover=data.data.leftover[which])
    return replace(data, data=part, ols=data.ols[which], scale=data.scale[which])


def _estimate_chunk(
    data: Standardised,
    structure: CovarianceStructure,
    reml: bool,
    adjustment: str | None,
    max_iterations: int,
) -> Estimates:
    likelihood = Likelihood(data.data, structure, reml=reml)
    optimum = maximise(likelihood, starting_values(likelihood), max_iterations=max_iterations)
    return estimates_at(data, likelihood, optimum, adjustment)


def estimates_at(
    data: Standardised, likelihood: Likelihood, optimum: Optimum, adjustment: str | None
) -> Estimates:
    """Everything that follows from the covariance parameters ``optimum.theta``."""
    structure, reml = likelihood.structure, likelihood.reml
    everything = np.arange(data.data.n_outcomes)
    at = likelihood.evaluate(optimum.theta, everything)
    derivatives = likelihood.derivatives(at, everything)
    converged, message = optimum.converged.copy(), list(optimum.message)
    curved = np.linalg.eigvalsh(derivatives.information)
    for i in np.flatnonzero(converged & (curved[:, 0] <= 1e-10 * curved[:, -1])):
        converged[i] = False
        message[i] = "the information on the covariance parameters is singular"
    theta_covariance = np.full_like(derivatives.information, np.nan)
    # -2 l has twice the curvature of -l.
    theta_covariance[converged] = 2.0 * np.linalg.inv(derivatives.information[converged])
    half = data.scale[:, None, None] * np.linalg.solve(data.triangle, at.root)
    theta = likelihood.by_group(optimum.theta).copy()
    theta[..., : structure.n_scales] += np.log(data.scale)[:, None, None]
    inner = np.eye(half.shape[-1])
    if adjustment is not None:
        inner = inner + _kenward_roger(
            likelihood, at, derivatives, theta_covariance, linear=adjustment == "linear"
        )
    estimates = Estimates(
        beta=data.ols + data.scale[:, None] * np.linalg.solve(data.triangle, at.gamma.T).T,
        half=half,
        A=derivatives.A,
        adjusted=half @ inner @ half.swapaxes(-1, -2),
        theta=theta.reshape(len(theta), -1),
        theta_covariance=theta_covariance,
        visit_covariance=structure.covariance(theta),
        loglik=-0.5 * data.minus_twice_loglik(at.value, reml=reml),
        converged=converged,
        iterations=optimum.iterations,
        decrement=optimum.decrement,
        message=message,
    )
    for array in (estimates.beta, estimates.half, estimates.adjusted, estimates.loglik):
        array[~converged] = np.nan
    return estimates


def _kenward_roger(
    likelihood: Likelihood,
    at: Evaluation,
    derivatives: Derivatives,
    theta_covariance: Array,
    *,
    linear: bool,
) -> Array:
    """``2 sum_hj W_hj (Q_hj - P_h Phi P_j - R_hj / 4)``, scaled by root on both sides, (b, p, p).

    The weights ``W`` are the covariance of theta. The sums over h and j are taken first, inside
    the m x m covariance of the visits, so that no p x p matrix per pair of parameters is formed.
    Source: Kenward and Roger (1997), equations 3 and 5; see docs/mmrm.md.
    """
    data = likelihood.data
    b, k, p, _ = derivatives.A.shape
    m, each = data.n_visits, likelihood.structure.n_parameters
    own = [slice(g * each, (g + 1) * each) for g in range(data.n_groups)]
    weights = np.stack([theta_covariance[:, part, part] for part in own], axis=1)
    J = derivatives.expansion.jacobian.reshape(b, data.n_groups, each, m * m)
    # sum_hj W_hj D_h V^{-1} D_j, as a matrix (ad | bc) to apply to V^{-1}_bc.
    pairs = (J.swapaxes(-1, -2) @ weights @ J).reshape(b, data.n_groups, m, m, m, m)
    pairs = pairs.transpose(0, 1, 3, 4, 2, 5).reshape(b, data.n_groups, m * m, m * m)
    middle = np.empty_like(at.W)
    for g in range(data.n_groups):
        patterns = data.group == g
        flat = at.W[:, patterns].reshape(b, -1, m * m) @ pairs[:, g]
        middle[:, patterns] = flat.reshape(b, -1, m, m)
    if not linear:
        middle -= 0.25 * derivatives.expansion.weighted_curvature(weights)[:, data.group]
    C = derivatives.C
    spread = middle[:, data.pattern] @ C
    tall = C.reshape(b, -1, p)
    gain = tall.swapaxes(-1, -2) @ spread.reshape(b, -1, p)
    A = derivatives.A
    weighted = (theta_covariance @ A.reshape(b, k, p * p)).reshape(b, k * p, p)
    loss = A.reshape(b, k * p, p).swapaxes(-1, -2) @ weighted
    return 2.0 * (gain - loss)
