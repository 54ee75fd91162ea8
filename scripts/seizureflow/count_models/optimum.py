"""The maximum of a smooth log-likelihood of few parameters, with its curvature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from seizureflow.array_types import FloatArray

Objective = Callable[[FloatArray], float]

_NEWTON_STEPS = 30
# Newton stops where a step would gain less than this.
_NEGLIGIBLE_GAIN = 1e-14
# Gain that a step could still bring where rounding keeps it from being taken.
_ACCEPTED_GAIN = 1e-8
# Steps of first and second differences of fourth order, in units in which the curvature is about 1:
# truncation and rounding then both leave errors of about 1e-9 and 1e-7.
_STEP = 2e-3
_LONG_STEP = 2e-2


@dataclass(frozen=True)
class Optimum:
    """A maximum.

    Attributes:
        point: Where it is.
        value: The log-likelihood there.
        information: Minus the matrix of second derivatives there.
        converged: Whether the gradient is zero and the information positive-definite.
    """

    point: FloatArray
    value: float
    information: FloatArray
    converged: bool


def maximise(objective: Objective, start: FloatArray, covariance: FloatArray) -> Optimum:
    """Climb by BFGS, then by Newton's method with numerical derivatives.

    Args:
        objective: The log-likelihood; minus infinity where it does not exist.
        start: Where to begin.
        covariance: About the covariance of the estimates. The search runs in units of it, in which
            the curvature is about the identity.
    """
    root = np.linalg.cholesky(covariance)

    def standard(point: FloatArray) -> float:
        return objective(start + root @ point)

    def downhill(point: FloatArray) -> float:
        value = standard(point)
        return -value if np.isfinite(value) else 1e10

    rough = optimize.minimize(  # type: ignore[call-overload]  # the stubs want more than a float
        downhill,
        np.zeros(len(start)),
        jac=lambda point: -_rough_gradient(standard, point),
        method="BFGS",
        options={"gtol": 1e-2, "maxiter": 200},
    )
    point, gain = _polish(standard, np.asarray(rough.x, dtype=np.float64))
    information = -hessian(standard, point)
    back = np.linalg.inv(root)
    return Optimum(
        point=start + root @ point,
        value=standard(point),
        information=back.T @ information @ back,
        converged=_positive_definite(information) and gain < _ACCEPTED_GAIN,
    )


def _polish(objective: Objective, point: FloatArray) -> tuple[FloatArray, float]:
    """Newton steps, with new second derivatives where the old ones are of far away.

    Returns:
        The point, and about what one more step would gain.
    """
    information, gain = -hessian(objective, point), np.inf
    for _ in range(_NEWTON_STEPS):
        if not _positive_definite(information):
            return point, np.inf
        slope = gradient(objective, point)
        step = np.linalg.solve(information, slope)
        gain, before = float(slope @ step), gain
        if gain < _NEGLIGIBLE_GAIN:
            return point + step, gain
        if gain > 0.01 * before:
            # Slow: the curvature has changed, or nothing but rounding is left.
            if gain < _ACCEPTED_GAIN:
                return point, gain
            information = -hessian(objective, point)
            if not _positive_definite(information):
                return point, np.inf
            step = np.linalg.solve(information, slope)
        halvings = next(
            (n for n in range(20) if objective(point + step * 0.5**n) > objective(point)), None
        )
        if halvings is None:
            return point, gain
        point = point + step * 0.5**halvings
    return point, gain


def _positive_definite(information: FloatArray) -> bool:
    return bool(np.isfinite(information).all() and np.linalg.eigvalsh(information).min() > 1e-8)


def gradient(objective: Objective, point: FloatArray) -> FloatArray:
    """First derivatives by central differences of fourth order."""
    found = np.empty(len(point))
    for place in range(len(point)):
        move = np.zeros(len(point))
        move[place] = _STEP
        near = objective(point + move) - objective(point - move)
        far = objective(point + 2 * move) - objective(point - 2 * move)
        found[place] = (8 * near - far) / (12 * _STEP)
    return found


def _rough_gradient(objective: Objective, point: FloatArray) -> FloatArray:
    """First derivatives by central differences of second order, enough to climb by."""
    moves = _STEP * np.eye(len(point))
    return np.array(
        [(objective(point + move) - objective(point - move)) / (2 * _STEP) for move in moves]
    )


def hessian(objective: Objective, point: FloatArray) -> FloatArray:
    """Second derivatives by central differences of fourth order."""
    size, step = len(point), _LONG_STEP
    centre = objective(point)
    moves = np.eye(size) * step
    found = np.empty((size, size))
    for i in range(size):
        near = objective(point + moves[i]) + objective(point - moves[i])
        far = objective(point + 2 * moves[i]) + objective(point - 2 * moves[i])
        found[i, i] = (16 * near - far - 30 * centre) / (12 * step**2)
        for j in range(i):
            mixed = [_mixed(objective, point, k * moves[i], k * moves[j]) for k in (1, 2)]
            found[i, j] = found[j, i] = (4 * mixed[0] - mixed[1] / 4) / (3 * step**2)
    return found


def _mixed(objective: Objective, point: FloatArray, a: FloatArray, b: FloatArray) -> float:
    """Mixed difference: four times the product of the steps times the derivative."""
    return (
        objective(point + a + b)
        - objective(point + a - b)
        - objective(point - a + b)
        + objective(point - a - b)
    ) / 4
