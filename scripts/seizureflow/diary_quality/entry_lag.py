"""Days entered long afterwards, or before they came."""

from __future__ import annotations

from seizureflow.diary_quality.coded_diary import CodedDiary
from seizureflow.diary_quality.hits import QualityHits, interval_hits


def backfilled_days(diary: CodedDiary, backfill_days: int) -> QualityHits:
    """Intervals entered more than ``backfill_days`` days after the day; the number is the lag."""
    hit = diary.intervals.lag > backfill_days
    return interval_hits(diary, hit, number=diary.intervals.lag[hit])


def entered_before_day(diary: CodedDiary) -> QualityHits:
    """Intervals entered before the day; the number is how many days before."""
    hit = diary.intervals.lag < 0
    return interval_hits(diary, hit, number=-diary.intervals.lag[hit])
