"""Derive ADTTE."""

from seizureflow.adtte import derive_adtte
from seizureflow.job import job
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import COUNTED_COLUMNS, read_table, write_table

with job(snakemake.log[0]) as log:
    adtte = derive_adtte(
        read_table(snakemake.input.adsl),
        countable_intervals(
            read_table(
                snakemake.input.intervals, categories=True, columns=COUNTED_COLUMNS["intervals"]
            ),
            read_table(
                snakemake.input.seizures, categories=True, columns=COUNTED_COLUMNS["seizures"]
            ),
            snakemake.params.diary,
        ),
        snakemake.params.definitions,
        snakemake.params.design,
        snakemake.params.diary,
    )
    log.info("%d times", len(adtte))
    write_table(adtte, snakemake.output.adtte, "adtte")
