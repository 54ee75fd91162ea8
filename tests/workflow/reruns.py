"""What runs again after which change: the rows of docs/reruns.md, each of which is a test."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONG_AGO = (0, 0)


@dataclass(frozen=True)
class Row:
    """A change of the finished run of progabide, opus and tiny, and what it makes run.

    Attributes:
        change: What is changed, in words.
        makes: Changes it in a folder with a finished run.
        jobs: The rules that then run, with the number of their jobs; no others do.
        says: What runs again and what does not, in words.
        arguments: Of Snakemake.
        really: Whether the run is made, not planned: what waits for checks of the raw data is known
            only once they are done.
    """

    change: str
    makes: Callable[[Path], Any]
    jobs: Counter[str]
    says: str
    arguments: tuple[str, ...] = ()
    really: bool = False


def replaced(file: str, old: str, new: str, dated: tuple[int, int] | None = None):
    """Replaces a piece of text that stands in a file; gives the file a date."""

    def make(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        if dated is not None:
            os.utime(path, dated)

    return make


def appended(file: str, text: str):
    """Adds text at the end of a file."""

    def make(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    return make


def touched(*names: str):
    """Gives all that is in some folders the date of now."""

    def make(folder: Path) -> None:
        for name in names:
            found = sorted((folder / name).rglob("*"))
            assert found, f"{name} is empty"
            for path in found:
                path.touch()

    return make


def dated_alike(folder: Path) -> None:
    """Gives all results one date. Those of several runs may be older than what they were made from:
    where an input came out as it was, Snakemake keeps what rests on it, and records that."""
    now = time.time()
    for path in (folder / "results").rglob("*"):
        os.utime(path, (now, now))


def deleted(name: str):
    """Deletes a file or a folder."""

    def make(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return make


def all_of(*changes: Callable[[Path], Any]):
    """Makes several changes, in order."""

    def make(folder: Path) -> None:
        for change in changes:
            change(folder)

    return make


def unchanged(folder: Path) -> None:
    """Changes nothing; what is new is in the arguments."""


def second_study(folder: Path) -> None:
    """Adds a study: a copy of tiny under another name."""
    shutil.copytree(folder / "studies" / "tiny", folder / "studies" / "tiny_again")
    replaced("studies/tiny_again/protocol.yaml", "study: tiny", "study: tiny_again")(folder)
    replaced("config.yaml", "  - tiny\n", "  - tiny\n  - tiny_again\n")(folder)


# What shows results, once per study; whatever of it reruns, the page over all studies does too.
PAGES = ("build_report", "print_report")
OF_PLAN = ("describe_results", "fill_checklists", "write_tables")
OF_RESULTS = ("collect_results", "compare_published")
NOTHING: Counter[str] = Counter()
NONE = "nothing"


def jobs_of(*names: str, **counts: int) -> Counter[str]:
    """Jobs that must run: some once, others so many times."""
    return Counter(dict.fromkeys(names, 1)) + Counter(counts)


def jobs(*names: str, studies: int = 1, **counts: int) -> Counter[str]:
    """Jobs that must run: some once per study, others so many times, and the index."""
    return Counter(dict.fromkeys(names, studies)) + jobs_of("build_index", **counts)


def shown(studies: int = 1, figures: int = 0) -> Counter[str]:
    """What shows the results of some studies anew, and so many figures."""
    names = (*OF_RESULTS, *OF_PLAN, *PAGES)
    return jobs(*names, studies=studies, draw_figure=figures)


PROGABIDE, OPUS, TINY = (f"studies/{s}/protocol.yaml" for s in ("progabide", "opus", "tiny"))
DIARY_CELL = ("studies/tiny/data/diary.csv", "T03,2020-02-19,Y,1", "T03,2020-02-19,Y,2")
COPIES = ("studies/progabide/known_copies.yaml", "in the Python", "in  the Python")
COMMENT = ("rules/report.smk", '"""Put the results', '"""Put  the results')
MEMORY = ("rules/report.smk", "memory(500)", "memory(600)")
LOG = ("rules/report.smk", "logs/collect_results.log", "logs/collected_results.log")
WILCOXON = (
    '  - {id: wilcoxon, label: "Percent change, rank-sum test", role: sensitivity, '
    "population: full, endpoint: PCTCHG, window: weeks_8_24, method: wilcoxon}\n"
)
COUNTS = (
    "  - {id: counts, label: Counts, role: sensitivity, population: full, "
    "window: weeks_0_4, method: quasi_poisson}\n"
)

# tiny has no published results
TINY_SHOWN = jobs("collect_results", *OF_PLAN, *PAGES)
# what of tiny rests on its diary, from its windows on
TINY_WINDOWS = TINY_SHOWN + jobs_of(
    "derive_adsz", "describe_datasets", "export_datasets", "analyse_endpoint", draw_figure=4
)
CHECKS = jobs_of("collect_findings", "check_data")

RAW_DATA = [
    Row(
        "a cell of a diary",
        replaced(*DIARY_CELL),
        TINY_WINDOWS
        + CHECKS
        + jobs_of("ingest_diary", "assess_diary", "evaluate_eligibility", "derive_adsl"),
        "all that rests on the diary of this study; not the reading of other files",
        really=True,
    ),
    Row(
        "a term in the file of adverse events",
        replaced("studies/opus/data/adverse_events.csv", "eadache", "EADACHE"),
        # times to the first adverse event are in ADTTE, with all other times
        CHECKS
        + jobs_of("ingest_records", "derive_adae", "derive_adtte", "describe_datasets")
        + jobs_of("export_datasets", analyse_safety=6, analyse_endpoint=5, analyse_sensitivity=2)
        + shown(figures=5),
        "ADAE, and ADTTE with the time to the first event, and what reads them; not what rests on the diary alone",
        really=True,
    ),
    Row(
        "a cell of a diary, and the file keeps an old date",
        replaced(*DIARY_CELL, LONG_AGO),
        jobs_of("ingest_diary", "assess_diary", "collect_findings"),
        "the same as with a new date; asked here as far as the findings",
        ("results/tiny/data_quality/findings.csv",),
    ),
    Row(
        "a treatment code, and the file keeps an old date",
        replaced(
            "studies/opus/data/treatment_codes.csv", "001,placebo", "001,natalizumab", LONG_AGO
        ),
        jobs_of("read_treatment"),
        "the reading of the codes; asked here no further",
        ("results/opus/canonical/treatment.parquet",),
    ),
    Row(
        "the list of known wrong copies of the data, and it keeps an old date",
        replaced(*COPIES, LONG_AGO),
        jobs_of("ingest_participants"),
        "the reading of the participants; asked here no further",
        ("results/progabide/canonical/participants.parquet",),
    ),
]

PLAN = [
    Row("a comment", replaced(OPUS, "design:\n", "# The design.\ndesign:\n"), NOTHING, NONE),
    Row(
        "the title",
        replaced(PROGABIDE, "title: Progabide as", "title: On progabide as"),
        jobs("describe_datasets", *OF_PLAN, *PAGES),
        "what shows it; no dataset, analysis or figure",
    ),
    Row(
        "what the study states for checklists (`reporting`)",
        replaced(OPUS, "31 sites, all", "31 sites,  all"),
        jobs(*OF_PLAN, *PAGES),
        "what shows the plan",
    ),
    Row(
        "the label of an arm",
        replaced(TINY, "label: Tablet}", "label: Tablets}"),
        TINY_WINDOWS + CHECKS + jobs_of("read_treatment", "assess_diary"),
        "the reading of the arms, ADSZ, and the analyses; not ADSL, since the arms are read with the same content",
        really=True,
    ),
    Row(
        "the label of a visit",
        replaced(TINY, "label: Week 2", "label: Second week"),
        TINY_WINDOWS,
        "ADSZ and what reads it",
    ),
    Row(
        "the days of a window",
        replaced(TINY, "days: [1, 29]", "days: [1, 28]"),
        TINY_WINDOWS + CHECKS + jobs_of("assess_diary"),
        "ADSZ and what reads it, and how completely the diary was kept; not ADSL",
        really=True,
    ),
    Row(
        "a seizure type",
        replaced(TINY, "label: Focal seizures", "label: Seizures"),
        jobs_of("ingest_diary", "assess_diary", "collect_findings"),
        "the reading of the diary; asked here as far as the findings",
        ("results/tiny/data_quality/findings.csv",),
    ),
    Row(
        "the data cut-off",
        replaced(OPUS, "data_cutoff: 2020-11-18", "data_cutoff: 2020-11-17"),
        jobs_of("ingest_participants", "ingest_diary", "read_treatment", "assess_diary")
        + jobs_of("collect_findings", ingest_records=5),
        "the reading of all files; asked here as far as the findings",
        ("results/opus/data_quality/findings.csv",),
    ),
    Row(
        "which adverse events led to withdrawal",
        replaced(OPUS, "withdrawn_value: drug withdrawn", "withdrawn_value: withdrawn"),
        jobs_of("ingest_records", "collect_findings"),
        "the reading of the adverse events; asked here as far as the findings",
        ("results/opus/data_quality/findings.csv",),
    ),
    Row(
        "a limit of the checks of the diary",
        replaced(
            OPUS,
            "minimum_recorded_days: 1\n",
            "minimum_recorded_days: 1\n  quality: {backfill_days: 3}\n",
        ),
        CHECKS + jobs("assess_diary", "describe_results", "write_tables", *PAGES, draw_figure=1),
        "the checks and what shows them; no dataset, no analysis",
        really=True,
    ),
    Row(
        "an eligibility criterion",
        replaced(OPUS, "at_least: 18, at_most: 75", "at_least: 19, at_most: 75"),
        jobs_of("evaluate_eligibility", "derive_adsl", "derive_adsz", "derive_adtte")
        + jobs_of("derive_adae", "derive_adex", "derive_adice", "describe_datasets")
        + jobs_of("export_datasets", "collect_specifications", run_specifications=2)
        + jobs_of(analyse_endpoint=25, analyse_safety=8, analyse_sensitivity=53)
        + shown(figures=17),
        "ADSL and all behind it, which is every dataset and analysis; not the reading of raw files",
    ),
    Row(
        "an analysis set",
        replaced(PROGABIDE, 'none_of: ["207"]', 'none_of: ["206"]'),
        jobs_of("derive_adsl", "derive_adsz", "derive_adtte", "describe_datasets")
        + jobs_of("export_datasets", "collect_specifications", run_specifications=2)
        + jobs_of(analyse_endpoint=15, analyse_sensitivity=26)
        + shown(figures=12),
        "ADSL and all behind it; not eligibility",
    ),
    Row(
        "an intercurrent event",
        replaced(OPUS, "[inadequate seizure control]", "[inadequate seizure control, other]"),
        jobs_of("derive_adice", "derive_adsz", "describe_datasets", "export_datasets")
        + jobs_of("collect_specifications", run_specifications=2)
        + jobs_of(analyse_endpoint=17, analyse_sensitivity=49)
        + shown(figures=11),
        "ADICE, the windows that end with events, and what reads them; not safety, not times to events",
    ),
    Row(
        "the words of an estimand",
        replaced(OPUS, "Counts as no response.", "Is no response."),
        jobs(*OF_PLAN, *PAGES),
        "what shows the plan",
    ),
    Row(
        "a strategy of an estimand, to or from hypothetical",
        replaced(
            OPUS,
            "event: asm_change, strategy: hypothetical",
            "event: asm_change, strategy: treatment_policy",
        ),
        jobs_of(analyse_sensitivity=1) + shown(figures=4),
        "the analyses of this estimand",
    ),
    Row(
        "an endpoint",
        replaced(PROGABIDE, "responder, reduction: 90", "responder, reduction: 91"),
        jobs_of("derive_adsz", "describe_datasets", "export_datasets")
        + jobs_of("collect_specifications", run_specifications=2)
        + jobs_of(analyse_endpoint=10, analyse_sensitivity=26)
        + shown(figures=10),
        "ADSZ and every analysis that reads it, whatever its endpoint",
    ),
    Row(
        "a time to an event",
        replaced(OPUS, "kind: nth_seizure, n: 1", "kind: nth_seizure, n: 2"),
        jobs_of("derive_adtte", "describe_datasets", "export_datasets")
        + jobs_of(analyse_endpoint=5, analyse_safety=2, analyse_sensitivity=2)
        + shown(figures=3),
        "ADTTE and every analysis that reads it, whatever its time",
    ),
    Row(
        "an analysis",
        replaced(PROGABIDE, "covariates: [LBSFREQ]", "covariates: [LBSFREQ, AGE]"),
        jobs_of(analyse_endpoint=2) + shown(figures=1),
        "it, and the multiple testing that reads its p-value; no other analysis",
    ),
    Row(
        "the label of an analysis",
        replaced(
            OPUS,
            "label: Negative binomial regression of the counts",
            "label: Negative binomial regression",
        ),
        jobs_of(analyse_sensitivity=2) + shown(figures=1),
        "it, and the analysis that repeats it without each participant",
    ),
    Row(
        "the note of an analysis",
        replaced(OPUS, "The blocks of 4 are", "Blocks of 4 are"),
        jobs(*OF_PLAN, *PAGES, draw_figure=1),
        "what shows the plan; no analysis",
    ),
    Row(
        "a safety analysis",
        replaced(OPUS, "label: Treatment-emergent adverse events", "label: Adverse events"),
        jobs_of(analyse_safety=1) + shown(figures=1),
        "it alone",
    ),
    Row(
        "a subgroup",
        replaced(OPUS, "{variable: AGE, cuts: [40]}", "{variable: AGE, cuts: [45]}"),
        jobs_of(analyse_sensitivity=1) + shown(figures=1),
        "the analysis of subgroups",
    ),
    Row(
        "the procedure of multiple testing",
        replaced(PROGABIDE, "procedure: holm", "procedure: hochberg"),
        jobs_of(analyse_endpoint=1) + shown(),
        "it alone; not the analyses whose p-values it reads",
    ),
    Row(
        "the criterion of a specification curve",
        replaced(
            PROGABIDE,
            "      relative_reduction: 31\n      grid",
            "      relative_reduction: 30\n      grid",
        ),
        jobs_of("collect_specifications", run_specifications=2) + shown(figures=1),
        "the parts of the curve",
    ),
    Row(
        "the success criterion",
        replaced(PROGABIDE, "relative_reduction: 31\n  source", "relative_reduction: 30\n  source"),
        jobs("describe_results", "write_tables", *PAGES, draw_figure=2),
        "what shows it; no analysis",
    ),
    Row(
        "an analysis more",
        replaced(TINY, "analyses:\n", f"analyses:\n{COUNTS}"),
        jobs_of(analyse_sensitivity=1, draw_figure=1) + TINY_SHOWN,
        "it, and the figure of all analyses",
    ),
    Row(
        "an analysis less",
        replaced(OPUS, WILCOXON, ""),
        shown(figures=1),
        "no analysis; the file of the one that was taken out stays in its folder, and is in no result",
    ),
]

SETTINGS = [
    Row(
        "the confidence level",
        replaced("config.yaml", "0.95", "0.9"),
        jobs_of(analyse_endpoint=41, analyse_safety=8, analyse_sensitivity=79, draw_figure=33)
        + jobs_of(run_specifications=4, collect_specifications=2, compare_published=2)
        + jobs("collect_results", *OF_PLAN, *PAGES, studies=3),
        "every analysis and figure; no dataset",
    ),
    Row(
        "the seed",
        replaced("config.yaml", "20180320", "1"),
        jobs_of(analyse_sensitivity=18, run_specifications=4, collect_specifications=2)
        + shown(studies=2, figures=5),
        "what draws at random",
    ),
    Row(
        "a study more",
        second_study,
        TINY_WINDOWS
        + CHECKS
        + jobs_of("ingest_participants", "ingest_diary", "read_treatment", "assess_diary")
        + jobs_of("evaluate_eligibility", "derive_adsl"),
        "it, and the page over all studies; nothing of the others",
    ),
    Row(
        "a study less",
        replaced("config.yaml", "  - tiny\n", ""),
        jobs(),
        "the page over all studies; the folder of results stays",
    ),
    Row(
        "a published number (`published.yaml`)",
        replaced("studies/progabide/published.yaml", "value: 0.0838", "value: 0.0839"),
        jobs("compare_published", "write_tables", *PAGES),
        "the comparison and what shows it",
    ),
]

CODE = [
    Row(
        "a method",
        replaced(
            "scripts/seizureflow/methods/fisher_exact.py",
            '"Odds ratio (conditional)"',
            '"Conditional odds ratio"',
        ),
        jobs_of(analyse_sensitivity=2) + shown(studies=2, figures=2),
        "the analyses by it, and what shows them",
    ),
    Row(
        "a method, and the file keeps an old date",
        replaced(
            "scripts/seizureflow/methods/logistic.py", "Logistic regression", "Regression", LONG_AGO
        ),
        jobs_of(analyse_endpoint=8, analyse_sensitivity=6) + shown(studies=2, figures=2),
        "the analyses by it, the multiple testing that reads some of them, and what shows them",
    ),
    Row(
        "a module that other modules import",
        replaced("scripts/seizureflow/windows.py", "The windows in which", "Windows in which"),
        jobs_of(analyse_endpoint=28, analyse_sensitivity=75, draw_figure=23, compare_published=2)
        + jobs_of(run_specifications=4, collect_specifications=2)
        + jobs(
            "derive_adsz",
            "describe_datasets",
            "export_datasets",
            "collect_results",
            *OF_PLAN,
            *PAGES,
            studies=3,
        ),
        "the steps that import it, directly or not, and what reads what they make; be it a comment that changed",
    ),
    Row(
        "a module that only part of a stage imports",
        replaced(
            "scripts/seizureflow/specification_curve/permutations.py",
            "Arrangements of the arms",
            "Arrangements of arms",
        ),
        # the figures do not permute; they show the specifications that do not either
        jobs_of(run_specifications=4, collect_specifications=2) + shown(studies=2, figures=2),
        "that part",
    ),
    Row(
        "a module that no step imports",
        appended("scripts/seizureflow/results_diff/identity.py", "\n"),
        NOTHING,
        NONE,
    ),
    Row(
        "the module of a figure",
        replaced("scripts/seizureflow/figures/forest.py", "\n", "\n\n"),
        jobs("build_report", "print_report", studies=3, draw_figure=3),
        "this figure, and the reports; no other figure",
    ),
    Row(
        "a script",
        replaced(
            "scripts/compare_published.py",
            "Set published aggregates",
            "Set the published aggregates",
        ),
        jobs("compare_published", "write_tables", *PAGES, studies=2),
        "its step, and what shows what it makes",
    ),
    Row(
        "a script, and the file keeps an old date",
        replaced(
            "scripts/compare_published.py",
            "Set published aggregates",
            "Set the published aggregates",
            LONG_AGO,
        ),
        jobs("compare_published", "write_tables", *PAGES, studies=2),
        "the same as with a new date",
    ),
    Row(
        "the style of all pages",
        appended("report/report.css", "\n"),
        jobs("describe_datasets", "fill_checklists", *PAGES, studies=3),
        "the pages that hold it",
    ),
    Row(
        "the template of the report, and the file keeps an old date",
        replaced("report/report.html.j2", "\n", "\n\n", LONG_AGO),
        jobs(*PAGES, studies=3),
        "the reports",
    ),
    Row(
        "the layout of the printed report",
        appended("report/print.typ", "\n"),
        jobs("print_report", studies=3),
        "the printed reports",
    ),
    Row(
        "an item of a checklist",
        appended("report/checklists/consort_2025.json", "\n"),
        jobs("fill_checklists", studies=3),
        "the checklists",
    ),
    Row(
        "memory, log file or description of a rule",
        all_of(replaced(*MEMORY), replaced(*LOG), replaced(*COMMENT)),
        NOTHING,
        NONE,
    ),
    Row(
        "an environment in `envs/`, without `--sdm conda`",
        appended("envs/statistics.yaml", "  - scikit-learn\n"),
        NOTHING,
        "nothing: it is not used then",
    ),
]

CALL = [
    Row(
        "the number of cores, a limit of memory",
        unchanged,
        NOTHING,
        NONE,
        ("--cores", "1", "--resources", "mem_mb=4000", "--keep-going"),
    ),
    Row(
        "the dates of raw files, plans, code and settings (as after `git checkout`)",
        touched("studies", "rules", "scripts", "envs", "schemas", "report", "profiles"),
        NOTHING,
        NONE,
    ),
    Row("the dates of all results", touched("results"), NOTHING, NONE),
]

RESULTS = [
    Row(
        "a report deleted",
        deleted("results/opus/report.html"),
        jobs(*PAGES),
        "it, and what is made from it",
    ),
    Row(
        "the folder of tables deleted",
        deleted("results/opus/tables"),
        jobs("write_tables"),
        "the tables, and the page that links to them",
    ),
    Row(
        "a table of results deleted",
        deleted("results/opus/ard.parquet"),
        shown(),
        "it, and what is made from it",
    ),
    Row(
        "a table between two steps deleted (`canonical/`)",
        deleted("results/opus/canonical/visits.parquet"),
        NOTHING,
        "**nothing**: Snakemake makes it when something needs it, or when it is asked for by name",
    ),
    Row(
        "the same, asked for by name",
        deleted("results/opus/canonical/visits.parquet"),
        jobs_of("ingest_records"),
        "it",
        ("results/opus/canonical/visits.parquet",),
    ),
    Row(
        "a report changed by hand",
        appended("results/opus/report.html", "\n"),
        jobs("print_report"),
        "what is made from it; **not the report**, which stays as it was changed",
    ),
    Row(
        "a dataset changed by hand",
        appended("results/tiny/adam/adsl.parquet", " "),
        TINY_WINDOWS,
        "what is made from it; **not the dataset**, which stays as it was changed",
    ),
    Row(
        "logs and times deleted",
        all_of(deleted("results/opus/logs"), deleted("results/opus/timings")),
        NOTHING,
        NONE,
    ),
    Row(
        "an analysis of the plan, after `.snakemake` was deleted",
        all_of(
            dated_alike,
            deleted(".snakemake"),
            replaced(PROGABIDE, "covariates: [LBSFREQ]", "covariates: [LBSFREQ, AGE]"),
        ),
        NOTHING,
        "**nothing** but steps whose inputs an earlier run made anew: what a step was made with is recorded there. Delete both, or neither (`make clean` deletes both)",
    ),
]

SECTIONS = {
    "Raw data": RAW_DATA,
    "The plan": PLAN,
    "Settings, studies, published numbers": SETTINGS,
    "Code, pages, environments": CODE,
    "Dates, and how Snakemake is called": CALL,
    "Results": RESULTS,
}
ROWS = {row.change: row for rows in SECTIONS.values() for row in rows}
