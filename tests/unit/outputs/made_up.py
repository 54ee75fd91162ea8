"""Small studies with their outputs, made from results that the methods themselves computed."""

import json
from functools import cache
from pathlib import Path

import pandas as pd
from seizureflow.outputs.catalogue import outputs_of
from seizureflow.outputs.html import INDEX, TABLE
from seizureflow.outputs.study import make_study
from seizureflow.outputs.write import write_outputs
from seizureflow.protocol import Protocol
from seizureflow.published import compare_published
from unit.report.study import DATA_FROM, PUBLISHED, _datasets, quality_tables, results_of
from unit.report.study import protocol as report_protocol

# Analyses of every kind that outputs tell apart, of methods that take little time.
TRIED = (
    "participant_flow",
    "primary",
    "responders",
    "ancova",
    "seizure_freedom",
    "baseline_characteristics",
    "adverse_events",
    "tpsc_logrank",
)
ROOT = Path(__file__).parents[3]
CODE = "0123456789abcdef" * 4


def protocol(tried=TRIED, **changes):
    """A protocol with few analyses; see the study that reports are tried on."""
    plan = report_protocol(**changes)
    plan["analyses"] = [entry for entry in plan["analyses"] if entry["id"] in tried]
    return plan


def bare_study(plan, results=None, **datasets):
    """A study whose results are made by hand, or that has none."""
    frame = pd.DataFrame() if results is None else results
    return make_study(plan, Protocol(Path(), plan).labels, frame, datasets, 0.95)


def listed(plan, term="Headache"):
    """The datasets that listings show."""
    made = _datasets(json.dumps({name: plan[name] for name in DATA_FROM}), term)
    known = {"adsl": made["adsl"], "deviations": quality_tables(term)["deviations"]}
    if "adverse_events" in plan["domains"]:
        known["adae"] = made["adae"].assign(
            ASTDT=pd.Timestamp("2020-04-01"), ASTDY=31, AENDT=pd.NaT, AENDY=float("nan")
        )
    return known


def study_of(plan, term="Headache", published=True, refuse=()):
    """A study with its results and datasets.

    Args:
        plan: The protocol.
        term: Term of the adverse events.
        published: Whether it has published results.
        refuse: Analyses that found no answer.
    """
    results = results_of(plan, term, refuse)
    known = listed(plan, term)
    if published:
        known["published"] = compare_published(PUBLISHED, results)
    study = make_study(plan, Protocol(Path(), plan).labels, results, known, 0.95)
    return study, results


def outputs(plan, **options):
    """The outputs of a study by number, and its results."""
    return _outputs(json.dumps(plan, default=str), json.dumps(options))


@cache
def _outputs(plan, options):
    study, results = study_of(json.loads(plan), **json.loads(options))
    return {output.number: output for output in outputs_of(study, CODE)}, results


def templates():
    return {name: (ROOT / "report" / name).read_text(encoding="utf-8") for name in (TABLE, INDEX)}


def style():
    return (ROOT / "report" / "table.css").read_text(encoding="utf-8")


def written(found, folder):
    """Write outputs; gives their files by name."""
    write_outputs(list(found.values()), folder, templates(), style())
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def result_rows(analysis, rows):
    """Rows of results by hand: dictionaries with at least ``STATISTIC`` and ``VALUE``."""
    empty = dict.fromkeys(
        ("TEXT", "UNIT", "GROUP", "REFERENCE", "VARIABLE", "LEVEL", "VISIT", "NOTE")
    )
    return pd.DataFrame(
        [empty | {"ANALYSIS": analysis, "LABEL": row["STATISTIC"]} | row for row in rows]
    )


def cells(output, heading, table=0):
    """Texts of the cells of the row with a heading."""
    row = next(row for row in output.tables[table].rows if row.heading == heading)
    return [
        "".join(piece if isinstance(piece, str) else piece.text for piece in cell)
        for cell in row.cells
    ]
