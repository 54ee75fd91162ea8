"""Export an analysis dataset as SAS transport and as Dataset-JSON."""

from datetime import datetime

from seizureflow.exports.dataset_json import write_dataset_json
from seizureflow.exports.xport import write_xport
from seizureflow.job import job
from seizureflow.specification.describe import describe
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    frame = read_table(snakemake.input.dataset)
    specification = describe(
        snakemake.params.protocol,
        snakemake.params.labels,
        {snakemake.wildcards.dataset: frame},
    )
    dataset = specification.datasets[0]
    # Results must be the same to the last byte on every run, so that the time of the run cannot
    # stand in them: files are dated by the data.
    created = datetime.fromisoformat(snakemake.params.protocol.get("data_cutoff", "1970-01-01"))
    write_xport(
        frame, snakemake.output.xpt, dataset.name, dataset.label, dataset.variables, created
    )
    write_dataset_json(
        frame,
        snakemake.output.json,
        dataset.name,
        dataset.label,
        dataset.variables,
        study=specification.study,
        created=created,
        keys=dataset.keys,
    )
    log.info("%d rows of %d variables", len(frame), len(dataset.variables))
