"""Numbers as printed: the interval of values that a printed number stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import IntArray
from seizureflow.simulation.spec import PrintedMoments

# Values this near the open end of an interval (in units of the last digit) count as outside, so
# that the last bit of a floating-point number cannot turn a printed digit.
EDGE = 1e-6


@dataclass(frozen=True)
class Interval:
    """The values that print as one number; both ends belong to it.

    Rounding is half away from zero: the end nearer to zero prints as the number (31.25 as 31.3),
    the farther one as the next number and is drawn in by `EDGE`.
    """

    lower: float
    upper: float

    @classmethod
    def of(cls, value: float, decimals: int) -> Interval:
        """Return the values that print as `value` with `decimals` decimals."""
        unit = 10.0**-decimals
        lower, upper = value - 0.5 * unit, value + 0.5 * unit
        if value <= 0:
            lower += EDGE * unit
        if value >= 0:
            upper -= EDGE * unit
        # A binary fraction off the decimal edge would shut out what lies exactly on it.
        return cls(round(lower, decimals + 8), round(upper, decimals + 8))

    def distance(self, value: float) -> float:
        """Return how far `value` is outside, in widths of the interval; 0 inside."""
        if not np.isfinite(value):
            return float("inf")
        return max(0.0, self.lower - value, value - self.upper) / (self.upper - self.lower)


def fit_moments(values: IntArray, limits: tuple[int, int], moments: PrintedMoments) -> IntArray:
    """Change as few units of `values` as needed until their moments print as `moments`.

    Each step changes one value by one, or two values by one each, within `limits`; it takes the
    step that helps most. Mean and SD (divisor n - 1) are then those printed.

    Raises:
        ValueError: when no further step helps.
    """
    mean = Interval.of(moments.mean, moments.mean_decimals)
    sd = Interval.of(moments.sd, moments.sd_decimals)
    n = len(values)
    singles = [(i, step) for i in range(n) for step in (-1, 1)]
    moves = [(move,) for move in singles] + [
        (one, two) for one in singles for two in singles if one[0] < two[0]
    ]
    changes = np.zeros((len(moves), n), dtype=np.int64)
    for row, move in enumerate(moves):
        for i, step in move:
            changes[row, i] = step

    def misfit(candidates: IntArray) -> np.ndarray:
        means, sds = candidates.mean(axis=1), candidates.std(axis=1, ddof=1)
        return np.maximum(0, np.maximum(mean.lower - means, means - mean.upper)) + np.maximum(
            0, np.maximum(sd.lower - sds, sds - sd.upper)
        )

    fitted = np.array(values)
    current = misfit(fitted[None, :])[0]
    while current > 0:
        candidates = fitted + changes
        inside = ((candidates >= limits[0]) & (candidates <= limits[1])).all(axis=1)
        scores = np.where(inside, misfit(candidates), np.inf)
        best = int(scores.argmin())
        if scores[best] >= current:
            raise ValueError(f"no integers found with mean {moments.mean} and SD {moments.sd}")
        fitted, current = candidates[best], scores[best]
    return fitted
