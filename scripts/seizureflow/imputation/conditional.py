"""Distribution of missing outcomes given those seen, when all are jointly normal."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray


def fill_in(
    outcome: FloatArray,
    means: FloatArray,
    sigma: FloatArray,
    rng: np.random.Generator | None = None,
) -> FloatArray:
    """Replace what is missing by its conditional mean, or by a draw from its distribution.

    Args:
        outcome: (n, m) outcomes, NaN where missing.
        means: (B, n, m) means of the joint distribution; B sets of parameters are used at once.
        sigma: (B, m, m) covariances between visits.
        rng: Where draws are wanted.

    Returns:
        (B, n, m) outcomes without gaps; NaN where a mean that is needed is not known.
    """
    filled = np.broadcast_to(outcome, means.shape).copy()
    missing = np.isnan(outcome)
    patterns, which = np.unique(missing, axis=0, return_inverse=True)
    for number, gone in enumerate(patterns):
        if not gone.any():
            continue
        who = np.flatnonzero(which.ravel() == number)
        absent, present = np.flatnonzero(gone), np.flatnonzero(~gone)
        value = means[:, who[:, None], absent]
        spread = sigma[:, absent[:, None], absent]
        if len(present):
            weights = np.linalg.solve(
                sigma[:, present[:, None], present], sigma[:, present[:, None], absent]
            )
            residual = outcome[who[:, None], present] - means[:, who[:, None], present]
            value = value + residual @ weights
            spread = spread - sigma[:, absent[:, None], present] @ weights
        if rng is not None:
            root = np.linalg.cholesky((spread + spread.swapaxes(-1, -2)) / 2)
            value = value + rng.standard_normal(value.shape) @ root.swapaxes(-1, -2)
        filled[:, who[:, None], absent] = value
    return filled
