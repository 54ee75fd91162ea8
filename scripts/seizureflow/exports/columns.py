"""Turns the columns of a frame into plain values of their declared kinds, or says what misfits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

from seizureflow.problems import InputError, Problem

KINDS = ("text", "integer", "float", "date")
# Whole numbers beyond are not all doubles.
LARGEST_WHOLE = 2**53
_PARTICIPANT = "USUBJID"
_NAMED_ROWS = 5


class Described(Protocol):
    """A variable as a writer needs it; one with ``length`` also limits its text to as many."""

    @property
    def name(self) -> str:
        """Name, which is the column's."""

    @property
    def label(self) -> str:
        """Label."""

    @property
    def kind(self) -> str:
        """One of :data:`KINDS`."""


@dataclass(frozen=True)
class Column:
    """The least that describes a variable.

    Attributes:
        name: Name, which is the column's.
        label: Label.
        kind: One of :data:`KINDS`.
        length: Longest text allowed; None where there is no limit but the format's.
    """

    name: str
    label: str
    kind: str
    length: int | None = None


@dataclass(frozen=True)
class Place:
    """Where values come from and go to, so that a misfit can be named.

    Attributes:
        frame: The dataset.
        path: File that is being written.
    """

    frame: pd.DataFrame
    path: Path

    def misfit(self, name: str, wrong: Any, what: str, action: str) -> list[Problem]:
        """One problem on the rows of a variable that are wrong; none where no row is.

        Args:
            name: The variable.
            wrong: Whether each row is wrong.
            what: What is wrong with the values, in a sentence.
            action: What to do.
        """
        rows = np.flatnonzero(np.asarray(wrong, dtype=bool))
        if not len(rows):
            return []
        named = ", ".join(self._row(int(row)) for row in rows[:_NAMED_ROWS])
        more = f" and {len(rows) - _NAMED_ROWS} more" if len(rows) > _NAMED_ROWS else ""
        values = self.frame[name].iloc[rows[:_NAMED_ROWS]]
        found = ", ".join(_shortened(value) for value in dict.fromkeys(values))
        where = f"{self.path}, variable {name}, {named}{more}"
        return [Problem(where, what, found=found, action=action)]

    def _row(self, row: int) -> str:
        participant = (
            f" (participant {self.frame[_PARTICIPANT].iloc[row]})"
            if _PARTICIPANT in self.frame
            else ""
        )
        return f"row {row + 1}{participant}"


def plain_columns(
    frame: pd.DataFrame, variables: Sequence[Described], path: Path
) -> dict[str, list[Any]]:
    """Give the values of every variable as plain Python values.

    Args:
        frame: The dataset, one column per variable, in any order.
        variables: The variables, in the order of the file.
        path: File that is being written, for messages.

    Returns:
        By name, in the order of ``variables``: ``str``, ``int``, ``float`` or ``datetime.date``
        values, None where a value is missing.

    Raises:
        InputError: Columns and variables are not the same, or values are not of their kind.
    """
    problems = _unmatched(frame, variables, path)
    if problems:
        raise InputError(problems)
    place = Place(frame, path)
    readers = {"text": _texts, "integer": _integers, "float": _floats, "date": _dates}
    columns: dict[str, list[Any]] = {}
    for variable in variables:
        values, misfits = readers[variable.kind](place, variable.name)
        columns[variable.name] = values
        problems += misfits
    if problems:
        raise InputError(problems)
    return columns


def _unmatched(frame: pd.DataFrame, variables: Sequence[Described], path: Path) -> list[Problem]:
    names = [variable.name for variable in variables]
    columns = [str(column) for column in frame.columns]
    twice = {name for each in (names, columns) for name in each if each.count(name) > 1}
    problems = [
        Problem(f"{path}, variable {name}", "The variable stands twice.", action="Keep one.")
        for name in sorted(twice)
    ]
    problems += [
        Problem(
            f"{path}, variable {name}",
            "The dataset has a column that is not described, so that it would be left out.",
            action="Describe it, or drop it from the dataset.",
        )
        for name in columns
        if name not in names
    ]
    problems += [
        Problem(
            f"{path}, variable {name}",
            "The variable is described, but the dataset has no such column.",
            action="Add the column, or delete the description.",
        )
        for name in names
        if name not in columns
    ]
    problems += [
        Problem(
            f"{path}, variable {variable.name}",
            "The kind is not known.",
            expected=", ".join(KINDS),
            found=variable.kind,
        )
        for variable in variables
        if variable.kind not in KINDS
    ]
    return problems


