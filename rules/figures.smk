# Figures: pictures of participants (from ADaM) and of results (from the results data).
#
# takes  results/<study>/canonical/*.parquet, results/<study>/adam/*.parquet, results/<study>/ard.parquet
# gives  results/<study>/figures/<figure>.svg and .png


rule plot_diary_heatmap:
    """Draw every participant's seizures by day or period, aligned at day 1."""
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        intervals=f"{RESULTS}/{{study}}/canonical/intervals.parquet",
        seizures=f"{RESULTS}/{{study}}/canonical/seizures.parquet",
    output:
        svg=f"{RESULTS}/{{study}}/figures/diary_heatmap.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/diary_heatmap.png",
            caption="../report/captions/diary_heatmap.rst",
            category="Figures",
            labels={"study": "{study}", "figure": "Diaries"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/plot_diary_heatmap.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/plot_diary_heatmap.tsv"
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        diary=counting,
        design=plan("design"),
        simulated=plan("simulated"),
        treatment=plan("treatment"),
        code=code("plot_diary_heatmap.py"),
    script:
        "../scripts/plot_diary_heatmap.py"


rule plot_log_frequency:
    """Draw the change in log seizure frequency by visit: means over every participant's line."""
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        adsz=f"{RESULTS}/{{study}}/adam/adsz.parquet",
        ard=f"{RESULTS}/{{study}}/ard.parquet",
    output:
        svg=f"{RESULTS}/{{study}}/figures/log_frequency.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/log_frequency.png",
            caption="../report/captions/log_frequency.rst",
            category="Figures",
            labels={"study": "{study}", "figure": "Change by visit"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/plot_log_frequency.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/plot_log_frequency.tsv"
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        design=plan("design"),
        endpoints=plan("endpoints"),
        confidence_level=lambda w: PLANS.settings["confidence_level"],
        simulated=plan("simulated"),
        treatment=plan("treatment"),
        code=code("plot_log_frequency.py"),
    script:
        "../scripts/plot_log_frequency.py"


rule plot_forest:
    """Draw the estimates of all analyses with their intervals."""
    input:
        unpack(once_checked),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
    output:
        svg=f"{RESULTS}/{{study}}/figures/forest.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/forest.png",
            caption="../report/captions/forest.rst",
            category="Figures",
            labels={"study": "{study}", "figure": "All analyses"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/plot_forest.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/plot_forest.tsv"
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        arms=plan("design", "arms"),
        labels=lambda w: {a["id"]: a["label"] for a in STUDIES[w.study].analyses},
        criterion=lambda w: STUDIES[w.study].data.get("success_criterion"),
        confidence_level=lambda w: PLANS.settings["confidence_level"],
        simulated=plan("simulated"),
        treatment=plan("treatment"),
        code=code("plot_forest.py"),
    script:
        "../scripts/plot_forest.py"


rule plot_residuals:
    """Draw the residuals of the primary mixed model against normal quantiles."""
    input:
        unpack(once_checked),
        ard=f"{RESULTS}/{{study}}/ard.parquet",
    output:
        svg=f"{RESULTS}/{{study}}/figures/residuals.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/residuals.png",
            caption="../report/captions/residuals.rst",
            category="Figures",
            labels={"study": "{study}", "figure": "Residuals"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/plot_residuals.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/plot_residuals.tsv"
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        confidence_level=lambda w: PLANS.settings["confidence_level"],
        simulated=plan("simulated"),
        treatment=plan("treatment"),
        code=code("plot_residuals.py"),
    script:
        "../scripts/plot_residuals.py"


rule plot_specification_curve:
    """Draw the estimates of all specifications over the choices that made them."""
    input:
        unpack(once_checked),
        specifications=lambda w: specifications_of(w.study),
        results=lambda w: results_of(
            w.study, first_with(w.study, "specification_curve")
        ),
    output:
        svg=f"{RESULTS}/{{study}}/figures/specification_curve.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/specification_curve.png",
            caption="../report/captions/specification_curve.rst",
            category="Figures",
            labels={"study": "{study}", "figure": "Choices"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/plot_specification_curve.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/plot_specification_curve.tsv"
    wildcard_constraints:
        study=with_method("specification_curve"),
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        arms=plan("design", "arms"),
        threshold=lambda w: first_with(w.study, "specification_curve")["options"][
            "relative_reduction"
        ],
        confidence_level=lambda w: PLANS.settings["confidence_level"],
        simulated=plan("simulated"),
        treatment=plan("treatment"),
        code=code("plot_specification_curve.py"),
    script:
        "../scripts/plot_specification_curve.py"


rule plot_subgroups:
    """Draw the estimates in subgroups beside that of everyone."""
    input:
        unpack(once_checked),
        results=lambda w: results_of(w.study, first_with(w.study, "subgroups")),
    output:
        svg=f"{RESULTS}/{{study}}/figures/subgroups.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/subgroups.png",
            caption="../report/captions/subgroups.rst",
            category="Figures",
            labels={"study": "{study}", "figure": "Subgroups"},
        ),
    log:
        f"{RESULTS}/{{study}}/logs/plot_subgroups.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/plot_subgroups.tsv"
    wildcard_constraints:
        study=with_method("subgroups"),
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        arms=plan("design", "arms"),
        labels=lambda w: STUDIES[w.study].labels,
        confidence_level=lambda w: PLANS.settings["confidence_level"],
        simulated=plan("simulated"),
        treatment=plan("treatment"),
        code=code("plot_subgroups.py"),
    script:
        "../scripts/plot_subgroups.py"
