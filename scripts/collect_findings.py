"""Gather the findings on the raw data, and what became of every row."""

import pandas as pd
from seizureflow.findings import counts_in_words
from seizureflow.job import job
from seizureflow.spreadsheet_text import neutralised
from seizureflow.tables import read_table, write_table
from seizureflow.whole_files import whole_file

with job(snakemake.log[0]) as log:
    findings = pd.concat([read_table(path) for path in snakemake.input.findings])
    # A file that two steps read is found wrong twice.
    findings = findings.drop_duplicates(ignore_index=True)
    rows = pd.concat([read_table(path) for path in snakemake.input.rows], ignore_index=True)
    log.info("%s", counts_in_words(findings))
    write_table(rows, snakemake.output.rows, "row_accounting")
    write_table(findings, snakemake.output.parquet, "findings")
    with whole_file(snakemake.output.csv) as partial:
        neutralised(findings).to_csv(partial, index=False, lineterminator="\n")
