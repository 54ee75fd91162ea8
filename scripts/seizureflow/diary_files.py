"""Reads a study's diary from its canonical files; a study without seizures has an empty one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import COUNTED_COLUMNS, empty_table, read_table


def countable_from(files: Mapping[str, str], counting: dict[str, Any]) -> pd.DataFrame:
    """Count the countable seizures of every recorded interval.

    Args:
        files: Paths of the tables ``intervals`` and ``seizures``; without them there are none.
        counting: Which seizures count, and how.

    Returns:
        Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
    """
    return countable_intervals(_table(files, "intervals"), seizures_from(files), counting)


def seizures_from(files: Mapping[str, str]) -> pd.DataFrame:
    """Read the table ``seizures``; empty where the study has none."""
    return _table(files, "seizures")


def _table(files: Mapping[str, str], name: str) -> pd.DataFrame:
    if name not in files:
        return empty_table(name)
    return read_table(files[name], categories=True, columns=COUNTED_COLUMNS[name])
