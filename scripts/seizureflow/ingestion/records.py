"""Ingests the dated records of participants: visits, doses, disposition, events, medications."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.findings import Finding
from seizureflow.ingestion.membership import check_known, study_days_of
from seizureflow.raw_table import RawTable, read_raw

Entry = dict[str, Any]

# Text columns and date columns (with the day derived from each) of every domain.
_TEXT = {
    "visits": {"VISIT": "visit"},
    "doses": {},
    "disposition": {"STATUS": "status", "REASON": "reason"},
    "adverse_events": {
        "TERM": "term",
        "BODYSYS": "body_system",
        "SEVERITY": "severity",
        "SERIOUS": "serious",
        "RELATED": "related",
        "ACTION": "action",
    },
    "medications": {"MEDICATION": "medication", "CLASS": "class", "REASON": "reason"},
}
_DATES = {
    "visits": {"ADT": ("date", "ADY")},
    "doses": {"ADT": ("date", "ADY")},
    "disposition": {"ADT": ("date", "ADY")},
    "adverse_events": {"ASTDT": ("start_date", "ASTDY"), "AENDT": ("end_date", "AENDY")},
    "medications": {"ASTDT": ("start_date", "ASTDY"), "AENDT": ("end_date", "AENDY")},
}
_FLAGS = {"serious", "related"}
_REQUIRED_DATES = {"visits", "doses", "adverse_events"}

RECORD_DOMAINS = tuple(_TEXT)


def ingest_records(
    name: str, path: str, domain: Entry, participants: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read one domain of dated records.

    Args:
        name: One of :data:`RECORD_DOMAINS`.
        path: The raw file.
        domain: The domain's entry of the protocol.
        participants: Table ``participants``.

    Returns:
        The domain's table, sorted by participant and date, and the findings.
    """
    raw = read_raw(path, domain["columns"])
    known = check_known(raw, participants)
    frame = pd.DataFrame({"USUBJID": raw.column("participant")})
    for column, source in _TEXT[name].items():
        frame[column] = _text(raw, source, domain)
    if name == "doses":
        frame["DOSE"] = raw.numbers("dose")
    for column, (source, day) in _DATES[name].items():
        required = name in _REQUIRED_DATES and source != "end_date"
        frame[column] = raw.dates(source, required=required)
        frame[day] = study_days_of(raw, frame[column], participants)
    order = ["USUBJID", next(iter(_DATES[name]))]
    return frame.loc[known].sort_values(order, ignore_index=True, kind="stable"), raw.findings


def first_dose_dates(path: str, domain: Entry) -> pd.DataFrame:
    """Read participant and date of every dose; misfits are found by :func:`ingest_records`."""
    raw = read_raw(path, domain["columns"])
    return pd.DataFrame(
        {"USUBJID": raw.column("participant"), "ADT": raw.dates("date", required=True)}
    )


def _text(raw: RawTable, source: str, domain: Entry) -> pd.Series[Any]:
    if source in _FLAGS and source in raw.columns:
        return raw.choices(source, {"Y": "Y", "N": "N"}, required=source == "serious")
    if source == "severity":
        return raw.choices(source, {value: value for value in domain["severity_order"]})
    text = raw.column(source)
    return text.where(text != "")
