"""Ingest the participants of a study."""

from pathlib import Path

import yaml
from seizureflow.findings import findings_frame
from seizureflow.ingestion.known_copies import copy_findings
from seizureflow.ingestion.participants import ingest_participants
from seizureflow.ingestion.records import first_dose_dates
from seizureflow.job import job
from seizureflow.tables import write_table

with job(snakemake.log[0]) as log:
    doses = (
        first_dose_dates(snakemake.input.doses, snakemake.params.doses_domain)
        if snakemake.input.doses
        else None
    )
    participants, findings = ingest_participants(
        snakemake.input.participants,
        snakemake.params.domain,
        snakemake.params.arms,
        snakemake.params.baseline,
        doses,
    )
    if snakemake.input.known_copies:
        copies = yaml.safe_load(Path(snakemake.input.known_copies).read_text(encoding="utf-8"))
        findings += copy_findings(snakemake.input.participants, copies)
    log.info("%d participants, %d findings", len(participants), len(findings))
    write_table(participants, snakemake.output.participants, "participants")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
