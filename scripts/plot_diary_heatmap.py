"""Draw every participant's seizures by day or period."""

from seizureflow.blinding import is_dummy
from seizureflow.figures.diary_heatmap import diary_heatmap
from seizureflow.figures.style import save_figure
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    figure = diary_heatmap(
        read_table(snakemake.input.adsl),
        read_table(snakemake.input.intervals),
        read_table(snakemake.input.seizures),
        snakemake.params.diary,
        snakemake.params.design,
        simulated=snakemake.params.simulated,
        dummy=is_dummy(snakemake.params.treatment),
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)
