# Endpoints: seizure frequency in every window, and the analyses of the trial's questions.
#
# takes  results/<study>/adam/adsl.parquet, results/<study>/canonical/*.parquet
# gives  results/<study>/adam/adsz.parquet, results/<study>/adam/adtte.parquet,
#        results/<study>/adam/adice.parquet,
#        results/<study>/endpoints/<method>/<analysis>.parquet


rule derive_adice:
    """Derive ADICE: the day of each participant's intercurrent events."""
    input:
        unpack(lambda w: records(w.study, ["medications"])),
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
    output:
        adice=f"{RESULTS}/{{study}}/adam/adice.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adice.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adice.tsv"
    wildcard_constraints:
        study=studies_where(lambda protocol: protocol.data["intercurrent_events"]),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        definitions=plan("intercurrent_events"),
        code=code("derive_adice.py"),
    script:
        "../scripts/derive_adice.py"


rule derive_adsz:
    """Derive ADSZ: seizure frequency and endpoints by participant and window."""
    input:
        unpack(lambda w: records(w.study, ["visits"])),
        unpack(lambda w: diary_tables(w.study)),
        unpack(lambda w: intercurrent_events(w.study)),
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
    output:
        adsz=f"{RESULTS}/{{study}}/adam/adsz.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adsz.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adsz.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        design=plan("design"),
        counting=counting,
        endpoints=plan("endpoints"),
        code=code("derive_adsz.py"),
    script:
        "../scripts/derive_adsz.py"


rule derive_adtte:
    """Derive ADTTE: times to the events of the protocol, and what censored them."""
    input:
        unpack(lambda w: diary_tables(w.study)),
        unpack(lambda w: adverse_events_timed(w.study)),
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
    output:
        adtte=f"{RESULTS}/{{study}}/adam/adtte.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adtte.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adtte.tsv"
    wildcard_constraints:
        study=studies_where(lambda protocol: protocol.data["time_to_event"]),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=5,
    params:
        definitions=plan("time_to_event"),
        design=plan("design"),
        counting=counting,
        adverse_events=lambda w: (
            STUDIES[w.study].domain("adverse_events")
            if adverse_events_timed(w.study)
            else None
        ),
        code=code("derive_adtte.py"),
    script:
        "../scripts/derive_adtte.py"


rule analyse_endpoint:
    """Run one analysis of the protocol: primary, secondary or descriptive."""
    input:
        unpack(datasets_of),
        unpack(once_checked),
    output:
        results=f"{RESULTS}/{{study}}/endpoints/{{method}}/{{analysis}}.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/analyse_{{method}}_{{analysis}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/analyse_{{method}}_{{analysis}}.tsv"
    wildcard_constraints:
        method="(?!specification_curve/)[a-z0-9_]+",  # in specifications.smk, in parts
    conda:
        "../envs/statistics.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        plan=plan_of,
        treatment=plan("treatment"),
        code=analysis_code,
    script:
        "../scripts/run_analysis.py"
