"""Put the results of all analyses of a study into one table."""

import pandas as pd
from seizureflow.job import job
from seizureflow.spreadsheet_text import neutralised
from seizureflow.tables import read_table, write_table
from seizureflow.whole_files import whole_file

with job(snakemake.log[0]) as log:
    results = pd.concat([read_table(path) for path in snakemake.input.results], ignore_index=True)
    log.info("%d rows of results", len(results))
    write_table(results, snakemake.output.parquet, "results")
    with whole_file(snakemake.output.csv) as partial:
        neutralised(results).to_csv(partial, index=False, lineterminator="\n")
