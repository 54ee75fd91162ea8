"""Ingest a daily diary."""

from seizureflow.findings import findings_frame
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    intervals, seizures, findings = ingest_diary(
        snakemake.input.diary,
        snakemake.params.domain,
        read_table(snakemake.input.participants),
    )
    log.info("%d days, %d findings", len(intervals), len(findings))
    write_table(intervals, snakemake.output.intervals, "intervals")
    write_table(seizures, snakemake.output.seizures, "seizures")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
