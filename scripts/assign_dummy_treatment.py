"""Assign a dummy treatment while the true one is blinded."""

from seizureflow.adsl import baseline_and_covariates
from seizureflow.diary_files import countable_from
from seizureflow.dummy_treatment import (
    assign_dummy_treatment,
    assumed_randomised,
    dummy_generator,
    stratum_values,
)
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files, strata = dict(snakemake.input.items()), snakemake.params.strata
    people = baseline_and_covariates(
        read_table(files["participants"]),
        countable_from(files, snakemake.params.counting),
        snakemake.params.plan,
    ).reset_index()
    treatment = assign_dummy_treatment(
        stratum_values(assumed_randomised(people), strata),
        strata,
        snakemake.params.arms,
        dummy_generator(snakemake.params.seed, snakemake.wildcards.study),
    )
    log.info("%d participants with a dummy arm", len(treatment))
    write_table(treatment, snakemake.output.treatment, "treatment")
