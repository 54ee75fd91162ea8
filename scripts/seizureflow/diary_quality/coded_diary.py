"""The tables of a diary as integer arrays, on which the rules work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seizureflow.array_types import BoolArray, IntArray
from seizureflow.diary_quality.day_axis import DayAxis, axis_for
from seizureflow.diary_quality.entries import Entries, entries_of, tied

Period = tuple[str, str, int, int]
Labels = npt.NDArray[np.object_]

_UNBOUNDED = np.iinfo(np.int64).max // 4


@dataclass(frozen=True)
class Intervals:
    """Diary intervals, sorted by position, end and row.

    Attributes:
        begin: Position of the first day.
        finish: Position after the last day.
        recorded: Whether the days were recorded.
        lag: Days from the diary day to its entry. Unknown ones are 0, which no rule faults.
        row: Row of the raw file.
    """

    begin: IntArray
    finish: IntArray
    recorded: BoolArray
    lag: IntArray
    row: IntArray


@dataclass(frozen=True)
class People:
    """What is known of each participant, by code.

    Attributes:
        listed: Whether the participant is in the table of participants.
        randomised: Whether the participant was randomised.
        first: Position of the day of screening; far before any day where unknown.
        last: Position of the last day of the study; far after any day where unknown.
    """

    listed: BoolArray
    randomised: BoolArray
    first: IntArray
    last: IntArray


@dataclass(frozen=True)
class CodedDiary:
    """A diary as arrays.

    Attributes:
        labels: Participants by code, sorted.
        types: Seizure types by code, sorted.
        axis: Where the days of each participant lie.
        intervals: The diary intervals.
        entries: The seizures of each interval.
        people: The participants.
    """

    labels: Labels
    types: Labels
    axis: DayAxis
    intervals: Intervals
    entries: Entries
    people: People


def code_diary(
    intervals: pd.DataFrame,
    seizures: pd.DataFrame,
    people: pd.DataFrame,
    periods: Sequence[Period] = (),
) -> CodedDiary:
    """Turn the canonical tables into arrays.

    Args:
        intervals: ``USUBJID``, ``START`` and ``END`` (study days, half-open), ``RECORDED``,
            ``ENTRYLAG`` (days, may be missing) and ``ROW``.
        seizures: ``USUBJID``, ``START``, ``SEIZTYPE``, ``COUNT``, ``CLUSTER`` and ``ROW``, with
            those on days that were not recorded.
        people: ``USUBJID``, ``FIRSTDY``, ``LASTDY`` (study days, may be missing) and ``RANDFL``.
        periods: ``(id, label, start, end)``, half-open study days.

    Raises:
        ValueError: A participant or a seizure type is missing.
    """
    columns = [frame["USUBJID"] for frame in (people, intervals, seizures)]
    labels, (person_code, interval_code, seizure_code) = _common_codes(columns)
    types, (type_code,) = _common_codes([seizures["SEIZTYPE"]])
    axis = axis_for(
        [
            *(intervals[name].to_numpy() for name in ("START", "END")),
            seizures["START"].to_numpy(),
            *(people[name].dropna().to_numpy() for name in ("FIRSTDY", "LASTDY")),
            np.array([day for period in periods for day in period[2:]], dtype=np.int64),
        ]
    )
    coded = _code_intervals(intervals, interval_code, axis)
    entries = entries_of(
        coded.begin,
        coded.row,
        axis.positions(seizure_code, seizures["START"].to_numpy()),
        type_code,
        seizures,
    )
    return CodedDiary(
        labels, types, axis, coded, entries, _code_people(people, person_code, axis, len(labels))
    )


def _common_codes(columns: Sequence[pd.Series[Any]]) -> tuple[Labels, list[IntArray]]:
    """Number the values of some columns, text or categories, in their order over all columns."""
    parts = [_codes_of(column) for column in columns]
    values = np.concatenate([unique for _, unique in parts])
    labels = np.array(sorted(set(values)), dtype=object)
    return labels, [
        np.searchsorted(labels, unique).astype(np.int64)[codes] for codes, unique in parts
    ]


def _codes_of(column: pd.Series[Any]) -> tuple[IntArray, Labels]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, unique = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, unique = pd.factorize(column)
    if (codes < 0).any():
        raise ValueError(f"{column.name} has missing values.")
    return codes.astype(np.int64, copy=False), np.asarray(unique, dtype=object)


def _code_intervals(frame: pd.DataFrame, person: IntArray, axis: DayAxis) -> Intervals:
    begin = axis.positions(person, frame["START"].to_numpy())
    finish = axis.positions(person, frame["END"].to_numpy())
    recorded = frame["RECORDED"].to_numpy(dtype=bool)
    lag = frame["ENTRYLAG"].to_numpy(dtype=np.int64, na_value=0)
    row = frame["ROW"].to_numpy(dtype=np.int64)
    order = _order(begin, finish, row)
    if order is not None:
        begin, finish, recorded, lag, row = (
            values[order] for values in (begin, finish, recorded, lag, row)
        )
    return Intervals(begin, finish, recorded, lag, row)


def _order(begin: IntArray, finish: IntArray, row: IntArray) -> IntArray | None:
    """Order by position, end and row; None where they are in it. Only ties are sorted if any."""
    if (begin[1:] < begin[:-1]).any():
        return np.lexsort((row, finish, begin))
    ties = tied(begin)
    if not len(ties):
        return None
    order = np.arange(len(begin))
    order[ties] = ties[np.lexsort((row[ties], finish[ties], begin[ties]))]
    return order


def _code_people(frame: pd.DataFrame, person: IntArray, axis: DayAxis, count: int) -> People:
    listed, randomised = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    listed[person] = True
    randomised[person] = frame["RANDFL"].eq("Y").to_numpy(dtype=bool)
    bounds = []
    for name, unknown in (("FIRSTDY", -_UNBOUNDED), ("LASTDY", _UNBOUNDED)):
        known = frame[name].notna().to_numpy(dtype=bool)
        positions = np.full(count, unknown, dtype=np.int64)
        days = frame[name].to_numpy(dtype=np.int64, na_value=1)[known]
        positions[person[known]] = axis.positions(person[known], days)
        bounds.append(positions)
    return People(listed, randomised, *bounds)
