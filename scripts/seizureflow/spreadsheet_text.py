"""Keeps text of raw files from being run as a formula by a spreadsheet that opens a CSV file."""

from __future__ import annotations

from typing import Any

import pandas as pd

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def is_formula(text: pd.Series[Any]) -> pd.Series[Any]:
    """Whether a spreadsheet would take text for a formula; a number is none."""
    begins = text.str.startswith(_FORMULA_STARTS).fillna(False).astype(bool)
    return begins & (text.str.len() > 1) & pd.to_numeric(text, errors="coerce").isna()


def neutralised(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would run; numbers stay as they are.

    Source:
        OWASP, CSV Injection.
    """
    safe = frame.copy()
    for name in safe.columns:
        if isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].where(~is_formula(safe[name]), "'" + safe[name])
    return safe
