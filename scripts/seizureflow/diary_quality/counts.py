"""Seizure counts that cannot be right, are not used, or need a reader's eye."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from seizureflow.array_types import BoolArray, IntArray
from seizureflow.diary_quality.coded_diary import CodedDiary
from seizureflow.diary_quality.hits import QualityHits, seizure_hits


def absurd_counts(diary: CodedDiary, maximum_daily_count: int) -> QualityHits:
    """Seizures of a type in an interval that exceed ``maximum_daily_count`` a day.

    Seizures without an interval are judged by the day.

    Returns:
        Rows of seizures; the group is the type, the number all seizures of it in the interval.
    """
    entries = diary.entries
    days = np.ones(len(entries.slot), dtype=np.int64)
    known = entries.slot < len(diary.intervals.begin)
    slot = entries.slot[known]
    days[known] = diary.intervals.finish[slot] - diary.intervals.begin[slot]
    absurd = entries.count > maximum_daily_count * days
    return seizure_hits(diary, absurd[entries.row_entry], entries.count[entries.row_entry])


def counts_on_missing_days(diary: CodedDiary) -> QualityHits:
    """Seizures in an interval that was not recorded, or on a day without any row."""
    recorded = np.append(diary.intervals.recorded, False)
    slot = np.minimum(diary.entries.slot, len(recorded) - 1)
    return seizure_hits(diary, ~recorded[slot][diary.entries.row_entry])


def clusters_counted_singly(diary: CodedDiary) -> QualityHits:
    """Seizures of a type that are entered both as a cluster and singly on one day."""
    entries = diary.entries
    kind = entries.kind[entries.row_entry]
    types = max(len(diary.types), 1)
    key: IntArray = entries.row_position * types + kind // 2
    cluster = kind % 2 == 1
    clusters = np.unique(key[cluster])
    singly = key[~cluster]
    both = singly[_members(singly, clusters)]
    return seizure_hits(diary, _members(key, np.unique(both)))


def days_with_status(diary: CodedDiary, status_types: Collection[str]) -> QualityHits:
    """Seizures of the types that stand for status epilepticus."""
    is_status = np.array([str(name) in status_types for name in diary.types], dtype=bool)
    kind = diary.entries.kind[diary.entries.row_entry]
    return seizure_hits(diary, is_status[kind // 2])


def _members(values: IntArray, members: IntArray) -> BoolArray:
    """Whether each value is among some sorted members."""
    if not len(members):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(members, values), len(members) - 1)
    return members[place] == values
