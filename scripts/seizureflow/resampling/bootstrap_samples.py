"""Bootstrap samples, drawn within arms."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray, IntArray


def draw_samples(arm: IntArray, samples: int, rng: np.random.Generator) -> IntArray:
    """Draw participants with replacement within each arm, so that the arms keep their sizes.

    Args:
        arm: Number of each participant's arm.
        samples: Samples to draw.
        rng: Source of the draws.

    Returns:
        One row per sample with the positions of the participants drawn.
    """
    chosen = np.empty((samples, len(arm)), dtype=np.int64)
    for number in np.unique(arm):
        members = np.flatnonzero(arm == number)
        drawn = rng.integers(0, len(members), size=(samples, len(members)))
        chosen[:, members] = members[drawn]
    return chosen


def weights_of(samples: IntArray, participants: int) -> FloatArray:
    """How often each participant (column) is in each sample (row)."""
    cells = samples + participants * np.arange(len(samples))[:, None]
    counts = np.bincount(cells.ravel(), minlength=len(samples) * participants)
    return counts.reshape(len(samples), participants).astype(np.float64)
