"""Gather the findings on the raw data and stop at errors."""

import pandas as pd
from seizureflow.findings import frame_findings, refuse_errors
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    tables = [read_table(path) for path in snakemake.input.findings]
    findings = pd.concat(tables, ignore_index=True)
    for severity, count in findings["severity"].value_counts().items():
        log.info("%d findings of severity %s", count, severity)
    refuse_errors(frame_findings(findings))
    findings.to_csv(snakemake.output.findings, index=False, lineterminator="\n")
