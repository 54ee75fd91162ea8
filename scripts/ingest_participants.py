"""Ingest the participants of a study."""

from datetime import date
from pathlib import Path

from seizureflow.findings import findings_frame
from seizureflow.ingestion.known_copies import copy_findings
from seizureflow.ingestion.participants import ingest_participants
from seizureflow.ingestion.records import first_dose_dates
from seizureflow.job import job
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import write_table
from seizureflow.yaml_source import read_yaml

with job(snakemake.log[0]) as log:
    files, domain = dict(snakemake.input.items()), snakemake.params.domain
    latest = last_day(snakemake.params.data_cutoff, date.today())
    doses = None
    if "doses" in files:
        source = raw_source("doses", {"file": files["doses"]}, snakemake.params.doses, latest)
        doses = first_dose_dates(source)
    found = ingest_participants(
        raw_source("participants", files, domain, latest),
        snakemake.params.baseline,
        snakemake.params.strata,
        doses=doses,
        milestones=raw_source("participants", files, domain, latest, "milestones"),
    )
    findings = found.findings
    if "known_copies" in files:
        copies = read_yaml(Path(files["known_copies"])).data
        findings += copy_findings(files["file"], copies)
    log.info("%d participants, %d findings", len(found.tables["participants"]), len(findings))
    write_table(found.tables["participants"], snakemake.output.participants, "participants")
    write_table(found.accounting, snakemake.output.rows, "row_accounting")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
