"""Sets of days as disjoint spans of positions: their union, their gaps, their days in a window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import IntArray


@dataclass(frozen=True)
class DaySpans:
    """Days as half-open spans ``[begin, finish)`` that are sorted and share no day."""

    begin: IntArray
    finish: IntArray


def union(begin: IntArray, finish: IntArray) -> DaySpans:
    """Days that lie in any of some intervals.

    Args:
        begin: First positions, sorted.
        finish: Positions after the last.

    Returns:
        The part of each interval that none before it covers, where there is one. Spans that touch
        are not joined.
    """
    fresh = begin.copy()
    if len(begin) > 1:
        reach = np.maximum.accumulate(finish[:-1])
        np.maximum(fresh[1:], reach, out=fresh[1:])
    new = fresh < finish
    return DaySpans(fresh[new], finish[new])


def days_inside(spans: DaySpans, begin: IntArray, finish: IntArray) -> IntArray:
    """Number of days of the spans in each window ``[begin, finish)``; 0 where it is empty."""
    before = np.concatenate([[0], np.cumsum(spans.finish - spans.begin)])

    def days_until(position: IntArray) -> IntArray:
        index = np.searchsorted(spans.begin, position, side="right") - 1
        inside = index >= 0
        last = np.where(inside, index, 0)
        if not len(spans.begin):
            return np.zeros(len(position), dtype=np.int64)
        partial = np.minimum(position, spans.finish[last]) - spans.begin[last]
        return np.where(inside, before[last] + partial, 0)

    return np.maximum(days_until(finish) - days_until(begin), 0)


def joined(begin: IntArray, finish: IntArray) -> DaySpans:
    """Stretches without a gap that some intervals, sorted by ``begin``, make up."""
    if not len(begin):
        return DaySpans(begin, finish)
    reach = np.maximum.accumulate(finish)
    new = np.concatenate([[True], begin[1:] > reach[:-1]])
    last = np.concatenate([np.flatnonzero(new)[1:] - 1, [len(begin) - 1]])
    return DaySpans(begin[new], reach[last])
