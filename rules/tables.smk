# Tables: the tables and listings of a study as RTF, HTML and CSV, numbered as in ICH E3.
#
# takes  results/<study>/ard.parquet, results/<study>/adam/*.parquet,
#        results/<study>/published.parquet
# gives  results/<study>/tables/


rule write_tables:
    """Write the tables and listings of a study, and the page that names them."""
    input:
        unpack(once_checked),
        unpack(lambda w: listed_datasets(w.study)),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
        published=lambda w: published_comparison(w.study),
        templates=[
            project_file("report/table.html.j2"),
            project_file("report/tables_index.html.j2"),
        ],
        style=project_file("report/table.css"),
    output:
        folder=directory(f"{RESULTS}/{{study}}/tables"),
    log:
        f"{RESULTS}/{{study}}/logs/write_tables.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/write_tables.tsv"
    conda:
        "../envs/report.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        protocol=lambda w: STUDIES[w.study].data,
        labels=lambda w: STUDIES[w.study].labels,
        confidence_level=lambda w: PLANS.settings["confidence_level"],
        templates=project_content(
            "report/table.html.j2",
            "report/tables_index.html.j2",
            "report/table.css",
        ),
        code=code("write_tables.py"),
    script:
        "../scripts/write_tables.py"
