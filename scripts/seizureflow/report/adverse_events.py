"""Adverse events by arm: overview, and by body system and term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, Results, distinct, number
from seizureflow.displays.words import upper_first

Entry = dict[str, Any]

_KINDS = {
    "any": "Any adverse event",
    "serious": "Serious",
    "related": "Related to treatment",
    "withdrawn": "Leading to withdrawal of treatment",
}


@dataclass(frozen=True)
class AdverseEvents:
    """The tables of a summary of adverse events, and what the study has no data on."""

    analysis: str
    overview: Table
    terms: Table | None
    remarks: tuple[str, ...]


def adverse_events(results: Results, analysis: str, labels: Labels) -> AdverseEvents | None:
    """Lay out a summary of adverse events.

    Args:
        results: Results of the study.
        analysis: Id of the analysis.
        labels: Labels of the study.
    """
    if not results.of(analysis):
        return None
    arms = [arm["id"] for arm in labels.arms]
    columns = tuple(_column(results, analysis, arm, labels) for arm in arms)
    absent = _absent_kinds(labels.protocol["domains"].get("adverse_events", {}))
    name = labels.analysis(analysis)
    overview = Table(
        f"{name}: participants, n (%)",
        "Participants with",
        columns,
        tuple(_overview(results, analysis, arms, absent)),
    )
    rows = tuple(_terms(results, analysis, arms))
    terms = Table(
        f"{name} by body system and term: participants, n (%)", "Body system, term", columns, rows
    )
    remarks = tuple(
        f"{_KINDS[kind]}: not recorded in this study." for kind in _KINDS if kind in absent
    )
    return AdverseEvents(analysis, overview, terms if rows else None, remarks)


def _absent_kinds(domain: Entry) -> set[str]:
    """Kinds of events that the study's records cannot tell."""
    columns = domain.get("columns", {})
    absent = set()
    if "related" not in columns:
        absent.add("related")
    if "action" not in columns or "withdrawn_value" not in domain:
        absent.add("withdrawn")
    return absent


def _column(results: Results, analysis: str, arm: str, labels: Labels) -> Cell:
    size = results.find(analysis, "participants", group=arm)
    return (f"{labels.arm(arm)}, n = ", number(size)) if size else (labels.arm(arm),)


def _overview(results: Results, analysis: str, arms: list[str], absent: set[str]) -> Iterator[Row]:
    for kind, label in _KINDS.items():
        if kind not in absent:
            yield Row(label, _shares(results, analysis, arms, kind, None))
    severities = _levels(results, analysis, "worst_severity")
    if severities:
        yield Row("By worst severity")
    for level in severities:
        cells = _shares(results, analysis, arms, "worst_severity", level)
        yield Row(upper_first(level), cells, indent=True)
    events = [results.find(analysis, "events", group=arm) for arm in arms]
    yield Row("Number of events", tuple((number(row),) if row else () for row in events))


def _terms(results: Results, analysis: str, arms: list[str]) -> Iterator[Row]:
    """Body systems, each with its terms; a term is written ``body system / term``."""
    terms = _levels(results, analysis, "term")
    for system in _levels(results, analysis, "body_system"):
        yield Row(system, _shares(results, analysis, arms, "body_system", system), strong=True)
        head = f"{system} / "
        for level in terms:
            if level.startswith(head):
                cells = _shares(results, analysis, arms, "term", level)
                yield Row(level.removeprefix(head), cells, indent=True)


def _levels(results: Results, analysis: str, variable: str) -> list[str]:
    return distinct(
        row.level for row in results.of(analysis) if row.variable == variable and row.level
    )


def _shares(
    results: Results, analysis: str, arms: list[str], variable: str, level: str | None
) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for arm in arms:
        count, share = (
            results.find(analysis, name, group=arm, variable=variable, level=level)
            for name in ("participants_with_event", "participants_with_event_percent")
        )
        cells.append((number(count), " (", number(share), ")") if count and share else ())
    return tuple(cells)
