"""Days that a participant's diary holds more than once."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import BoolArray
from seizureflow.diary_quality.coded_diary import CodedDiary, Intervals
from seizureflow.diary_quality.entries import same_as_previous
from seizureflow.diary_quality.hits import QualityHits, interval_hits


def duplicate_days(diary: CodedDiary) -> QualityHits:
    """Intervals of a participant with the same days.

    Returns:
        Every one of them. The group numbers the sets of equal days; the number is 1 where the
        records of a set conflict in what they say (recorded or not, counts), else 0.
    """
    again = repeats_previous(diary.intervals)
    in_set = again.copy()
    in_set[:-1] |= again[1:]
    chosen = np.flatnonzero(in_set)
    first = ~again[chosen]
    group = np.cumsum(first) - 1
    recorded = diary.intervals.recorded[chosen]
    same = same_as_previous(diary.entries, chosen, len(again))
    same[1:] &= recorded[1:] == recorded[:-1]
    conflicts = np.zeros(int(first.sum()), dtype=np.int64)
    conflicts[group[~same & ~first]] = 1
    return interval_hits(diary, in_set, group, conflicts[group])


def overlapping_records(diary: CodedDiary) -> QualityHits:
    """Intervals of a participant that share days with another without being equal to it."""
    distinct = ~repeats_previous(diary.intervals)
    begin = diary.intervals.begin[distinct]
    finish = diary.intervals.finish[distinct]
    overlaps = np.zeros(len(begin), dtype=bool)
    if len(begin) > 1:
        overlaps[1:] = begin[1:] < np.maximum.accumulate(finish)[:-1]
        overlaps[:-1] |= begin[1:] < finish[:-1]
    return interval_hits(diary, overlaps[np.cumsum(distinct) - 1])


def repeats_previous(intervals: Intervals) -> BoolArray:
    """Whether each interval has the same days as the one before it."""
    again = np.zeros(len(intervals.begin), dtype=bool)
    again[1:] = (intervals.begin[1:] == intervals.begin[:-1]) & (
        intervals.finish[1:] == intervals.finish[:-1]
    )
    return again
