"""Baseline characteristics by arm."""

from __future__ import annotations

from collections.abc import Iterator

from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Row, Table, notes_of
from seizureflow.displays.values import Cell, Number, Result, Results, distinct, number

_NUMBERS = (
    ("Mean (SD)", ("mean", "sd"), (" (", ")")),
    ("Median [range]", ("median", "minimum", "maximum"), (" [", " to ", "]")),
)


def baseline_table(results: Results, analysis: str, labels: Labels) -> Table | None:
    """Lay out a baseline summary, one column per arm and one for all.

    Args:
        results: Results of the study.
        analysis: Id of the analysis.
        labels: Labels of the study.
    """
    rows = results.of(analysis)
    if not rows:
        return None
    groups = distinct(row.group for row in rows)
    columns = tuple(
        _column(results.find(analysis, "participants", group=g), labels) for g in groups
    )
    body: list[Row] = []
    for variable in distinct(row.variable for row in rows if row.variable):
        chosen = [row for row in rows if row.variable == variable]
        body.append(Row(labels.variable(variable)))
        body += _numeric(chosen, groups, rows) if _is_numeric(chosen) else []
        body += _categories(chosen, groups, labels)
    caption = f"{labels.analysis(analysis)}: {labels.population(_population(results, analysis))}"
    return Table(caption, "Characteristic", columns, tuple(body), notes_of(rows, labels))


def _population(results: Results, analysis: str) -> str:
    return str(results.about(analysis, "POPULATION"))


def _column(size: Result | None, labels: Labels) -> Cell:
    if size is None:
        return ("All",)
    return (f"{labels.arm(size.group)}, n = ", number(size))


def _is_numeric(rows: list[Result]) -> bool:
    return any(row.statistic == "mean" for row in rows)


def _numeric(rows: list[Result], groups: list[str | None], all_rows: list[Result]) -> Iterator[Row]:
    index = {(row.group, row.statistic): row for row in rows}
    sizes = {row.group: row.value for row in all_rows if row.statistic == "participants"}
    if any(index[g, "n"].value != sizes.get(g) for g in groups if (g, "n") in index):
        counted = tuple(_joined([index.get((g, "n"))], (), 0) for g in groups)
        yield Row("Participants with a value", counted, indent=True)
    ends = [row.value for row in rows if row.statistic in ("minimum", "maximum")]
    whole = all(value.is_integer() for value in ends)
    for heading, names, marks in _NUMBERS:
        cells = tuple(
            _joined([index.get((group, name)) for name in names], marks, 0 if whole else 1)
            for group in groups
        )
        yield Row(heading, cells, indent=True)


def _joined(rows: list[Result | None], marks: tuple[str, ...], whole: int) -> Cell:
    """Numbers with the marks between them; ends of a range are whole where the variable is."""
    cell: list[str | Number] = []
    for position, row in enumerate(rows):
        if row is None:
            return ()
        if position:
            cell.append(marks[position - 1])
        decimals = whole if row.statistic in ("minimum", "maximum", "n") else 1
        cell.append(number(row, decimals))
    return (*cell, *marks[len(rows) - 1 :])


def _categories(rows: list[Result], groups: list[str | None], labels: Labels) -> Iterator[Row]:
    index = {(row.group, row.level, row.statistic): row for row in rows}
    levels = distinct(row.level for row in rows if row.statistic == "count")
    variable = str(rows[0].variable)
    for level in levels:
        cells = []
        for group in groups:
            count, share = (index.get((group, level, name)) for name in ("count", "percent"))
            cells.append((number(count), " (", number(share), ")") if count and share else ())
        yield Row(labels.level(variable, str(level)), tuple(cells), indent=True)
