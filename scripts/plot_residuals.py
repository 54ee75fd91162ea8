"""Draw the residuals of the primary mixed model against normal quantiles."""

from seizureflow.blinding import is_dummy
from seizureflow.figures.residuals import residuals
from seizureflow.figures.style import save_figure
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    figure = residuals(
        read_table(snakemake.input.ard),
        confidence_level=snakemake.params.confidence_level,
        simulated=snakemake.params.simulated,
        dummy=is_dummy(snakemake.params.treatment),
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)
