"""A study's canonical tables and analysis datasets in memory, by the library's own steps."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from seizureflow.adae import derive_adae
from seizureflow.adsl import derive_adsl
from seizureflow.adsz import derive_adsz
from seizureflow.analysis import AnalysisSpec, build_spec
from seizureflow.eligibility import evaluate_eligibility
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.ingestion.participants import ingest_participants
from seizureflow.ingestion.records import RECORD_DOMAINS, first_dose_dates, ingest_records
from seizureflow.plans import analysis_plan
from seizureflow.protocol import Protocol
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import read_table, write_table

Entry = dict[str, Any]

# Trial reports print 95% limits.
CONFIDENCE_LEVEL = 0.95


def study_data(protocol: Protocol) -> dict[str, pd.DataFrame]:
    """Ingest the raw files of a study with a daily diary and derive every analysis dataset.

    Returns:
        The canonical tables, ``eligibility``, ``adsl``, ``adsz``, ``adae``, and ``countable``
        (see :func:`seizureflow.seizure_frequency.countable_intervals`).

    Raises:
        ValueError: The raw files have findings that a clean export would not have.
    """
    design = protocol.entry("design")
    tables, findings = _ingest(protocol)
    serious = [f"{f.file}, {f.field}: {f.message}" for f in findings if f.severity == "error"]
    if serious:
        raise ValueError("\n".join(serious))
    tables["countable"] = countable_intervals(
        tables["intervals"], tables["seizures"], protocol.entry("diary")
    )
    tables["eligibility"] = evaluate_eligibility(
        tables["participants"],
        tables["countable"],
        protocol.entry("eligibility"),
        design["baseline"]["days"],
    )
    tables["adsl"] = _as_stored("adsl", _adsl(protocol, tables))
    tables["adsz"] = _as_stored("adsz", derive_study_adsz(protocol, tables))
    if protocol.has_domain("adverse_events"):
        events = derive_adae(
            tables["adsl"], tables["adverse_events"], protocol.entry("domains")["adverse_events"]
        )
        tables["adae"] = _as_stored("adae", events)
    return tables


def derive_study_adsz(protocol: Protocol, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Derive ADSZ from ``adsl``, ``countable`` and ``visits``."""
    return derive_adsz(
        tables["adsl"],
        tables["countable"],
        tables.get("visits", pd.DataFrame()),
        protocol.entry("design"),
        protocol.entry("diary"),
        protocol.entry("endpoints"),
    )


def analysis_spec(protocol: Protocol, analysis: str) -> AnalysisSpec:
    """Return the specification of one analysis of the protocol."""
    return build_spec(analysis_plan(protocol, analysis, CONFIDENCE_LEVEL))


def _ingest(protocol: Protocol) -> tuple[dict[str, pd.DataFrame], list[Any]]:
    domains = protocol.entry("domains")
    design = protocol.entry("design")
    doses = (
        first_dose_dates(protocol.file("doses"), domains["doses"])
        if protocol.has_domain("doses")
        else None
    )
    participants, findings = ingest_participants(
        protocol.file("participants"),
        domains["participants"],
        design["arms"],
        design["baseline"]["days"],
        doses,
    )
    tables = {"participants": participants}
    tables["intervals"], tables["seizures"], more = ingest_diary(
        protocol.file("diary"), domains["diary"], participants
    )
    findings = [*findings, *more]
    for name in RECORD_DOMAINS:
        if protocol.has_domain(name):
            tables[name], more = ingest_records(
                name, protocol.file(name), domains[name], participants
            )
            findings += more
    stored = {name: _as_stored(name, table) for name, table in tables.items()}
    return stored, findings


def _adsl(protocol: Protocol, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    disposition = protocol.domain("disposition") or {}
    return derive_adsl(
        protocol.study,
        tables["participants"],
        tables["countable"],
        tables["eligibility"],
        {name: tables[name] for name in ("doses", "disposition", "visits") if name in tables},
        {
            "baseline": protocol.entry("design")["baseline"]["days"],
            "diary": protocol.entry("diary"),
            "analysis_sets": protocol.entry("analysis_sets"),
            "derived_covariates": protocol.entry("derived_covariates"),
            "completed_value": disposition.get("completed_value"),
        },
    )


def _as_stored(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a step of the workflow would read it from the file of the step before."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.parquet"
        write_table(table, path, name)
        return read_table(path)
