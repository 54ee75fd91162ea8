"""Ingest seizure counts per period."""

from datetime import date

from seizureflow.findings import findings_frame
from seizureflow.ingestion.period_counts import ingest_period_counts
from seizureflow.job import job
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    latest = last_day(snakemake.params.data_cutoff, date.today())
    found = ingest_period_counts(
        raw_source("period_counts", dict(snakemake.input.items()), snakemake.params.domain, latest),
        read_table(snakemake.input.participants),
        snakemake.params.types,
        snakemake.params.maximum_daily_count,
    )
    log.info("%d periods, %d findings", len(found.tables["intervals"]), len(found.findings))
    for name, table in found.tables.items():
        write_table(table, snakemake.output[name], name)
    write_table(found.accounting, snakemake.output.rows, "row_accounting")
    write_table(findings_frame(found.findings), snakemake.output.findings, "findings")
