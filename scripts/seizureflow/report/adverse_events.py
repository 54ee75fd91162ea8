"""Adverse events by arm: overview, and by body system and term, with differences where known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Family, Row, Table, analysis_tables, compose
from seizureflow.displays.values import Cell, Result, Results, distinct, number
from seizureflow.displays.words import lower_first, upper_first

Entry = dict[str, Any]

_KINDS = {
    "any": "Any adverse event",
    "serious": "Serious",
    "related": "Related to treatment",
    "withdrawn": "Leading to withdrawal of treatment",
}
_COUNTED = ("participants_with_event", "participants_with_event_percent", "events")
_BY_LEVEL = ("worst_severity", "body_system", "term")
_COUNTS_NOTE = (
    "Each participant counts once per line. Only events that began on or after the first dose "
    "count."
)
_DIFFERENCE = Family(("risk_difference", "risk_difference_lower", "risk_difference_upper"), "range")


@dataclass(frozen=True)
class AdverseEvents:
    """The tables of a summary of adverse events.

    Attributes:
        overview: Participants with any event, by kind and by worst severity.
        terms: Participants by body system and term; None where there was no event.
        others: What the summary holds besides.
        remarks: How to read them, and what the study has no data on.
    """

    overview: Table
    terms: Table | None
    others: tuple[Table, ...]
    remarks: tuple[str, ...]


def adverse_events(
    results: Results, analysis: str, labels: Labels, level: str = "95%"
) -> AdverseEvents:
    """Lay out a summary of adverse events.

    Where the plan has an analysis of the differences between arms, these stand beside the counts.

    Args:
        results: Results of the study.
        analysis: Id of the analysis; it has results.
        labels: Labels of the study.
        level: Confidence level in words.
    """
    lines = _Lines(results, analysis, labels, level)
    absent = _absent_kinds(labels.protocol["domains"].get("adverse_events", {}))
    name, counted = labels.analysis(analysis), f"participants, {lines.counted}"
    rows = tuple(_terms(lines))
    remarks = [_COUNTS_NOTE]
    remarks += [f"{_KINDS[kind]}: not recorded in this study." for kind in _KINDS if kind in absent]
    if lines.compared:
        remarks.append(
            "Differences are those of the analysis "
            f"“{labels.analysis(str(lines.differences))}”, which says how they were computed."
        )
    return AdverseEvents(
        overview=Table(
            f"{name}: {counted}",
            "Participants with",
            lines.columns,
            tuple(_overview(lines, absent)),
        ),
        terms=Table(
            f"{name} by body system and term: {counted}", "Body system, term", lines.columns, rows
        )
        if rows
        else None,
        others=tuple(_others(results.of(analysis), labels, level)),
        remarks=tuple(remarks),
    )


def _absent_kinds(domain: Entry) -> set[str]:
    """Kinds of events that the study's records cannot tell."""
    columns = domain.get("columns", {})
    absent = set()
    if "related" not in columns:
        absent.add("related")
    if "action" not in columns or "withdrawn_value" not in domain:
        absent.add("withdrawn")
    return absent


class _Lines:
    """Cells of a kind of event: a count for each arm, then the differences between arms."""

    def __init__(self, results: Results, analysis: str, labels: Labels, level: str) -> None:
        self.rows = results.of(analysis)
        self.arms = [arm["id"] for arm in labels.arms]
        self._found = {(r.statistic, r.group, r.variable, r.level): r for r in self.rows}
        self.differences = _differences(results, labels)
        self._compared: dict[tuple[str | None, ...], dict[str, Result]] = {}
        for row in results.of(self.differences) if self.differences else []:
            if row.reference is not None:
                key = (row.group, row.variable, row.level)
                self._compared.setdefault(key, {})[row.statistic] = row
        self.compared = distinct(group for group, _, _ in self._compared)
        with_events = any(row.statistic == "events" and row.variable for row in self.rows)
        self.counted = "n (%) [events]" if with_events else "n (%)"
        self.columns = tuple(self._columns(labels, level))

    def _columns(self, labels: Labels, level: str) -> Iterator[Cell]:
        for arm in self.arms:
            size = self._found.get(("participants", arm, None, None))
            yield (f"{labels.arm(arm)}, n = ", number(size)) if size else (labels.arm(arm),)
        for arm in self.compared:
            versus = f"{lower_first(labels.arm(arm))} vs {lower_first(labels.reference['label'])}"
            yield (f"Risk difference, {versus} ({level} CI)",)
            yield ("p",)

    def cells(self, variable: str, level: str | None) -> tuple[Cell, ...]:
        """The cells of a kind of event."""
        counts = tuple(self._count(arm, variable, level) for arm in self.arms)
        differences: list[Cell] = []
        for arm in self.compared:
            found = self._compared.get((arm, variable, level), {})
            p = found.get("p_value")
            differences += [compose(_DIFFERENCE, found), (number(p),) if p else ()]
        return (*counts, *differences)

    def _count(self, arm: str, variable: str, level: str | None) -> Cell:
        count, share, events = (self._found.get((s, arm, variable, level)) for s in _COUNTED)
        if count is None or share is None:
            return ()
        shown: Cell = (number(count), " (", number(share), ")")
        return (*shown, " [", number(events), "]") if events else shown

    def events(self) -> tuple[Cell, ...]:
        """The number of all events."""
        found = [self._found.get(("events", arm, None, None)) for arm in self.arms]
        counts: tuple[Cell, ...] = tuple((number(row),) if row else () for row in found)
        return (*counts, *((),) * (2 * len(self.compared)))

    def levels(self, variable: str) -> list[str]:
        """The values of a variable, in the order of the results."""
        return distinct(row.level for row in self.rows if row.variable == variable and row.level)


def _differences(results: Results, labels: Labels) -> str | None:
    """Id of the first analysis that compares the risks of adverse events."""
    return next(
        (
            entry["id"]
            for entry in labels.protocol["analyses"]
            if entry["method"] == "adverse_event_differences" and results.of(entry["id"])
        ),
        None,
    )


def _overview(lines: _Lines, absent: set[str]) -> Iterator[Row]:
    further = (row.variable for row in lines.rows if row.variable and row.level is None)
    for kind in distinct([*_KINDS, *further]):
        if kind not in absent:
            label = _KINDS.get(kind) or upper_first(kind.replace("_", " "))
            yield Row(label, lines.cells(kind, None))
    severities = lines.levels("worst_severity")
    if severities:
        yield Row("By worst severity")
    for level in severities:
        yield Row(upper_first(level), lines.cells("worst_severity", level), indent=True)
    yield Row("Number of events", lines.events())


def _terms(lines: _Lines) -> Iterator[Row]:
    """Body systems, each with its terms; a term is written ``body system / term``."""
    terms = lines.levels("term")
    for system in lines.levels("body_system"):
        yield Row(system, lines.cells("body_system", system), strong=True)
        head = f"{system} / "
        for level in terms:
            if level.startswith(head):
                yield Row(level.removeprefix(head), lines.cells("term", level), indent=True)


def _others(rows: list[Result], labels: Labels, level: str) -> Iterator[Table]:
    """Tables of all that the overview and the terms do not hold."""
    left = [
        row
        for row in rows
        if row.statistic not in (*_COUNTED, "participants")
        or (row.level is not None and row.variable not in _BY_LEVEL)
    ]
    shown, kept = analysis_tables(left, labels, level)
    yield from (*shown, *kept)
