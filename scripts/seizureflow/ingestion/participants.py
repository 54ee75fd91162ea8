"""Ingests the participants: who they are, their arm, their covariates and their day 1."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.findings import Finding
from seizureflow.raw_table import RawTable, read_raw
from seizureflow.study_days import interval_length

Entry = dict[str, Any]


def ingest_participants(
    path: str,
    domain: Entry,
    arms: list[Entry],
    baseline: list[int],
    doses: pd.DataFrame | None,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the participants.

    Args:
        path: The raw file.
        domain: Entry ``domains.participants`` of the protocol.
        arms: Entry ``design.arms``.
        baseline: Days ``[start, end)`` of the baseline.
        doses: ``USUBJID`` and ``ADT`` of the doses; None where the study has none.

    Returns:
        The table ``participants`` with one column more per covariate, sorted by participant, and
        the findings. ``RFDT`` is the date of day 1: the first dose, else randomisation, else the
        day after a baseline that began on the day of screening.
    """
    columns = dict(domain["columns"])
    covariates: dict[str, Entry] = columns.pop("covariates", {})
    names = columns | {name: entry["column"] for name, entry in covariates.items()}
    raw = read_raw(path, names)
    check_identifiers(raw)
    frame = pd.DataFrame(
        {
            "USUBJID": raw.column("participant"),
            "SITEID": _or_missing(raw.column("site")),
            "ARMCD": raw.choices("arm", {arm["id"]: arm["id"] for arm in arms}, required=False),
            "AGE": raw.numbers("age", counts=True),
            "SEX": _or_missing(raw.column("sex")),
            "SCRNDT": raw.dates("screened_date", required=False),
            "RANDDT": raw.dates("randomised_date", required=False),
        }
    )
    frame["RFDT"] = reference_dates(frame, doses, baseline)
    for name, entry in covariates.items():
        frame[name] = _covariate(raw, name, entry)
    return frame.sort_values("USUBJID", ignore_index=True), raw.findings


def check_identifiers(raw: RawTable) -> None:
    """Report participants without an identifier or with more than one row."""
    identifiers = raw.column("participant")
    raw.refuse(
        "no_participant",
        "participant",
        identifiers == "",
        "The row names no participant.",
        "Fill in the identifier, or delete the row.",
    )
    raw.refuse(
        "duplicate_participant",
        "participant",
        (identifiers != "") & identifiers.duplicated(keep=False),
        "A participant has more than one row.",
        "Keep one row per participant.",
    )


def reference_dates(
    participants: pd.DataFrame, doses: pd.DataFrame | None, baseline: list[int]
) -> pd.Series[Any]:
    """Give the date of day 1 of each participant, missing where the study has no dates."""
    reference = participants["RANDDT"].fillna(
        participants["SCRNDT"] + pd.Timedelta(days=interval_length(*baseline))
    )
    if doses is not None:
        first = doses.groupby("USUBJID")["ADT"].min()
        dosed = pd.to_datetime(participants["USUBJID"].map(first.to_dict()))
        reference = dosed.astype("datetime64[ms]").fillna(reference)
    return reference


def _or_missing(text: pd.Series[Any]) -> pd.Series[Any]:
    return text.where(text != "")


def _covariate(raw: RawTable, name: str, entry: Entry) -> pd.Series[Any]:
    if entry["type"] != "category":
        return raw.numbers(name, whole=entry["type"] == "integer")
    if "values" in entry:
        return raw.choices(name, {str(key): value for key, value in entry["values"].items()})
    return _or_missing(raw.column(name))
