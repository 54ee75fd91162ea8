"""Compute one part of the specifications of a curve."""

import numpy as np
from seizureflow.analysis import build_spec
from seizureflow.job import job
from seizureflow.methods.specification_curve import part
from seizureflow.problems import AnalysisError
from seizureflow.specification_curve.compute import refused_table
from seizureflow.streams import Streams
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    plan = snakemake.params.plan
    spec = build_spec(plan)
    data = {name: read_table(snakemake.input[name]) for name in ("adsl", "adsz")}
    chunk, chunks = int(snakemake.wildcards.chunk), spec.options["chunks"]
    # The same stream in every part, that of the analysis: all permute the arms alike.
    rng = Streams.of(np.random.default_rng(plan["seed"])).generator("analysis", spec.id)
    try:
        table = part(spec, data, rng, chunk, chunks)
    except AnalysisError as error:  # no answer on these data is an answer, which the report gives
        log.warning("%s", error)
        table = refused_table(str(error))
    log.info("%d specifications in part %d of %d", len(table), chunk, chunks)
    table = table.assign(STUDYID=snakemake.wildcards.study, ANALYSIS=spec.id)
    write_table(table, snakemake.output.part, "specifications")
