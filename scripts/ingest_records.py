"""Ingest one domain of dated records."""

from seizureflow.findings import findings_frame
from seizureflow.ingestion.records import ingest_records
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    name = snakemake.wildcards.domain
    records, findings = ingest_records(
        name,
        snakemake.input.records,
        snakemake.params.domain,
        read_table(snakemake.input.participants),
    )
    log.info("%d records, %d findings", len(records), len(findings))
    write_table(records, snakemake.output.records, name)
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
