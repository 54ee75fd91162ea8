# Safety: exposure, adverse events, laboratory, vital signs and their analyses.
#
# takes  results/<study>/canonical/{adverse_events,doses,laboratory,vital_signs}.parquet,
#        results/<study>/adam/adsl.parquet
# gives  results/<study>/adam/{adae,adex,adlb,advs}.parquet,
#        results/<study>/safety/<method>/<analysis>.parquet


rule derive_adae:
    """Derive ADAE: adverse events with their days and whether they emerged under treatment."""
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        adverse_events=f"{RESULTS}/{{study}}/canonical/adverse_events.parquet",
    output:
        adae=f"{RESULTS}/{{study}}/adam/adae.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adae.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adae.tsv"
    wildcard_constraints:
        study=with_domain("adverse_events"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        domain=plan("domains", "adverse_events"),
        code=code("derive_adae.py"),
    script:
        "../scripts/derive_adae.py"


rule derive_adex:
    """Derive ADEX: the doses of every participant with their study days."""
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        doses=f"{RESULTS}/{{study}}/canonical/doses.parquet",
    output:
        adex=f"{RESULTS}/{{study}}/adam/adex.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adex.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adex.tsv"
    wildcard_constraints:
        study=with_domain("doses"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        domain=plan("domains", "doses"),
        code=code("derive_adex.py"),
    script:
        "../scripts/derive_adex.py"


rule derive_adlb:
    """Derive ADLB: laboratory results with baseline, change, reference range and visit."""
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        measurements=f"{RESULTS}/{{study}}/canonical/laboratory.parquet",
    output:
        dataset=f"{RESULTS}/{{study}}/adam/adlb.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adlb.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adlb.tsv"
    wildcard_constraints:
        study=with_domain("laboratory"),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        name="adlb",
        visit_assignment=plan("domains", "laboratory", "visit_assignment"),
        days_after_last_dose=plan("domains", "laboratory", "days_after_last_dose"),
        visits=plan("design", "visits"),
        code=code("derive_measurements.py"),
    script:
        "../scripts/derive_measurements.py"


use rule derive_adlb as derive_advs with:
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        measurements=f"{RESULTS}/{{study}}/canonical/vital_signs.parquet",
    output:
        dataset=f"{RESULTS}/{{study}}/adam/advs.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_advs.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_advs.tsv"
    wildcard_constraints:
        study=with_domain("vital_signs"),
    params:
        name="advs",
        visit_assignment=plan("domains", "vital_signs", "visit_assignment"),
        days_after_last_dose=plan("domains", "vital_signs", "days_after_last_dose"),
        visits=plan("design", "visits"),
        code=code("derive_measurements.py"),


use rule analyse_endpoint as analyse_safety with:
    output:
        results=f"{RESULTS}/{{study}}/safety/{{method}}/{{analysis}}.parquet",
