# Results for other systems: the plan and its results as the CDISC Analysis Results Standard, and
# the results table as JSON (docs/results.md).
#
# takes  results/<study>/ard.parquet
# gives  results/<study>/ars.json, results/<study>/ard.json


rule describe_results:
    """Write the results as a CDISC ARS reporting event, and the results table as JSON."""
    input:
        unpack(once_checked),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
    output:
        ars=f"{RESULTS}/{{study}}/ars.json",
        ard=f"{RESULTS}/{{study}}/ard.json",
    log:
        f"{RESULTS}/{{study}}/logs/describe_results.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/describe_results.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        protocol=lambda w: STUDIES[w.study].data,
        labels=lambda w: STUDIES[w.study].labels,
        settings=lambda w: {"confidence_level": PLANS.settings["confidence_level"]},
        outputs=[{"name": "report", "label": "Report", "location": "report.html"}],
        code=code("describe_results.py"),
    script:
        "../scripts/describe_results.py"
