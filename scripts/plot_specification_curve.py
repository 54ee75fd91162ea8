"""Draw the estimates of all specifications over the choices that made them."""

from seizureflow.blinding import is_dummy
from seizureflow.figures.specification_curve import specification_curve
from seizureflow.figures.style import save_figure
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    figure = specification_curve(
        read_table(snakemake.input.specifications),
        read_table(snakemake.input.results),
        snakemake.params.arms,
        snakemake.params.threshold,
        confidence_level=snakemake.params.confidence_level,
        simulated=snakemake.params.simulated,
        dummy=is_dummy(snakemake.params.treatment),
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)
