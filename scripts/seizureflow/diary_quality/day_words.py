"""Words stretches of study days."""

from __future__ import annotations

from seizureflow.array_types import IntArray
from seizureflow.diary_quality.day_axis import DayAxis
from seizureflow.diary_quality.day_spans import joined

MOST_STRETCHES = 50


def day_words(axis: DayAxis, begin: IntArray, finish: IntArray, most: int = MOST_STRETCHES) -> str:
    """Word the days of intervals, such as ``days -3 to 2, 9, 12-30``; days that touch are joined.

    Args:
        axis: Where the days lie.
        begin: First positions of the intervals, sorted, of one participant.
        finish: Positions after the last.
        most: Stretches named; the rest are counted.
    """
    spans = joined(begin, finish)
    first = axis.study_day(spans.begin[:most]).tolist()
    last = axis.study_day(spans.finish[:most] - 1).tolist()
    parts = [_stretch(one, other) for one, other in zip(first, last, strict=True)]
    rest = len(spans.begin) - len(parts)
    days = "days" if len(parts) > 1 or first[:1] != last[:1] else "day"
    return f"{days} {', '.join(parts)}" + (f" and {rest} more stretches" if rest else "")


def counted(number: int, noun: str) -> str:
    """Give a number with its noun, such as ``1 day`` or ``1,200 days``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _stretch(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}-{last}" if first > 0 else f"{first} to {last}"
