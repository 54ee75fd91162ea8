"""Seizure counts, recorded days and frequencies of participants in windows of study days.

Daily diaries and counts per period are both kept as half-open intervals of study days, so that one
definition of a window serves both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import IntArray
from seizureflow.interval_order import IntervalOrder, ascending, sums_between
from seizureflow.problems import InputError, Problem
from seizureflow.study_days import ordinal

Entry = dict[str, Any]


def countable_intervals(
    intervals: pd.DataFrame, seizures: pd.DataFrame, diary: Entry
) -> pd.DataFrame:
    """Count the countable seizures of every recorded interval.

    Args:
        intervals: Table ``intervals``; no participant has two that start on the same day.
        seizures: Table ``seizures``.
        diary: Entry ``diary`` of the protocol.

    Returns:
        One row per recorded interval: ``USUBJID``, ``START``, ``END`` (study days), ``DAYS``
        (length in days) and ``COUNT`` (seizures). An interval that was not recorded is left out,
        and so are the seizures entered for it: a missing day is never a zero.
    """
    recorded = intervals.loc[
        intervals["RECORDED"].to_numpy(dtype=bool), ["USUBJID", "START", "END"]
    ].reset_index(drop=True)
    order = IntervalOrder.of(recorded)
    if (order.starts[1:] == order.starts[:-1]).any():
        raise ValueError("A participant has two intervals that start on the same day.")
    countable = [entry["id"] for entry in diary["seizure_types"] if entry["countable"]]
    counted = seizures[seizures["SEIZTYPE"].isin(countable).to_numpy()]
    places, found = order.find(counted["USUBJID"], counted["START"])
    rows = places[found] if order.rows is None else order.rows[places[found]]
    count = np.zeros(len(recorded), dtype=np.int64)
    np.add.at(count, rows, seizures_counted(counted, diary)[found])
    recorded["DAYS"] = ordinal(recorded["END"]) - ordinal(recorded["START"])
    recorded["COUNT"] = count
    return recorded


def seizures_counted(seizures: pd.DataFrame, diary: Entry) -> IntArray:
    """How many seizures each row of the table ``seizures`` counts as.

    A cluster counts as many on each of its days as the protocol says.
    """
    count = seizures["COUNT"].to_numpy(dtype=np.int64)
    cluster = seizures["CLUSTER"].to_numpy(dtype=bool)
    return np.where(cluster, count * int(diary["cluster_count_per_day"]), count)


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
    order = IntervalOrder.of(countable)
    lower, upper = whole_stretches(order, countable, windows)
    return windows.reset_index(drop=True).assign(
        COUNT=sums_between(order.in_order(countable["COUNT"]), lower, upper),
        DAYS=sums_between(order.in_order(countable["DAYS"]), lower, upper),
    )


def whole_stretches(
    order: IntervalOrder, countable: pd.DataFrame, windows: pd.DataFrame
) -> tuple[IntArray, IntArray]:
    """Places ``[lower, upper)`` of each window's intervals, none of which it may cut.

    Args:
        order: The order of ``countable``.
        countable: Result of :func:`countable_intervals`.
        windows: One row per participant and window: ``USUBJID``, ``WINDOW``, ``START``, ``END``.

    Raises:
        InputError: A window cuts through a period whose count cannot be divided.
    """
    lower, upper, cut = order.stretches(windows)
    if cut.any():
        raise InputError(_cut_periods(countable, windows[cut]))
    return lower, upper


def _cut_periods(countable: pd.DataFrame, windows: pd.DataFrame) -> list[Problem]:
    people = windows["USUBJID"].astype("str")
    own = countable[countable["USUBJID"].isin(people.unique()).to_numpy()]
    pairs = windows.assign(USUBJID=people).merge(
        own.assign(USUBJID=own["USUBJID"].astype("str")),
        on="USUBJID",
        suffixes=("_WINDOW", ""),
    )
    inside = (pairs["START"] >= pairs["START_WINDOW"]) & (pairs["END"] <= pairs["END_WINDOW"])
    overlapping = (pairs["START"] < pairs["END_WINDOW"]) & (pairs["END"] > pairs["START_WINDOW"])
    columns = ["WINDOW", "START_WINDOW", "END_WINDOW", "START", "END"]
    return [
        Problem(
            f"window {row.WINDOW}, days [{row.START_WINDOW}, {row.END_WINDOW})",
            f"The window cuts the period of days [{row.START}, {row.END}), of which only the "
            "whole count is known.",
            action="Let the window begin and end where periods do.",
        )
        for row in pairs.loc[overlapping & ~inside, columns]
        .drop_duplicates()
        .itertuples(index=False)
    ]


def seizure_free_days(countable: pd.DataFrame, windows: pd.DataFrame) -> pd.Series[Any]:
    """Recorded days without a countable seizure in each participant's windows.

    Args:
        countable: Result of :func:`countable_intervals`.
        windows: One row per participant and window, as for :func:`window_totals`.

    Returns:
        Days, by row of ``windows``. Missing where a period longer than a day had seizures: on how
        many of its days is not known.

    Raises:
        InputError: A window cuts through a period whose count cannot be divided.
    """
    order = IntervalOrder.of(countable)
    lower, upper = whole_stretches(order, countable, windows)
    days, count = order.in_order(countable["DAYS"]), order.in_order(countable["COUNT"])
    free = sums_between(np.where(count == 0, days, 0), lower, upper)
    unknown = sums_between(((count > 0) & (days > 1)).astype(np.int64), lower, upper)
    return pd.Series(np.where(unknown > 0, np.nan, free), index=windows.index, dtype="float64")


def totals_by_type(
    countable: pd.DataFrame, seizures: pd.DataFrame, windows: pd.DataFrame, diary: Entry
) -> pd.DataFrame:
    """Add up the seizures of each type, countable or not, in each participant's windows.

    Args:
        countable: Result of :func:`countable_intervals`; seizures outside its intervals, which are
            those that were recorded, are not counted.
        seizures: Table ``seizures``.
        windows: One row per participant and window, as for :func:`window_totals`.
        diary: Entry ``diary`` of the protocol.

    Returns:
        Seizures, by row of ``windows``, one column per type in the order of the protocol.

    Raises:
        InputError: A window cuts through a period whose count cannot be divided.
    """
    order = IntervalOrder.of(countable)
    lower, upper = whole_stretches(order, countable, windows)
    totals = {}
    for entry in diary["seizure_types"]:
        own = seizures[(seizures["SEIZTYPE"] == entry["id"]).to_numpy()]
        places, found = order.find(own["USUBJID"], own["START"])
        places, count = places[found], seizures_counted(own, diary)[found]
        if not ascending(places):
            by_place = np.argsort(places, kind="stable")
            places, count = places[by_place], count[by_place]
        totals[entry["id"]] = sums_between(
            count, np.searchsorted(places, lower), np.searchsorted(places, upper)
        )
    return pd.DataFrame(totals, index=windows.index)


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

    A missing day ends a run, because it is not known to be free of seizures; so does a period
    longer than a day that had seizures, because it is not known on which of its days.

    Args:
        countable: Result of :func:`countable_intervals`.
        start: First study day.
        end: Study day after the last.

    Returns:
        Days, by participant with a recorded interval that lies in ``[start, end)``.
    """
    inside = (countable["START"] >= start) & (countable["END"] <= end)
    countable = countable[inside.to_numpy()]
    order = IntervalOrder.of(countable)
    if not len(order.starts):
        return pd.Series(dtype="int64", index=pd.Index([], dtype="str", name="USUBJID"))
    days, count = order.in_order(countable["DAYS"]), order.in_order(countable["COUNT"])
    person = order.starts // order.span
    new_person = np.append(True, person[1:] != person[:-1])
    goes_on = np.append(False, order.starts[1:] == order.starts[:-1] + days[:-1])
    run_starts = np.flatnonzero(new_person | (count > 0) | ~goes_on)
    lengths = np.add.reduceat(np.where(count == 0, days, 0), run_starts)
    first_run = np.flatnonzero(new_person[run_starts])
    people = order.people[person[run_starts[first_run]]]
    return pd.Series(np.maximum.reduceat(lengths, first_run), index=people.rename("USUBJID"))
