"""Write the study's report, one self-contained HTML file, and its summary for the index."""

import json
from pathlib import Path

from seizureflow.damaged_files import read_json
from seizureflow.job import job
from seizureflow.report.context import Material, page_context
from seizureflow.report.page import render_page
from seizureflow.tables import read_table
from seizureflow.whole_files import write_whole


def table(name):
    """A table that a study need not have."""
    path = snakemake.input.get(name)
    return read_table(path) if path else None


with job(snakemake.log[0]) as log:
    material = Material(
        protocol=snakemake.params.protocol,
        labels=snakemake.params.labels,
        results=read_table(snakemake.input.ard),
        findings=read_table(snakemake.input.findings),
        published=table("published"),
        sources=snakemake.params.sources,
        confidence_level=snakemake.params.settings["confidence_level"],
        figures={
            name.removeprefix("figure_"): path
            for name, path in snakemake.input.items()
            if name.startswith("figure_")
        },
        words={
            name.removeprefix("words_"): read_json(path)
            for name, path in snakemake.input.items()
            if name.startswith("words_")
        },
        row_accounting=table("row_accounting"),
        seizure_types=table("seizure_types"),
        compliance=table("compliance"),
        deviations=table("deviations"),
        compared=snakemake.params.compared,
    )
    context = page_context(material)
    page = render_page(
        templates={
            Path(path).name: Path(path).read_text(encoding="utf-8")
            for path in snakemake.input.templates
        },
        style=Path(snakemake.input.style).read_text(encoding="utf-8"),
        context=context,
        program=Path(snakemake.input.program).read_text(encoding="utf-8"),
    )
    write_whole(snakemake.output.report, page)
    summary = json.dumps(context["summary"], indent=1, ensure_ascii=False)
    write_whole(snakemake.output.summary, f"{summary}\n")
    log.info("%d characters", len(page))
