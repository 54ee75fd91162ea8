"""How many of the days that a participant could have recorded were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray, IntArray
from seizureflow.diary_quality.coded_diary import CodedDiary, Period, code_diary
from seizureflow.diary_quality.day_spans import days_inside, union
from seizureflow.diary_quality.hits import QualityHits, span_hits
from seizureflow.study_days import ordinal
from seizureflow.tables import empty_table


@dataclass(frozen=True)
class PeriodDays:
    """Days of each participant in each period, participant by participant.

    Attributes:
        person: Code of the participant.
        period: Number of the period.
        begin: Position of the first day that could be recorded.
        finish: Position after the last; not after ``begin`` where no day could be.
        recorded: Days recorded.
        marked: Days with a row that says they were not recorded.
    """

    person: IntArray
    period: IntArray
    begin: IntArray
    finish: IntArray
    recorded: IntArray
    marked: IntArray

    @property
    def expected(self) -> IntArray:
        """Days that could be recorded."""
        return np.maximum(self.finish - self.begin, 0)


def compliance(
    intervals: pd.DataFrame, people: pd.DataFrame, periods: Sequence[Period]
) -> pd.DataFrame:
    """Count expected and recorded days of every participant in every period.

    A day is expected where it lies in the period and from the day of screening to the last day of
    the study, as far as these are known. Of a participant who was not randomised no day after
    day -1 is. A day with more than one row is one day, recorded where any of the rows is.

    Args:
        intervals: ``USUBJID``, ``START``, ``END``, ``RECORDED``, ``ENTRYLAG``, ``ROW``.
        people: ``USUBJID``, ``FIRSTDY``, ``LASTDY``, ``RANDFL``.
        periods: ``(id, label, start, end)``, half-open study days.

    Returns:
        ``USUBJID``, ``PERIOD`` (id), ``EXPECTED``, ``RECORDED``, ``MARKED`` (days marked missing)
        and ``ABSENT`` (days without a row), all in days and of the expected days, and ``PERCENT``
        recorded, missing where no day is expected. Sorted by participant, then by period.
    """
    no_seizures = empty_table("seizures").assign(ROW=np.zeros(0, dtype=np.int64))
    diary = code_diary(intervals, no_seizures, people, periods)
    return compliance_table(diary, period_days(diary, periods), periods)


def period_days(diary: CodedDiary, periods: Sequence[Period]) -> PeriodDays:
    """Count the days of every participant in every period; see :func:`compliance`."""
    listed = np.flatnonzero(diary.people.listed)
    person = np.repeat(listed, len(periods))
    period = np.tile(np.arange(len(periods)), len(listed))
    start = np.array([start for _, _, start, _ in periods], dtype=np.int64)
    end = np.array([end for _, _, _, end in periods], dtype=np.int64)
    begin = diary.axis.positions(person, start[period])
    finish = diary.axis.positions(person, end[period])
    begin = np.maximum(begin, diary.people.first[person])
    finish = np.minimum(finish, diary.people.last[person] + 1)
    unjudged = ~diary.people.randomised[person] & (ordinal(end)[period] > ordinal(1))
    finish = np.where(unjudged | (finish < begin), begin, finish)
    intervals = diary.intervals
    kept = intervals.recorded
    recorded = days_inside(union(intervals.begin[kept], intervals.finish[kept]), begin, finish)
    covered = days_inside(union(intervals.begin, intervals.finish), begin, finish)
    return PeriodDays(person, period, begin, finish, recorded, covered - recorded)


def compliance_table(
    diary: CodedDiary, days: PeriodDays, periods: Sequence[Period]
) -> pd.DataFrame:
    """Put the days of periods into the table that :func:`compliance` describes."""
    ids = np.array([name for name, _, _, _ in periods], dtype=object)
    expected = days.expected
    table = pd.DataFrame(
        {
            "USUBJID": pd.Series(diary.labels[days.person], dtype="str"),
            "PERIOD": pd.Series(ids[days.period], dtype="str"),
            "EXPECTED": expected,
            "RECORDED": days.recorded,
            "MARKED": days.marked,
            "ABSENT": expected - days.recorded - days.marked,
        }
    )
    possible = table["EXPECTED"].where(table["EXPECTED"] > 0)
    return table.assign(PERCENT=100 * table["RECORDED"] / possible)


def low_compliance(diary: CodedDiary, days: PeriodDays, minimum_compliance: float) -> QualityHits:
    """Participants and periods with less than ``minimum_compliance`` percent of days recorded.

    Randomised participants without any diary row are left to :func:`people_without_diary`.

    Returns:
        The days that could be recorded; the group is the period, the number the days recorded.
    """
    expected = days.expected
    low = (expected > 0) & (100 * days.recorded < minimum_compliance * expected)
    low &= ~_without_diary(diary)[days.person]
    return span_hits(days.begin[low], days.finish[low], days.period[low], days.recorded[low])


def people_without_diary(diary: CodedDiary) -> QualityHits:
    """Randomised participants without any diary row."""
    begin = np.flatnonzero(_without_diary(diary)) * diary.axis.span
    nothing = np.zeros(len(begin), dtype=np.int64)
    return span_hits(begin, begin, nothing, nothing)


def _without_diary(diary: CodedDiary) -> BoolArray:
    bounds = np.arange(len(diary.labels) + 1) * diary.axis.span
    rows = np.diff(np.searchsorted(diary.intervals.begin, bounds))
    return diary.people.listed & diary.people.randomised & (rows == 0)
