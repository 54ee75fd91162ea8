# Ingestion: raw files become canonical tables, and all that is wrong with them becomes findings.
#
# takes  studies/<study>/data/*
# gives  results/<study>/canonical/*.parquet
#        results/<study>/data_quality/findings.csv and .parquet, row_accounting.parquet
#        results/<study>/data_quality/checked.txt, which nothing is derived without:
#        an error among the findings ends the run before it


rule ingest_participants:
    """Read the participants, their covariates and day 1."""
    input:
        unpack(lambda w: raw_files(w.study, "participants")),
        unpack(lambda w: first_dose_file(w.study)),
        unpack(lambda w: known_copies_file(w.study)),
    output:
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/participants_rows.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/participants_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_participants.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_participants.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        domain=plan("domains", "participants"),
        doses=lambda w: STUDIES[w.study].domain("doses"),
        baseline=plan("design", "baseline", "days"),
        strata=plan("design", "strata"),
        data_cutoff=plan_or_none("data_cutoff"),
        raw=lambda w: content(
            raw_files(w.study, "participants"),
            first_dose_file(w.study),
            known_copies_file(w.study),
        ),
        code=code("ingest_participants.py"),
    script:
        "../scripts/ingest_participants.py"


rule ingest_diary:
    """Read a daily diary as intervals of days, with the seizures on them."""
    input:
        unpack(lambda w: raw_files(w.study, "diary")),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
        seizure_types=f"{RESULTS}/{{study}}/data_quality/seizure_types.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/diary_rows.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/diary_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_diary.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_diary.tsv"
    wildcard_constraints:
        study=with_domain("diary"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        domain=plan("domains", "diary"),
        types=plan("diary", "seizure_types"),
        data_cutoff=plan_or_none("data_cutoff"),
        raw=lambda w: content(raw_files(w.study, "diary")),
        code=code("ingest_diary.py"),
    script:
        "../scripts/ingest_diary.py"


rule ingest_period_counts:
    """Read counts per period as intervals of their length."""
    input:
        unpack(lambda w: raw_files(w.study, "period_counts")),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
        seizure_types=f"{RESULTS}/{{study}}/data_quality/seizure_types.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/period_counts_rows.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/period_counts_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_period_counts.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_period_counts.tsv"
    wildcard_constraints:
        study=with_domain("period_counts"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        domain=plan("domains", "period_counts"),
        types=plan("diary", "seizure_types"),
        maximum_daily_count=plan("diary", "quality", "maximum_daily_count"),
        data_cutoff=plan_or_none("data_cutoff"),
        raw=lambda w: content(raw_files(w.study, "period_counts")),
        code=code("ingest_period_counts.py"),
    script:
        "../scripts/ingest_period_counts.py"


rule ingest_records:
    """Read one domain of dated records: visits, doses, disposition, events or medications."""
    input:
        unpack(lambda w: raw_files(w.study, w.domain)),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        records=f"{RESULTS}/{{study}}/canonical/{{domain}}.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/{{domain}}_rows.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/{{domain}}_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_records_{{domain}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_records_{{domain}}.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        domain=lambda w: STUDIES[w.study].domain(w.domain),
        visits=lambda w: STUDIES[w.study].known_visits if w.domain == "visits" else [],
        blinded=lambda w: w.domain == "doses" and STUDIES[w.study].is_blinded,
        data_cutoff=plan_or_none("data_cutoff"),
        raw=lambda w: content(raw_files(w.study, w.domain)),
        code=code("ingest_records.py"),
    script:
        "../scripts/ingest_records.py"


rule ingest_measurements:
    """Read the results of tests, of the laboratory or of vital signs."""
    input:
        unpack(lambda w: raw_files(w.study, w.domain)),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        measurements=f"{RESULTS}/{{study}}/canonical/{{domain}}.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/{{domain}}_rows.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/{{domain}}_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/ingest_measurements_{{domain}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/ingest_measurements_{{domain}}.tsv"
    wildcard_constraints:
        domain="|".join(MEASUREMENT_DOMAINS),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        domain=lambda w: STUDIES[w.study].domain(w.domain),
        data_cutoff=plan_or_none("data_cutoff"),
        raw=lambda w: content(raw_files(w.study, w.domain)),
        code=code("ingest_measurements.py"),
    script:
        "../scripts/ingest_measurements.py"


rule assess_diary:
    """Look for what a diary should not hold, and how completely it was kept."""
    input:
        unpack(lambda w: records(w.study, ["disposition"])),
        unpack(lambda w: true_treatment(w.study)),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
    output:
        compliance=f"{RESULTS}/{{study}}/data_quality/compliance.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/diary_quality_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/assess_diary.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/assess_diary.tsv"
    wildcard_constraints:
        study=with_domain("diary"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        plan=lambda w: diary_quality_plan(STUDIES[w.study]),
        code=code("assess_diary.py"),
    script:
        "../scripts/assess_diary.py"


rule collect_findings:
    """Gather the findings on all raw files, and what became of every row."""
    input:
        findings=lambda w: data_quality_files(w.study, "findings"),
        rows=lambda w: data_quality_files(w.study, "rows"),
    output:
        csv=f"{RESULTS}/{{study}}/data_quality/findings.csv",
        parquet=f"{RESULTS}/{{study}}/data_quality/findings.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/row_accounting.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/collect_findings.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/collect_findings.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        code=code("collect_findings.py"),
    script:
        "../scripts/collect_findings.py"


checkpoint check_data:
    """End the run if a finding on the raw data is an error."""
    input:
        csv=f"{RESULTS}/{{study}}/data_quality/findings.csv",
        findings=f"{RESULTS}/{{study}}/data_quality/findings.parquet",
    output:
        checked=f"{RESULTS}/{{study}}/data_quality/checked.txt",
    log:
        f"{RESULTS}/{{study}}/logs/check_data.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/check_data.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        code=code("check_data.py"),
    script:
        "../scripts/check_data.py"
