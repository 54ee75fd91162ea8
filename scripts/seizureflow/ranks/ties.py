"""Ranks with ties: values that differ by rounding errors alone are the same value."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray, IntArray

# A percent change of 14 in 28 and of 7 in 14 is the same number, but its last digits need not be.
_SAME = 1e-10


def tie_groups(values: FloatArray) -> IntArray:
    """Number the distinct values in increasing order.

    Neighbours that differ by less than 1e-10 of the largest finite absolute value are one value.

    Args:
        values: Any unit; infinities of one sign are one value.

    Returns:
        For each value the number of its group, from 0.
    """
    order = np.argsort(values, kind="stable")
    tolerance = _SAME * np.abs(values[np.isfinite(values)]).max(initial=0.0)
    below, above = values[order][:-1], values[order][1:]
    apart = np.subtract(above, below, out=np.zeros(len(below)), where=above != below)
    steps = apart > tolerance
    groups = np.empty(len(values), dtype=np.int64)
    groups[order] = np.concatenate([[0], np.cumsum(steps)])[: len(values)]
    return groups


def midranks(values: FloatArray) -> FloatArray:
    """Ranks from 1; tied values get the mean of their ranks.

    Args:
        values: Any unit.
    """
    groups = tie_groups(values)
    sizes = np.bincount(groups)
    last = np.cumsum(sizes)
    return np.asarray(last - (sizes - 1) / 2, dtype=np.float64)[groups]


def has_ties(values: FloatArray) -> bool:
    """Whether any two values are the same."""
    return bool(np.bincount(tie_groups(values)).max(initial=0) > 1)
