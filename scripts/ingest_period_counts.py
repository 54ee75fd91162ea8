"""Ingest seizure counts per period."""

from seizureflow.findings import findings_frame
from seizureflow.ingestion.period_counts import ingest_period_counts
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    intervals, seizures, findings = ingest_period_counts(
        snakemake.input.counts,
        snakemake.params.domain,
        read_table(snakemake.input.participants),
    )
    log.info("%d periods, %d findings", len(intervals), len(findings))
    write_table(intervals, snakemake.output.intervals, "intervals")
    write_table(seizures, snakemake.output.seizures, "seizures")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
