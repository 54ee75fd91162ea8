"""Draw the estimates of all analyses with their intervals."""

from seizureflow.blinding import is_dummy
from seizureflow.figures.forest import forest
from seizureflow.figures.style import save_figure
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    figure = forest(
        read_table(snakemake.input.ard),
        snakemake.params.arms,
        snakemake.params.labels,
        snakemake.params.criterion,
        confidence_level=snakemake.params.confidence_level,
        simulated=snakemake.params.simulated,
        dummy=is_dummy(snakemake.params.treatment),
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)