def _texts(place: Place, name: str) -> tuple[list[Any], list[Problem]]:
    values = _or_none(place.frame[name])
    wrong = [value is not None and not isinstance(value, str) for value in values]
    misfits = place.misfit(
        name,
        wrong,
        "The variable is text, but the value is not.",
        "Make it text, or mend its kind.",
    )
    return values, misfits


def _integers(place: Place, name: str) -> tuple[list[Any], list[Problem]]:
    series = place.frame[name]
    if is_integer_dtype(series.dtype):
        return _or_none(series), []
    values, misfits = _floats(place, name)
    fraction = [value is not None and not value.is_integer() for value in values]
    misfits = misfits or place.misfit(
        name,
        fraction,
        "The variable is an integer, but the value has a fraction.",
        "Round it where it is derived, or make the variable a float.",
    )
    if misfits:
        return values, misfits
    return [None if value is None else int(value) for value in values], []


def _floats(place: Place, name: str) -> tuple[list[Any], list[Problem]]:
    series = place.frame[name]
    if series.isna().all():
        return [None] * len(series), []
    if is_bool_dtype(series.dtype) or not (
        is_float_dtype(series.dtype) or is_integer_dtype(series.dtype)
    ):
        return [], place.misfit(
            name,
            series.notna(),
            "The variable is a number, but the column does not hold numbers.",
            "Make the column numeric, or mend the variable's kind.",
        )
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    misfits = place.misfit(
        name, np.isinf(numbers), "The number is infinite.", "Make it missing where it is derived."
    )
    if is_integer_dtype(series.dtype):
        misfits += place.misfit(
            name,
            series.abs().fillna(0) > LARGEST_WHOLE,
            "The whole number is too large to be kept exactly as a float.",
            "Make the variable an integer.",
        )
    return [None if np.isnan(number) else number for number in numbers.tolist()], misfits


def _dates(place: Place, name: str) -> tuple[list[Any], list[Problem]]:
    values = _or_none(place.frame[name])
    wrong = [value is not None and not _is_day(value) for value in values]
    misfits = place.misfit(
        name,
        wrong,
        "The variable is a date, but the value is not a date without a time of day.",
        "Keep the date alone, or mend the variable's kind.",
    )
    days = [value.date() if isinstance(value, dt.datetime) else value for value in values]
    return days, misfits


def _is_day(value: Any) -> bool:
    if isinstance(value, dt.datetime):
        return value.tzinfo is None and value == dt.datetime.combine(value.date(), dt.time())
    return isinstance(value, dt.date)


def _or_none(series: pd.Series[Any]) -> list[Any]:
    missing = series.isna().to_numpy()
    values = series.astype("object").tolist()
    return [None if absent else value for value, absent in zip(values, missing, strict=True)]


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text_too_long(
    place: Place, variable: Described, sizes: Sequence[int], limit: int, unit: str
) -> list[Problem]:
    """Find text longer than the format allows, or than the variable's own length.

    Args:
        place: Where the values come from.
        variable: A variable of kind ``text``.
        sizes: Size of each value in ``unit``.
        limit: Longest text of the format.
        unit: ``bytes`` or ``characters``.
    """
    planned: int | None = getattr(variable, "length", None)
    most = limit if planned is None else min(limit, planned)
    return place.misfit(
        variable.name,
        np.asarray(sizes, dtype=np.int64) > most,
        f"The text is longer than {most} {unit}; the longest has {max(sizes, default=0)}.",
        "Shorten it in the raw data, or give a shorter value for it in the protocol.",
    )
