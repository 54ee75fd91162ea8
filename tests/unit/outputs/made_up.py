"""Small studies with their outputs, made from results that the methods themselves computed."""

from pathlib import Path

import pandas as pd
from seizureflow.outputs.catalogue import outputs_of
from seizureflow.outputs.html import INDEX, TABLE
from seizureflow.outputs.study import make_study
from seizureflow.outputs.write import write_outputs
from seizureflow.protocol import Protocol
from seizureflow.published import compare_published
from unit.report.study import PUBLISHED, datasets, quality_tables, results_of

ROOT = Path(__file__).parents[3]
CODE = "0123456789abcdef" * 4


def study_of(plan, term="Headache", published=True, refuse=(), more=None, **changed):
    """A study with its results and datasets.

    Args:
        plan: The protocol.
        term: Term of the adverse events.
        published: Whether it has published results.
        refuse: Analyses that found no answer.
        more: Further rows of results, made with :func:`result_rows`.
        changed: Datasets to use in place of the study's own.
    """
    results = results_of(plan, term, refuse)
    if more is not None:
        results = pd.concat([results, more.reindex(columns=results.columns)], ignore_index=True)
    made = datasets(plan, term=term)
    known = {"adsl": made["adsl"], "deviations": quality_tables(term)["deviations"]}
    if "adverse_events" in plan["domains"]:
        known["adae"] = made["adae"].assign(
            ASTDT=pd.Timestamp("2020-04-01"), ASTDY=31, AENDT=pd.NaT, AENDY=float("nan")
        )
    if published:
        known["published"] = compare_published(PUBLISHED, results)
    study = make_study(plan, Protocol(Path(), plan).labels, results, known | changed, 0.95)
    return study, results


def outputs(plan, **options):
    """The outputs of a study by number, and its results."""
    study, results = study_of(plan, **options)
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
    made = {"ANALYSIS": analysis, "LABEL": "A label", "TEXT": None}
    return pd.DataFrame([made | {"LABEL": row["STATISTIC"]} | row for row in rows])


def cells(output, heading, table=0):
    """Texts of the cells of the row with a heading."""
    row = next(row for row in output.tables[table].rows if row.heading == heading)
    return [
        "".join(piece if isinstance(piece, str) else piece.text for piece in cell)
        for cell in row.cells
    ]
