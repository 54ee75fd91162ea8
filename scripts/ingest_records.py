"""Ingest one domain of dated records."""

from datetime import date

from seizureflow.findings import findings_frame
from seizureflow.ingestion.records import ingest_records
from seizureflow.job import job
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    name = snakemake.wildcards.domain
    latest = last_day(snakemake.params.data_cutoff, date.today())
    found = ingest_records(
        raw_source(name, dict(snakemake.input.items()), snakemake.params.domain, latest),
        read_table(snakemake.input.participants),
        visits=snakemake.params.visits,
        blinded=snakemake.params.blinded,
    )
    log.info("%d records, %d findings", len(found.tables[name]), len(found.findings))
    write_table(found.tables[name], snakemake.output.records, name)
    write_table(found.accounting, snakemake.output.rows, "row_accounting")
    write_table(findings_frame(found.findings), snakemake.output.findings, "findings")
