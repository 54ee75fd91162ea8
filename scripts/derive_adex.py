"""Derive ADEX."""

from seizureflow.adex import derive_adex
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    adex = derive_adex(
        read_table(snakemake.input.adsl),
        read_table(snakemake.input.doses),
        snakemake.params.domain,
    )
    log.info("%d doses", len(adex))
    write_table(adex, snakemake.output.adex, "adex")
