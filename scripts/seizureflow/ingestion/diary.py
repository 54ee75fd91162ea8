"""Ingests a daily diary: one row per participant and day becomes one interval of one day."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.findings import Finding
from seizureflow.ingestion.membership import check_known, study_days_of
from seizureflow.raw_table import RawTable, read_raw

Entry = dict[str, Any]


def ingest_diary(
    path: str, domain: Entry, participants: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Read a daily diary.

    Args:
        path: The raw file.
        domain: Entry ``domains.diary`` of the protocol.
        participants: Table ``participants``.

    Returns:
        The tables ``intervals`` (every diary day, recorded or missing) and ``seizures`` (the counts
        above zero, a cluster as a row of its own with count 1), and the findings.
    """
    columns = dict(domain["columns"])
    types: dict[str, str] = domain["types"]
    cluster = {"cluster": domain["clusters"]} if "clusters" in domain else {}
    raw = read_raw(path, columns | types | cluster)
    known = check_known(raw, participants)
    days = study_days_of(raw, raw.dates("date", required=True), participants)
    marks = _marks(raw, domain["recorded_values"])
    recorded = marks.eq("recorded")
    _check_days(raw, days, known)
    counts = {name: raw.numbers(name, counts=True) for name in types}
    _check_missing_days(raw, marks, counts)
    usable = raw.text.index.isin(known) & days.notna().to_numpy()
    place = pd.DataFrame(
        {"USUBJID": raw.column("participant"), "START": days, "RECORDED": recorded}
    )[usable]
    intervals = place.assign(END=_day_after(place["START"]))
    present = [
        place.assign(SEIZTYPE=name, COUNT=count[usable], CLUSTER=False)
        for name, count in counts.items()
    ]
    if cluster:
        named = raw.choices("cluster", {name: name for name in types}, required=False)[usable]
        clusters = place.assign(SEIZTYPE=named, COUNT=1.0, CLUSTER=True)
        present.append(clusters[named.notna()])
    seizures = pd.concat(present, ignore_index=True)
    seizures = seizures[seizures["RECORDED"] & (seizures["COUNT"] > 0)]
    order = ["USUBJID", "START"]
    return (
        intervals.sort_values(order, ignore_index=True),
        seizures.drop(columns="RECORDED").sort_values(
            [*order, "SEIZTYPE", "CLUSTER"], ignore_index=True
        ),
        raw.findings,
    )


def _day_after(days: pd.Series[Any]) -> pd.Series[Any]:
    """End of a one-day interval: the day after -1 is day 1."""
    return (days + 1).where(days != -1, 1)


def _marks(raw: RawTable, values: Entry) -> pd.Series[Any]:
    """Each day as ``recorded`` or ``missing``; without the column, a day with a row is recorded."""
    if "recorded" not in raw.columns:
        return pd.Series("recorded", index=raw.text.index)
    known = {values["recorded"]: "recorded", values["missing"]: "missing"}
    return raw.choices("recorded", known)


def _check_days(raw: RawTable, days: pd.Series[Any], known: pd.Index) -> None:
    keys = pd.DataFrame({"participant": raw.column("participant"), "day": days})
    raw.refuse(
        "duplicate_day",
        "date",
        keys.duplicated(keep=False) & days.notna(),
        "A participant has more than one row for a day.",
        "Keep one row per participant and day.",
    )
    undated = days.isna() & (raw.column("date") != "") & raw.text.index.isin(known)
    undated &= pd.to_datetime(raw.column("date"), format="%Y-%m-%d", errors="coerce").notna()
    raw.refuse(
        "no_reference_day",
        "date",
        undated,
        "The participant has neither a first dose nor a randomisation or screening date, so the "
        "study day is unknown.",
        "Give one of these dates in the participants or doses file.",
    )


def _check_missing_days(
    raw: RawTable, marks: pd.Series[Any], counts: dict[str, pd.Series[Any]]
) -> None:
    """Warn of counts on days marked missing, and of empty cells on recorded days."""
    for name, count in counts.items():
        if name not in raw.text:
            continue
        on_missing = raw.text.index[marks.eq("missing") & (count > 0)]
        if len(on_missing):
            raw.report(
                "warning",
                "count_on_missing_day",
                name,
                on_missing,
                "Seizures are entered on days marked as missing; they are not counted.",
                "Check whether the day was recorded.",
            )
        empty = raw.text.index[marks.eq("recorded") & (raw.text[name] == "")]
        if len(empty):
            raw.report(
                "warning",
                "empty_count",
                name,
                empty,
                "Recorded days have an empty count; it is taken as zero.",
                "Enter 0, or mark the day as missing.",
            )
