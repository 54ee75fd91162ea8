"""Evaluate the eligibility criteria."""

from seizureflow.diary_files import countable_from
from seizureflow.eligibility import evaluate_eligibility
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files = dict(snakemake.input.items())
    eligibility = evaluate_eligibility(
        read_table(files["participants"]),
        countable_from(files, snakemake.params.counting),
        snakemake.params.criteria,
        snakemake.params.baseline,
    )
    log.info("%d criteria not met", (~eligibility["MET"].astype(bool)).sum())
    write_table(eligibility, snakemake.output.eligibility, "eligibility")
