"""Ingest a daily diary."""

from datetime import date

from seizureflow.findings import findings_frame
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.job import job
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files, domain = dict(snakemake.input.items()), snakemake.params.domain
    latest = last_day(snakemake.params.data_cutoff, date.today())
    found = ingest_diary(
        raw_source("diary", files, domain, latest),
        read_table(snakemake.input.participants),
        snakemake.params.types,
        raw_source("diary", files, domain, latest, "days"),
    )
    log.info("%d days, %d findings", len(found.tables["intervals"]), len(found.findings))
    for name, table in found.tables.items():
        write_table(table, snakemake.output[name], name)
    write_table(found.accounting, snakemake.output.rows, "row_accounting")
    write_table(findings_frame(found.findings), snakemake.output.findings, "findings")
