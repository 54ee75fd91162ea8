"""Says where results lie against their reference range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

RANGE_CATEGORIES = ("LOW", "NORMAL", "HIGH")


def range_indicator(
    value: pd.Series[Any], low: pd.Series[Any], high: pd.Series[Any]
) -> pd.Series[Any]:
    """Whether results are LOW, NORMAL or HIGH; missing without a number or without any limit.

    A result on a limit is NORMAL; one limit is enough to say so.
    """
    known = value.notna() & (low.notna() | high.notna())
    words = np.select([value < low, value > high], ["LOW", "HIGH"], default="NORMAL")
    return pd.Series(words, index=value.index, dtype="str").where(known)
