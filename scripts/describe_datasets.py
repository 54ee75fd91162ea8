"""Write the specification of a study's analysis datasets, as JSON and as a page."""

import json
from pathlib import Path

from seizureflow.job import job
from seizureflow.specification.describe import describe
from seizureflow.specification.document import as_document
from seizureflow.specification.page import render_specification
from seizureflow.tables import read_table
from seizureflow.whole_files import write_whole

with job(snakemake.log[0]) as log:
    specification = describe(
        snakemake.params.protocol,
        snakemake.params.labels,
        {Path(path).stem: read_table(path) for path in snakemake.input.datasets},
    )
    log.info("%d datasets", len(specification.datasets))
    page = render_specification(
        specification,
        Path(snakemake.input.template).read_text(encoding="utf-8"),
        "\n".join(Path(path).read_text(encoding="utf-8") for path in snakemake.input.styles),
    )
    document = json.dumps(as_document(specification), ensure_ascii=False, indent=2)
    write_whole(snakemake.output.json, f"{document}\n")
    write_whole(snakemake.output.html, page)
