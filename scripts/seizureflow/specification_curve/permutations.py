"""Arrangements of the arms that the randomisation could have given."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray, IntArray


def permuted_arms(
    treated: BoolArray, strata: IntArray, permutations: int, rng: np.random.Generator
) -> FloatArray:
    """Permute the arms of participants within their strata.

    Args:
        treated: Whether a participant is in the arm compared, shape (n,).
        strata: Number of the stratum, shape (n,).
        permutations: How many.
        rng: Source of the permutations.

    Returns:
        1 in the arm compared and 0 in the reference, shape (permutations, n). Each stratum has as
        many of either as it had.
    """
    arms = np.tile(treated.astype(np.float64), (permutations, 1))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        arms[:, members] = rng.permuted(arms[:, members], axis=1)
    return arms
