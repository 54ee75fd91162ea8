"""Ingests the participants: who they are, their covariates, their strata and their day 1.

Treatment codes are not read here: see :mod:`seizureflow.treatment`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from seizureflow.cell_values import choices, dates, numbers, texts
from seizureflow.findings import Finding
from seizureflow.ingestion.ingested import Ingested, ingested
from seizureflow.ingestion.membership import check_known
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.raw_table import RawTable
from seizureflow.study_days import interval_length

Entry = dict[str, Any]


def ingest_participants(
    source: RawSource,
    baseline: list[int],
    strata: Sequence[str] = (),
    *,
    doses: pd.DataFrame | None = None,
    milestones: RawSource | None = None,
) -> Ingested:
    """Read the participants.

    Args:
        source: The raw file.
        baseline: Days ``[start, end)`` of the baseline.
        strata: Variables by which randomisation was stratified.
        doses: ``USUBJID`` and ``ADT`` of the doses; None where the study has none.
        milestones: Where the dates of randomisation are, if not in the raw file.

    Returns:
        The table ``participants`` with one column more per covariate and, where the raw file has
        them, the strata used at randomisation (``STRAT1R`` ...); sorted by participant. ``RFDT`` is
        the date of day 1: the first dose, else randomisation, else the day after a baseline that
        began on the day of screening.
    """
    columns = dict(source.entry["columns"])
    covariates: dict[str, Entry] = columns.pop("covariates", {})
    used: dict[str, Entry] = columns.pop("randomisation_strata", {})
    columns.pop("arm", None)
    names = columns | {name: entry["column"] for name, entry in covariates.items()}
    names |= {f"{name} at randomisation": entry["column"] for name, entry in used.items()}
    raw = read_raw(source, names)
    _check_identifiers(raw)
    frame = pd.DataFrame(
        {
            "USUBJID": raw.column("participant"),
            "SITEID": texts(raw, "site"),
            "AGE": numbers(raw, "age", counts=True),
            "SEX": texts(raw, "sex"),
            "SCRNDT": dates(raw, "screened_date", required=False),
            "RANDDT": dates(raw, "randomised_date", required=False),
        }
    )
    raws, accounts = [raw], []
    if milestones is not None:
        dated = read_raw(milestones, milestones.entry["columns"])
        frame["RANDDT"], account = _milestone_dates(dated, frame)
        raws, accounts = [raw, dated], [account]
    frame["RFDT"] = reference_dates(frame, doses, baseline)
    for name, entry in covariates.items():
        frame[name] = _covariate(raw, name, entry)
    for number, name in enumerate(strata, start=1):
        if name in used:
            frame[f"STRAT{number}R"] = _category(
                raw, f"{name} at randomisation", used[name], required=False
            )
    _check_order(raw, frame)
    frame = frame[frame["USUBJID"] != ""].drop_duplicates("USUBJID")
    if frame.empty and not any(found.severity == "error" for found in raw.findings):
        raw.findings.append(_nobody(raw))
    tables = {"participants": frame.sort_values("USUBJID", ignore_index=True)}
    return ingested(tables, raws, [raw.account(), *accounts])


def _check_identifiers(raw: RawTable) -> None:
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
    texts(raw, "participant")
    folded = identifiers.str.casefold()
    alike = folded.duplicated(keep=False) & ~identifiers.duplicated(keep=False)
    raw.report(
        "warning",
        "similar_participants",
        "participant",
        (identifiers != "") & alike,
        "Identifiers differ in nothing but capital letters.",
        "Check whether they are one participant.",
    )


def _nobody(raw: RawTable) -> Finding:
    """Without participants no row of another file has an owner, and none would be reported."""
    return Finding(
        "error",
        "no_participants",
        raw.file,
        raw.columns["participant"],
        "",
        "",
        "",
        "The file has no participant.",
        "Check the export, or mend keep in protocol.yaml.",
    )


def _check_order(raw: RawTable, frame: pd.DataFrame) -> None:
    """Report participants whose dates are not in the order of a trial."""
    name = "randomised_date" if "randomised_date" in raw.cells else "participant"
    raw.refuse(
        "randomised_before_screening",
        name,
        frame["RANDDT"] < frame["SCRNDT"],
        "The participant was randomised before screening.",
        "Correct one of the dates.",
    )
    raw.report(
        "warning",
        "dosed_before_randomisation",
        name,
        frame["RFDT"] < frame["RANDDT"],
        "The first dose lies before randomisation.",
        "Check both dates.",
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


def _milestone_dates(
    milestones: RawTable, participants: pd.DataFrame
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Date of randomisation of each participant, and what became of the rows of milestones."""
    known = check_known(milestones, participants)
    found = dates(milestones, "randomised_date", required=True)
    people = milestones.column("participant")
    first = found.groupby(people).min()
    later = found > people.map(first.to_dict())
    milestones.report(
        "warning",
        "randomised_again",
        "randomised_date",
        later,
        "The participant was randomised on an earlier day too; the first day is used.",
        "Keep the record that holds.",
    )
    by_row = pd.to_datetime(participants["USUBJID"].map(first.to_dict()))
    account = milestones.account(known & ~later, "a later record of the same milestone")
    return by_row.astype("datetime64[ms]"), account


def _covariate(raw: RawTable, name: str, entry: Entry) -> pd.Series[Any]:
    if entry["type"] != "category":
        return numbers(raw, name, whole=entry["type"] == "integer")
    return _category(raw, name, entry, required="values" in entry)


def _category(raw: RawTable, name: str, entry: Entry, *, required: bool) -> pd.Series[Any]:
    if "values" in entry:
        known = {str(key): value for key, value in entry["values"].items()}
        return choices(raw, name, known, required=required)
    return texts(raw, name)
