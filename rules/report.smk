# Report: the results of all analyses in one table, published against this run, and the report.
#
# takes  the results of every analysis, the figures, findings and other tables on data quality
# gives  results/<study>/ard.parquet and .csv, results/<study>/published.parquet,
#        results/<study>/report.html and summary.json, results/index.html

# Pages of a study that the index links to, and what makes each: a file, or a folder of files.
STUDY_PAGES = {
    "report.html": "report.html",
    "adam/define.html": "adam/define.html",
    "ard.csv": "ard.csv",
    "tables/index.html": "tables",
    "checklists.html": "checklists.html",
    "report.pdf": "report.pdf",
}


rule collect_results:
    """Put the results of all analyses of a study into one table."""
    input:
        unpack(once_checked),
        results=lambda w: [
            results_of(w.study, analysis) for analysis in STUDIES[w.study].analyses
        ],
    output:
        parquet=f"{RESULTS}/{{study}}/ard.parquet",
        csv=f"{RESULTS}/{{study}}/ard.csv",
    log:
        f"{RESULTS}/{{study}}/logs/collect_results.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/collect_results.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        code=code("collect_results.py"),
    script:
        "../scripts/collect_results.py"


rule compare_published:
    """Set the published aggregates of the trial against the results of this run."""
    input:
        unpack(once_checked),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
    output:
        published=f"{RESULTS}/{{study}}/published.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/compare_published.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/compare_published.tsv"
    wildcard_constraints:
        study=unblinded_studies(),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        published=lambda w: PLANS.published[w.study],
        code=code("compare_published.py"),
    script:
        "../scripts/compare_published.py"


rule build_report:
    """Write the study's report, one self-contained HTML file."""
    input:
        unpack(once_checked),
        unpack(lambda w: diary_quality_tables(w.study)),
        unpack(lambda w: figure_files(w.study)),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/findings.parquet",
        published=lambda w: published_comparison(w.study),
        row_accounting=f"{RESULTS}/{{study}}/data_quality/row_accounting.parquet",
        deviations=f"{RESULTS}/{{study}}/adam/deviations.parquet",
        templates=[
            project_file("report/report.html.j2"),
            project_file("report/macros.html.j2"),
        ],
        style=project_file("report/report.css"),
        program=project_file("report/report.js"),
    output:
        summary=f"{RESULTS}/{{study}}/summary.json",
        report=report(
            f"{RESULTS}/{{study}}/report.html",
            caption="../report/captions/report.rst",
            category="Reports",
            labels={"study": "{study}", "figure": "Report"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/build_report.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/build_report.tsv"
    conda:
        "../envs/report.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        protocol=lambda w: STUDIES[w.study].data,
        labels=lambda w: STUDIES[w.study].labels,
        sources=lambda w: (PLANS.published[w.study] or {}).get("sources", {}),
        compared=lambda w: {
            entry["id"]: entry["compare"]
            for entry in (PLANS.published[w.study] or {}).get("aggregates", [])
            if entry.get("compare")
        },
        settings=lambda w: {"confidence_level": PLANS.settings["confidence_level"]},
        templates=project_content(
            "report/report.html.j2",
            "report/macros.html.j2",
            "report/report.css",
            "report/report.js",
        ),
        code=code("build_report.py"),
    script:
        "../scripts/build_report.py"


rule build_index:
    """Write the page over all studies of the run."""
    input:
        [
            f"{RESULTS}/{study}/{made}"
            for study in STUDIES
            for made in STUDY_PAGES.values()
            if made != "tables"
        ],
        # Only linked to; a folder has a date, but no content that could be compared.
        tables=[ancient(f"{RESULTS}/{study}/tables") for study in STUDIES],
        summaries=[f"{RESULTS}/{study}/summary.json" for study in STUDIES],
        template=project_file("report/index.html.j2"),
        style=project_file("report/report.css"),
    output:
        index=f"{RESULTS}/index.html",
    log:
        f"{RESULTS}/logs/build_index.log",
    benchmark:
        f"{RESULTS}/timings/build_index.tsv"
    conda:
        "../envs/report.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        pages=list(STUDY_PAGES),
        templates=project_content(
            "report/index.html.j2",
            "report/report.css",
        ),
        code=code("build_index.py"),
    script:
        "../scripts/build_index.py"
