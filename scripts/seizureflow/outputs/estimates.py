"""All estimates of a study side by side, and this run beside what was published."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from seizureflow.displays.estimates import Estimate, estimate_groups, estimates
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, Number, minus, percent_level
from seizureflow.displays.words import upper_first
from seizureflow.outputs.output import Draft
from seizureflow.outputs.study import Study


def all_estimates(study: Study) -> Iterator[Draft]:
    """Every analysis that estimates an effect: its estimate, interval and p-value, by outcome."""
    lines = estimates(study.results, study.labels)
    level = percent_level(study.confidence_level)
    interval = f"Estimate ({level} CI)"
    headings: tuple[str, ...] = ("Method", "Comparison", "Measure", interval, "p")
    if len(study.labels.arms) < 3:
        headings = tuple(name for name in headings if name != "Comparison")
    columns: tuple[Cell, ...] = tuple((name,) for name in headings)
    tables = tuple(
        Table(
            title,
            "Analysis",
            columns,
            tuple(_estimate_row(line, headings) for line in group),
            words=len(headings) - 2,
        )
        for title, group in estimate_groups(lines)
    )
    if tables:
        found = tuple(dict.fromkeys(line.id for line in lines if not line.problem))
        footnotes = tuple(_compared(lines)) if "Comparison" not in headings else ()
        yield Draft(
            tables,
            "As each analysis has it in the plan",
            footnotes=(
                *footnotes,
                f"CI: confidence interval, {level} unless the analysis has another.",
            ),
            analyses=found,
        )


def _compared(lines: list[Estimate]) -> Iterator[str]:
    for comparison in dict.fromkeys(line.comparison for line in lines):
        yield f"All estimates compare {comparison}."


def _estimate_row(line: Estimate, headings: tuple[str, ...]) -> Row:
    words: dict[str, Cell] = {
        "Method": (line.method,),
        "Comparison": (line.comparison,),
        "Measure": (line.measure,),
    }
    shown = tuple(words[name] for name in headings if name in words)
    estimate: Cell = line.estimate or (line.problem,)
    return Row(line.label, (*shown, estimate, line.p))


_VERDICTS = {"differs": "different", "not computed": "not computed", "same": "same"}


def against_published(study: Study) -> Iterator[Draft]:
    """Every published number of the trial beside that of this run."""
    frame = study.datasets["published"]
    if frame.empty:
        return
    rows = tuple(_published_row(record) for _, record in frame.iterrows())
    columns: tuple[Cell, ...] = (("Published",), ("This run",), ("To the digits printed",))
    analyses = tuple(dict.fromkeys(frame["ANALYSIS"].dropna()))
    sources = (f"Published in: {title}." for title in dict.fromkeys(frame["SOURCE"]))
    yield Draft(
        (Table("Published numbers and this run", "Number", columns, rows),),
        "As each analysis has it in the plan",
        footnotes=tuple(sources),
        analyses=analyses,
    )


def _published_row(record: pd.Series) -> Row:
    unit = "%" if record["UNIT"] == "%" else ""
    exact = "" if pd.isna(record["UNROUNDED"]) else repr(float(record["UNROUNDED"]))
    this_run: Cell = ("–",)
    if not pd.isna(record["THIS_RUN"]):
        this_run = (Number(minus(record["THIS_RUN"]) + unit, exact, f"published/{record['ID']}"),)
    verdict = upper_first(_VERDICTS[record["VERDICT"]])
    return Row(record["LABEL"], ((minus(str(record["PUBLISHED"])) + unit,), this_run, (verdict,)))
