"""Run one analysis and write its results in long form."""

from seizureflow.analysis import AnalysisResult
from seizureflow.job import job
from seizureflow.methods import run_method
from seizureflow.problems import AnalysisError
from seizureflow.provenance import Trace, hash_entries, hash_files, software_versions
from seizureflow.results import results_frame
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    plan = snakemake.params.plan
    inputs = dict(snakemake.input.items())
    data = {name: read_table(path) for name, path in inputs.items()}
    try:
        result = run_method(snakemake.wildcards.method, plan, data)
    except AnalysisError as error:  # no answer on these data is an answer, which the report gives
        result = AnalysisResult((), converged=False, notes=(f"Not computed. {error}",))
    for note in result.notes:
        log.warning("%s", note)
    trace = Trace(
        data_sha256=hash_files(inputs.values()),
        plan_sha256=hash_entries(plan),
        code_sha256=snakemake.params.code,
        software=software_versions(),
        seed=plan.get("seed"),
    )
    results = results_frame(
        snakemake.wildcards.study, plan["analysis"], result, trace, snakemake.params.treatment
    )
    log.info("%d rows of results", len(results))
    write_table(results, snakemake.output.results, "results")
