"""Reads dates of which the day, or day and month, may be unknown, by a stated rule of imputation.

The rule: a start date becomes the first day that it can be, unless day 1 of the participant is
among the days that it can be: then it becomes day 1, so that an event that may have begun under
treatment counts as such (but not one that is known to have ended before). An end date becomes the
last day that it can be, at most the last day of the data. What was imputed is flagged as ADaM does:
D for the day, M for month and day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.cell_values import dates, within_calendar
from seizureflow.raw_table import RawTable

_MONTH, _YEAR = r"[0-9]{4}-(?:0[1-9]|1[0-2])", r"[0-9]{4}"


def partial_dates(
    raw: RawTable, name: str, *, required: bool, end: bool, day_one: pd.Series[Any]
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Read a column of ISO 8601 dates that may lack day or month.

    Args:
        raw: The table.
        name: The column.
        required: Whether an empty cell is an error.
        end: Whether the dates end something; they begin it otherwise.
        day_one: Date of day 1 of each row's participant; missing where it cannot have begun then.

    Returns:
        Dates, and flags (``D``, ``M``, missing where nothing was imputed), one per row.

    Source:
        ADaM Implementation Guide 1.3, 3.1.3 (date imputation flags).
    """
    text = raw.column(name)
    no_day, no_month = text.str.fullmatch(_MONTH), text.str.fullmatch(_YEAR)
    partial = (no_day | no_month).fillna(False).astype(bool)
    whole = dates(raw, name, required=required, known_partial=partial)
    month = pd.to_datetime(
        text.where(~no_month, text + "-01").where(partial), format="%Y-%m", errors="coerce"
    )
    first = month.astype("datetime64[ms]")
    last = _last_day(first, np.where(no_month, 12, 1))
    if end:
        imputed = last.where(last <= raw.latest, raw.latest).where(first <= raw.latest, first)
    else:
        imputed = first.where(~((day_one > first) & (day_one <= last)), day_one)
    imputed = within_calendar(raw, name, imputed.astype("datetime64[ms]").where(partial))
    flags = pd.Series(pd.NA, index=text.index, dtype="str").mask(no_day, "D").mask(no_month, "M")
    values = whole.where(~partial, imputed)
    return values, flags.where(values.notna())


def _last_day(first: pd.Series[Any], months: Any) -> pd.Series[Any]:
    """Last day of as many months from the first day of one."""
    after = first.to_numpy().astype("datetime64[M]") + months
    return pd.Series(
        after.astype("datetime64[D]") - np.timedelta64(1, "D"), index=first.index
    ).astype("datetime64[ms]")
