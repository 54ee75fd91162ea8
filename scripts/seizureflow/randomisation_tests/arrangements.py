"""Arrangements of two arms that keep the composition of every block: counted, listed or drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from seizureflow.array_types import FloatArray, IntArray


@dataclass(frozen=True)
class Arrangements:
    """Assignments that the randomisation could have given.

    Attributes:
        active: 1 where a participant (column) is in the active arm of an arrangement (row), else 0.
        complete: Whether they are all that exist, the actual one among them, each once.
        existing: How many exist.
    """

    active: FloatArray
    complete: bool
    existing: int


def count_arrangements(active: FloatArray, block: IntArray) -> int:
    """Number of assignments with the same number of active participants in every block."""
    total = 1
    for number in np.unique(block):
        inside = active[block == number]
        total *= math.comb(len(inside), int(inside.sum()))
    return total


def arrange(
    active: FloatArray, block: IntArray, permutations: int, rng: np.random.Generator
) -> Arrangements:
    """List all arrangements where there are no more than asked for, else draw as many at random.

    Args:
        active: 1 for participants in the active arm, 0 for those in the other.
        block: Number of each participant's block.
        permutations: Arrangements to draw.
        rng: Source of the draws.
    """
    existing = count_arrangements(active, block)
    if existing <= permutations:
        return Arrangements(list_arrangements(active, block), True, existing)
    return Arrangements(draw_arrangements(active, block, permutations, rng), False, existing)


def list_arrangements(active: FloatArray, block: IntArray) -> FloatArray:
    """Every arrangement once."""
    rows = np.zeros((1, len(active)))
    for number in np.unique(block):
        members = np.flatnonzero(block == number)
        chosen = list(combinations(members, int(active[members].sum())))
        blocks = np.zeros((len(chosen), len(active)))
        for place, columns in enumerate(chosen):
            blocks[place, list(columns)] = 1
        rows = (rows[:, None, :] + blocks[None, :, :]).reshape(-1, len(active))
    return rows


def draw_arrangements(
    active: FloatArray, block: IntArray, permutations: int, rng: np.random.Generator
) -> FloatArray:
    """Independent random arrangements, all equally probable."""
    # Sorting on block plus a uniform number shuffles each block and leaves the blocks in place.
    keys = block[None, :] + rng.random((permutations, len(active)))
    shuffled = np.argsort(keys, axis=1)
    by_block = np.argsort(block, kind="stable")
    arranged = np.empty((permutations, len(active)))
    np.put_along_axis(arranged, shuffled, np.broadcast_to(active[by_block], keys.shape), axis=1)
    return arranged
