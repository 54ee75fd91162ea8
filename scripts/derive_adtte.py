"""Derive ADTTE."""

from seizureflow.adtte import derive_adtte
from seizureflow.diary_files import countable_from
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    counting = snakemake.params.counting
    adtte = derive_adtte(
        read_table(snakemake.input.adsl),
        countable_from(dict(snakemake.input.items()), counting),
        snakemake.params.definitions,
        snakemake.params.design,
        counting,
    )
    log.info("%d times", len(adtte))
    write_table(adtte, snakemake.output.adtte, "adtte")
