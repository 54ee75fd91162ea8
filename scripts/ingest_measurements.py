"""Ingest the results of tests, of the laboratory or of vital signs."""

from datetime import date

from seizureflow.findings import findings_frame
from seizureflow.ingestion.measurements import ingest_measurements
from seizureflow.job import job
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    name = snakemake.wildcards.domain
    latest = last_day(snakemake.params.data_cutoff, date.today())
    found = ingest_measurements(
        raw_source(name, dict(snakemake.input.items()), snakemake.params.domain, latest),
        read_table(snakemake.input.participants),
    )
    log.info("%d results, %d findings", len(found.tables[name]), len(found.findings))
    write_table(found.tables[name], snakemake.output.measurements, name)
    write_table(found.accounting, snakemake.output.rows, "row_accounting")
    write_table(findings_frame(found.findings), snakemake.output.findings, "findings")
