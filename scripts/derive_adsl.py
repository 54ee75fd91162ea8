"""Derive ADSL and list protocol deviations."""

from seizureflow.adsl import derive_adsl
from seizureflow.diary_files import countable_from
from seizureflow.job import job
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files = dict(snakemake.input.items())
    adsl, deviations = derive_adsl(
        snakemake.wildcards.study,
        read_table(files["participants"]),
        read_table(files["treatment"]),
        countable_from(files, snakemake.params.counting),
        read_table(files["eligibility"]),
        {
            name: read_table(files[name])
            for name in ("doses", "disposition", "visits")
            if name in files
        },
        snakemake.params.plan,
    )
    log.info("%d participants, %d deviations", len(adsl), len(deviations))
    write_table(adsl, snakemake.output.adsl, "adsl")
    write_table(deviations, snakemake.output.deviations, "deviations")
