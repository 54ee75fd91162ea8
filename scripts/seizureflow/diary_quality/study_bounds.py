"""Diary days outside a participant's time in the study."""

from __future__ import annotations

from seizureflow.diary_quality.coded_diary import CodedDiary
from seizureflow.diary_quality.hits import QualityHits, interval_hits


def before_screening(diary: CodedDiary, maximum_days_outside: int) -> QualityHits:
    """Intervals that begin more than ``maximum_days_outside`` days before screening.

    Participants whose day of screening is unknown are not judged.

    Returns:
        Hits; the number is the days from the first day to screening.
    """
    person = diary.axis.person(diary.intervals.begin)
    early = diary.people.first[person] - diary.intervals.begin
    hit = early > maximum_days_outside
    return interval_hits(diary, hit, number=early[hit])


def after_end_of_study(diary: CodedDiary, maximum_days_outside: int) -> QualityHits:
    """Intervals that end more than ``maximum_days_outside`` days after the end of study.

    Participants whose end of study is unknown are not judged.

    Returns:
        Hits; the number is the days from the end of study to the last day.
    """
    person = diary.axis.person(diary.intervals.begin)
    late = diary.intervals.finish - 1 - diary.people.last[person]
    hit = late > maximum_days_outside
    return interval_hits(diary, hit, number=late[hit])
