"""Derives ADSZ: seizure frequency and endpoints by participant and window (ADaM BDS)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.seizure_frequency import frequency, window_totals
from seizureflow.windows import participant_windows

Entry = dict[str, Any]


def derive_adsz(
    adsl: pd.DataFrame,
    countable: pd.DataFrame,
    visits: pd.DataFrame,
    design: Entry,
    diary: Entry,
    endpoints: list[Entry],
) -> pd.DataFrame:
    """Derive ADSZ for the randomised participants.

    Args:
        adsl: Table ``adsl``.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        visits: Table ``visits``; empty where the study has none.
        design: Entry ``design`` of the protocol.
        diary: Entry ``diary`` of the protocol.
        endpoints: Entry ``endpoints`` of the protocol.

    Returns:
        Table ``adsz``: one row per participant, window and parameter. ``SZCOUNT`` is the number of
        countable seizures, ``SZDAYS`` the recorded days, ``SZFREQ`` the frequency; the rest are the
        protocol's endpoints. ``ANL01FL`` is Y where the window has a frequency. ``AVAL``, ``BASE``
        and ``CHG`` are in the unit of the parameter, ``PCHG`` in percent.
    """
    randomised = adsl[adsl["RANDFL"] == "Y"]
    windows = participant_windows(randomised["USUBJID"], visits, design)
    totals = window_totals(countable, windows)
    wide = totals.merge(
        randomised[["STUDYID", "USUBJID", "TRT01P", "BSCOUNT", "BSDAYS", "BSFREQ"]], on="USUBJID"
    )
    wide["FREQ"] = frequency(
        wide["COUNT"], wide["DAYS"], diary["frequency_days"], diary["minimum_recorded_days"]
    )
    days = diary["frequency_days"]
    parameters = [
        _parameter(wide, "SZCOUNT", "Countable seizures", wide["COUNT"]),
        _parameter(wide, "SZDAYS", "Recorded days", wide["DAYS"]),
        _parameter(wide, "SZFREQ", f"Seizures per {days} days", wide["FREQ"], base=wide["BSFREQ"]),
        *(_endpoint(wide, entry) for entry in endpoints),
    ]
    order = {row["id"]: rank for rank, row in enumerate([*design["visits"], *design["windows"]])}
    adsz = pd.concat(parameters, ignore_index=True)
    rank = adsz["AVISIT"].map(order)
    return (
        adsz.assign(_rank=rank)
        .sort_values(["USUBJID", "_rank"], kind="stable", ignore_index=True)
        .drop(columns="_rank")
    )


def reaches_reduction(wide: pd.DataFrame, reduction: float) -> pd.Series[Any]:
    """Whether the frequency fell by at least ``reduction`` percent from baseline.

    The comparison is one of whole numbers, count x baseline days against baseline count x days, so
    that a reduction of exactly 50% is one. Missing where either frequency is.
    """
    after = wide["COUNT"] * wide["BSDAYS"] * 100.0
    allowed = wide["BSCOUNT"] * wide["DAYS"] * (100.0 - reduction)
    known = wide["FREQ"].notna() & (wide["BSFREQ"] > 0)
    return (after <= allowed).astype("float64").where(known)


def _endpoint(wide: pd.DataFrame, entry: Entry) -> pd.DataFrame:
    if entry["kind"] == "log_change":
        # A frequency of zero without an offset has no logarithm: missing, never minus infinity.
        after, before = (
            wide["FREQ"] + entry["post_offset"],
            wide["BSFREQ"] + entry["baseline_offset"],
        )
        return _parameter(
            wide,
            entry["id"],
            entry["label"],
            np.log(after.where(after > 0)),
            base=np.log(before.where(before > 0)),
            percent=False,
        )
    return _parameter(
        wide, entry["id"], entry["label"], reaches_reduction(wide, entry["reduction"])
    )


def _parameter(
    wide: pd.DataFrame,
    code: str,
    label: str,
    value: pd.Series[Any],
    base: pd.Series[Any] | None = None,
    percent: bool = True,
) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "STUDYID": wide["STUDYID"],
            "USUBJID": wide["USUBJID"],
            "TRT01P": wide["TRT01P"],
            "PARAMCD": code,
            "PARAM": label,
            "AVISIT": wide["WINDOW"],
            "AVISITN": wide["NUMBER"],
            "AWTYPE": wide["KIND"],
            "AWLO": wide["START"],
            "AWHI": wide["END"],
            "AVAL": value.astype("float64"),
            "ANL01FL": np.where(wide["FREQ"].notna(), "Y", "N"),
        }
    )
    if base is not None:
        rows["BASE"] = base
        rows["CHG"] = rows["AVAL"] - base
        if percent:
            rows["PCHG"] = 100 * rows["CHG"] / base.where(base > 0)
    return rows
