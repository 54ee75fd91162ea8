"""Read the treatment codes."""

from seizureflow.findings import findings_frame
from seizureflow.job import job
from seizureflow.raw_table import read_raw
from seizureflow.tables import read_table, write_table
from seizureflow.treatment import read_treatment

with job(snakemake.log[0]) as log:
    columns = snakemake.params.domain["columns"]
    treatment, findings = read_treatment(
        read_raw(snakemake.input.codes, {name: columns[name] for name in ("participant", "arm")}),
        snakemake.params.arms,
        read_table(snakemake.input.participants),
        snakemake.params.not_randomised,
    )
    log.info("%d participants with an arm, %d findings", len(treatment), len(findings))
    write_table(treatment, snakemake.output.treatment, "treatment")
    write_table(findings_frame(findings), snakemake.output.findings, "findings")
