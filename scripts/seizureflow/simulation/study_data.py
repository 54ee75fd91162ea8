"""A study's canonical tables and analysis datasets in memory, by the library's own steps."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from seizureflow.adae import derive_adae
from seizureflow.adsl import baseline_and_covariates, derive_adsl
from seizureflow.adsz import derive_adsz
from seizureflow.analysis import AnalysisSpec, build_spec
from seizureflow.eligibility import evaluate_eligibility
from seizureflow.ingestion.study import ingest_study
from seizureflow.plans import adsl_plan, analysis_plan, counting_rules
from seizureflow.protocol import Protocol
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import read_table, write_table

Entry = dict[str, Any]

# Trial reports print 95% limits.
SETTINGS = {"confidence_level": 0.95, "seed": 0}


def study_data(protocol: Protocol) -> dict[str, pd.DataFrame]:
    """Ingest the raw files of a study with a daily diary and derive every analysis dataset.

    Returns:
        The canonical tables, ``eligibility``, ``deviations``, ``adsl``, ``adsz``, ``adae``, and
        ``countable`` (see :func:`seizureflow.seizure_frequency.countable_intervals`).

    Raises:
        ValueError: The raw files have findings that a clean export would not have.
    """
    ingested = ingest_study(protocol, pd.Timestamp(protocol.data.get("data_cutoff", "2100-01-01")))
    serious = [
        f"{f.file}, {f.field}: {f.message}" for f in ingested.findings if f.severity == "error"
    ]
    if serious:
        raise ValueError("\n".join(serious))
    tables = {name: _as_stored(name, table) for name, table in ingested.tables.items()}
    tables["countable"] = countable_intervals(
        ingested.tables["intervals"], ingested.tables["seizures"], counting_rules(protocol)
    )
    plan = adsl_plan(protocol)
    people = baseline_and_covariates(tables["participants"], tables["countable"], plan)
    tables["eligibility"] = evaluate_eligibility(
        people.reset_index(), tables["countable"], protocol.entry("eligibility"), plan["baseline"]
    )
    adsl, tables["deviations"] = derive_adsl(
        protocol.study,
        tables["participants"],
        tables["treatment"],
        tables["countable"],
        tables["eligibility"],
        {name: tables[name] for name in ("doses", "disposition", "visits") if name in tables},
        plan,
    )
    tables["adsl"] = _as_stored("adsl", adsl)
    tables["adsz"] = _as_stored("adsz", derive_study_adsz(protocol, tables))
    if protocol.has_domain("adverse_events"):
        events = derive_adae(
            tables["adsl"], tables["adverse_events"], protocol.entry("domains")["adverse_events"]
        )
        tables["adae"] = _as_stored("adae", events)
    return tables


def derive_study_adsz(protocol: Protocol, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Derive ADSZ from ``adsl``, ``countable`` and ``visits``.

    Windows and endpoints that depend on intercurrent events, and endpoints by seizure type, are
    left out: no published aggregate that a cohort is calibrated to rests on them.
    """
    design = protocol.entry("design")
    windows = [window for window in design["windows"] if not window["until"]]
    endpoints = [
        entry
        for entry in protocol.entry("endpoints")
        if not {"seizure_type", "composite_events"} & set(entry)
    ]
    return derive_adsz(
        tables["adsl"],
        tables["countable"],
        tables.get("visits", pd.DataFrame()),
        design | {"windows": windows},
        protocol.entry("diary"),
        endpoints,
    )


def analysis_spec(protocol: Protocol, analysis: str) -> AnalysisSpec:
    """Return the specification of one analysis of the protocol."""
    return build_spec(analysis_plan(protocol, analysis, SETTINGS))


def _as_stored(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a step of the workflow would read it from the file of the step before."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.parquet"
        write_table(table, path, name)
        return read_table(path)
