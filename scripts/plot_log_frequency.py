"""Draw the change in log seizure frequency by visit."""

from seizureflow.blinding import is_dummy
from seizureflow.figures.log_frequency import log_frequency
from seizureflow.figures.style import save_figure
from seizureflow.job import job
from seizureflow.tables import read_table

with job(snakemake.log[0]) as log:
    figure = log_frequency(
        read_table(snakemake.input.adsl),
        read_table(snakemake.input.adsz),
        read_table(snakemake.input.ard),
        snakemake.params.design,
        snakemake.params.endpoints,
        confidence_level=snakemake.params.confidence_level,
        simulated=snakemake.params.simulated,
        dummy=is_dummy(snakemake.params.treatment),
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)
