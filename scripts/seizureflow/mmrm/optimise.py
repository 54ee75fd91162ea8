"""Newton's method for the covariance parameters of a stack of outcomes at once.

Steps use the observed information; where it is not positive definite they fall back on the
expected information, which is. Steps are halved until the criterion falls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizureflow.mmrm.likelihood import Derivatives, Evaluation, Likelihood

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Flags = NDArray[np.bool_]

# Half the Newton decrement g'H^{-1}g of -2 l is the squared distance to the optimum in standard
# errors of theta. Below this the last full step squares it once more, to rounding.
_DECREMENT = 1e-8
# Stationary points where the information is not positive definite.
_FLAT = 1e-16
_MOST_HALVINGS = 30
# Longest step in any parameter: a factor e^2 in a standard deviation.
_LONGEST_STEP = 2.0
_SMALLEST_START = 0.05
# In units of the residual variance over all visits: a visit without any.
_NO_VARIANCE = 1e-20
# Eigenvalue of the correlation below which a failure is put down to a singular covariance.
NEARLY_SINGULAR = 1e-4
# The same for the ratio of the smallest to the largest standard deviation.
NEARLY_CONSTANT = 1e-5


@dataclass(frozen=True)
class Optimum:
    """Where the iterations ended.

    Attributes:
        theta: (B, k) parameters in standard units.
        converged: (B,).
        iterations: (B,) Newton steps taken.
        decrement: (B,) last Newton decrement of -2 l, before the last step.
        message: (B,) reason of a failure, empty when converged.
    """

    theta: Array
    converged: Flags
    iterations: Index
    decrement: Array
    message: list[str]


def starting_values(likelihood: Likelihood) -> Array:
    """(B, G k) from the covariance of the ordinary least squares residuals of observed pairs."""
    data, structure = likelihood.data, likelihood.structure
    b, m, g = data.n_outcomes, data.n_visits, data.n_groups
    products = np.zeros((b, g, m, m))
    counts = np.zeros((g, m, m))
    by_row = data.y[..., :, None] * data.y[..., None, :]
    for group in range(g):
        rows, patterns = data.group[data.pattern] == group, data.group == group
        products[:, group] = by_row[:, rows].sum(1) + data.leftover[:, patterns].sum(1)
        mask = data.mask[patterns].astype(float)
        counts[group] = mask.T @ (data.size[patterns, None] * mask)
    moments = _nearby_definite(products / np.maximum(counts, 1.0))
    theta = structure.start(moments)
    shape = slice(structure.n_scales, None)
    if structure.name in ("toep", "toeph"):
        for _ in range(20):
            smallest = np.linalg.eigvalsh(structure.covariance(theta))[..., 0]
            bad = smallest < 1e-3 * np.exp(2.0 * theta[..., : structure.n_scales]).min(-1)
            if not bad.any():
                break
            theta[bad, shape] *= 0.7
    return theta.reshape(b, -1)


def _nearby_definite(moments: Array) -> Array:
    """Moments of available pairs need not be positive definite: raise the smallest eigenvalues."""
    variance = np.diagonal(moments, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(variance > _NO_VARIANCE, variance, 1e-4))
    scale = sd[..., :, None] * sd[..., None, :]
    values, vectors = np.linalg.eigh(moments / scale)
    if (values[..., 0] >= _SMALLEST_START).all():
        return moments
    raised = (vectors * np.maximum(values, _SMALLEST_START)[..., None, :]) @ vectors.swapaxes(
        -1, -2
    )
    unit = np.sqrt(np.diagonal(raised, axis1=-2, axis2=-1))
    return raised / (unit[..., :, None] * unit[..., None, :]) * scale


def maximise(likelihood: Likelihood, theta: Array, *, max_iterations: int) -> Optimum:
    """Maximise the likelihood of every outcome of the stack from ``theta`` (B, k)."""
    b = len(theta)
    theta = theta.copy()
    iterations = np.zeros(b, dtype=np.intp)
    decrement = np.full(b, np.inf)
    message = ["not started"] * b
    active = np.arange(b)
    at = likelihood.evaluate(theta, active)
    for _ in range(max_iterations):
        derivatives = likelihood.derivatives(at, active)
        step, newton = _steps(likelihood, at, active, derivatives)
        decrement[active] = -(derivatives.gradient * step).sum(-1)
        iterations[active] += 1
        last = newton & (decrement[active] < _DECREMENT)
        theta[active[last]] += step[last]
        for i in active[last]:
            message[i] = ""
        flat = ~newton & (decrement[active] < _FLAT)
        for i in active[flat]:
            message[i] = "the likelihood is flat in some covariance parameters"
        going = ~last & ~flat
        active, step = active[going], step[going]
        if not len(active):
            break
        reached, stuck, accepted = _line_search(
            likelihood, active, theta[active], step, at.value[going], decrement[active]
        )
        theta[active] = reached
        for i in active[stuck]:
            message[i] = _failure(likelihood, theta[i], decrement[i], "no step improves the fit")
        active = active[~stuck]
        if not len(active):
            break
        at = accepted or likelihood.evaluate(theta[active], active)
    else:
        for i in active:
            message[i] = _failure(likelihood, theta[i], decrement[i], "iterations ran out")
    return Optimum(theta, np.array([not text for text in message]), iterations, decrement, message)


def _steps(
    likelihood: Likelihood, at: Evaluation, active: Index, derivatives: Derivatives
) -> tuple[Array, Flags]:
    """Newton steps (b, k), and where they use the observed information."""
    gradient = derivatives.gradient
    newton = _positive_definite(derivatives.information)
    information = derivatives.information
    if not newton.all():
        expected = likelihood.derivatives(at, active, expected=True).information
        ridge = 1e-8 * np.trace(expected, axis1=-2, axis2=-1) / expected.shape[-1]
        expected = expected + ridge[:, None, None] * np.eye(expected.shape[-1])
        information = np.where(newton[:, None, None], information, expected)
    step = -np.linalg.solve(information, gradient[..., None])[..., 0]
    longest = np.abs(step).max(-1)
    return step * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-300))[:, None], newton


def _positive_definite(information: Array) -> Flags:
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        values = np.linalg.eigvalsh(information)
        return np.asarray(values[:, 0] > 1e-10 * np.abs(values[:, -1]))
    return np.ones(len(information), dtype=bool)


def _line_search(
    likelihood: Likelihood,
    active: Index,
    theta: Array,
    step: Array,
    value: Array,
    decrement: Array,
) -> tuple[Array, Flags, Evaluation | None]:
    """Halve each step until the criterion falls enough.

    Returns the new parameters, which outcomes found no such step, and the evaluation at the new
    parameters where every full step was accepted.
    """
    length = np.ones(len(active))
    pending = np.arange(len(active))
    # Values closer than this are equal to rounding.
    slack = 1e-12 * (1.0 + np.abs(value))
    first: Evaluation | None = None
    for _ in range(_MOST_HALVINGS):
        trial = likelihood.evaluate(
            theta[pending] + length[pending, None] * step[pending], active[pending]
        )
        wanted = value[pending] - 1e-4 * length[pending] * decrement[pending] + slack[pending]
        pending = pending[~(trial.value <= wanted)]
        if not len(pending):
            first = trial if (length == 1.0).all() else None
            break
        length[pending] *= 0.5
    stuck = np.zeros(len(active), dtype=bool)
    stuck[pending] = True
    moved = np.where(stuck[:, None], theta, theta + length[:, None] * step)
    return moved, stuck, first


def _failure(likelihood: Likelihood, theta: Array, decrement: float, reason: str) -> str:
    """Why iterations stopped short of an optimum at ``theta`` (k,), and how far from one."""
    distance = f"{np.sqrt(max(decrement, 0.0) / 2.0):.1e} standard errors from an optimum"
    sigma = likelihood.structure.covariance(likelihood.by_group(theta))
    sd = np.sqrt(np.diagonal(sigma, axis1=-2, axis2=-1))
    smallest = np.linalg.eigvalsh(sigma / (sd[..., :, None] * sd[..., None, :])).min()
    if smallest < NEARLY_SINGULAR or sd.min() < NEARLY_CONSTANT * sd.max():
        reason = "the visit covariance becomes singular"
    return f"{reason}; stopped {distance}"
