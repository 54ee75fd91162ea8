"""Derives ADSL: one row per participant with treatment, disposition, baseline and analysis sets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.eligibility import baseline_totals, within
from seizureflow.seizure_frequency import frequency

Entry = dict[str, Any]

# Facts of ADSL that an analysis set can require.
FACTS = {
    "randomised": "RANDFL",
    "dosed": "DOSEDFL",
    "eligible": "ELIGFL",
    "post_baseline_diary": "POSTBLFL",
    "completed": "COMPLFL",
}


def set_flag(identifier: str) -> str:
    """Name of the ADSL variable that flags an analysis set.

    >>> set_flag("full"), set_flag("per_protocol")
    ('FULLFL', 'PERPROFL')
    """
    return identifier.replace("_", "")[:6].upper() + "FL"


def derive_adsl(
    study: str,
    participants: pd.DataFrame,
    countable: pd.DataFrame,
    eligibility: pd.DataFrame,
    records: dict[str, pd.DataFrame],
    plan: Entry,
) -> pd.DataFrame:
    """Derive ADSL.

    Args:
        study: Name of the study.
        participants: Table ``participants``.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        eligibility: Table ``eligibility``.
        records: Tables ``doses``, ``disposition`` and ``visits``; one that is absent does not exist
            for the study.
        plan: Entries ``baseline`` (days), ``diary``, ``analysis_sets``, ``derived_covariates`` and
            ``completed_value`` of the protocol.

    Returns:
        Table ``adsl`` for all screened participants, with one variable more per covariate, derived
        covariate and analysis set.
    """
    adsl = participants.drop(columns=["RFDT"]).rename(columns={"ARMCD": "TRT01P"})
    adsl.insert(0, "STUDYID", study)
    adsl = adsl.set_index("USUBJID")
    adsl["RANDFL"] = _flag(adsl["TRT01P"].notna())
    _add_doses(adsl, records.get("doses"))
    _add_disposition(adsl, records.get("disposition"), plan.get("completed_value"))
    if "visits" in records:
        adsl["LSTVSDT"] = records["visits"].groupby("USUBJID")["ADT"].max()
    failed = eligibility.loc[~eligibility["MET"].astype(bool), "USUBJID"]
    adsl["ELIGFL"] = _flag(~adsl.index.isin(failed))
    after = countable.loc[countable["START"] >= 1, "USUBJID"]
    adsl["POSTBLFL"] = _flag(adsl.index.isin(after))
    _add_baseline(adsl, countable, plan)
    for entry in plan["derived_covariates"]:
        adsl[entry["id"]] = _flag(within(adsl[entry["variable"]], entry))
    for entry in plan["analysis_sets"]:
        facts = adsl[[FACTS[fact] for fact in entry["requires"]]]
        adsl[set_flag(entry["id"])] = _flag((facts == "Y").all(axis=1))
    return adsl.reset_index()


def in_set(adsl: pd.DataFrame, identifier: str) -> pd.DataFrame:
    """Participants of ADSL who belong to an analysis set."""
    return adsl[adsl[set_flag(identifier)] == "Y"]


def _flag(condition: Any) -> Any:
    return np.where(condition, "Y", "N")


def _add_doses(adsl: pd.DataFrame, doses: pd.DataFrame | None) -> None:
    if doses is None:
        return
    dates = doses.groupby("USUBJID")["ADT"].agg(["min", "max"])
    adsl["TRTSDT"], adsl["TRTEDT"] = dates["min"], dates["max"]
    adsl["DOSEDFL"] = _flag(adsl.index.isin(dates.index))


def _add_disposition(
    adsl: pd.DataFrame, disposition: pd.DataFrame | None, completed: str | None
) -> None:
    if disposition is None:
        return
    last = disposition.groupby("USUBJID").last()
    columns = {"EOSSTT": "STATUS", "DCSREAS": "REASON", "EOSDT": "ADT", "EOSDY": "ADY"}
    for name, source in columns.items():
        adsl[name] = last[source]
    adsl["COMPLFL"] = _flag(adsl["EOSSTT"] == completed)


def _add_baseline(adsl: pd.DataFrame, countable: pd.DataFrame, plan: Entry) -> None:
    diary = plan["diary"]
    totals = baseline_totals(adsl.index.to_series(), countable, plan["baseline"])
    adsl["BSCOUNT"], adsl["BSDAYS"] = totals["BSCOUNT"], totals["BSDAYS"]
    adsl["BSFREQ"] = frequency(
        adsl["BSCOUNT"], adsl["BSDAYS"], diary["frequency_days"], diary["minimum_recorded_days"]
    )
    # A baseline without seizures has no logarithm; analyses that need one say who is left out.
    adsl["LBSFREQ"] = np.log(adsl["BSFREQ"].where(adsl["BSFREQ"] > 0))
