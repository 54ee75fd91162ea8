"""Export the analysis datasets as SAS transport and as Dataset-JSON."""

from datetime import datetime
from pathlib import Path

from seizureflow.exports.dataset_json import write_dataset_json
from seizureflow.exports.xport import write_xport
from seizureflow.job import job
from seizureflow.problems import InputError
from seizureflow.specification.describe import describe
from seizureflow.tables import read_table
from seizureflow.whole_files import whole_folder

with job(snakemake.log[0]) as log:
    frames = {Path(path).stem: read_table(path) for path in snakemake.input.datasets}
    specification = describe(snakemake.params.protocol, snakemake.params.labels, frames)
    # Results must be the same to the last byte on every run, so that the time of the run cannot
    # stand in them: files are dated by the data.
    created = datetime.fromisoformat(snakemake.params.protocol.get("data_cutoff", "1970-01-01"))
    with whole_folder(snakemake.output.folder) as folder:
        for dataset, (name, frame) in zip(specification.datasets, frames.items(), strict=True):
            described = (dataset.name, dataset.label, dataset.variables)
            try:
                write_xport(frame, folder / f"{name}.xpt", *described, created)
            except InputError as error:  # text of raw files can be longer than version 5 holds
                log.warning(
                    "%s: written as version 8, which holds what 5 does not. %s", name, error
                )
                write_xport(frame, folder / f"{name}.xpt", *described, created, version=8)
            write_dataset_json(
                frame,
                folder / f"{name}.json",
                *described,
                study=specification.study,
                created=created,
                keys=dataset.keys,
            )
            log.info("%s: %d rows of %d variables", name, len(frame), len(dataset.variables))
