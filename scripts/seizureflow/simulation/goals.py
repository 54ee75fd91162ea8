"""Goals of a search: the interval that each measured number has to end in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.simulation.rounding_intervals import Interval

# A number that does not exist counts as this many last digits off.
FAR_OFF = 1e4


@dataclass(frozen=True)
class Goals:
    """Intervals for a vector of numbers, all arrays of shape (numbers,).

    Attributes:
        lower, upper: the interval of each number.
        ratios: which numbers a search extrapolates on the log scale.
    """

    lower: FloatArray
    upper: FloatArray
    ratios: BoolArray

    @classmethod
    def of(cls, intervals: Sequence[Interval], ratios: Sequence[bool]) -> Goals:
        """Collect the intervals of several numbers."""
        return cls(
            np.array([interval.lower for interval in intervals]),
            np.array([interval.upper for interval in intervals]),
            np.array(ratios, dtype=np.bool_),
        )

    def narrowed(self, share: float) -> Goals:
        """Return goals whose intervals keep only the middle `share` of their width."""
        margin = (1 - share) / 2 * (self.upper - self.lower)
        return Goals(self.lower + margin, self.upper - margin, self.ratios)

    def misfits(self, values: FloatArray) -> FloatArray:
        """Return how far off values are, shape (..., numbers), in widths of their interval."""
        outside = np.maximum(0.0, np.maximum(self.lower - values, values - self.upper))
        misfits = outside / (self.upper - self.lower)
        return np.where(np.isfinite(misfits), misfits, FAR_OFF)

    def misfit(self, values: FloatArray) -> FloatArray:
        """Return the sum of squared misfits, shape (...): what a search makes smaller."""
        total: FloatArray = np.square(self.misfits(values)).sum(axis=-1)
        return total

    def met(self, values: FloatArray) -> bool:
        """Tell whether every number is in its interval."""
        return bool((self.misfits(values) == 0).all())

    def to_scale(self, values: FloatArray) -> FloatArray:
        """Return values on the scale on which they are extrapolated."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.ratios, np.log(values), values)

    def from_scale(self, scaled: FloatArray) -> FloatArray:
        """Undo `to_scale`; numbers too large to exist come back as infinite."""
        return np.where(self.ratios, np.exp(np.minimum(scaled, 700.0)), scaled)
