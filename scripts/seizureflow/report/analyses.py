"""Each analysis of the plan: what it asks, how, on whom, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.baseline import baseline_table
from seizureflow.displays.diagnostics import Diagnostics, diagnostics, is_diagnostic, other_rows
from seizureflow.displays.flow import Flow, participant_flow
from seizureflow.displays.labels import ROLES, Labels
from seizureflow.displays.sections import section_of
from seizureflow.displays.tables import Table, analysis_tables
from seizureflow.displays.values import Results
from seizureflow.displays.words import days_in_words, lower_first, upper_first
from seizureflow.registry import METHODS
from seizureflow.report.adverse_events import adverse_events
from seizureflow.report.definitions import endpoint_formula
from seizureflow.report.inputs import Inputs, inputs_of
from seizureflow.report.options import model_facts, option_facts
from seizureflow.report.result_rows import ResultRows, RowNumbers

Entry = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """An analysis as shown.

    Attributes:
        id: Its id.
        label: Its name.
        role: Its role in words.
        section: Anchor of the section that it belongs to.
        method: Its method as the plan names it.
        question: What it asks.
        facts: Population, endpoint, window, method and model in words.
        estimand: Id and label of the estimand; None where it has none.
        tables: Tables that answer the question.
        details: Tables that a statistician looks up.
        notes: Notes and warnings.
        problem: Why there is no (trustworthy) result; empty where there is one.
        fit: Whether the fit converged, in words; empty where nothing was fitted.
        diagnostics: Diagnostics of a mixed model; None where there are none.
        flow: The diagram of the participants; None where the analysis has none.
        rows: Its rows of the results.
        inputs: What it read.
    """

    id: str
    label: str
    role: str
    section: str
    method: str
    question: str
    facts: tuple[tuple[str, str], ...]
    estimand: tuple[str, str] | None
    tables: tuple[Table, ...]
    details: tuple[Table, ...]
    notes: tuple[str, ...]
    problem: str
    fit: str
    diagnostics: Diagnostics | None
    flow: Flow | None
    rows: ResultRows
    inputs: Inputs


def in_reading_order(analyses: list[Entry]) -> list[Entry]:
    """The analyses by role, the primary first; within a role in the order of the plan."""
    roles = list(ROLES)
    return sorted(analyses, key=lambda entry: roles.index(entry["role"]))


def card(
    results: Results,
    entry: Entry,
    labels: Labels,
    level: str,
    rows: RowNumbers,
    headline: str | None = None,
) -> Card:
    """Put an analysis together.

    Args:
        results: Results of the study.
        entry: The analysis's entry of the protocol.
        labels: Labels of the study.
        level: Confidence level in words.
        rows: Rows of the results with their numbers.
        headline: Id of the analysis that gives the answer; None where there is none.
    """
    identifier = entry["id"]
    diagnosed = is_diagnostic(results.of(identifier))
    estimand = next(
        (e for e in labels.protocol.get("estimands", []) if e["id"] == entry.get("estimand")), None
    )
    layout = _layout(results, entry, labels, level, diagnosed=diagnosed)
    return Card(
        id=identifier,
        label=entry["label"],
        role=ROLES[entry["role"]],
        section=section_of(entry),
        method=entry["method"],
        question=_question(entry, labels),
        facts=tuple(_facts(entry, labels)),
        estimand=(estimand["id"], estimand["label"]) if estimand else None,
        tables=layout.tables,
        details=layout.details,
        notes=(*layout.notes, *(n for n in results.notes(identifier) if not _refused(n))),
        problem=_problem(results, identifier),
        fit="" if diagnosed else _fit(results, entry),
        diagnostics=diagnostics(results, entry, labels, level) if diagnosed else None,
        flow=_flow(results, entry, labels, headline),
        rows=rows.table(identifier),
        inputs=inputs_of(results, entry, labels),
    )


@dataclass(frozen=True)
class _Layout:
    """Tables that answer the question, tables to look up, and what must be known of them."""

    tables: tuple[Table, ...]
    details: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


def _layout(
    results: Results, entry: Entry, labels: Labels, level: str, *, diagnosed: bool
) -> _Layout:
    """The tables of an analysis: those of its method, where it has its own, else those by rows."""
    rows = results.of(entry["id"])
    if not rows or entry["method"] == "participant_flow":
        return _Layout(())
    if entry["method"] == "baseline_summary":
        table = baseline_table(results, entry["id"], labels)
        return _Layout((table,) if table else ())
    if entry["method"] == "adverse_event_summary":
        found = adverse_events(results, entry["id"], labels, level)
        tables = (found.overview, *([found.terms] if found.terms else []), *found.others)
        return _Layout(tables, (), found.remarks)
    shown, kept = analysis_tables(
        other_rows(rows) if diagnosed else rows, labels, level, labels.measure(entry)
    )
    return _Layout(tuple(shown), tuple(kept))


def _flow(results: Results, entry: Entry, labels: Labels, headline: str | None) -> Flow | None:
    if entry["method"] != "participant_flow" or not results.of(entry["id"]):
        return None
    return participant_flow(results, entry["id"], headline, labels)


def _fit(results: Results, entry: Entry) -> str:
    converged = results.converged(entry["id"])
    if converged is None:
        fitted = METHODS[entry["method"]].estimate is not None and results.of(entry["id"])
        return "Solved directly: no iteration that could fail." if fitted else ""
    return "Converged." if converged else "Did not converge."


def _refused(note: str) -> bool:
    return note.startswith("Not computed.")


def _problem(results: Results, analysis: str) -> str:
    refused = [note for note in results.notes(analysis) if _refused(note)]
    if refused:
        return refused[0]
    if not results.of(analysis):
        return "Not computed. The analysis gave no result on these data."
    if results.converged(analysis) is False:
        return "The fit did not converge: the estimates that depend on it must not be relied on."
    return ""


def _question(entry: Entry, labels: Labels) -> str:
    endpoint, window = labels.endpoint(entry.get("endpoint")), entry.get("window")
    return METHODS[entry["method"]].question.format(
        endpoint=lower_first(endpoint["label"]) if endpoint else "",
        window=lower_first(labels.window(window)) if window else "",
        parameter=lower_first(labels.time_to_event(entry)),
    )


def _facts(entry: Entry, labels: Labels) -> Iterator[tuple[str, str]]:
    yield "Population", labels.population(entry["population"])
    endpoint = labels.endpoint(entry.get("endpoint"))
    if endpoint:
        yield "Endpoint", f"{endpoint['label']}: {endpoint_formula(endpoint)}"
    if entry.get("window"):
        days = next(
            window["days"]
            for window in labels.protocol["design"]["windows"]
            if window["id"] == entry["window"]
        )
        yield "Window", f"{labels.window(entry['window'])}: {days_in_words(days)}"
    yield "Method", f"{upper_first(METHODS[entry['method']].summary)}."
    if METHODS[entry["method"]].caution:
        yield "Known limits", METHODS[entry["method"]].caution
    yield from model_facts(entry, labels)
    yield from option_facts(entry, labels)
    if entry.get("note"):
        yield "Note", entry["note"].strip()
