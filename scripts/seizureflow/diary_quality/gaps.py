"""Days inside a participant's diary that have no row at all."""

from __future__ import annotations

import numpy as np

from seizureflow.diary_quality.coded_diary import CodedDiary
from seizureflow.diary_quality.hits import QualityHits, span_hits


def gaps_in_diary(diary: CodedDiary) -> QualityHits:
    """Stretches without a row between a participant's first and last diary day.

    Returns:
        The stretches; the number is their days.
    """
    begin, finish = diary.intervals.begin, diary.intervals.finish
    reach = np.maximum.accumulate(finish[:-1]) if len(finish) > 1 else finish[:0]
    follows = begin[1:]
    person = diary.axis.person
    gap = (follows > reach) & (person(follows) == person(reach))
    nothing = np.zeros(int(gap.sum()), dtype=np.int64)
    return span_hits(reach[gap], follows[gap], nothing, follows[gap] - reach[gap])
