"""Derive ADAE."""

from seizureflow.adae import derive_adae
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    adae = derive_adae(
        read_table(snakemake.input.adsl),
        read_table(snakemake.input.adverse_events),
        snakemake.params.domain,
    )
    log.info("%d events", len(adae))
    write_table(adae, snakemake.output.adae, "adae")
