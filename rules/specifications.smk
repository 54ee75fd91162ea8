# Specifications: one question under every choice that could have been made, computed in parts.
#
# takes  results/<study>/adam/adsl.parquet and adsz.parquet, the results of the primary analysis
# gives  results/<study>/<stage>/specification_curve/<analysis>/part_<chunk>.parquet,
#        results/<study>/<stage>/specification_curve/<analysis>/specifications.parquet (one row each),
#        results/<study>/<stage>/specification_curve/<analysis>.parquet (what they say together)
from seizureflow.specification_curve.choices import named_in, with_visits
from seizureflow.visit_schedule import window_visits


def curve_plan(wildcards):
    """The plan of a specification curve, with the visits of its windows and labels for words."""
    protocol, entries = STUDIES[wildcards.study], plan_of(wildcards)
    design = protocol.data["design"]
    visits = {
        entry["id"]: window_visits(design, entry["id"]) for entry in design["windows"]
    }
    options = entries["analysis"]["options"]
    grid = with_visits(options["grid"], visits)
    labels = protocol.labels
    named = {name: labels[name] for name in named_in(grid) if name in labels}
    analysis = entries["analysis"] | {"options": options | {"grid": grid}}
    return entries | {"analysis": analysis, "labels": named}


def specifications_of(study):
    """The table of specifications of the first curve of a plan."""
    results = results_of(study, first_with(study, "specification_curve"))
    return f"{results.removesuffix('.parquet')}/specifications.parquet"


def curve_parts(wildcards):
    options = STUDIES[wildcards.study].analysis(wildcards.analysis)["options"]
    folder = f"{RESULTS}/{wildcards.study}/{wildcards.stage}/specification_curve"
    return [
        f"{folder}/{wildcards.analysis}/part_{chunk}.parquet"
        for chunk in range(1, options["chunks"] + 1)
    ]


rule run_specifications:
    """Compute one part of the specifications of a curve."""
    input:
        unpack(once_checked),
        adsl=f"{RESULTS}/{{study}}/adam/adsl.parquet",
        adsz=f"{RESULTS}/{{study}}/adam/adsz.parquet",
    output:
        part=f"{RESULTS}/{{study}}/{{stage}}/specification_curve/{{analysis}}/part_{{chunk}}.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/run_specifications_{{stage}}_{{analysis}}_{{chunk}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/run_specifications_{{stage}}_{{analysis}}_{{chunk}}.tsv"
    wildcard_constraints:
        stage="endpoints|sensitivity",
        chunk="[0-9]+",
    conda:
        "../envs/statistics.yaml"
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        plan=curve_plan,
        code=code("run_specifications.py"),
    script:
        "../scripts/run_specifications.py"


rule collect_specifications:
    """Put the parts of a specification curve together and summarise them."""
    input:
        unpack(datasets_of),
        unpack(once_checked),
        parts=curve_parts,
    output:
        results=f"{RESULTS}/{{study}}/{{stage}}/specification_curve/{{analysis}}.parquet",
        specifications=f"{RESULTS}/{{study}}/{{stage}}/specification_curve/{{analysis}}/specifications.parquet",
    log:
        f"{RESULTS}/{{study}}/logs/collect_specifications_{{stage}}_{{analysis}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/collect_specifications_{{stage}}_{{analysis}}.tsv"
    wildcard_constraints:
        stage="endpoints|sensitivity",
    conda:
        "../envs/statistics.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        plan=curve_plan,
        treatment=plan("treatment"),
        code=code("collect_specifications.py"),
    script:
        "../scripts/collect_specifications.py"
