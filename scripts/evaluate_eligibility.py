"""Evaluate the eligibility criteria."""

from seizureflow.eligibility import evaluate_eligibility
from seizureflow.job import job
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    countable = countable_intervals(
        read_table(snakemake.input.intervals),
        read_table(snakemake.input.seizures),
        snakemake.params.diary,
    )
    eligibility = evaluate_eligibility(
        read_table(snakemake.input.participants),
        countable,
        snakemake.params.criteria,
        snakemake.params.baseline,
    )
    log.info("%d criteria not met", (~eligibility["MET"].astype(bool)).sum())
    write_table(eligibility, snakemake.output.eligibility, "eligibility")
