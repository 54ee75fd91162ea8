"""Listings: records of the analysis datasets, one line each, by arm and participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from seizureflow.analysis_sets import FACTS, set_flag
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, minus
from seizureflow.displays.words import upper_first
from seizureflow.outputs.output import Draft
from seizureflow.outputs.study import Study

EMPTY = "No record meets the conditions of this listing."
_FACTS_IN_WORDS = {
    "randomised": "not randomised",
    "dosed": "no dose",
    "eligible": "a criterion of eligibility not met",
    "baseline_diary": "no usable baseline diary",
    "post_baseline_diary": "no usable diary after baseline",
    "completed": "did not complete",
    "no_deviation": "a protocol deviation",
}
_KINDS = {"eligibility": "Eligibility", "stratum": "Stratum at randomisation"}


def discontinued(study: Study) -> Iterator[Draft]:
    """Randomised participants who did not complete."""
    adsl = study.datasets["adsl"]
    if adsl["COMPLFL"].notna().any():
        left = adsl[(adsl["RANDFL"] == "Y") & (adsl["COMPLFL"] == "N")]
        columns = {
            "SITEID": "Site",
            "TRTSDT": "First dose",
            "TRTEDT": "Last dose",
            "EOSDT": "Left on",
            "EOSDY": "Study day",
            "DCSREAS": "Reason",
        }
        yield Draft(
            (_listing(study, left, columns, "Discontinued"),),
            "All randomised participants",
            datasets=("adsl",),
        )


def deviations(study: Study) -> Iterator[Draft]:
    """Deviations from the protocol that the data show."""
    people = study.datasets["adsl"][["USUBJID", "TRT01P", "SITEID"]]
    found = study.datasets["deviations"].merge(people, on="USUBJID", how="left")
    found["KIND"] = found["KIND"].map(lambda kind: _KINDS.get(kind, upper_first(str(kind))))
    columns = {
        "SITEID": "Site",
        "KIND": "Kind",
        "LABEL": "Rule",
        "FOUND": "Found",
        "EXPECTED": "Expected",
    }
    yield Draft(
        (_listing(study, found, columns, "Protocol deviations"),),
        "All randomised participants",
        datasets=("adsl", "deviations"),
    )


def exclusions(study: Study) -> Iterator[Draft]:
    """Randomised participants who are not in an analysis set, and what they lack for it."""
    adsl = study.datasets["adsl"]
    randomised = adsl[adsl["RANDFL"] == "Y"]
    parts = [
        _left_out(randomised, entry)
        for entry in study.protocol["analysis_sets"]
        if set_flag(entry["id"]) in adsl
    ]
    if parts:
        columns = {"SITEID": "Site", "SET": "Not in", "WHY": "Because"}
        yield Draft(
            (_listing(study, pd.concat(parts), columns, "Exclusions from analysis sets"),),
            "All randomised participants",
            datasets=("adsl",),
        )


def _left_out(people: pd.DataFrame, entry: Mapping[str, Any]) -> pd.DataFrame:
    outside = people[people[set_flag(entry["id"])] != "Y"]
    reasons = [
        "; ".join(
            _FACTS_IN_WORDS[fact]
            for fact in entry.get("requires", [])
            if person[FACTS[fact]] != "Y"
        )
        or "another condition of the set"
        for _, person in outside.iterrows()
    ]
    return outside[["USUBJID", "TRT01P", "SITEID"]].assign(
        SET=entry["label"], WHY=[upper_first(reason) for reason in reasons]
    )


def adverse_events(study: Study) -> Iterator[Draft]:
    """All adverse events; those that are serious; those that were fatal, where that is known."""
    events = study.datasets["adae"]
    yield _events(study, events, "All adverse events")
    yield _events(study, events[events["AESER"] == "Y"], "Serious adverse events")
    if "AESDTH" in events:
        yield _events(study, events[events["AESDTH"] == "Y"], "Deaths")


def _events(study: Study, events: pd.DataFrame, subtitle: str) -> Draft:
    columns = {
        "AEBODSYS": "Body system",
        "AETERM": "Term",
        "START": "Start (study day)",
        "END": "End (study day)",
        "AESEV": "Severity",
        "AESER": "Serious",
        "AEREL": "Related",
        "AEACN": "Action taken",
        "TRTEMFL": "Emergent",
    }
    dated = events.assign(
        START=[_dated(*pair) for pair in zip(events["ASTDT"], events["ASTDY"], strict=True)],
        END=[_dated(*pair) for pair in zip(events["AENDT"], events["AENDY"], strict=True)],
    )
    return Draft(
        (_listing(study, dated, columns, subtitle),),
        "All participants with a record",
        subtitle,
        ("Emergent: treatment-emergent, as TRTEMFL of ADAE has it.",),
        datasets=("adae",),
    )


def _dated(date: Any, day: Any) -> str:
    """A date with its study day in brackets, as far as they are known."""
    parts = [_text("", date), "" if pd.isna(day) else f"({_text('', day)})"]
    return " ".join(part for part in parts if part)


def _listing(study: Study, records: pd.DataFrame, columns: dict[str, str], caption: str) -> Table:
    """One row per record, the reference arm first; columns that hold nothing are left out."""
    places = {arm["id"]: place for place, arm in enumerate(study.labels.arms)}
    by_arm = records.assign(
        _PLACE=records["TRT01P"].map(places).fillna(len(places)).astype(float)
    ).sort_values(["_PLACE", "USUBJID"], kind="stable")
    shown = {
        name: label
        for name, label in columns.items()
        if name in by_arm and (by_arm.empty or by_arm[name].notna().any())
    }
    rows = tuple(
        Row(
            str(record["USUBJID"]),
            ((_arm(study, record["TRT01P"]),), *((_text(name, record[name]),) for name in shown)),
        )
        for record in by_arm.to_dict("records")
    )
    headings: tuple[Cell, ...] = (("Arm",), *((label,) for label in shown.values()))
    return Table(caption, "Participant", headings, rows or (Row(EMPTY),), words=len(headings))


def _arm(study: Study, arm: Any) -> str:
    return "Not randomised" if pd.isna(arm) else study.labels.arm(arm)


_YES_NO = {"Y": "Yes", "N": "No"}
_FLAGS = ("AESER", "AEREL", "AESDTH", "TRTEMFL", "AEWDFL")


def _text(name: str, value: Any) -> str:
    """A value of a record as it stands; flags in words."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return minus(f"{value:g}")
    return _YES_NO.get(value, str(value)) if name in _FLAGS else minus(str(value))
