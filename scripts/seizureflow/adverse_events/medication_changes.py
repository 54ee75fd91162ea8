"""Which concomitant medications were started and stopped during a trial."""

from __future__ import annotations

import pandas as pd


def started_and_stopped(medications: pd.DataFrame, from_day: int) -> dict[str, pd.DataFrame]:
    """Choose the courses of medication that began or ended during a trial.

    A course that both began and ended from that day on was started; only one that was already taken
    before can be stopped. A start or end on a day that is not known is no change.

    Args:
        medications: Table ``medications``.
        from_day: First study day of a change.

    Returns:
        Courses ``started`` and ``stopped``, and ``changed``, those that are either.
    """
    begins = (medications["ASTDY"] >= from_day).fillna(False).astype(bool)
    ends = (medications["AENDY"] >= from_day).fillna(False).astype(bool) & ~begins
    return {
        "started": medications[begins],
        "stopped": medications[ends],
        "changed": medications[begins | ends],
    }
