# Eligibility: who meets the criteria, who is in which analysis set, and why.
# takes  results/<study>/canonical/*.parquet, once their findings hold no error
# gives  results/<study>/adam/eligibility.parquet, adsl.parquet, deviations.parquet


rule evaluate_eligibility:
    """Evaluate every criterion of the protocol for every screened participant."""
    input:
        unpack(lambda w: diary_tables(w.study)),
        unpack(once_checked),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        eligibility=f"{RESULTS}/{{study}}/adam/eligibility.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/evaluate_eligibility.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/evaluate_eligibility.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        criteria=plan("eligibility"),
        counting=counting,
        plan=lambda w: baseline_plan(STUDIES[w.study]),
        code=code("evaluate_eligibility.py"),
    script:
        "../scripts/evaluate_eligibility.py"


rule derive_adsl:
    """Derive ADSL: treatment, disposition, baseline and analysis sets of every participant."""
    input:
        unpack(lambda w: records(w.study, ["doses", "disposition", "visits"])),
        unpack(lambda w: diary_tables(w.study)),
        unpack(once_checked),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        eligibility=f"{RESULTS}/{{study}}/adam/eligibility.parquet",
        treatment=f"{RESULTS}/{{study}}/canonical/treatment.parquet",
    output:
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        deviations=f"{RESULTS}/{{study}}/adam/deviations.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adsl.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adsl.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        plan=lambda w: adsl_plan(STUDIES[w.study]),
        counting=counting,
        code=code("derive_adsl.py"),
    script:
        "../scripts/derive_adsl.py"
