"""Derive ADSL."""

from seizureflow.adsl import derive_adsl
from seizureflow.job import job
from seizureflow.seizure_frequency import countable_intervals
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    plan = snakemake.params.plan
    countable = countable_intervals(
        read_table(snakemake.input.intervals),
        read_table(snakemake.input.seizures),
        plan["diary"],
    )
    named = dict(snakemake.input.items())
    adsl = derive_adsl(
        snakemake.wildcards.study,
        read_table(snakemake.input.participants),
        countable,
        read_table(snakemake.input.eligibility),
        {
            name: read_table(named[name])
            for name in ("doses", "disposition", "visits")
            if name in named
        },
        plan,
    )
    log.info("%d participants", len(adsl))
    write_table(adsl, snakemake.output.adsl, "adsl")
