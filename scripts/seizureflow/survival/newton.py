"""Newton's method for concave log likelihoods, which says where no finite maximum exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray

# An effect of this size over the whole range of a covariate (a ratio of a thousand million) is on
# its way to infinity.
_BEYOND = 20.0
# Half of what a further step would add to the log likelihood.
_DECREMENT = 1e-20
_STEPS = 60

Evaluation = tuple[float, FloatArray, FloatArray]


class IndistinctError(Exception):
    """Coefficients that the data cannot tell apart.

    Attributes:
        terms: Places of those that follow from the others.
    """

    def __init__(self, terms: list[int]) -> None:
        super().__init__("The information is singular.")
        self.terms = terms


@dataclass(frozen=True)
class Maximum:
    """The maximum of a log likelihood.

    Attributes:
        coefficients: Where it is, shape (p,).
        value: The log likelihood there.
        information: Second derivatives with the sign changed, shape (p, p).
        infinite: Which coefficients have no finite value, shape (p,).
        converged: Whether the maximum was reached.
    """

    coefficients: FloatArray
    value: float
    information: FloatArray
    infinite: BoolArray
    converged: bool

    @property
    def covariance(self) -> FloatArray:
        """Inverse of the information, shape (p, p)."""
        return np.asarray(np.linalg.inv(self.information), dtype=np.float64)


def maximise(evaluate: Callable[[FloatArray], Evaluation], scales: FloatArray) -> Maximum:
    """Find the maximum, starting from 0.

    Args:
        evaluate: Log likelihood, score and information at coefficients.
        scales: Range of each covariate, shape (p,).

    Raises:
        IndistinctError: The information at 0 is singular.
    """
    with np.errstate(all="ignore"):  # a step too far gives no finite value, and is halved
        return _climb(evaluate, scales)


def _climb(evaluate: Callable[[FloatArray], Evaluation], scales: FloatArray) -> Maximum:
    point = np.zeros(len(scales))
    value, score, information = evaluate(point)
    _refuse_singular(information)
    converged = False
    for _ in range(_STEPS):
        infinite = np.abs(point) * scales > _BEYOND
        if infinite.any():
            return Maximum(point, value, information, infinite, converged=False)
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        if converged or float(score @ step) <= 0:
            break
        # One step more after the last that counts costs nothing and leaves rounding alone.
        converged = float(score @ step) < _DECREMENT * max(1.0, abs(value))
        for halving in range(30):
            trial = point + step / 2**halving
            found = evaluate(trial)
            if np.isfinite(found[0]) and found[0] >= value - 1e-12 * abs(value):
                break
        else:
            break
        point, (value, score, information) = trial, found
    last = np.linalg.lstsq(information, score, rcond=None)[0]
    converged = converged or float(score @ last) < 1e-12 * max(1.0, abs(value))
    return Maximum(point, value, information, np.zeros(len(point), dtype=bool), converged)


def _refuse_singular(information: FloatArray) -> None:
    scale = np.sqrt(np.diag(information))
    empty = [int(place) for place in np.flatnonzero(~(scale > 0))]
    if empty:
        raise IndistinctError(empty)
    correlation = information / np.outer(scale, scale)
    terms = [
        last
        for last in range(len(scale))
        if np.linalg.matrix_rank(correlation[: last + 1, : last + 1], tol=1e-10) <= last
    ]
    if terms:
        raise IndistinctError(terms[:1])
