"""Put the parts of a specification curve together and summarise them."""

from seizureflow.analysis import build_spec
from seizureflow.job import job
from seizureflow.methods.specification_curve import summary
from seizureflow.provenance import Trace, hash_entries, hash_files, software_versions
from seizureflow.results import results_frame
from seizureflow.specification_curve.compute import joined, kept_columns
from seizureflow.tables import read_table, write_table

with job(snakemake.log[0]) as log:
    plan = snakemake.params.plan
    inputs = {name: path for name, path in snakemake.input.items() if name != "parts"}
    parts = snakemake.input.parts
    table = joined(read_table(path) for path in ([parts] if isinstance(parts, str) else parts))
    spec = build_spec(plan)
    data = {name: read_table(path) for name, path in inputs.items() if name.startswith("results_")}
    result = summary(table, spec, data)
    for note in result.notes:
        log.warning("%s", note)
    trace = Trace(
        data_sha256=hash_files(inputs.values()),
        plan_sha256=hash_entries(plan),
        code_sha256=snakemake.params.code,
        software=software_versions(),
        seed=plan["seed"],
    )
    results = results_frame(
        snakemake.wildcards.study, plan["analysis"], result, trace, snakemake.params.treatment
    )
    log.info("%d specifications, %d rows of results", len(table), len(results))
    write_table(kept_columns(table), snakemake.output.specifications, "specifications")
    write_table(results, snakemake.output.results, "results")
