"""Derives ADSL: one row per participant with treatment, disposition, baseline and analysis sets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.analysis_sets import FACTS, set_flag
from seizureflow.bounds import within
from seizureflow.derived_covariates import derive_covariate
from seizureflow.deviations import list_deviations
from seizureflow.eligibility import baseline_totals
from seizureflow.seizure_frequency import frequency
from seizureflow.strata import add_strata

Entry = dict[str, Any]


def derive_adsl(
    study: str,
    participants: pd.DataFrame,
    treatment: pd.DataFrame,
    countable: pd.DataFrame,
    eligibility: pd.DataFrame,
    records: dict[str, pd.DataFrame],
    plan: Entry,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Derive ADSL.

    Args:
        study: Name of the study.
        participants: Table ``participants``.
        treatment: Table ``treatment``.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        eligibility: Table ``eligibility``.
        records: Tables ``doses``, ``disposition`` and ``visits``; one that is absent does not exist
            for the study.
        plan: Entries ``treatment``, ``baseline`` (days), ``diary``, ``strata``, ``analysis_sets``,
            ``derived_covariates``, ``labels`` and ``completed_value`` of the protocol.

    Returns:
        Table ``adsl`` for all screened participants, with one variable more per covariate, derived
        covariate, stratum and analysis set; and table ``deviations``.
    """
    arms = treatment.set_index("USUBJID")["ARMCD"]
    adsl = baseline_and_covariates(participants, countable, plan, randomised=arms.dropna().index)
    adsl.insert(0, "STUDYID", study)
    adsl["TRT01P"] = arms
    if plan["treatment"] == "blinded":
        adsl["DUMMYFL"] = "Y"
    adsl["RANDFL"] = _flag(adsl["TRT01P"].notna())
    _add_doses(adsl, records.get("doses"))
    _add_disposition(adsl, records.get("disposition"), plan.get("completed_value"))
    if "visits" in records:
        adsl["LSTVSDT"] = records["visits"].groupby("USUBJID")["ADT"].max()
    failed = eligibility.loc[~eligibility["MET"].astype(bool), "USUBJID"]
    adsl["ELIGFL"] = _flag(~adsl.index.isin(failed))
    adsl["BLDIARFL"] = _flag(adsl["BSFREQ"].notna())
    after = countable.loc[countable["START"] >= 1, "USUBJID"].unique()
    adsl["POSTBLFL"] = _flag(adsl.index.isin(after))
    adsl = add_strata(adsl, plan["strata"])
    deviations = list_deviations(adsl, eligibility, plan["strata"], plan["labels"])
    adsl["NODEVFL"] = _flag(~adsl.index.isin(deviations["USUBJID"]))
    for entry in plan["analysis_sets"]:
        adsl[set_flag(entry["id"])] = _flag(_belongs(adsl, entry))
    return adsl.reset_index(), deviations


def baseline_and_covariates(
    participants: pd.DataFrame,
    countable: pd.DataFrame,
    plan: Entry,
    randomised: pd.Index[Any] | None = None,
) -> pd.DataFrame:
    """Give what is known of participants before treatment: baseline diary and covariates.

    Args:
        participants: Table ``participants``.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        plan: Entries ``baseline`` (days), ``diary`` and ``derived_covariates`` of the protocol.
        randomised: Participants over whom covariates are centred; all while nobody is randomised
            yet. No stratum or criterion rests on a centred covariate.

    Returns:
        ``participants`` without ``RFDT``, indexed by participant, with ``BSCOUNT``, ``BSDAYS``,
        ``BSFREQ``, ``LBSFREQ`` and the derived covariates.
    """
    people = participants.drop(columns=["RFDT"]).set_index("USUBJID")
    _add_baseline(people, countable, plan)
    centred_over = pd.Series(
        True if randomised is None else people.index.isin(randomised), index=people.index
    )
    for entry in plan["derived_covariates"]:
        people[entry["id"]] = derive_covariate(people[entry["variable"]], entry, centred_over)
    return people


def _belongs(adsl: pd.DataFrame, entry: Entry) -> pd.Series[Any]:
    """Whether each participant has every fact and keeps every bound of an analysis set."""
    belongs = pd.Series(True, index=adsl.index)
    for fact in entry["requires"]:
        belongs &= adsl[FACTS[fact]] == "Y"
    for bound in entry["where"]:
        name = bound["variable"]
        values = adsl.index.to_series() if name == "USUBJID" else adsl[name]
        belongs &= within(values, bound)
    return belongs


def in_set(adsl: pd.DataFrame, identifier: str) -> pd.DataFrame:
    """Participants of ADSL who belong to an analysis set."""
    return adsl[adsl[set_flag(identifier)] == "Y"]


def _flag(condition: Any) -> Any:
    return np.where(condition, "Y", "N")


def _add_doses(adsl: pd.DataFrame, doses: pd.DataFrame | None) -> None:
    if doses is None:
        return
    last = doses["AENDT"].fillna(doses["ADT"]) if "AENDT" in doses else doses["ADT"]
    adsl["TRTSDT"] = doses.groupby("USUBJID")["ADT"].min()
    adsl["TRTEDT"] = last.groupby(doses["USUBJID"]).max()
    adsl["DOSEDFL"] = _flag(adsl.index.isin(doses["USUBJID"]))


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
