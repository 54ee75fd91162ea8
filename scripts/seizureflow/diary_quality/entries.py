"""Which seizures are entered in which diary interval, so that entries can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray, IntArray


@dataclass(frozen=True)
class Entries:
    """Counts of seizures by interval and kind, and the rows behind them.

    A kind is a seizure type, counted singly or as a cluster: twice the code of the type, plus one
    for a cluster. Rows of one kind in one interval are added up.

    Attributes:
        slot: Number of the interval; from the number of intervals on for seizures without one.
        kind: The kind, sorted within the interval.
        count: Seizures.
        row_position: Position of the day, for each row of seizures, in the order of the entries.
        row_entry: Number of the entry to which each row belongs.
        row_count: Seizures of each row.
        row: Row of the raw file.
    """

    slot: IntArray
    kind: IntArray
    count: IntArray
    row_position: IntArray
    row_entry: IntArray
    row_count: IntArray
    row: IntArray


def entries_of(
    begin: IntArray,
    interval_row: IntArray,
    position: IntArray,
    type_code: IntArray,
    seizures: pd.DataFrame,
) -> Entries:
    """Relate seizures to intervals and add them up by kind.

    Args:
        begin: First positions of the intervals, sorted.
        interval_row: Rows of the intervals.
        position: Position of each row of ``seizures``.
        type_code: Type of each row of ``seizures``.
        seizures: ``COUNT``, ``CLUSTER`` and ``ROW``.

    Returns:
        The entries. Where several intervals begin on the day, seizures belong to the one from the
        same row of the raw file, or to the first where none is.
    """
    row = seizures["ROW"].to_numpy(dtype=np.int64)
    slot = _slots(begin, interval_row, position, row)
    kind = 2 * type_code + seizures["CLUSTER"].to_numpy(dtype=bool)
    kinds = int(kind.max()) + 1 if len(kind) else 1
    key = slot * kinds + kind
    order = np.argsort(key, kind="stable")
    key = key[order]
    new = np.ones(len(key), dtype=bool)
    new[1:] = key[1:] != key[:-1]
    counts = seizures["COUNT"].to_numpy(dtype=np.int64)[order]
    starts = np.flatnonzero(new)
    return Entries(
        slot=key[starts] // kinds,
        kind=key[starts] % kinds,
        count=np.add.reduceat(counts, starts) if len(starts) else counts,
        row_position=position[order],
        row_entry=np.cumsum(new) - 1,
        row_count=counts,
        row=row[order],
    )


def _slots(begin: IntArray, interval_row: IntArray, position: IntArray, row: IntArray) -> IntArray:
    first = np.searchsorted(begin, position, side="left")
    choices = np.searchsorted(begin, position, side="right") - first
    slot = first.astype(np.int64)
    alone = choices == 0
    slot[alone] = len(begin) + np.unique(position[alone], return_inverse=True)[1]
    several = np.flatnonzero(choices > 1)
    if len(several):
        ties = tied(begin)
        intervals = pd.DataFrame({"at": begin[ties], "row": interval_row[ties], "slot": ties})
        wanted = pd.DataFrame({"at": position[several], "row": row[several]})
        found = wanted.merge(intervals.drop_duplicates(["at", "row"]), on=["at", "row"], how="left")
        exact = found["slot"].notna().to_numpy()
        slot[several[exact]] = found["slot"].to_numpy()[exact].astype(np.int64)
    return slot


def tied(values: IntArray) -> IntArray:
    """Indices of the values, sorted, that are equal to a neighbour."""
    equal = np.zeros(len(values) + 1, dtype=bool)
    equal[1:-1] = values[1:] == values[:-1]
    return np.flatnonzero(equal[1:] | equal[:-1])


def same_as_previous(entries: Entries, chosen: IntArray, intervals: int) -> BoolArray:
    """Whether each of some intervals has exactly the entries of the one chosen before it.

    Args:
        entries: The entries.
        chosen: Numbers of the intervals, rising.
        intervals: Number of all intervals.

    Returns:
        One flag per chosen interval, False for the first. Intervals without seizures are the same.
    """
    rank = np.full(intervals + 1, -1, dtype=np.int64)
    rank[chosen] = np.arange(len(chosen))
    owner = rank[np.minimum(entries.slot, intervals)]
    of_chosen = np.flatnonzero(owner >= 0)
    owner, kind, count = owner[of_chosen], entries.kind[of_chosen], entries.count[of_chosen]
    numbers = np.bincount(owner, minlength=len(chosen))
    same = np.zeros(len(chosen), dtype=bool)
    same[1:] = numbers[1:] == numbers[:-1]
    # Entries of consecutive intervals lie one after the other, so the entry that corresponds to
    # one lies as many places before it as its interval has entries.
    here = np.flatnonzero(same[owner])
    before = here - numbers[owner[here]]
    differs = (kind[here] != kind[before]) | (count[here] != count[before])
    same[owner[here[differs]]] = False
    return same
