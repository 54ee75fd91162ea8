"""Derive ADLB or ADVS."""

from seizureflow.job import job
from seizureflow.measurements.derive import derive_measurements
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    derived = derive_measurements(
        read_table(snakemake.input.adsl),
        read_table(snakemake.input.measurements),
        snakemake.params.visits,
        visit_assignment=snakemake.params.visit_assignment,
        days_after_last_dose=snakemake.params.days_after_last_dose,
    )
    log.info("%d results", len(derived))
    write_table(derived, snakemake.output.dataset, snakemake.params.name)
