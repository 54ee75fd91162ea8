"""Fill the reporting checklists of a study, as a page and as a table."""

from pathlib import Path

from seizureflow.checklists.definition import read_definition
from seizureflow.checklists.fill import fill
from seizureflow.checklists.page import render_checklists
from seizureflow.checklists.study_run import StudyRun
from seizureflow.checklists.table import checklist_table
from seizureflow.job import job
from seizureflow.spreadsheet_text import neutralised
from seizureflow.tables import read_table
from seizureflow.whole_files import whole_file, write_whole


def text(path):
    """A text file's content."""
    return Path(path).read_text(encoding="utf-8")


with job(snakemake.log[0]) as log:
    run = StudyRun(
        snakemake.params.protocol, snakemake.params.labels, read_table(snakemake.input.ard)
    )
    checklists = [fill(read_definition(text(path)), run) for path in snakemake.input.definitions]
    page = render_checklists(
        snakemake.params.protocol,
        checklists,
        text(snakemake.input.template),
        "\n".join(text(path) for path in snakemake.input.styles),
    )
    write_whole(snakemake.output.html, page)
    table = neutralised(checklist_table(checklists))
    with whole_file(snakemake.output.csv) as partial:
        table.to_csv(partial, index=False, lineterminator="\n")
    for checklist in checklists:
        log.info("%s", checklist.summary)
