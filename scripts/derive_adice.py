"""Derive ADICE."""

from seizureflow.adice import derive_adice
from seizureflow.job import job
from seizureflow.tables import empty_table, read_table, write_table

with job(snakemake.log[0]) as log:
    files = dict(snakemake.input.items())
    adice = derive_adice(
        read_table(files["adsl"]),
        read_table(files["medications"]) if "medications" in files else empty_table("medications"),
        snakemake.params.definitions,
    )
    log.info("%d intercurrent events", len(adice))
    write_table(adice, snakemake.output.adice, "adice")
