"""Stop at errors among the findings on the raw data."""

from seizureflow.findings import counts_in_words, frame_findings, refuse_errors
from seizureflow.job import job
from seizureflow.tables import read_table
from seizureflow.whole_files import write_whole

with job(snakemake.log[0]) as log:
    findings = read_table(snakemake.input.findings)
    refuse_errors(frame_findings(findings), more=snakemake.input.csv)
    log.info("%s", counts_in_words(findings))
    write_whole(snakemake.output.checked, counts_in_words(findings) + "\n")
