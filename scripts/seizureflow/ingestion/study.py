"""Ingests all raw files of a study in one process, by the steps that a workflow takes."""

from __future__ import annotations

import pandas as pd

from seizureflow.diary_quality import assess_diary
from seizureflow.findings import Finding
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.ingestion.ingested import Ingested
from seizureflow.ingestion.participants import ingest_participants
from seizureflow.ingestion.period_counts import ingest_period_counts
from seizureflow.ingestion.records import RECORD_DOMAINS, first_dose_dates, ingest_records
from seizureflow.ingestion.time_on_study import time_on_study
from seizureflow.ingestion.treatment import ingest_treatment
from seizureflow.plans import diary_quality_plan
from seizureflow.protocol import Protocol
from seizureflow.raw_reading import RawSource
from seizureflow.raw_sources import raw_source


def ingest_study(protocol: Protocol, latest: pd.Timestamp) -> Ingested:
    """Read every raw file of a study.

    Args:
        protocol: The study's protocol; treatment must be unblinded.
        latest: The last day that the data can hold.

    Returns:
        All canonical tables, ``treatment`` and ``compliance``; the findings of all files; and what
        became of every row.
    """
    steps = [_participants(protocol, latest)]
    people = steps[0].tables["participants"]
    codes = _source(protocol, protocol.codes_domain, latest)
    not_randomised = protocol.data["domains"]["participants"]["not_randomised"]
    steps.append(
        ingest_treatment(
            codes,
            protocol.arms,
            not_randomised,
            people,
            own_file=protocol.has_domain("treatment_codes"),
        )
    )
    types = protocol.data["diary"]["seizure_types"]
    if protocol.has_domain("diary"):
        source = _source(protocol, "diary", latest)
        steps.append(ingest_diary(source, people, types, _part(protocol, "diary", "days", latest)))
    if protocol.has_domain("period_counts"):
        ceiling = protocol.data["diary"]["quality"]["maximum_daily_count"]
        source = _source(protocol, "period_counts", latest)
        steps.append(ingest_period_counts(source, people, types, ceiling))
    for name in RECORD_DOMAINS:
        if protocol.has_domain(name):
            source = _source(protocol, name, latest)
            steps.append(ingest_records(source, people, visits=protocol.known_visits))
    tables = {name: table for step in steps for name, table in step.tables.items()}
    findings = [finding for step in steps for finding in step.findings]
    if protocol.has_domain("diary"):
        more, tables["compliance"] = _assessed(protocol, tables)
        findings += more
    rows = pd.concat([step.accounting for step in steps], ignore_index=True)
    return Ingested(tables, findings, rows)


def _source(protocol: Protocol, domain: str, latest: pd.Timestamp) -> RawSource:
    entry = protocol.data["domains"][domain]
    source = raw_source(domain, protocol.raw_files(domain), entry, latest)
    assert source is not None  # noqa: S101 - a domain itself always has a source
    return source


def _part(protocol: Protocol, domain: str, part: str, latest: pd.Timestamp) -> RawSource | None:
    entry = protocol.data["domains"][domain]
    return raw_source(domain, protocol.raw_files(domain), entry, latest, part)


def _participants(protocol: Protocol, latest: pd.Timestamp) -> Ingested:
    design = protocol.data["design"]
    doses = None
    if protocol.has_domain("doses"):
        doses = first_dose_dates(_source(protocol, "doses", latest))
    return ingest_participants(
        _source(protocol, "participants", latest),
        design["baseline"]["days"],
        design["strata"],
        doses=doses,
        milestones=_part(protocol, "participants", "milestones", latest),
    )


def _assessed(
    protocol: Protocol, tables: dict[str, pd.DataFrame]
) -> tuple[list[Finding], pd.DataFrame]:
    return assess_diary(
        tables["intervals"],
        tables["seizures"],
        time_on_study(tables["participants"], tables["treatment"], tables.get("disposition")),
        **diary_quality_plan(protocol),
    )
