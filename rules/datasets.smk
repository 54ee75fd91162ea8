# Datasets: the specification of the analysis datasets, and their export for other systems.
#
# takes  results/<study>/adam/*.parquet
# gives  results/<study>/adam/define.json and .html,
#        results/<study>/adam/export/<dataset>.xpt (SAS transport 5, or 8 for text that 5 cannot hold) and .json (Dataset-JSON 1.1)


rule describe_datasets:
    """Specify every variable of the analysis datasets: label, type, derivation and source."""
    input:
        unpack(once_checked),
        datasets=lambda w: [
            f"{RESULTS}/{w.study}/adam/{name}.parquet"
            for name in adam_datasets(w.study)
        ],
        template=project_file("report/define.html.j2"),
        styles=[project_file("report/report.css"), project_file("report/define.css")],
    output:
        json=f"{RESULTS}/{{study}}/adam/define.json",
        html=f"{RESULTS}/{{study}}/adam/define.html",
    log:
        f"{RESULTS}/{{study}}/logs/describe_datasets.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/describe_datasets.tsv"
    conda:
        "../envs/report.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        protocol=lambda w: description_plan(STUDIES[w.study])
        | {"title": STUDIES[w.study].data["title"]},
        labels=lambda w: STUDIES[w.study].labels,
        templates=project_content(
            "report/define.html.j2",
            "report/report.css",
            "report/define.css",
        ),
        code=code("describe_datasets.py"),
    script:
        "../scripts/describe_datasets.py"


rule export_datasets:
    """Write the analysis datasets as SAS transport and as Dataset-JSON."""
    input:
        unpack(once_checked),
        datasets=lambda w: [
            f"{RESULTS}/{w.study}/adam/{name}.parquet"
            for name in adam_datasets(w.study)
        ],
    output:
        folder=directory(f"{RESULTS}/{{study}}/adam/export"),
    log:
        f"{RESULTS}/{{study}}/logs/export_datasets.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/export_datasets.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        protocol=lambda w: description_plan(STUDIES[w.study]),
        labels=lambda w: STUDIES[w.study].labels,
        code=code("export_datasets.py"),
    script:
        "../scripts/export_datasets.py"
