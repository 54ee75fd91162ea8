"""Turns the numbers of SAS into numbers, dates and times, by the format of their column."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.readers.reading import Reading
from seizureflow.readers.text_cells import object_text_column

# Formats of SAS 9.4 whose numbers are days, seconds since 1960, and seconds of a day: those that
# pyreadstat knows, and those in words. DTDATE and those in DN show the date of a date-time.
_ORDERS = ("DDMMYY", "MMDDYY", "YYMMDD")
_DATES = frozenset(
    {order + separator for order in _ORDERS for separator in ("", *"BCDNPS")}
    | {"DATE", "WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX", "JULIAN", "MONYY", "NLDATE"}
    | {"E8601DA", "B8601DA", "IS8601DA"}
)
_DATE_TIMES = frozenset(
    {"DATETIME", "DATEAMPM", "MDYAMPM", "DTDATE", "NLDATM"}
    | {standard + form for standard in ("E8601", "B8601", "IS8601") for form in ("DT", "DN")}
)
_TIMES = frozenset({"TIME", "HHMM", "TOD", "TIMEAMPM", "E8601TM", "B8601TM", "IS8601TM"})

_DAY = 86_400_000  # milliseconds
_ORIGIN = int(np.datetime64("1960-01-01", "ms").astype(np.int64))
# The first year of the calendar of SAS, and the last that ISO 8601 writes with four digits.
_FIRST = int(np.datetime64("1582-01-01", "ms").astype(np.int64))
_LAST = int(np.datetime64("9999-12-31T23:59:59.999", "ms").astype(np.int64))


def sas_column(values: np.ndarray, form: str, column: str, reading: Reading) -> pd.Series[Any]:
    """Turn a numeric column of a SAS file into cells.

    Args:
        values: The numbers (float64), NaN where missing.
        form: SAS format of the column, with or without width, such as ``DATE9.``.
        column: Its name.
        reading: Takes the findings: dates out of range.

    Returns:
        Dates (``datetime64[ms]``, with their time where they have one), times of day as text such
        as ``09:30:00``, else the numbers.
    """
    name = _format_name(form)
    if name in _DATES:
        return _moments(values * _DAY, column, reading)
    if name in _DATE_TIMES:
        return _moments(values * 1000, column, reading)
    if name in _TIMES:
        return object_text_column([_time(value) for value in values.tolist()], column, reading)
    return pd.Series(values, dtype="float64")


def report_special_missing(column: str, rows: np.ndarray, codes: str, reading: Reading) -> None:
    """Note the cells that SAS marks as missing for a reason."""
    reading.report(
        "note",
        "special_missing",
        "Cells are missing for a reason that SAS marks by a letter; they are read as missing.",
        "Nothing, unless the reason matters to the analysis.",
        column=column,
        rows=reading.rows(rows),
        value=codes,
    )


def _format_name(form: str) -> str:
    match = re.fullmatch(r"([A-Z0-9_]*[A-Z_])\d*(\.\d*)?", form.strip().upper())
    return match[1] if match else ""


def _moments(milliseconds: np.ndarray, column: str, reading: Reading) -> pd.Series[Any]:
    since_1970 = np.round(milliseconds) + _ORIGIN
    missing = np.isnan(since_1970)
    outside = ~missing & ~((since_1970 >= _FIRST) & (since_1970 <= _LAST))
    if outside.any():
        reading.error(
            "date_out_of_range",
            "A date is not between the years 1582 and 9999.",
            "Correct the date, or the format of the column.",
            column=column,
            rows=reading.rows(np.flatnonzero(outside)),
        )
    moments = np.where(missing | outside, 0, since_1970).astype("int64").astype("datetime64[ms]")
    moments[missing | outside] = np.datetime64("NaT")
    return pd.Series(moments)


def _time(seconds: float) -> str:
    if not abs(seconds) < 1e9:
        return "" if np.isnan(seconds) else str(seconds)
    thousandths = round(abs(seconds) * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    fraction = f".{rest % 1000:03d}" if rest % 1000 else ""
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{fraction}"
