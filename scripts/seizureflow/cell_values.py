"""Reads columns of a raw file as dates, numbers or known values, with a finding for each misfit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.raw_table import RawTable
from seizureflow.spreadsheet_text import is_formula
from seizureflow.suggestions import nearest
from seizureflow.variable_kinds import are_numbers

# Of the right form, whether or not the calendar has the day; no digits but 0 to 9.
_DATE_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# ISO 8601 date, with a time of day that is not used.
_DATE_AND_TIME = (
    _DATE_FORM + r"T(?:[01][0-9]|2[0-4])(?::[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# Nobody has counted so far; what exceeds it would not fit into a table either.
_LARGEST_COUNT = 10**9
# Nobody in a trial was treated or born before.
_EARLIEST = pd.Timestamp("1900-01-01")


def dates(
    raw: RawTable, name: str, *, required: bool, known_partial: pd.Series[Any] | None = None
) -> pd.Series[Any]:
    """Read a column of ISO 8601 dates; a time of day is dropped, empty cells are missing.

    Dates that are of another form, that do not exist, that lie before 1900 or after the last day of
    the data are errors, and missing in the result.

    Args:
        raw: The table.
        name: The column.
        required: Whether an empty cell is an error.
        known_partial: Rows whose date lacks day or month and is read elsewhere; missing here.

    Returns:
        ``datetime64[ms]``, one value per row.
    """
    if required:
        raw.refuse("empty", name, raw.is_empty(name), "The cell is empty.", "Fill in the date.")
    if name in raw.cells and pd.api.types.is_datetime64_any_dtype(raw.cells[name].dtype):
        values = raw.cells[name].dt.normalize()
    else:
        values = _parsed(raw, name, known_partial)
    return within_calendar(raw, name, values.astype("datetime64[ms]"))


def within_calendar(raw: RawTable, name: str, values: pd.Series[Any]) -> pd.Series[Any]:
    """Refuse dates that no trial can have."""
    late, early = values > raw.latest, values < _EARLIEST
    raw.refuse(
        "future_date",
        name,
        late,
        f"The date lies after {raw.latest:%Y-%m-%d}, the last day that the data can hold.",
        "Correct the date, or mend data_cutoff in protocol.yaml.",
    )
    raw.refuse("implausible_date", name, early, "The date lies before 1900.", "Correct the date.")
    return values.where(~(late | early))


def _parsed(raw: RawTable, name: str, known_partial: pd.Series[Any] | None) -> pd.Series[Any]:
    coded = raw.coded(name)
    text = pd.Series(coded.categories, dtype="str")
    kept = text.where(~text.str.fullmatch(_DATE_AND_TIME), text.str[:10])
    # Two digits each for month and day: the parser alone would take 2020-1-5 and 20-01-05 too.
    formed = kept.str.fullmatch(_DATE_FORM)
    parsed = pd.to_datetime(kept.where(formed), format="%Y-%m-%d", errors="coerce")
    by_row = _taken(parsed.astype("datetime64[ms]"), coded, raw)
    absent = by_row.isna() & ~raw.is_empty(name)
    if known_partial is not None:
        absent &= ~known_partial
    impossible = _taken(formed & parsed.isna(), coded, raw).astype(bool)
    raw.refuse(
        "impossible_date",
        name,
        absent & impossible,
        "The calendar has no such day.",
        "Correct the date.",
    )
    raw.refuse(
        "date",
        name,
        absent & ~impossible,
        "The date is not of the form YYYY-MM-DD.",
        "Write it as YYYY-MM-DD.",
    )
    return by_row


def _taken(values: pd.Series[Any], coded: pd.Categorical, raw: RawTable) -> pd.Series[Any]:
    """Give each row the value of its category."""
    if not len(values):
        return pd.Series(index=raw.cells.index, dtype=values.dtype)
    taken = values.take(coded.codes)
    taken.index = raw.cells.index
    return taken


def numbers(
    raw: RawTable, name: str, *, whole: bool = False, counts: bool = False
) -> pd.Series[Any]:
    """Read a column of numbers; empty and refused cells are missing.

    Args:
        raw: The table.
        name: The column.
        whole: Refuse fractions.
        counts: Refuse fractions, negative numbers and those that nobody can have counted.

    Returns:
        ``float64``, one value per row.
    """
    empty = raw.is_empty(name)
    if name in raw.cells and pd.api.types.is_numeric_dtype(raw.cells[name].dtype):
        values = raw.cells[name].astype("float64")
    else:
        coded = raw.coded(name)
        parsed = pd.to_numeric(pd.Series(coded.categories, dtype="str"), errors="coerce")
        values = _taken(parsed.astype("float64"), coded, raw)
    wrong = ~empty & (values.isna() | np.isinf(values))
    raw.refuse("number", name, wrong, "The value is not a number.", "Correct the cell.")
    if whole or counts:
        fraction = values.notna() & (values % 1 != 0) & ~wrong
        raw.refuse(
            "whole_number", name, fraction, "The value is not a whole number.", "Correct the cell."
        )
        wrong |= fraction
    if counts:
        negative = values < 0
        raw.refuse(
            "negative_count",
            name,
            negative,
            "A count is negative.",
            "Correct the count; leave the cell empty only where nothing was recorded.",
        )
        large = values > _LARGEST_COUNT
        raw.refuse(
            "absurd_count",
            name,
            large & ~wrong,
            f"The count is above {_LARGEST_COUNT:,}.",
            "Correct the cell.",
        )
        wrong |= negative | large
    return values.where(~wrong)


def choices(
    raw: RawTable, name: str, allowed: Mapping[str, Any], *, required: bool = True
) -> pd.Series[Any]:
    """Read a column with known values, each replaced by what it stands for.

    Args:
        raw: The table.
        name: The column.
        allowed: What each value stands for.
        required: Whether an empty cell is an error.

    Returns:
        Numbers where all values stand for numbers, else text; missing where a cell is empty or not
        known.
    """
    coded = raw.coded(name)
    known = np.array([value in allowed or value == "" for value in coded.categories], dtype=bool)
    unknown = _taken(pd.Series(~known), coded, raw).astype(bool)
    wrong = [str(value) for value in coded.categories[~known]]
    hint = nearest(wrong[0], allowed) if len(wrong) == 1 else ""
    raw.refuse(
        "unknown_value",
        name,
        unknown,
        f"The value is not known. Known: {', '.join(allowed)}.",
        f"Correct the cell, or add the value to the protocol. {hint}".strip(),
    )
    if required:
        raw.refuse("empty", name, raw.is_empty(name), "The cell is empty.", "Fill in the value.")
    meant = [allowed.get(value) for value in coded.categories]
    if are_numbers(allowed):
        return _taken(pd.Series(meant, dtype="float64"), coded, raw)
    words = [None if value is None else str(value) for value in meant]  # a number among words
    return _taken(pd.Series(words, dtype="str"), coded, raw)


def texts(raw: RawTable, name: str) -> pd.Series[Any]:
    """Read a column of free text; an empty cell is missing.

    Text that a spreadsheet would run as a formula is kept as text, and reported.
    """
    text = raw.column(name)
    raw.report(
        "warning",
        "formula_text",
        name,
        is_formula(text),
        "The text begins like a formula of a spreadsheet; it is kept as text.",
        "Check where it comes from.",
    )
    return text.where(text != "")
