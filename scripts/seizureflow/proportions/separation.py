"""Whether responders are separated from others by the terms of a model, so that no estimate exists.

Then the likelihood rises without end in some direction of the coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from seizureflow.array_types import FloatArray

# Columns are scaled to 1, directions to at most 1: what is less than this is rounding.
_ZERO = 1e-7


@dataclass(frozen=True)
class Separation:
    """How responders are separated.

    Attributes:
        complete: Whether a combination of the terms tells every responder from every other;
            otherwise some participants lie on the border (quasi-complete).
        infinite: By column, whether its maximum likelihood estimate is infinite.
    """

    complete: bool
    infinite: tuple[bool, ...]


def find_separation(outcome: FloatArray, matrix: FloatArray) -> Separation | None:
    """Look for separation by linear programming.

    The coefficients ``b`` with ``s_i x_i' b >= 0`` for every participant (``s`` is 1 for responders
    and -1 for others) are directions in which the likelihood never falls. With a matrix of full
    rank there is no separation exactly where only ``b = 0`` is such a direction.

    Args:
        outcome: 0 or 1 by participant.
        matrix: Design matrix of full rank, participants by terms.

    Returns:
        None where there is no separation.

    Source:
        Albert & Anderson, Biometrika 71 (1984) 1-10; Konis, Linear programming algorithms for
        detecting separated data in binary logistic regression models (DPhil thesis, Oxford 2007).
    """
    signed = np.where(outcome == 1, 1.0, -1.0)[:, None] * matrix / np.abs(matrix).max(axis=0)
    if _farthest(signed, signed.sum(axis=0)) < _ZERO:
        return None
    columns = np.eye(matrix.shape[1])
    infinite = tuple(
        max(_farthest(signed, column), _farthest(signed, -column)) > _ZERO for column in columns
    )
    return Separation(_is_complete(signed), infinite)


def _farthest(signed: FloatArray, direction: FloatArray) -> float:
    """How far one can go in a direction among the coefficients for which nothing falls."""
    result = optimize.linprog(
        -direction, A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs"
    )
    return float(direction @ np.asarray(result.x, dtype=np.float64))


def _is_complete(signed: FloatArray) -> bool:
    """Whether some coefficients put every participant strictly on the right side."""
    result = optimize.linprog(
        np.zeros(signed.shape[1]),
        A_ub=-signed,
        b_ub=-np.ones(len(signed)),
        bounds=(None, None),
        method="highs",
    )
    return bool(result.status == 0)
