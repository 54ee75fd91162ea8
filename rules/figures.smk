# Figures: pictures of participants (from ADaM) and of results (from the results data).
#
# takes  results/<study>/canonical/*.parquet, results/<study>/adam/*.parquet, results of analyses
# gives  results/<study>/figures/<figure>.svg, .png (300 dpi), .pdf, and its words in .json
#
# Which figures there are, and what each reads, is in scripts/seizureflow/figures/catalogue.py.


rule draw_figure:
    """Draw one figure of the catalogue."""
    input:
        unpack(once_checked),
        unpack(figure_inputs),
    output:
        svg=f"{RESULTS}/{{study}}/figures/{{figure}}.svg",
        png=report(
            f"{RESULTS}/{{study}}/figures/{{figure}}.png",
            caption="../report/captions/figure.rst",
            category="{study}",
            subcategory="Figures",
            labels={"figure": "{figure}"},
        ),
        pdf=f"{RESULTS}/{{study}}/figures/{{figure}}.pdf",
        words=f"{RESULTS}/{{study}}/figures/{{figure}}.json",
    log:
        f"{RESULTS}/{{study}}/logs/draw_{{figure}}.log",
    benchmark:
        f"{RESULTS}/{{study}}/timings/draw_{{figure}}.tsv"
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=5,
    params:
        plan=lambda w: figure_plan(STUDIES[w.study], w.figure, PLANS.settings),
        about=lambda w: FIGURES[w.figure].about,
        code=figure_code,
    script:
        "../scripts/draw_figure.py"
