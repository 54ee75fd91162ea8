"""One axis for the days of all participants, so that rules work on whole arrays.

Each participant has a stretch of the axis of their own, a gap away from the next. An interval of a
participant's days is then an interval of positions, and no rule has to ask whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seizureflow.array_types import IntArray
from seizureflow.study_days import from_ordinal, ordinal


@dataclass(frozen=True)
class DayAxis:
    """Positions of study days of participants.

    Attributes:
        low: Ordinal of the earliest day of anyone.
        span: Positions that each participant has; at least one is never a day.
    """

    low: int
    span: int

    def positions(self, person: Any, day: Any) -> IntArray:
        """Positions of study days of participants, both as arrays that broadcast."""
        return np.asarray(person, dtype=np.int64) * self.span + (ordinal(day) - self.low)

    def person(self, position: Any) -> IntArray:
        """Codes of the participants whose positions these are."""
        return np.asarray(position, dtype=np.int64) // self.span

    def study_day(self, position: Any) -> IntArray:
        """Study days at positions."""
        return from_ordinal(np.asarray(position, dtype=np.int64) % self.span + self.low)


def axis_for(days: Iterable[Any]) -> DayAxis:
    """Make the axis that holds all of some arrays of study days."""
    bounds = [(ordinal(values.min()), ordinal(values.max())) for values in days if len(values)]
    low = min((int(least) for least, _ in bounds), default=0)
    high = max((int(most) for _, most in bounds), default=0)
    # Two positions beyond the last, so that last days plus one stay inside and never touch.
    return DayAxis(low, high - low + 3)
