"""What several changes do together, extrapolated from what each does alone.

The sum of the single effects is a first approximation. What it misses are the interactions of each
two changes; they are taken as bilinear in the effects of the two, and learnt from the combinations
that have been measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray

# A coordinate and the value it is given.
Change = tuple[int, int]

# Directions of the effects that interact; more are not learnt from a few dozen combinations.
DIRECTIONS = 4
# Shrinks interactions that the combinations measured say little of.
RIDGE = 1e-3


@dataclass(frozen=True)
class Sums:
    """What a combination of changes adds up to.

    Attributes:
        effect: sum of the single effects, shape (numbers,).
        along: sum of their coordinates in the main directions, shape (directions,).
        squares: sum of the outer products of these coordinates, shape (directions, directions).
    """

    effect: FloatArray
    along: FloatArray
    squares: FloatArray

    def plus(self, other: Sums, times: int = 1) -> Sums:
        """Return the sums with those of another combination added, or taken away."""
        return Sums(
            self.effect + times * other.effect,
            self.along + times * other.along,
            self.squares + times * other.squares,
        )


class Extrapolation:
    """Extrapolates from single changes to their combinations."""

    def __init__(
        self,
        effects: Mapping[Change, FloatArray],
        combinations: Sequence[tuple[Sequence[Change], FloatArray]],
    ) -> None:
        """Learn from the single effects and from combinations with the effect they had.

        Effects that are not finite take no part.
        """
        singles = np.array([np.where(np.isfinite(e), e, 0.0) for e in effects.values()])
        self._scale = np.maximum(np.abs(singles).max(axis=0, initial=0.0), 1e-12)
        _, _, directions = np.linalg.svd(singles / self._scale, full_matrices=False)
        directions = directions[:DIRECTIONS]
        self._singles = {
            key: self._sums(effect, directions)
            for key, effect in zip(effects, singles, strict=True)
        }
        self.nothing = self._sums(np.zeros_like(self._scale), directions)
        self._pairs = np.triu_indices(len(directions))
        self._interactions = np.zeros((len(self._pairs[0]), len(self._scale)))
        self._learn([c for c in combinations if np.isfinite(c[1]).all() and len(c[0]) > 1])

    def knows(self, key: Change) -> bool:
        """Tell whether the effect of a change has been given."""
        return key in self._singles

    def single(self, key: Change) -> Sums:
        """Return the sums of one change."""
        return self._singles[key]

    def effect(self, sums: Sums) -> FloatArray:
        """Return the extrapolated effect of a combination."""
        effect: FloatArray = sums.effect + self._features(sums) @ self._interactions * self._scale
        return effect

    def _sums(self, effect: FloatArray, directions: FloatArray) -> Sums:
        along = directions @ (effect / self._scale)
        return Sums(effect, along, np.outer(along, along))

    def _features(self, sums: Sums) -> FloatArray:
        """Return the products over all pairs of different changes, shape (pairs of directions,)."""
        features: FloatArray = (np.outer(sums.along, sums.along) - sums.squares)[self._pairs]
        return features

    def _learn(self, combinations: Sequence[tuple[Sequence[Change], FloatArray]]) -> None:
        if not combinations:
            return
        totals = []
        for keys, _ in combinations:
            total = self.nothing
            for key in keys:
                total = total.plus(self.single(key))
            totals.append(total)
        features = np.array([self._features(total) for total in totals])
        missed = np.array(
            [e - total.effect for total, (_, e) in zip(totals, combinations, strict=True)]
        )
        normal = features.T @ features + RIDGE * np.eye(features.shape[1])
        self._interactions = np.linalg.solve(normal, features.T @ (missed / self._scale))
