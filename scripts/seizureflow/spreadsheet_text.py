"""Keeps text of raw files from being run as a formula by a spreadsheet that opens a CSV file."""

from __future__ import annotations

import pandas as pd

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralised(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would run; numbers stay as they are.

    Source:
        OWASP, CSV Injection.
    """
    safe = frame.copy()
    for name in safe.columns:
        if pd.api.types.is_string_dtype(safe[name].dtype):
            text = safe[name]
            formula = text.str.startswith(_FORMULA_STARTS).fillna(False).astype(bool)
            formula &= pd.to_numeric(text, errors="coerce").isna()
            safe[name] = text.where(~formula, "'" + text)
    return safe
