"""Write the tables and listings of a study as RTF, HTML and CSV."""

from pathlib import Path

from seizureflow.job import job
from seizureflow.outputs.catalogue import outputs_of
from seizureflow.outputs.study import make_study
from seizureflow.outputs.write import write_outputs
from seizureflow.tables import read_table

DATASETS = ("adsl", "adae", "deviations", "published")

with job(snakemake.log[0]) as log:
    study = make_study(
        protocol=snakemake.params.protocol,
        labels=snakemake.params.labels,
        results=read_table(snakemake.input.ard),
        datasets={
            name: read_table(path) for name in DATASETS if (path := snakemake.input.get(name))
        },
        confidence_level=snakemake.params.confidence_level,
    )
    outputs = outputs_of(study, snakemake.params.code)
    write_outputs(
        outputs,
        Path(snakemake.output.folder),
        templates={
            Path(path).name: Path(path).read_text(encoding="utf-8")
            for path in snakemake.input.templates
        },
        style=Path(snakemake.input.style).read_text(encoding="utf-8"),
    )
    log.info("%d tables and listings", len(outputs))
