"""Set published aggregates against the results of this run."""

from seizureflow.job import job
from seizureflow.published import compare_published
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    comparison = compare_published(snakemake.params.published, read_table(snakemake.input.ard))
    for verdict, count in comparison["VERDICT"].value_counts().items():
        log.info("%d aggregates: %s", count, verdict)
    write_table(comparison, snakemake.output.published, "published")
