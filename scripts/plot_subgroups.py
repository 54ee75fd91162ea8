"""Draw the estimates in subgroups beside that of everyone."""

from seizureflow.blinding import is_dummy
from seizureflow.figures.style import save_figure
from seizureflow.figures.subgroups import subgroups
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    figure = subgroups(
        read_table(snakemake.input.results),
        snakemake.params.arms,
        snakemake.params.labels,
        confidence_level=snakemake.params.confidence_level,
        simulated=snakemake.params.simulated,
        dummy=is_dummy(snakemake.params.treatment),
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)
