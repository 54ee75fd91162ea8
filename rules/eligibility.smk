# Eligibility: who meets the criteria, who is in which analysis set, and why.
#
# takes  results/<study>/canonical/*.parquet, once their findings hold no error
# gives  results/<study>/adam/eligibility.parquet, results/<study>/adam/adsl.parquet
#
# data_quality/findings.csv is an ancient input: nothing is derived before the data have passed, but a
# new finding in one file does not rerun what does not read that file.


rule evaluate_eligibility:
    """Evaluate every criterion of the protocol for every screened participant."""
    input:
        checked=ancient(f"{RESULTS}/{{study}}/data_quality/findings.csv"),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
    output:
        eligibility=f"{RESULTS}/{{study}}/adam/eligibility.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/evaluate_eligibility.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/evaluate_eligibility.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        criteria=plan("eligibility"),
        diary=plan("diary"),
        baseline=plan("design", "baseline", "days"),
        code=code("evaluate_eligibility.py"),
    script:
        "../scripts/evaluate_eligibility.py"


rule derive_adsl:
    """Derive ADSL: treatment, disposition, baseline and analysis sets of every participant."""
    input:
        unpack(lambda w: records(w.study, ["doses", "disposition", "visits"])),
        checked=ancient(f"{RESULTS}/{{study}}/data_quality/findings.csv"),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
        eligibility=f"{RESULTS}/{{study}}/adam/eligibility.parquet",
    output:
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/derive_adsl.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/derive_adsl.tsv"
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        plan=lambda w: {
            "baseline": STUDIES[w.study].data["design"]["baseline"]["days"],
            "diary": STUDIES[w.study].data["diary"],
            "analysis_sets": STUDIES[w.study].data["analysis_sets"],
            "derived_covariates": STUDIES[w.study].data["derived_covariates"],
            "completed_value": (STUDIES[w.study].domain("disposition") or {}).get(
                "completed_value"
            ),
        },
        code=code("derive_adsl.py"),
    script:
        "../scripts/derive_adsl.py"
