"""Puts marks of nearly the same height beside each other, so that each can be seen."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray


def spread(heights: FloatArray, near: float) -> FloatArray:
    """How far to the side each mark stands, from -1 to 1; those alone at their height at 0.

    Marks are taken by bands of height and stand in a row within their band, the same for the same
    heights; a band with the most marks takes the whole width, others in proportion.

    Args:
        heights: Heights of the marks.
        near: Height of a band, in the unit of the heights.

    >>> spread(np.array([0.0, 50.0, 0.1]), 1.0).tolist()
    [-1.0, 0.0, 1.0]
    """
    if not len(heights):
        return np.zeros(0)
    bands = np.floor(heights / near)
    _, band, sizes = np.unique(bands, return_inverse=True, return_counts=True)
    order = np.lexsort((heights, band))
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(heights))
    rank[order] = np.arange(len(heights)) - starts[band[order]]
    most = max(int(sizes.max()) - 1, 1)
    return np.asarray((2 * rank - (sizes[band] - 1)) / most)
