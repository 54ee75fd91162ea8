"""Write the page over all studies of the run."""

from pathlib import Path

from seizureflow.damaged_files import read_json
from seizureflow.job import job
from seizureflow.report.index_page import index_page
from seizureflow.whole_files import write_whole


def text(path):
    """The text of a file."""
    return Path(path).read_text(encoding="utf-8")


with job(snakemake.log[0]) as log:
    page = index_page(
        [read_json(path) for path in snakemake.input.summaries],
        snakemake.params.pages,
        {"index.html.j2": text(snakemake.input.template)},
        text(snakemake.input.style),
    )
    write_whole(snakemake.output.index, page)
    log.info("%d studies", len(snakemake.input.summaries))
