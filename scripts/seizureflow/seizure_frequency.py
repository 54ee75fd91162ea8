"""Seizure counts, recorded days and frequencies of participants in windows of study days.

Daily diaries and counts per period are both kept as half-open intervals of study days, so that one
definition of a window serves both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.problems import InputError, Problem
from seizureflow.study_days import ordinal

Entry = dict[str, Any]


def countable_intervals(
    intervals: pd.DataFrame, seizures: pd.DataFrame, diary: Entry
) -> pd.DataFrame:
    """Count the countable seizures of every recorded interval.

    Args:
        intervals: Table ``intervals``.
        seizures: Table ``seizures``.
        diary: Entry ``diary`` of the protocol.

    Returns:
        One row per recorded interval: ``USUBJID``, ``START``, ``END`` (study days), ``DAYS``
        (length in days) and ``COUNT`` (seizures). An interval that was not recorded is left out:
        a missing day is never a zero.
    """
    countable = [entry["id"] for entry in diary["seizure_types"] if entry["countable"]]
    counted = seizures[seizures["SEIZTYPE"].isin(countable)]
    per_row = counted["COUNT"].where(
        ~counted["CLUSTER"], counted["COUNT"] * diary["cluster_count_per_day"]
    )
    totals = (
        counted.assign(COUNT=per_row).groupby(["USUBJID", "START"], as_index=False)["COUNT"].sum()
    )
    recorded = intervals.loc[intervals["RECORDED"], ["USUBJID", "START", "END"]]
    merged = recorded.merge(totals, on=["USUBJID", "START"], how="left", validate="one_to_one")
    merged["COUNT"] = merged["COUNT"].fillna(0).astype("int64")
    merged["DAYS"] = ordinal(merged["END"]) - ordinal(merged["START"])
    return merged[["USUBJID", "START", "END", "DAYS", "COUNT"]]


def window_totals(countable: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Add up seizures and recorded days in each participant's windows.

    Args:
        countable: Result of :func:`countable_intervals`.
        windows: One row per participant and window: ``USUBJID``, ``WINDOW``, ``START``, ``END``.

    Returns:
        ``windows`` with ``COUNT`` (seizures) and ``DAYS`` (recorded days, 0 where there are none).

    Raises:
        InputError: A window cuts through a period whose count cannot be divided.
    """
    pairs = windows.merge(countable, on="USUBJID", suffixes=("_WINDOW", ""))
    inside = (pairs["START"] >= pairs["START_WINDOW"]) & (pairs["END"] <= pairs["END_WINDOW"])
    overlapping = (pairs["START"] < pairs["END_WINDOW"]) & (pairs["END"] > pairs["START_WINDOW"])
    _refuse_cut_periods(pairs[overlapping & ~inside])
    totals = pairs[inside].groupby(["USUBJID", "WINDOW"], as_index=False)[["COUNT", "DAYS"]].sum()
    result = windows.merge(totals, on=["USUBJID", "WINDOW"], how="left", validate="one_to_one")
    result[["COUNT", "DAYS"]] = result[["COUNT", "DAYS"]].fillna(0).astype("int64")
    return result


def _refuse_cut_periods(cut: pd.DataFrame) -> None:
    if cut.empty:
        return
    columns = ["WINDOW", "START_WINDOW", "END_WINDOW", "START", "END"]
    raise InputError(
        [
            Problem(
                f"window {row.WINDOW}, days [{row.START_WINDOW}, {row.END_WINDOW})",
                f"The window cuts the period of days [{row.START}, {row.END}), of which only the "
                "whole count is known.",
                action="Let the window begin and end where periods do.",
            )
            for row in cut[columns].drop_duplicates().itertuples(index=False)
        ]
    )


def frequency(count: Any, days: Any, frequency_days: int, minimum_days: int) -> Any:
    """Seizures per ``frequency_days`` days; missing where fewer than ``minimum_days`` are recorded.

    Args:
        count: Seizures on recorded days.
        days: Recorded days.
        frequency_days: Unit of the frequency in days, 28 as a rule.
        minimum_days: Fewest recorded days that give a frequency.
    """
    recorded = np.asarray(days, dtype=np.float64)
    enough = np.where(recorded >= max(minimum_days, 1), recorded, np.nan)
    return frequency_days * np.asarray(count, dtype=np.float64) / enough


def longest_seizure_free_run(countable: pd.DataFrame, start: int, end: int) -> pd.Series[Any]:
    """Longest run of consecutive recorded days without a countable seizure in ``[start, end)``.

    A missing day ends a run, because it is not known to be free of seizures.

    Args:
        countable: Result of :func:`countable_intervals` for a daily diary.
        start: First study day.
        end: Study day after the last.

    Returns:
        Days, by participant.
    """
    inside = countable[(countable["START"] >= start) & (countable["END"] <= end)]
    inside = inside.sort_values(["USUBJID", "START"])
    day = pd.Series(ordinal(inside["START"]), index=inside.index)
    free = inside["COUNT"] == 0
    people = inside["USUBJID"]
    new_run = ~free | (people != people.shift()) | (day != day.shift() + 1)
    lengths = free.groupby([people, new_run.cumsum()]).sum()
    return lengths.groupby(level=0).max()
