"""Outputs of single analyses, laid out from the rows of their results by their own form."""

from __future__ import annotations

from collections.abc import Iterator

from seizureflow.blinding import is_dummy
from seizureflow.displays.diagnostics import is_diagnostic, other_rows
from seizureflow.displays.tables import Row, Table, analysis_tables
from seizureflow.displays.values import Cell, minus, number, percent_level
from seizureflow.displays.words import lower_first
from seizureflow.outputs.headings import with_sizes
from seizureflow.outputs.output import Draft
from seizureflow.outputs.study import Entry, Study
from seizureflow.registry import METHODS
from seizureflow.success import answer


def primary(study: Study) -> Iterator[Draft]:
    """The primary analysis: by arm, compared, by visit, and against the criterion of success."""
    for entry in study.analyses(role="primary"):
        criterion = _against_criterion(study, entry)
        yield _draft(study, entry, (*_tables(study, entry), *criterion))


def secondary(study: Study) -> Iterator[Draft]:
    """Each secondary analysis."""
    yield from _of(study, study.analyses(role="secondary"))


def subgroups(study: Study) -> Iterator[Draft]:
    """Each analysis of subgroups."""
    yield from _of(study, study.analyses(role="subgroup"))


def by_method(study: Study, *methods: str) -> Iterator[Draft]:
    """Each analysis by one of some methods."""
    yield from _of(study, study.analyses(*methods))


def _of(study: Study, entries: list[Entry]) -> Iterator[Draft]:
    for entry in entries:
        tables = _tables(study, entry)
        if tables:
            yield _draft(study, entry, tables)


def _tables(study: Study, entry: Entry) -> tuple[Table, ...]:
    """The tables that answer the question; those of the fit where there are no others."""
    rows = study.results.of(entry["id"])
    shown, kept = analysis_tables(
        other_rows(rows) if is_diagnostic(rows) else rows,
        study.labels,
        percent_level(study.confidence_level),
        study.labels.measure(entry),
    )
    sizes = study.sizes(entry["id"])
    return tuple(with_sizes(table, study.labels, sizes) for table in shown or kept)


def _draft(study: Study, entry: Entry, tables: tuple[Table, ...]) -> Draft:
    needs = METHODS[entry["method"]]
    method = f"Method: {needs.summary}."
    caution = (needs.caution,) if needs.caution else ()
    return Draft(
        tables,
        study.population(entry),
        entry["label"],
        (method, *caution, *study.results.notes(entry["id"])),
        (entry["id"],),
        needs.datasets,
    )


def _against_criterion(study: Study, entry: Entry) -> Iterator[Table]:
    """The estimate of each arm beside the reduction that the plan asks for."""
    criterion, measure = study.protocol.get("success_criterion"), study.labels.measure(entry)
    if not criterion or measure != "relative_change":
        return
    rows = [Row(_versus(study, arm), _judged(study, entry, arm)) for arm in study.labels.arms[1:]]
    columns: tuple[Cell, ...] = (
        (f"Relative change ({percent_level(study.confidence_level)} CI)",),
        ("Criterion",),
        ("Criterion met",),
    )
    caption = "Against the criterion of the plan"
    yield Table(caption, "Comparison", columns, tuple(rows))


def _versus(study: Study, arm: Entry) -> str:
    return f"{study.labels.arm(arm['id'])} vs {lower_first(study.labels.reference['label'])}"


def _judged(study: Study, entry: Entry, arm: Entry) -> tuple[Cell, ...]:
    criterion = study.protocol["success_criterion"]
    found = [
        study.results.find(entry["id"], f"relative_change{end}", group=arm["id"])
        for end in ("", "_lower", "_upper")
    ]
    point, low, high = (number(row) if row else "–" for row in found)
    given = answer(
        study.results.frame,
        entry["id"],
        arm,
        study.labels.reference,
        criterion,
        study.confidence_level,
    )
    met = {True: "Yes", False: "No", None: "Not judged: no estimate"}[given.met]
    if is_dummy(study.protocol["treatment"]):
        met = "Not judged: treatment is blinded"
    wanted = minus(f"-{float(criterion['relative_reduction']):g}")
    return ((point, " (", low, " to ", high, ")"), (f"{wanted}% or lower",), (met,))
