# Ingestion: raw files become canonical tables, and all that is wrong with them becomes findings.
#
# takes  studies/<study>/data/*
# gives  results/<study>/canonical/*.parquet, results/<study>/data_quality/findings.csv
#        an error among the findings ends the run here, before anything is derived


rule ingest_participants:
    """Read the participants, their arms, covariates and day 1."""
    input:
        participants=raw_file("participants"),
        doses=lambda w: (
            STUDIES[w.study].file("doses")
            if STUDIES[w.study].has_domain("doses")
            else []
        ),
        known_copies=lambda w: (
            str(
                STUDIES[w.study].folder
                / STUDIES[w.study].data["provenance"]["known_copies"]
            )
            if "known_copies" in STUDIES[w.study].data.get("provenance", {})
            else []
        ),
    output:
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/participants.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_participants.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_participants.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        domain=plan("domains", "participants"),
        doses_domain=lambda w: STUDIES[w.study].domain("doses"),
        arms=plan("design", "arms"),
        baseline=plan("design", "baseline", "days"),
        code=code("ingest_participants.py"),
    script:
        "../scripts/ingest_participants.py"


rule ingest_diary:
    """Read a daily diary as intervals of one day."""
    input:
        diary=raw_file("diary"),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/diary.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_diary.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_diary.tsv"
    wildcard_constraints:
        study=with_domain("diary"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        domain=plan("domains", "diary"),
        code=code("ingest_diary.py"),
    script:
        "../scripts/ingest_diary.py"


rule ingest_period_counts:
    """Read counts per period as intervals of their length."""
    input:
        counts=raw_file("period_counts"),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/period_counts.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_period_counts.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_period_counts.tsv"
    wildcard_constraints:
        study=with_domain("period_counts"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        domain=plan("domains", "period_counts"),
        code=code("ingest_period_counts.py"),
    script:
        "../scripts/ingest_period_counts.py"


rule ingest_records:
    """Read one domain of dated records: visits, doses, disposition, events or medications."""
    input:
        records=lambda w: STUDIES[w.study].file(w.domain),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        records=f"{RESULTS}/{{study}}/canonical/{{domain}}.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/{{domain}}.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_records_{{domain}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_records_{{domain}}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        domain=lambda w: STUDIES[w.study].domain(w.domain),
        code=code("ingest_records.py"),
    script:
        "../scripts/ingest_records.py"


rule check_data:
    """Gather the findings of all files; end the run if one of them is an error."""
    input:
        findings=lambda w: [
            f"{RESULTS}/{w.study}/data_quality/{name}.parquet"
            for name in ("participants", "diary", "period_counts", *RECORD_DOMAINS)
            if STUDIES[w.study].has_domain(name)
        ],
    output:
        findings=f"{RESULTS}/{{study}}/data_quality/findings.csv",
    log:
        f"{RESULTS}/{{study}}/logs/check_data.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/check_data.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code("check_data.py"),
    script:
        "../scripts/check_data.py"
