# Safety: exposure, adverse events and their analyses.
#
# takes  results/<study>/canonical/adverse_events.parquet, results/<study>/canonical/doses.parquet,
#        results/<study>/adam/adsl.parquet
# gives  results/<study>/adam/adae.parquet, results/<study>/adam/adex.parquet,
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
        mem_mb=500,
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
        mem_mb=500,
        runtime=5,
    params:
        domain=plan("domains", "doses"),
        code=code("derive_adex.py"),
    script:
        "../scripts/derive_adex.py"


use rule analyse_endpoint as analyse_safety with:
    output:
        results=f"{RESULTS}/{{study}}/safety/{{method}}/{{analysis}}.parquet",
