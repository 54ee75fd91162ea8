"""Write a study's results for other systems: a CDISC ARS reporting event, and the table as JSON."""

from seizureflow.ars.json_text import json_text
from seizureflow.ars.outputs import OutputFile
from seizureflow.ars.records import as_records
from seizureflow.ars.reporting_event import reporting_event
from seizureflow.job import job
from seizureflow.tables import read_table
from seizureflow.whole_files import write_whole

with job(snakemake.log[0]) as log:
    protocol, results = snakemake.params.protocol, read_table(snakemake.input.ard)
    event = reporting_event(
        protocol,
        snakemake.params.labels,
        results,
        snakemake.params.settings["confidence_level"],
        tuple(OutputFile(**entry) for entry in snakemake.params.outputs),
    )
    records = as_records(protocol, results)
    for path, text in (
        (snakemake.output.ars, json_text(event)),
        (snakemake.output.ard, json_text(records, one_line_each=("analyses", "results"))),
    ):
        write_whole(path, text)
    log.info("%d analyses, %d rows", len(event["analyses"]), len(results))
