"""Intervals of a diary in the order of participant and day, so that windows are found by bisection.

A participant and a study day make one whole number, the key. Keys of a participant are consecutive
and those of the next participant greater, so that ten million intervals need no merge on text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray, IntArray
from seizureflow.study_days import ordinal


@dataclass(frozen=True)
class IntervalOrder:
    """Where the intervals of a table stand once they are in order.

    Attributes:
        people: Identifiers of the participants, sorted.
        first: Ordinal (see :func:`seizureflow.study_days.ordinal`) of the first day of all.
        span: Keys of a participant.
        rows: Row of the table for each place; None where the table is in order already.
        starts: Key of the first day, by place, ascending.
        reach: Highest key of an end among the places before, shape (places + 1,).
    """

    people: pd.Index[Any]
    first: int
    span: int
    rows: IntArray | None
    starts: IntArray
    reach: IntArray

    @classmethod
    def of(cls, intervals: pd.DataFrame) -> IntervalOrder:
        """Order the intervals of a table with ``USUBJID``, ``START`` and ``END``."""
        codes, people = participant_codes(intervals["USUBJID"])
        start, end = ordinal(intervals["START"]), ordinal(intervals["END"])
        first = int(start.min()) if len(start) else 0
        span = int(end.max()) - first + 1 if len(end) else 1
        base = codes * span - first
        starts, ends = base + start, base + end
        rows = None if ascending(starts) else np.argsort(starts, kind="stable")
        if rows is not None:
            starts, ends = starts[rows], ends[rows]
        reach = np.empty(len(ends) + 1, dtype=np.int64)
        reach[0] = np.iinfo(np.int64).min
        np.maximum.accumulate(ends, out=reach[1:])
        return cls(people, first, span, rows, starts, reach)

    def in_order(self, values: Any) -> IntArray:
        """Whole numbers of the table's rows, by place."""
        numbers = np.asarray(values, dtype=np.int64)
        return numbers if self.rows is None else numbers[self.rows]

    def keys(self, participants: pd.Series[Any], days: Any) -> IntArray:
        """Keys of study days; days beyond the table's become its bounds.

        The key of a participant who is not in the table is negative.
        """
        codes, labels = participant_codes(participants)
        known = np.append(self.people.get_indexer(labels).astype(np.int64), -1)
        offset = np.clip(ordinal(days) - self.first, 0, self.span - 1)
        return known[codes] * self.span + offset

    def places(self, participants: pd.Series[Any], days: Any) -> IntArray:
        """First place of each participant at or after a study day."""
        return np.searchsorted(self.starts, self.keys(participants, days))

    def find(self, participants: pd.Series[Any], days: Any) -> tuple[IntArray, BoolArray]:
        """Place of the interval that starts on a study day, and whether there is one."""
        keys = self.keys(participants, days)
        places = np.searchsorted(self.starts, keys)
        found = places < len(self.starts)
        found[found] = self.starts[places[found]] == keys[found]
        offset = ordinal(days) - self.first
        found &= (offset >= 0) & (offset < self.span)
        return places, found

    def stretches(self, windows: pd.DataFrame) -> tuple[IntArray, IntArray, BoolArray]:
        """Places ``[lower, upper)`` of the intervals that start in each window.

        Args:
            windows: ``USUBJID``, ``START``, ``END`` (study days, half-open).

        Returns:
            The two places, and whether the window cuts an interval.
        """
        start = self.keys(windows["USUBJID"], windows["START"])
        end = self.keys(windows["USUBJID"], windows["END"])
        lower, upper = np.searchsorted(self.starts, start), np.searchsorted(self.starts, end)
        cut = self.reach[np.minimum(lower, upper)] > start
        cut |= (upper > lower) & (self.reach[upper] > end)
        return lower, np.maximum(lower, upper), cut


def ascending(values: IntArray) -> bool:
    """Whether numbers are in ascending order."""
    return bool((values[1:] >= values[:-1]).all())


def participant_codes(participants: pd.Series[Any]) -> tuple[IntArray, pd.Index[Any]]:
    """Number participants in the order of their identifiers.

    Args:
        participants: Identifiers, none of them missing, as text or as a categorical.

    Returns:
        The number of each, and the identifiers by number. Identifiers that do not occur may be
        among them.
    """
    if not isinstance(participants.dtype, pd.CategoricalDtype):
        participants = participants.astype("str").astype("category")
    labels = participants.cat.categories
    codes: IntArray = np.asarray(participants.cat.codes, dtype=np.int64)
    if not labels.is_monotonic_increasing:
        rank = np.empty(len(labels), dtype=np.int64)
        rank[labels.argsort()] = np.arange(len(labels))
        codes, labels = rank[codes], labels.sort_values()
    return codes, pd.Index(labels.astype("str"))


def sums_between(values: IntArray, lower: IntArray, upper: IntArray) -> IntArray:
    """Sum of ``values[lower:upper]`` for each pair of places."""
    running = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=running[1:])
    return running[upper] - running[lower]
