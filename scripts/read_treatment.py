"""Read the treatment codes."""

from datetime import date

from seizureflow.findings import findings_frame
from seizureflow.ingestion.treatment import ingest_treatment
from seizureflow.job import job
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    files, domain = dict(snakemake.input.items()), snakemake.params.domain
    latest = last_day(snakemake.params.data_cutoff, date.today())
    found = ingest_treatment(
        raw_source("treatment_codes", files, domain, latest),
        snakemake.params.arms,
        snakemake.params.not_randomised,
        read_table(snakemake.input.participants),
        own_file=snakemake.params.own_file,
    )
    treatment = found.tables["treatment"]
    log.info("%d participants with an arm, %d findings", len(treatment), len(found.findings))
    write_table(treatment, snakemake.output.treatment, "treatment")
    write_table(found.accounting, snakemake.output.rows, "row_accounting")
    write_table(findings_frame(found.findings), snakemake.output.findings, "findings")
