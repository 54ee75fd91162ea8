"""Read the treatment codes."""

from datetime import date

from seizureflow.findings import findings_frame
from seizureflow.job import job
from seizureflow.raw_reading import read_raw
from seizureflow.raw_sources import last_day, raw_source
from seizureflow.tables import read_table, write_table
from seizureflow.treatment import read_treatment

with job(snakemake.log[0]) as log:
    domain = snakemake.params.domain
    latest = last_day(snakemake.params.data_cutoff, date.today())
    source = raw_source("treatment_codes", dict(snakemake.input.items()), domain, latest)
    raw = read_raw(source, {name: domain["columns"][name] for name in ("participant", "arm")})
    treatment, findings = read_treatment(
        raw,
        snakemake.params.arms,
        read_table(snakemake.input.participants),
        snakemake.params.not_randomised,
        own_file=snakemake.params.own_file,
    )
    used = raw.column("participant").isin(treatment["USUBJID"])
    log.info("%d participants with an arm, %d findings", len(treatment), len(findings))
    write_table(treatment, snakemake.output.treatment, "treatment")
    write_table(raw.account(used, "no arm"), snakemake.output.rows, "row_accounting")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
