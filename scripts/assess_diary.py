"""Assess the quality of a diary."""

from seizureflow.diary_quality import assess_diary
from seizureflow.findings import findings_frame
from seizureflow.ingestion.time_on_study import time_on_study
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files = dict(snakemake.input.items())
    findings, compliance = assess_diary(
        read_table(snakemake.input.intervals, categories=True),
        read_table(snakemake.input.seizures, categories=True),
        time_on_study(
            read_table(snakemake.input.participants),
            read_table(files["treatment"]) if "treatment" in files else None,
            read_table(files["disposition"]) if "disposition" in files else None,
        ),
        **snakemake.params.plan,
    )
    log.info("%d findings", len(findings))
    write_table(compliance, snakemake.output.compliance, "compliance")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
