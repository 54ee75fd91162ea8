"""Stop at errors among the findings on the raw data."""

from pathlib import Path

from seizureflow.findings import counts_in_words, frame_findings, refuse_errors
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    findings = read_table(snakemake.input.findings)
    refuse_errors(frame_findings(findings), more=snakemake.input.csv)
    log.info("%s", counts_in_words(findings))
    Path(snakemake.output.checked).write_text(counts_in_words(findings) + "\n", encoding="utf-8")
