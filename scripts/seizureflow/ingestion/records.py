"""Ingests the dated records of participants: visits, doses, disposition, events, medications."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

import pandas as pd

from seizureflow.cell_values import choices, dates, numbers, texts
from seizureflow.ingestion.ingested import Ingested, ingested
from seizureflow.ingestion.membership import check_known, day_one_of
from seizureflow.partial_dates import partial_dates
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.raw_table import RawTable
from seizureflow.study_days import study_day

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
        "OUTCOME": "outcome",
    },
    "medications": {"MEDICATION": "medication", "CLASS": "class", "REASON": "reason"},
}
_DATES = {
    "visits": {"ADT": ("date", "ADY")},
    "doses": {"ADT": ("date", "ADY"), "AENDT": ("end_date", "AENDY")},
    "disposition": {"ADT": ("date", "ADY")},
    "adverse_events": {"ASTDT": ("start_date", "ASTDY"), "AENDT": ("end_date", "AENDY")},
    "medications": {"ASTDT": ("start_date", "ASTDY"), "AENDT": ("end_date", "AENDY")},
}
_FLAGS = {"serious", "related"}
# Domains whose dates may be partial; their tables say which were imputed.
_IMPUTED = {"adverse_events", "medications"}
_REQUIRED_DATES = {"visits", "doses", "adverse_events"}
_REQUIRED_TEXT = {"visit", "status", "term", "medication"}

RECORD_DOMAINS = tuple(_TEXT)


def ingest_records(
    source: RawSource,
    participants: pd.DataFrame,
    *,
    visits: Collection[str] = (),
    blinded: bool = False,
) -> Ingested:
    """Read one domain of dated records.

    Args:
        source: The raw file; its domain is one of :data:`RECORD_DOMAINS`.
        participants: Table ``participants``.
        visits: Ids of the visits that the protocol knows.
        blinded: Whether treatment is blinded: then the dose, which may tell the arms apart, is not
            read.

    Returns:
        The domain's table, sorted by participant and date.
    """
    name, domain = source.domain, source.entry
    columns = {
        ours: column
        for ours, column in domain["columns"].items()
        if not (blinded and ours == "dose")
    }
    raw = read_raw(source, columns)
    known = check_known(raw, participants)
    day_one = day_one_of(raw, participants)
    frame = pd.DataFrame({"USUBJID": raw.column("participant")})
    for column, ours in _TEXT[name].items():
        frame[column] = _text(raw, ours, domain)
    if name == "doses":
        frame["DOSE"] = numbers(raw, "dose")
        raw.refuse("negative_dose", "dose", frame["DOSE"] < 0, "A dose is negative.", "Correct it.")
    if name == "disposition":
        _check_status(raw, frame, domain)
        _set_status(frame, domain)
    # The end first: an event that is known to have ended before day 1 did not begin on it.
    begin = day_one
    for column, (ours, day) in reversed(_DATES[name].items()):
        required = name in _REQUIRED_DATES and ours != "end_date"
        if domain.get("partial_dates") == "impute":
            frame[column], frame[f"{column}F"] = partial_dates(
                raw, ours, required=required, end=ours == "end_date", day_one=begin
            )
            begin = day_one.where(~(frame[column] < day_one))
        else:
            frame[column] = dates(raw, ours, required=required)
            if name in _IMPUTED:
                frame[f"{column}F"] = pd.Series(pd.NA, index=frame.index, dtype="str")
        frame[day] = study_day(frame[column], day_one)
    _check_dates(raw, frame, name)
    if name == "visits":
        _check_visits(raw, frame, visits, domain)
    else:
        _check_repeats(raw, frame, name)
    order = ["USUBJID", next(iter(_DATES[name]))]
    table = frame[known].sort_values(order, ignore_index=True, kind="stable")
    return ingested({name: table}, [raw], [raw.account(known)])


def first_dose_dates(source: RawSource) -> pd.DataFrame:
    """Read participant and date of every dose; misfits are found by :func:`ingest_records`."""
    columns = source.entry["columns"]
    raw = read_raw(source, {name: columns[name] for name in ("participant", "date")})
    return pd.DataFrame(
        {"USUBJID": raw.column("participant"), "ADT": dates(raw, "date", required=True)}
    )


def _text(raw: RawTable, ours: str, domain: Entry) -> pd.Series[Any]:
    if ours in _FLAGS and ours in raw.cells:
        return choices(raw, ours, {"Y": "Y", "N": "N"}, required=ours == "serious")
    if ours == "severity":
        return choices(raw, ours, {value: value for value in domain["severity_order"]})
    if ours in _REQUIRED_TEXT:
        raw.refuse("empty", ours, raw.is_empty(ours), "The cell is empty.", "Fill in the value.")
    return texts(raw, ours)


def _check_status(raw: RawTable, frame: pd.DataFrame, domain: Entry) -> None:
    """Refuse a status that is that of completion but for its letters: it would not count as one."""
    completed = domain["completed_value"]
    raw.refuse(
        "misspelt_status",
        "status",
        (frame["STATUS"].str.casefold() == completed.casefold()) & (frame["STATUS"] != completed),
        f"The status differs from {completed} (completion) in capital letters alone.",
        "Correct it, or say what it stands for in values.status of the protocol.",
    )


def _set_status(frame: pd.DataFrame, domain: Entry) -> None:
    """Give the status that stands for all others; a participant who completed has no reason."""
    if "other_status" in domain:
        named = {str(value) for value in domain.get("values", {}).get("status", {}).values()}
        other = frame["STATUS"].notna() & ~frame["STATUS"].isin({*named, domain["completed_value"]})
        frame["REASON"] = frame["REASON"].fillna(frame["STATUS"].where(other))
        frame["STATUS"] = frame["STATUS"].mask(other, domain["other_status"])
        frame["REASON"] = frame["REASON"].mask(frame["STATUS"] == domain["completed_value"])


def _check_dates(raw: RawTable, frame: pd.DataFrame, name: str) -> None:
    start = "ASTDT" if "ASTDT" in frame else "ADT"
    if "AENDT" in frame:
        raw.refuse(
            "end_before_start",
            "end_date",
            (frame["AENDT"] < frame[start]).fillna(False),
            "The record ends before it begins.",
            "Correct one of the dates.",
        )
    if name == "adverse_events":
        raw.report(
            "warning",
            "event_before_screening",
            "start_date",
            (frame["ASTDY"] < -365).fillna(False),
            "The event began more than a year before day 1.",
            "Check the date.",
        )


def _check_visits(
    raw: RawTable, frame: pd.DataFrame, visits: Collection[str], domain: Entry
) -> None:
    scheduled = frame["VISIT"].isin(visits)
    named = frame["USUBJID"] != ""  # a row of nobody has been reported
    raw.refuse(
        "duplicate_visit",
        "visit",
        named & scheduled & frame.duplicated(["USUBJID", "VISIT"], keep=False),
        "A participant has a visit more than once.",
        "Keep the record that holds.",
    )
    others = frame.loc[~scheduled, "VISIT"].dropna().unique()
    names = [*visits, *map(str, domain.get("values", {}).get("visit", {}))]
    like = {visit: get_close_matches(visit, names, n=1, cutoff=0.8) for visit in others}
    for visit, close in like.items():
        if close:
            raw.report(
                "warning",
                "misspelt_visit",
                "visit",
                frame["VISIT"] == visit,
                "The protocol does not schedule the visit, but one of almost the same name.",
                f'Did you mean "{close[0]}"? Otherwise leave it; it closes no window.',
            )


def _check_repeats(raw: RawTable, frame: pd.DataFrame, name: str) -> None:
    if name == "disposition":
        raw.refuse(
            "duplicate_disposition",
            "participant",
            (frame["USUBJID"] != "") & frame.duplicated("USUBJID", keep=False),
            "A participant has more than one end of study.",
            "Keep the record that holds; keep: in protocol.yaml can choose it.",
        )
        return
    raw.report(
        "warning",
        "identical_records",
        "participant",
        frame.duplicated(keep=False),
        "A participant has records that are the same in every column.",
        "Delete what was entered twice; all are kept until then.",
    )
