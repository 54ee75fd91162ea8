"""Derive ADTTE."""

from seizureflow.adtte import derive_adtte
from seizureflow.diary_files import countable_from
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    counting = snakemake.params.counting
    adverse_events = None
    files = dict(snakemake.input.items())
    if "adae" in files:
        adverse_events = read_table(files["adae"]), snakemake.params.adverse_events
    adtte = derive_adtte(
        read_table(snakemake.input.adsl),
        countable_from(files, counting),
        snakemake.params.definitions,
        snakemake.params.design,
        counting,
        adverse_events,
    )
    log.info("%d times", len(adtte))
    write_table(adtte, snakemake.output.adtte, "adtte")
