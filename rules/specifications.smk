# Specifications: one question under every choice that could have been made, computed in parts.
#
# takes  results/<study>/adam/adsl.parquet and adsz.parquet, the results of the primary analysis
# gives  results/<study>/<stage>/specification_curve/<analysis>/part_<chunk>.parquet,
#        results/<study>/<stage>/specification_curve/<analysis>/specifications.parquet (one row each),
#        results/<study>/<stage>/specification_curve/<analysis>.parquet (what they say together)


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
        mem_mb=memory(1000),
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
        mem_mb=memory(1000),
        runtime=10,
    params:
        plan=curve_plan,
        treatment=plan("treatment"),
        code=code("collect_specifications.py"),
    script:
        "../scripts/collect_specifications.py"
