"""Write the page over all studies of the run."""

import json
from pathlib import Path

from seizureflow.job import job
from seizureflow.report.index_page import index_page


def text(path):
    """The text of a file."""
    return Path(path).read_text(encoding="utf-8")


with job(snakemake.log[0]) as log:
    page = index_page(
        [json.loads(text(path)) for path in snakemake.input.summaries],
        snakemake.params.pages,
        {"index.html.j2": text(snakemake.input.template)},
        text(snakemake.input.style),
    )
    Path(snakemake.output.index).write_text(page, encoding="utf-8", newline="\n")
    log.info("%d studies", len(snakemake.input.summaries))
