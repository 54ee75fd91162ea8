"""Lays out the rows of an analysis as tables: by arm, compared, by visit, by model term.

The layout is read from the rows themselves, so that a method that is new has its tables too.
Statistics whose names begin with ``curve_`` are points of a curve: figures draw them, and a table
of them would be long and say no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Cell, Result, distinct, number
from seizureflow.displays.words import lower_first

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        heading: Its heading; one without cells spans the table.
        cells: One per column.
        indent: Whether it belongs to the row above.
        strong: Whether rows that follow belong to it.
    """

    heading: str
    cells: tuple[Cell, ...] = ()
    indent: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows.
        stub: Heading of the first column.
        columns: Headings of the others.
        rows: Its rows.
        notes: What must be known of single numbers.
        words: How many of the columns after the first hold words; they come before the numbers.
    """

    caption: str
    stub: str
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True)
class Family:
    """Statistics that are shown as one: a number with its limits, its quartiles or its percentage.

    Attributes:
        names: The statistics, the number itself first.
        kind: ``number``, ``share``, or ``range`` with the label of the range.
        suffix: What the heading adds to the label.
    """

    names: tuple[str, ...]
    kind: str = "number"
    suffix: str = ""


def families(names: Iterable[str], level: str) -> list[Family]:
    """Group statistics for print.

    Args:
        names: Names of statistics, in order.
        level: Confidence level in words.
    """
    order = distinct(names)
    found = [_family(name, set(order), level) for name in order]
    parts = {part for family in found for part in family.names[1:]}
    return [family for family in found if family.names[0] not in parts]


def _family(name: str, present: set[str], level: str) -> Family:
    """The statistics that belong to one."""
    limits = (f"{name}_lower", f"{name}_upper")
    if f"{name}_percent" in present:
        return Family((name, f"{name}_percent"), "share", ", n (%)")
    if present.issuperset(limits):
        return Family((name, *limits), "range", f" ({level} CI)")
    if name == "median" and present.issuperset(("quartile_1", "quartile_3")):
        return Family((name, "quartile_1", "quartile_3"), "range", " (quartiles)")
    return Family((name,))


def compose(family: Family, rows: dict[str, Result]) -> Cell:
    """The cell of a family; empty where the number is absent."""
    if family.names[0] not in rows:
        return ()
    numbers = [number(rows[name]) for name in family.names if name in rows]
    if family.kind == "range" and len(numbers) == 3:
        middle, low, high = numbers
        if not (middle.exact or low.exact or high.exact):
            return (middle,)
        return (middle, " (", low, " to ", high, ")")
    if family.kind == "share" and len(numbers) == 2:
        return (numbers[0], " (", numbers[1], ")")
    return (numbers[0],)


def heading(family: Family, rows: Iterable[Result]) -> str:
    """Label of a family."""
    label = next(row.label for row in rows if row.statistic == family.names[0])
    return label + family.suffix


def _column_headings(columns: list[Family], rows: list[Result]) -> tuple[Cell, ...]:
    """Labels of columns; those after the first do not repeat what they are of.

    "Standard error of the LS mean" beside "LS mean" is "Standard error".
    """
    headings = [heading(family, rows) for family in columns]
    subject = headings[0].lower()
    for place, words in enumerate(headings[1:], start=1):
        start, _, tail = words.rpartition(" of the ")
        if start and subject.startswith(tail.lower()):
            headings[place] = start
    return tuple((words,) for words in headings)


def _is_point(row: Result) -> bool:
    """Whether a row is a point of a curve, which a figure draws and no table shows."""
    return row.statistic.startswith("curve_")


def analysis_tables(
    rows: list[Result],
    labels: Labels,
    level: str,
    first: str | None = None,
) -> tuple[list[Table], list[Table]]:
    """Lay out an analysis.

    Args:
        rows: Its rows.
        labels: Labels of the study.
        level: Confidence level in words.
        first: Statistic that stands first among those compared.

    Returns:
        The tables that answer the question (by arm, compared, by visit, compared by visit), and
        those that a statistician looks up (model terms, fit).
    """
    rows = [row for row in rows if not _is_point(row)]
    here = [row for row in rows if row.visit is None]
    elsewhere = [row for row in rows if row.visit is not None]
    by_arm = [row for row in here if row.group and not row.reference and not row.variable]
    compared = [row for row in here if row.group and row.reference and not row.variable]
    compared.sort(key=lambda row: not row.statistic.startswith(str(first)))
    described = [row for row in here if row.group and row.variable]
    terms = [row for row in here if not row.group and row.variable]
    fit = [row for row in here if not row.group and not row.variable]
    shown = [
        _statistics_by_group(by_arm, "By arm", labels, level),
        _statistics_by_group(compared, "Comparison", labels, level),
        *_by_variable(described, labels, level),
        _by_visit([r for r in elsewhere if not r.reference], "By visit and arm", labels, level),
        _by_visit([r for r in elsewhere if r.reference], "Comparison by visit", labels, level),
    ]
    kept = [_terms(terms, labels, level), _fit(fit, level)]
    return [t for t in shown if t], [t for t in kept if t]


def _group_label(row: Result, labels: Labels) -> str:
    if row.reference is None:
        return labels.arm(row.group)
    return f"{labels.arm(row.group)} vs {lower_first(labels.arm(row.reference))}"


def _statistics_by_group(
    rows: list[Result], caption: str, labels: Labels, level: str
) -> Table | None:
    """One row per statistic, one column per arm or comparison."""
    if not rows:
        return None
    groups = distinct(_group_label(row, labels) for row in rows)
    cells = _indexed(rows, lambda row: _group_label(row, labels))
    body = [
        Row(heading(family, rows), tuple(compose(family, cells[group]) for group in groups))
        for family in families((row.statistic for row in rows), level)
    ]
    columns: tuple[Cell, ...] = tuple((group,) for group in groups)
    return Table(caption, "Statistic", columns, tuple(body), notes_of(rows, labels))


def _by_variable(rows: list[Result], labels: Labels, level: str) -> list[Table]:
    """One block of rows per variable and value, one column per arm.

    Where there is one arm or comparison, one row per variable and value, one column per statistic.
    """
    if not rows:
        return []
    groups = distinct(_group_label(row, labels) for row in rows)
    if len(groups) == 1:
        return _by_value(rows, groups[0], labels, level)
    body = []
    for key in distinct((row.variable, row.level) for row in rows):
        chosen = [row for row in rows if (row.variable, row.level) == key]
        body.append(Row(_subject(key, labels)))
        cells = _indexed(chosen, lambda row: _group_label(row, labels))
        body += [
            Row(
                heading(family, chosen),
                tuple(compose(family, cells.get(group, {})) for group in groups),
                indent=True,
            )
            for family in families((row.statistic for row in chosen), level)
        ]
    columns: tuple[Cell, ...] = tuple((group,) for group in groups)
    return [Table("By variable and arm", "Statistic", columns, tuple(body), notes_of(rows, labels))]


def _by_value(rows: list[Result], group: str, labels: Labels, level: str) -> list[Table]:
    """A table for each set of statistics that values have in common."""
    given: dict[Key, list[str]] = {}
    for row in rows:
        given.setdefault((row.variable, row.level), []).append(row.statistic)
    tables = []
    for statistics in distinct(tuple(names) for names in given.values()):
        keys = [key for key, names in given.items() if tuple(names) == statistics]
        variables = distinct(variable for variable, _ in keys)
        chosen = [row for row in rows if (row.variable, row.level) in keys]
        columns = families(statistics, level)
        alone = len(variables) == 1 and None not in [value for _, value in keys]
        lines = _indexed_by_key(chosen)
        body = [
            Row(
                labels.level(variables[0], key[1]) if alone else _subject(key, labels),
                tuple(compose(family, lines[key]) for family in columns),
            )
            for key in keys
        ]
        stub = labels.term(variables[0]) if alone else "Case"
        headings = _column_headings(columns, chosen)
        caption = f"By {lower_first(stub)}: {group}" if alone else group
        tables.append(Table(caption, stub, headings, tuple(body), notes_of(chosen, labels)))
    return tables


def _indexed_by_key(rows: list[Result]) -> dict[Key, dict[str, Result]]:
    found: dict[Key, dict[str, Result]] = {}
    for row in rows:
        found.setdefault((row.variable, row.level), {})[row.statistic] = row
    return found


def _subject(key: tuple[str | None, str | None], labels: Labels) -> str:
    variable, level = key
    if level is not None and labels.is_analysis(variable):
        return level
    name = labels.term(variable or "")
    return name if level is None else f"{name}: {labels.level(variable or '', level)}"


def _by_visit(rows: list[Result], caption: str, labels: Labels, level: str) -> Table | None:
    """One row per visit where there is one arm or comparison, which the caption then names.

    One block of rows per visit where there are several. One column per statistic.
    """
    if not rows:
        return None
    columns = families((row.statistic for row in rows), level)
    subjects = distinct(_visit_subject(row, labels) for row in rows)
    body: list[Row] = []
    for visit in distinct(row.visit for row in rows):
        chosen = [row for row in rows if row.visit == visit]
        lines = {
            subject: tuple(compose(family, cells) for family in columns)
            for subject, cells in _indexed(chosen, lambda row: _visit_subject(row, labels)).items()
        }
        name = labels.window(visit)
        if len(subjects) == 1:
            body.append(Row(name, lines[subjects[0]]))
        else:
            body += [Row(name), *(Row(s, cells, indent=True) for s, cells in lines.items())]
    return Table(
        f"{caption}: {subjects[0]}" if len(subjects) == 1 else caption,
        "Visit" if len(subjects) == 1 else "Visit, arm",
        _column_headings(columns, rows),
        tuple(body),
        notes_of(rows, labels),
    )


def _visit_subject(row: Result, labels: Labels) -> str:
    group = _group_label(row, labels)
    if row.variable is None:
        return group
    return f"{_subject((row.variable, row.level), labels)}, {group}"


def _terms(rows: list[Result], labels: Labels, level: str) -> Table | None:
    """One row per model term, one column per statistic."""
    if not rows:
        return None
    columns = families((row.statistic for row in rows), level)
    body = [
        Row(subject, tuple(compose(family, cells) for family in columns))
        for subject, cells in _indexed(
            rows, lambda row: _subject((row.variable, row.level), labels)
        ).items()
    ]
    return Table(
        "Model terms",
        "Term",
        _column_headings(columns, rows),
        tuple(body),
        notes_of(rows, labels),
    )


def _fit(rows: list[Result], level: str) -> Table | None:
    """One row per statistic of the model as a whole."""
    if not rows:
        return None
    cells = {row.statistic: row for row in rows}
    body = [
        Row(heading(family, rows), (compose(family, cells),))
        for family in families((row.statistic for row in rows), level)
    ]
    notes = tuple(distinct(row.note for row in rows if row.note))
    return Table("The analysis as a whole", "Statistic", (("Value",),), tuple(body), notes)


def _indexed(rows: list[Result], key: Callable[[Result], str]) -> dict[str, dict[str, Result]]:
    """Rows by key and statistic."""
    found: dict[str, dict[str, Result]] = {}
    for row in rows:
        found.setdefault(key(row), {})[row.statistic] = row
    return found


def notes_of(rows: Iterable[Result], labels: Labels) -> tuple[str, ...]:
    """Notes on single numbers, each once, with the arm they are about."""
    return tuple(
        distinct(
            f"{labels.arm(row.group)}: {row.note}"
            if row.group and not row.note.startswith(labels.arm(row.group))
            else row.note
            for row in rows
            if row.note
        )
    )
