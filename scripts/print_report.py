"""Print a study's report as PDF."""

from pathlib import Path

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.damaged_files import read_to_end
from seizureflow.job import job
from seizureflow.printing.pdf import print_page
from seizureflow.whole_files import write_whole

with job(snakemake.log[0]) as log:
    about = snakemake.params.about
    stamps = [
        *(["Simulated participants"] if about["simulated"] else []),
        *([DUMMY_TREATMENT] if is_dummy(about["treatment"]) else []),
    ]
    printed = print_page(
        read_to_end(snakemake.input.report).decode("utf-8"),
        Path(snakemake.input.layout).read_text(encoding="utf-8"),
        header=about["title"],
        stamp=" · ".join(stamps),
    )
    write_whole(snakemake.output.pdf, printed.content)
    if printed.problem:
        log.warning("The PDF is not fully accessible: %s", printed.problem)
