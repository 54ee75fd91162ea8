"""Runs of days with exactly the same entry, which a diary kept daily rarely has."""

from __future__ import annotations

import numpy as np

from seizureflow.diary_quality.coded_diary import CodedDiary
from seizureflow.diary_quality.entries import same_as_previous
from seizureflow.diary_quality.hits import QualityHits


def identical_runs(diary: CodedDiary, identical_run_days: int) -> QualityHits:
    """Runs of at least ``identical_run_days`` consecutive recorded days with the same seizures.

    Days free of seizures make no run. Intervals longer than a day are left out, and of a day's
    recorded rows the first one counts.

    Returns:
        The day rows of the runs; the group is the number of the run's first interval, by which the
        entry can be found.
    """
    intervals = diary.intervals
    daily = np.flatnonzero(intervals.recorded & (intervals.finish - intervals.begin == 1))
    day = intervals.begin[daily]
    if len(day):
        kept = np.append(True, day[1:] != day[:-1])
        daily, day = daily[kept], day[kept]
    same = same_as_previous(diary.entries, daily, len(intervals.begin))
    same[1:] &= day[1:] == day[:-1] + 1
    run = np.cumsum(~same) - 1
    firsts = daily[~same]
    with_seizures = np.zeros(len(intervals.begin) + 1, dtype=bool)
    with_seizures[np.minimum(diary.entries.slot, len(intervals.begin))] = True
    long = (np.bincount(run, minlength=len(firsts)) >= identical_run_days) & with_seizures[firsts]
    hit = long[run]
    chosen = daily[hit]
    return QualityHits(
        intervals.begin[chosen],
        intervals.finish[chosen],
        intervals.row[chosen],
        firsts[run[hit]],
        np.zeros(len(chosen), dtype=np.int64),
    )
