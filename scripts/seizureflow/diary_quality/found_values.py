"""Says what a rule found in the diary of one participant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray
from seizureflow.diary_quality.coded_diary import CodedDiary, Period
from seizureflow.diary_quality.day_words import counted, day_words
from seizureflow.diary_quality.hits import QualityHits

MOST_ITEMS = 10


@dataclass(frozen=True)
class Assessed:
    """What was assessed, by which hits are worded.

    Attributes:
        diary: The diary.
        periods: ``(id, label, start, end)``, half-open study days.
    """

    diary: CodedDiary
    periods: Sequence[Period]


Describe = Callable[[QualityHits, Assessed], str]


def days_and(words: Callable[[int], str]) -> Describe:
    """Say the days, and the largest number of the hits in words."""

    def describe(hits: QualityHits, assessed: Assessed) -> str:
        return f"{_days(hits, assessed)}, {words(int(hits.number.max()))}"

    return describe


def duplicates(hits: QualityHits, assessed: Assessed) -> str:
    """Say which days have identical records and which have conflicting ones."""
    parts = [
        f"{_days(hits, assessed, hits.number == conflict)}: {words}"
        for conflict, words in ((0, "identical"), (1, "conflicting"))
        if (hits.number == conflict).any()
    ]
    return "; ".join(parts)


def records(hits: QualityHits, assessed: Assessed) -> str:
    """Say the days of each distinct record."""
    spans = list(dict.fromkeys(zip(hits.begin.tolist(), hits.finish.tolist(), strict=True)))
    axis = assessed.diary.axis
    return _listed([day_words(axis, np.array([one]), np.array([other])) for one, other in spans])


def seizures(hits: QualityHits, assessed: Assessed) -> str:
    """Say the days and how many seizures in all."""
    return f"{_days(hits, assessed)}: {counted(int(hits.number.sum()), 'seizure')}"


def counts_by_day(hits: QualityHits, assessed: Assessed) -> str:
    """Say the count of each type on each day."""
    axis, types = assessed.diary.axis, assessed.diary.types
    columns = (hits.begin, hits.finish, hits.group, hits.number)
    found = dict.fromkeys(zip(*(column.tolist() for column in columns), strict=True))
    return _listed(
        [
            f"{day_words(axis, np.array([begin]), np.array([finish]))}: {number:,} {types[kind]}"
            for begin, finish, kind, number in found
        ]
    )


def days_by_type(hits: QualityHits, assessed: Assessed) -> str:
    """Say the days of each type."""
    types = assessed.diary.types
    return _listed(
        [
            f"{_days(hits, assessed, hits.group == kind)}: {types[kind]}"
            for kind in np.unique(hits.group).tolist()
        ]
    )


def runs(hits: QualityHits, assessed: Assessed) -> str:
    """Say the days of each run and what was entered on each of them."""
    return _listed(
        [
            f"{_days(hits, assessed, hits.group == interval)}: "
            f"{_entry(assessed.diary, interval)} each day"
            for interval in np.unique(hits.group).tolist()
        ]
    )


def periods(hits: QualityHits, assessed: Assessed) -> str:
    """Say the recorded and expected days of each period."""
    parts = []
    for period in np.argsort(hits.group, kind="stable").tolist():
        expected = int(hits.finish[period] - hits.begin[period])
        recorded = int(hits.number[period])
        # Cut off, not rounded, so that a share below the limit never reads as the limit.
        percent = 1000 * recorded // expected / 10
        label = assessed.periods[int(hits.group[period])][1]
        parts.append(f"{label}: {recorded} of {counted(expected, 'day')} ({percent}%)")
    return "; ".join(parts)


def total_days(hits: QualityHits, assessed: Assessed) -> str:
    """Say the days and how many they are."""
    return f"{_days(hits, assessed)} ({counted(int(hits.number.sum()), 'day')})"


def nothing(hits: QualityHits, assessed: Assessed) -> str:
    """Say nothing, where the message says all."""
    return ""


def _days(hits: QualityHits, assessed: Assessed, chosen: BoolArray | None = None) -> str:
    here = np.ones(len(hits), dtype=bool) if chosen is None else chosen
    return day_words(assessed.diary.axis, hits.begin[here], hits.finish[here])


def _entry(diary: CodedDiary, interval: int) -> str:
    """What was entered in an interval, such as ``focal_tonic 2, absence 1 as a cluster``."""
    first, last = np.searchsorted(diary.entries.slot, [interval, interval + 1]).tolist()
    return ", ".join(
        f"{diary.types[kind // 2]} {count}" + (" as a cluster" if kind % 2 else "")
        for kind, count in zip(
            diary.entries.kind[first:last].tolist(),
            diary.entries.count[first:last].tolist(),
            strict=True,
        )
    )


def _listed(items: list[str]) -> str:
    rest = len(items) - MOST_ITEMS
    return "; ".join(items[:MOST_ITEMS]) + (f"; and {rest} more" if rest > 0 else "")
