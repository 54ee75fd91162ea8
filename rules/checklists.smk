# Checklists: CONSORT 2025 and ICH E9(R1), filled from the plan and the results.
#
# takes  results/<study>/ard.parquet, the study's protocol
# gives  results/<study>/checklists.html and .csv
from seizureflow.checklists.protocol_keys import PROTOCOL_KEYS


rule fill_checklists:
    """Fill the reporting checklists of a study, and mark what is missing."""
    input:
        unpack(once_checked),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
        definitions=[
            project_file("report/checklists/consort_2025.json"),
            project_file("report/checklists/ich_e9_r1.json"),
        ],
        template=project_file("report/checklists.html.j2"),
        styles=[
            project_file("report/report.css"),
            project_file("report/checklists.css"),
        ],
    output:
        html=f"{RESULTS}/{{study}}/checklists.html",
        csv=f"{RESULTS}/{{study}}/checklists.csv",
    log:
        f"{RESULTS}/{{study}}/logs/fill_checklists.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/fill_checklists.tsv"
    conda:
        "../envs/report.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        protocol=lambda w: {
            key: STUDIES[w.study].data[key]
            for key in PROTOCOL_KEYS
            if key in STUDIES[w.study].data
        },
        labels=lambda w: STUDIES[w.study].labels,
        templates=project_content(
            "report/checklists/consort_2025.json",
            "report/checklists/ich_e9_r1.json",
            "report/checklists.html.j2",
            "report/report.css",
            "report/checklists.css",
        ),
        code=code("fill_checklists.py"),
    script:
        "../scripts/fill_checklists.py"
