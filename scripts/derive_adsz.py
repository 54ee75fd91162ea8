"""Derive ADSZ."""

from seizureflow.adsz import derive_adsz
from seizureflow.job import job
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import COUNTED_COLUMNS, empty_table, read_table, write_table

with job(snakemake.log[0]) as log:
    visits = snakemake.input.get("visits")
    seizures = read_table(
        snakemake.input.seizures, categories=True, columns=COUNTED_COLUMNS["seizures"]
    )
    countable = countable_intervals(
        read_table(
            snakemake.input.intervals, categories=True, columns=COUNTED_COLUMNS["intervals"]
        ),
        seizures,
        snakemake.params.diary,
    )
    adsz = derive_adsz(
        read_table(snakemake.input.adsl),
        countable,
        read_table(visits) if visits else empty_table("visits"),
        snakemake.params.design,
        snakemake.params.diary,
        snakemake.params.endpoints,
        seizures,
    )
    log.info("%d rows", len(adsz))
    write_table(adsz, snakemake.output.adsz, "adsz")
