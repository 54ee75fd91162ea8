"""Reads a study's diary from its canonical files; a study without seizures has an empty one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import empty_table, read_table


def countable_from(files: Mapping[str, str], counting: dict[str, Any]) -> pd.DataFrame:
    """Count the countable seizures of every recorded interval.

    Args:
        files: Paths of the tables ``intervals`` and ``seizures``; without them there are none.
        counting: Which seizures count, and how.

    Returns:
        Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
    """
    diary = [
        read_table(files[name], categories=True) if name in files else empty_table(name)
        for name in ("intervals", "seizures")
    ]
    return countable_intervals(diary[0], diary[1], counting)
