"""Exposure of participants: number of doses, duration, total dose and dose intensity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Entry = dict[str, Any]


def exposure(
    people: pd.DataFrame, adex: pd.DataFrame, dosing: Entry, *, daily: bool
) -> pd.DataFrame:
    """Summarise the dose records of each participant.

    Args:
        people: Rows of ADSL, with ``USUBJID`` and ``TRT01P``.
        adex: Table ``adex``.
        dosing: ``interval_days`` and ``planned_dose`` (by arm), where the protocol names them.
        daily: Whether a record's dose is given on each of its days; once for the record otherwise.

    Returns:
        Indexed by participant: ``TRT01P``; ``doses``, 0 without a record; ``duration_days``, from
        the first to the last day with a dose, both among them, and on to the next planned dose
        where the interval is known; ``total_dose``, missing where a dose is not known;
        ``dose_intensity``, the total as percentage of what is planned for the duration (a dose at
        each interval). Missing where there is no dose or no plan.
    """
    summary = people.set_index("USUBJID")[["TRT01P"]].copy()
    records = adex[adex["USUBJID"].isin(summary.index)]
    end = records["AENDT"].fillna(records["ASTDT"])
    days = ((end - records["ASTDT"]).dt.days + 1).to_numpy(dtype=np.float64, na_value=np.nan)
    number = days if daily else np.ones(len(records))
    per_record = pd.DataFrame(
        {
            "WHO": records["USUBJID"].to_numpy(),
            "NUMBER": number,
            "TOTAL": number * records["EXDOSE"].to_numpy(dtype=np.float64, na_value=np.nan),
            "UNKNOWN": records["EXDOSE"].isna().to_numpy(),
            "FIRST": records["ASTDT"].to_numpy(),
            "LAST": end.to_numpy(),
        }
    ).groupby("WHO")
    summary["doses"] = per_record["NUMBER"].sum().reindex(summary.index).fillna(0.0)
    span = (per_record["LAST"].max() - per_record["FIRST"].min()).dt.days + 1.0
    interval = dosing.get("interval_days")
    if interval is not None:
        # The last dose lasts until the next one would have been due.
        span = span - 1.0 + interval
    summary["duration_days"] = span.reindex(summary.index)
    known = ~per_record["UNKNOWN"].any()
    summary["total_dose"] = per_record["TOTAL"].sum().where(known).reindex(summary.index)
    planned = summary["TRT01P"].map(dosing.get("planned_dose", {})).astype("float64")
    expected = planned * summary["duration_days"] / (interval if interval else np.nan)
    summary["dose_intensity"] = 100 * summary["total_dose"] / expected
    return summary
