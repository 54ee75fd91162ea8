"""Derives ADLB and ADVS: results of tests with visit, baseline, change and reference range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.measurements.reference_range import range_indicator

Entry = dict[str, Any]

BASELINE = "Baseline"
# A test in several positions or at several times of a visit has a baseline for each.
_SERIES = ["USUBJID", "PARAMCD", "ATPT"]


def derive_measurements(
    adsl: pd.DataFrame,
    results: pd.DataFrame,
    visits: list[Entry],
    *,
    visit_assignment: str,
    days_after_last_dose: int,
) -> pd.DataFrame:
    """Derive ADLB or ADVS.

    The baseline is the last number on or before day 1 (the day of the first dose, else of
    randomisation; times of day are not compared with that of the dose). Changes are of results
    after day 1.

    Args:
        adsl: Table ``adsl``.
        results: Table ``laboratory`` or ``vital_signs``.
        visits: Entry ``design.visits`` of the protocol.
        visit_assignment: ``recorded`` or ``nearest_day``, see the protocol's schema.
        days_after_last_dose: Days after the last dose whose results are still on treatment.

    Returns:
        Table ``adlb`` or ``advs``, one row per result.

    Source:
        CDISC ADaM Implementation Guide 1.3, section 3.3 (basic data structure).
    """
    people = adsl[["STUDYID", "USUBJID", "TRT01P", "TRTEDT"]]
    frame = results.merge(people, on="USUBJID", validate="many_to_one")
    frame = frame.rename(
        columns={
            "TESTCD": "PARAMCD",
            "CATEGORY": "PARCAT1",
            "VALUE": "AVAL",
            "VALUETXT": "AVALC",
            "UNIT": "AVALU",
            "LOW": "ANRLO",
            "HIGH": "ANRHI",
            "TPT": "ATPT",
        }
    )
    frame["PARAM"] = frame["PARAMCD"].map(_parameter_names(frame))
    after = (frame["ADY"] > 1).fillna(False).astype(bool)
    before = (frame["ADY"] <= 1).fillna(False).astype(bool)
    baseline = _last(frame, before & frame["AVAL"].notna(), _SERIES)
    frame["ABLFL"] = _flag(baseline)
    frame["ANRIND"] = range_indicator(frame["AVAL"], frame["ANRLO"], frame["ANRHI"])
    frame = _with_baseline(frame, baseline)
    change = (frame["AVAL"] - frame["BASE"]).where(after)
    frame["CHG"] = change
    frame["PCHG"] = 100 * change / frame["BASE"].where(frame["BASE"] != 0)
    known = after & frame["BNRIND"].notna() & frame["ANRIND"].notna()
    frame["SHIFT1"] = (frame["BNRIND"] + " to " + frame["ANRIND"]).where(known)
    late = frame["ADT"] > frame["TRTEDT"] + pd.Timedelta(days=days_after_last_dose)
    frame["ONTRTFL"] = _flag(after & ~late)
    frame["AVISIT"] = _visits(frame, visits, visit_assignment).where(after)
    frame["AVISIT"] = frame["AVISIT"].mask(baseline, BASELINE)
    weeks = {visit["id"]: float(visit["week"]) for visit in visits} | {BASELINE: 0.0}
    frame["AVISITN"] = frame["AVISIT"].map(weeks).astype("float64")
    countable = frame["AVISIT"].notna() & frame["AVAL"].notna()
    frame["ANL01FL"] = _flag(_last(frame, countable, [*_SERIES, "AVISIT"]))
    return frame.drop(columns=["TRTEDT", "TEST"])


def _parameter_names(frame: pd.DataFrame) -> dict[str, str]:
    """PARAM of each PARAMCD: name and unit; with the code where two tests would be named alike."""
    names = {}
    for code, rows in frame.groupby("PARAMCD"):
        test = _most_frequent(rows["TEST"]) or str(code)
        unit = _most_frequent(rows["AVALU"])
        names[str(code)] = f"{test} ({unit})" if unit else test
    taken = pd.Series(names, dtype="str").value_counts()
    return {code: name if taken[name] == 1 else f"{name}, {code}" for code, name in names.items()}


def _most_frequent(values: pd.Series[Any]) -> str | None:
    found = values.dropna().mode()
    return str(found.iloc[0]) if len(found) else None


def _last(frame: pd.DataFrame, among: pd.Series[Any], keys: list[str]) -> pd.Series[Any]:
    """Whether a row is the last, among some rows, of those that share keys; rows are in order."""
    last = ~frame.loc[among].duplicated(keys, keep="last")
    return last.reindex(frame.index, fill_value=False)


def _flag(holds: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series("Y", index=holds.index, dtype="str").where(holds)


def _with_baseline(frame: pd.DataFrame, baseline: pd.Series[Any]) -> pd.DataFrame:
    values = frame.loc[baseline, [*_SERIES, "AVAL", "ANRIND"]]
    values = values.rename(columns={"AVAL": "BASE", "ANRIND": "BNRIND"})
    return frame.merge(values, on=_SERIES, how="left", validate="many_to_one")


def _visits(frame: pd.DataFrame, visits: list[Entry], assignment: str) -> pd.Series[Any]:
    """The visit of the plan that each row belongs to; missing for none."""
    identifiers = [str(visit["id"]) for visit in visits]
    if assignment == "recorded" or not visits:
        return frame["VISIT"].where(frame["VISIT"].isin(identifiers))
    days = np.array([1, *(visit["day"] for visit in visits)], dtype=np.float64)
    middles = (days[1:] + days[:-1]) / 2
    # Of two visits that are equally near, the earlier one.
    edges = np.array([1.0, *middles[1:], 2 * days[-1] - middles[-1]])
    study_days = frame["ADY"].to_numpy(dtype=np.float64, na_value=np.nan)
    place = np.searchsorted(edges, study_days, side="left") - 1
    inside = np.isfinite(study_days) & (place >= 0) & (place < len(visits))
    names = np.array([*identifiers, ""], dtype=object)[np.where(inside, place, len(visits))]
    return pd.Series(names, index=frame.index, dtype="str").where(inside)
