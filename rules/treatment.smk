# Treatment: the arm of every randomised participant, the true one or, while blinded, a dummy one.
#
# takes  results/<study>/canonical/*.parquet, and the treatment codes once treatment is unblinded
# gives  results/<study>/canonical/treatment.parquet
#        results/<study>/data_quality/treatment_findings.parquet and treatment_rows.parquet, where
#        the codes are read
#
# Of the two rules one applies to a study. No other rule reads the treatment codes.


rule read_treatment:
    """Read the treatment codes; of studies whose treatment is unblinded alone."""
    input:
        unpack(lambda w: raw_files(w.study, STUDIES[w.study].codes_domain)),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
    output:
        treatment=f"{RESULTS}/{{study}}/canonical/treatment.parquet",
        rows=f"{RESULTS}/{{study}}/data_quality/treatment_rows.parquet",
        findings=f"{RESULTS}/{{study}}/data_quality/treatment_findings.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/read_treatment.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/read_treatment.tsv"
    wildcard_constraints:
        study=unblinded_studies(),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        domain=lambda w: STUDIES[w.study].domain(STUDIES[w.study].codes_domain),
        own_file=lambda w: STUDIES[w.study].codes_domain == "treatment_codes",
        not_randomised=plan("domains", "participants", "not_randomised"),
        arms=plan("design", "arms"),
        data_cutoff=plan_or_none("data_cutoff"),
        raw=lambda w: content(raw_files(w.study, STUDIES[w.study].codes_domain)),
        code=code("read_treatment.py"),
    script:
        "../scripts/read_treatment.py"


rule assign_dummy_treatment:
    """Assign arms at random within strata; of studies whose treatment is blinded."""
    input:
        unpack(lambda w: diary_tables(w.study)),
        unpack(once_checked),
        participants=f"{RESULTS}/{{study}}/canonical/participants.parquet",
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
        mem_mb=memory(1000),
        runtime=5,
    params:
        strata=plan("design", "strata"),
        arms=plan("design", "arms"),
        plan=lambda w: baseline_plan(STUDIES[w.study]),
        counting=counting,
        seed=PLANS.settings["seed"],
        code=code("assign_dummy_treatment.py"),
    script:
        "../scripts/assign_dummy_treatment.py"
