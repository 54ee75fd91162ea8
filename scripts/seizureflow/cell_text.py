"""Gives cells as text, as a reader of the file would write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def text_of(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Give cells as text; a missing one is empty, a whole number has no decimal point."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.astype("str").fillna("")
    if pd.api.types.is_string_dtype(cells.dtype):
        return cells
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells.dt.strftime("%Y-%m-%d").astype("str").fillna("")
    if pd.api.types.is_integer_dtype(cells.dtype) and not cells.hasnans:
        return cells.astype("str")  # exact: long identifiers have more digits than a real number
    if pd.api.types.is_numeric_dtype(cells.dtype):
        values, codes = np.unique(
            cells.to_numpy(dtype="float64", na_value=np.nan), return_inverse=True
        )
        words = np.array([_number_text(value) for value in values], dtype=object)
        text = words[codes] if len(words) else np.empty(0, dtype=object)
        return pd.Series(text, index=cells.index, dtype="str")
    return cells.astype("str").fillna("")


def _number_text(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
