# Printing: the report on paper.
#
# takes  results/<study>/report.html
# gives  results/<study>/report.pdf


rule print_report:
    """Print a study's report as PDF, from its page."""
    input:
        unpack(once_checked),
        report=f"{RESULTS}/{{study}}/report.html",
        layout=project_file("report/print.typ"),
    output:
        pdf=f"{RESULTS}/{{study}}/report.pdf",
    log:
        f"{RESULTS}/{{study}}/logs/print_report.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/print_report.tsv"
    conda:
        "../envs/printing.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=5,
    params:
        about=lambda w: {
            name: STUDIES[w.study].data[name]
            for name in ("title", "simulated", "treatment")
        },
        templates=project_content("report/print.typ"),
        code=code("print_report.py"),
    script:
        "../scripts/print_report.py"
