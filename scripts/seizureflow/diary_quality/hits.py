"""What a rule found, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, IntArray
from seizureflow.diary_quality.coded_diary import CodedDiary


@dataclass(frozen=True)
class QualityHits:
    """Hits of one rule, sorted by position and so by participant.

    Attributes:
        begin: Position of the first day concerned.
        finish: Position after the last day concerned.
        row: Row of the raw file; -1 where there is none.
        group: Hits that belong together; what it numbers depends on the rule.
        number: What was measured; its unit depends on the rule.
    """

    begin: IntArray
    finish: IntArray
    row: IntArray
    group: IntArray
    number: IntArray

    def __len__(self) -> int:
        """Give the number of hits."""
        return len(self.begin)

    def part(self, first: int, last: int) -> QualityHits:
        """Hits ``first`` to ``last`` (exclusive)."""
        here = slice(first, last)
        return QualityHits(
            self.begin[here], self.finish[here], self.row[here], self.group[here], self.number[here]
        )


def interval_hits(
    diary: CodedDiary,
    hit: BoolArray,
    group: IntArray | None = None,
    number: IntArray | None = None,
) -> QualityHits:
    """Hits on diary intervals.

    Args:
        diary: The diary.
        hit: Whether each interval is hit.
        group: Group of each hit, 0 without.
        number: Number of each hit, 0 without.
    """
    chosen = np.flatnonzero(hit)
    nothing = np.zeros(len(chosen), dtype=np.int64)
    return QualityHits(
        diary.intervals.begin[chosen],
        diary.intervals.finish[chosen],
        diary.intervals.row[chosen],
        nothing if group is None else group,
        nothing if number is None else number,
    )


def seizure_hits(diary: CodedDiary, hit: BoolArray, number: IntArray | None = None) -> QualityHits:
    """Hits on rows of seizures; the group is the code of the seizure type.

    Args:
        diary: The diary.
        hit: Whether each row is hit, in the order of the entries.
        number: Number of each row; its seizures without.
    """
    entries = diary.entries
    chosen = np.flatnonzero(hit)
    chosen = chosen[np.argsort(entries.row_position[chosen], kind="stable")]
    entry = entries.row_entry[chosen]
    begin = entries.row_position[chosen]
    finish = begin + 1
    known = entries.slot[entry] < len(diary.intervals.begin)
    finish[known] = diary.intervals.finish[entries.slot[entry[known]]]
    return QualityHits(
        begin,
        finish,
        entries.row[chosen],
        entries.kind[entry] // 2,
        (entries.row_count if number is None else number)[chosen],
    )


def span_hits(begin: IntArray, finish: IntArray, group: IntArray, number: IntArray) -> QualityHits:
    """Hits on days without a row of the raw file."""
    order = np.argsort(begin, kind="stable")
    row = np.full(len(order), -1, dtype=np.int64)
    return QualityHits(begin[order], finish[order], row, group[order], number[order])
