"""Draw one figure of the catalogue."""

import json
from importlib import import_module

import pandas as pd
from seizureflow.figures.drawing import build_plan
from seizureflow.figures.style import save_figure
from seizureflow.job import job
from seizureflow.tables import read_table
from seizureflow.whole_files import write_whole

with job(snakemake.log[0]) as log:
    data = {
        name: read_table(path)
        for name, path in snakemake.input.items()
        if name != "results" and path
    }
    results = [read_table(path) for path in snakemake.input.get("results", [])]
    if results:
        data["results"] = pd.concat(results, ignore_index=True)
    module = import_module(f"seizureflow.figures.{snakemake.wildcards.figure}")
    drawing = module.draw(build_plan(snakemake.params.plan), data)
    save_figure(drawing.figure, snakemake.output.svg, snakemake.output.png, snakemake.output.pdf)
    words = {"title": drawing.title, "alt": drawing.alt, "caption": drawing.caption}
    write_whole(snakemake.output.words, json.dumps(words, ensure_ascii=False, indent=1) + "\n")
    log.info("%s", drawing.title)
