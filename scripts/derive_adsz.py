"""Derive ADSZ."""

from seizureflow.adsz import derive_adsz
from seizureflow.diary_files import countable_from, seizures_from
from seizureflow.job import job
from seizureflow.tables import empty_table, read_table, write_table

with job(snakemake.log[0]) as log:
    files, counting = dict(snakemake.input.items()), snakemake.params.counting
    adsz = derive_adsz(
        read_table(files["adsl"]),
        countable_from(files, counting),
        read_table(files["visits"]) if "visits" in files else empty_table("visits"),
        snakemake.params.design,
        counting,
        snakemake.params.endpoints,
        seizures_from(files),
        read_table(files["events"]) if "events" in files else None,
    )
    log.info("%d rows", len(adsz))
    write_table(adsz, snakemake.output.adsz, "adsz")
