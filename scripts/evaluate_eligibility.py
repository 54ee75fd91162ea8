"""Evaluate the eligibility criteria."""

from seizureflow.adsl import baseline_and_covariates
from seizureflow.diary_files import countable_from
from seizureflow.eligibility import evaluate_eligibility
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files = dict(snakemake.input.items())
    plan = snakemake.params.plan
    countable = countable_from(files, snakemake.params.counting)
    people = baseline_and_covariates(read_table(files["participants"]), countable, plan)
    eligibility = evaluate_eligibility(
        people.reset_index(), countable, snakemake.params.criteria, plan["baseline"]
    )
    log.info("%d criteria not met", (~eligibility["MET"].astype(bool)).sum())
    write_table(eligibility, snakemake.output.eligibility, "eligibility")
