# Treatment: the arm of every randomised participant, the true one or, while blinded, a dummy one.
#
# takes  results/<study>/canonical/*.parquet, and the treatment codes once treatment is unblinded
# gives  results/<study>/canonical/treatment.parquet
#        results/<study>/data_quality/treatment.parquet (where the codes are read)
#
# Of the two rules one applies to a study. No other rule reads the treatment codes.


rule read_treatment:
    """Read the treatment codes; of studies whose treatment is unblinded alone."""
    input:
        codes=lambda w: STUDIES[w.study].file(
            "treatment_codes"
            if STUDIES[w.study].has_domain("treatment_codes")
            else "participants"
        ),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        treatment=f"{RESULTS}/{{study}}/canonical/treatment.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/treatment.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/read_treatment.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/read_treatment.tsv"
    wildcard_constraints:
        study=unblinded_studies(),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        domain=lambda w: (
            STUDIES[w.study].domain("treatment_codes")
            or STUDIES[w.study].domain("participants")
        ),
        not_randomised=plan("domains", "participants", "not_randomised"),
        arms=plan("design", "arms"),
        code=code("read_treatment.py"),
    script:
        "../scripts/read_treatment.py"


rule assign_dummy_treatment:
    """Assign arms at random within strata; of studies whose treatment is blinded."""
    input:
        checked=ancient(f"{RESULTS}/{{study}}/data_quality/findings.csv"),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
    output:
        treatment=f"{RESULTS}/{{study}}/canonical/treatment.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/assign_dummy_treatment.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/assign_dummy_treatment.tsv"
    wildcard_constraints:
        study=blinded_studies(),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        strata=plan("design", "strata"),
        arms=plan("design", "arms"),
        plan=lambda w: {
            "baseline": STUDIES[w.study].data["design"]["baseline"]["days"],
            "diary": STUDIES[w.study].data["diary"],
            "derived_covariates": STUDIES[w.study].data["derived_covariates"],
        },
        seed=PLANS.settings["seed"],
        code=code("assign_dummy_treatment.py"),
    script:
        "../scripts/assign_dummy_treatment.py"
