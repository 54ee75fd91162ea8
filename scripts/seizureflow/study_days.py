"""Study days: day 1 is the reference date, the day before it is day -1, and there is no day 0.

Intervals of study days are half-open, ``[start, end)``. Because day 0 does not exist, the 42 days
before day 1 are ``[-42, 1)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import IntArray


def study_day(dates: pd.Series[Any], reference: pd.Series[Any]) -> pd.Series[Any]:
    """Give the study day of dates.

    Args:
        dates: Dates; missing ones are allowed.
        reference: The date of day 1, aligned with ``dates``.

    Returns:
        Study days as nullable integers, missing where either date is.

    Source:
        CDISC SDTM Implementation Guide 3.4, 4.4.4 (--DY).
    """
    elapsed = (dates - reference).dt.days.astype("Int64")
    return elapsed.where(elapsed < 0, elapsed + 1)


def interval_length(start: int, end: int) -> int:
    """Number of days in ``[start, end)``, day 0 not being one.

    >>> interval_length(-42, 1), interval_length(57, 169)
    (42, 112)
    """
    return end - start - int(start < 0 < end)


def ordinal(days: Any) -> IntArray:
    """Number days consecutively (day 1 becomes 0), so that they can be subtracted."""
    values = np.asarray(days, dtype=np.int64)
    return values - (values > 0)


def from_ordinal(ordinals: Any) -> IntArray:
    """Undo :func:`ordinal`."""
    values = np.asarray(ordinals, dtype=np.int64)
    return values + (values >= 0)
