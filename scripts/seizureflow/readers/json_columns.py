"""Turns the columns of a Dataset-JSON file into cells, by the types that the file states."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.readers.reading import Reading
from seizureflow.readers.text_cells import object_text_column

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# A date, or a date and time of day: without a zone, which would move the day.
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")

DATA_TYPES = frozenset(
    {"string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time"}
    | {"URI"}
)


def json_column(
    values: Sequence[Any], data_type: str, column: str, reading: Reading
) -> pd.Series[Any]:
    """Turn one column into cells.

    Args:
        values: Its values; None is missing.
        data_type: Its ``dataType``.
        column: Its name.
        reading: Takes the findings: values that are not of the type.

    Returns:
        Numbers, text, or dates (``datetime64[ms]``) where every value of a date column is a whole
        date. A column with partial dates, such as 2020-03, stays text.
    """
    wrong = [at for at, value in enumerate(values) if not _fits(value, data_type)]
    if wrong:
        reading.error(
            "dataset_json",
            f"A value is not of the dataType of its column, {data_type}.",
            "Export the file again with a tool that conforms to Dataset-JSON 1.1.",
            column=column,
            rows=reading.rows(np.array(wrong)),
            value=str(values[wrong[0]])[:100],
        )
        return pd.Series(dtype="str")
    if data_type in ("integer", "decimal", "float", "double"):
        return _numbers(values)
    if data_type == "boolean":
        texts = [None if value is None else "NY"[value] for value in values]
        return object_text_column(texts, column, reading)
    if data_type in ("date", "datetime"):
        return _moments(values, column, reading)
    return object_text_column(values, column, reading)


def _fits(value: Any, data_type: str) -> bool:
    return value is None or _TESTS.get(data_type, _is_text)(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and value == int(value) and abs(value) <= 2**53


def _is_number(value: Any) -> bool:
    # JSON can spell numbers that float64 cannot hold.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 2**1023 if isinstance(value, int) else math.isfinite(value)


def _is_decimal(value: Any) -> bool:
    if isinstance(value, str):
        text = value.strip()
        return not text or (
            len(text) < 400 and bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))
        )
    return _is_number(value)


_TESTS: dict[str, Callable[[Any], bool]] = {
    "integer": _is_whole,
    "decimal": _is_decimal,
    "float": _is_number,
    "double": _is_number,
    "boolean": lambda value: isinstance(value, bool),
}


def _numbers(values: Sequence[Any]) -> pd.Series[Any]:
    if values and all(isinstance(value, int) for value in values):
        numbers = np.array(values, dtype="float64")
        if np.abs(numbers).max(initial=0) <= 2**53:
            return pd.Series(np.array(values, dtype="int64"))
        return pd.Series(numbers)
    missing = (None, "")
    cells = [math.nan if value in missing or value == "" else float(value) for value in values]
    return pd.Series(np.array(cells, dtype="float64"))


def _moments(values: Sequence[Any], column: str, reading: Reading) -> pd.Series[Any]:
    texts = object_text_column(values, column, reading)
    filled = texts[texts != ""]
    if all(_MOMENT.fullmatch(text) for text in filled):
        moments = pd.to_datetime(texts.where(texts != ""), format="ISO8601", errors="coerce")
        if moments.notna().sum() == len(filled):
            return moments.astype("datetime64[ms]")
    return texts
