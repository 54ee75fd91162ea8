"""Turns the values of an Excel column into cells."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.readers.reading import Reading
from seizureflow.readers.text_cells import object_text_column

_EXACT = 2**53


def excel_column(values: Sequence[object], column: str, reading: Reading) -> pd.Series[Any]:
    """Turn one column into cells.

    Args:
        values: Its values; None is empty.
        column: Its name.
        reading: Takes the findings.

    Returns:
        Dates (``datetime64[ms]``) where all filled cells are dates; numbers where all are numbers,
        ``int64`` where all cells are whole numbers; else text, as :func:`cell_text` words it.
    """
    filled = [value for value in values if value is not None]
    if filled and all(isinstance(value, dt.date) for value in filled):
        return pd.Series(np.array(values, dtype="datetime64[ms]"))  # None becomes NaT
    if filled and all(_is_number(value) for value in filled):
        numbers = np.array([math.nan if v is None else _float(v) for v in values])
        whole = np.all((np.abs(numbers) <= _EXACT) & (numbers == np.floor(numbers)))
        return pd.Series(numbers.astype("int64") if whole else numbers)
    texts = [None if value is None else cell_text(value) for value in values]
    return object_text_column(texts, column, reading)


def cell_text(value: object) -> str:
    """Word a value: whole numbers without decimals, dates as ISO 8601, truth as Y or N."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) <= _EXACT else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)
