"""Regression estimates of a constant shift under many assignments, by Frisch-Waugh-Lovell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray

# Below this share of its own variation an assignment cannot be told apart from the covariates.
_ALIASED = 1e-10


@dataclass(frozen=True)
class ShiftEffects:
    """What each arrangement's regression says; all vectors have one entry per arrangement.

    With ``tau`` the shift that active treatment is supposed to have caused, the outcomes without
    it are ``y - tau * actual``, and an arrangement's coefficient of them is
    ``effect - tau * overlap``.

    Attributes:
        observed: Coefficient of the actual assignment.
        effect: Coefficient of the arrangement for the outcomes as they are; not a number where the
            arrangement cannot be told apart from the covariates.
        overlap: Coefficient of the arrangement for the actual assignment as outcome.
    """

    observed: float
    effect: FloatArray
    overlap: FloatArray


def shift_effects(
    outcome: FloatArray, covariates: FloatArray, actual: FloatArray, arranged: FloatArray
) -> ShiftEffects:
    """Regress the outcome on each arrangement and the covariates.

    Args:
        outcome: Outcomes, one per participant with an outcome.
        covariates: Matrix of the other terms, the intercept among them.
        actual: The actual assignment, 0 and 1.
        arranged: Assignments in rows.

    Source:
        Frisch & Waugh 1933; Lovell 1963: the coefficient of one term is that of the residuals from
        the others.
    """
    basis = np.linalg.qr(covariates)[0]
    outcome_residual = outcome - basis @ (basis.T @ outcome)
    actual_residual = actual - basis @ (basis.T @ actual)
    spread = arranged.sum(axis=1) - ((arranged @ basis) ** 2).sum(axis=1)
    distinct = spread > _ALIASED * len(actual)
    spread = np.where(distinct, spread, np.nan)
    return ShiftEffects(
        observed=float(actual_residual @ outcome_residual / (actual_residual @ actual_residual)),
        effect=arranged @ outcome_residual / spread,
        overlap=arranged @ actual_residual / spread,
    )
