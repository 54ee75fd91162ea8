"""Least squares of one outcome on many arrangements of two arms at once."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.specification_curve.effects import Effects

_ALIASED = 1e-9  # of the variation of the arm that covariates must leave


def least_squares(
    outcome: FloatArray, others: FloatArray, treated: FloatArray, *, hc3: bool = False
) -> Effects:
    """Coefficient of the arm given the other columns, for each arrangement of the arms.

    The arm and the outcome are freed of the other columns first (Frisch & Waugh 1933, Lovell 1963),
    so that an arrangement costs two products of vectors.

    Args:
        outcome: Shape (n,).
        others: Intercept and covariates, shape (n, q), of full rank.
        treated: 1 in the arm compared and 0 in the reference, shape (R, n).
        hc3: Whether standard errors are heteroscedasticity-consistent (HC3, MacKinnon & White
            1985).
    """
    basis, _ = np.linalg.qr(others)
    rest = outcome - basis @ (basis.T @ outcome)
    arm = treated - (treated @ basis) @ basis.T
    variation = (arm**2).sum(axis=1)
    known = variation > _ALIASED * np.maximum((treated**2).sum(axis=1), 1)
    variation = np.where(known, variation, np.nan)
    log_ratio = arm @ rest / variation
    residuals = rest - log_ratio[:, None] * arm
    df = len(outcome) - others.shape[1] - 1
    if hc3:
        leverage = (basis**2).sum(axis=1) + arm**2 / variation[:, None]
        free = np.where(leverage < 1 - 1e-12, 1 - leverage, np.nan)
        variance = ((arm * residuals / free) ** 2).sum(axis=1) / variation**2
    else:
        variance = (residuals**2).sum(axis=1) / df / variation
    return Effects(log_ratio, np.sqrt(variance), np.full(len(treated), float(df)), known)
