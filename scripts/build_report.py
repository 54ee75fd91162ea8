"""Write the study's report, one self-contained HTML file."""

from pathlib import Path

import pandas as pd
from seizureflow.job import job
from seizureflow.report.context import Material, page_context
from seizureflow.report.page import render_page
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    published = snakemake.input.get("published")
    material = Material(
        protocol=snakemake.params.protocol,
        labels=snakemake.params.labels,
        results=read_table(snakemake.input.ard),
        findings=pd.read_csv(snakemake.input.findings, dtype="str", keep_default_na=False),
        published=read_table(published) if published else None,
        sources=snakemake.params.sources,
        confidence_level=snakemake.params.settings["confidence_level"],
        figures={
            name: snakemake.input[name]
            for name in ("diary_heatmap", "log_frequency", "forest", "residuals")
        },
    )
    page = render_page(
        templates={
            Path(path).name: Path(path).read_text(encoding="utf-8")
            for path in (snakemake.input.template, snakemake.input.macros)
        },
        style=Path(snakemake.input.style).read_text(encoding="utf-8"),
        context=page_context(material),
    )
    Path(snakemake.output.report).write_text(page, encoding="utf-8", newline="\n")
    log.info("%d characters", len(page))
