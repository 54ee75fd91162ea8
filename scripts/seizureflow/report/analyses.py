"""Each analysis of the plan: what it asks, how, on whom, and what came out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seizureflow.displays.labels import ROLES, Labels
from seizureflow.displays.tables import Table, analysis_tables
from seizureflow.displays.values import Cell, Results, number
from seizureflow.displays.words import days_in_words, listed, lower_first, upper_first
from seizureflow.registry import METHODS
from seizureflow.report.definitions import endpoint_formula
from seizureflow.report.diagnostics import Diagnostics, diagnostics, is_diagnostic, other_rows
from seizureflow.report.options import model_facts, option_facts

Entry = dict[str, Any]

# Methods whose results have a section of their own, and that section.
ELSEWHERE = {
    "participant_flow": ("participants", "Who was in"),
    "baseline_summary": ("participants", "Who was in"),
    "adverse_event_summary": ("safety", "Adverse events"),
}
MEASURES = {
    "relative_change": "Relative change",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
    "risk_difference": "Risk difference",
    "difference": "Difference",
    "probability_superior": "Probability of a better outcome",
}
# Where the name of a method ends in its summary, and how it works begins.
_BEYOND_NAME = re.compile(r"[:;,(]| by | through | with | from | over | that | of every ")
_STRATEGIES = {
    "treatment_policy": "treatment policy",
    "hypothetical": "hypothetical",
    "composite": "composite",
    "while_on_treatment": "while on treatment",
    "principal_stratum": "principal stratum",
}


@dataclass(frozen=True)
class Card:
    """An analysis as shown.

    Attributes:
        id: Its id.
        label: Its name.
        role: Its role in words.
        method: Its method as the plan names it.
        question: What it asks.
        facts: Population, endpoint, window, method and model in words.
        estimand: Id and label of the estimand; None where it has none.
        elsewhere: Anchor and title of the section with its results; None where they are here.
        tables: Tables that answer the question.
        details: Tables that a statistician looks up.
        notes: Notes and warnings.
        problem: Why there is no (trustworthy) result; empty where there is one.
        fit: Whether the fit converged, in words; empty where nothing was fitted.
        diagnostics: Diagnostics of a mixed model; None where there are none.
    """

    id: str
    label: str
    role: str
    method: str
    question: str
    facts: tuple[tuple[str, str], ...]
    estimand: tuple[str, str] | None
    elsewhere: tuple[str, str] | None
    tables: tuple[Table, ...]
    details: tuple[Table, ...]
    notes: tuple[str, ...]
    problem: str
    fit: str
    diagnostics: Diagnostics | None


@dataclass(frozen=True)
class Estimate:
    """A line of the overview of estimates; its method in few words."""

    id: str
    label: str
    role: str
    outcome: str
    method: str
    measure: str
    comparison: str
    estimate: Cell
    p: Cell
    problem: str


@dataclass(frozen=True)
class Estimand:
    """An estimand with its attributes (ICH E9(R1)) and the analyses that estimate it."""

    id: str
    label: str
    attributes: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str, str], ...]
    analyses: tuple[tuple[str, str], ...]


def in_reading_order(analyses: list[Entry]) -> list[Entry]:
    """The analyses by role, the primary first; within a role in the order of the plan."""
    roles = list(ROLES)
    return sorted(analyses, key=lambda entry: roles.index(entry["role"]))


def card(results: Results, entry: Entry, labels: Labels, level: str) -> Card:
    """Put an analysis together.

    Args:
        results: Results of the study.
        entry: The analysis's entry of the protocol.
        labels: Labels of the study.
        level: Confidence level in words.
    """
    identifier = entry["id"]
    rows = results.of(identifier)
    diagnosed = is_diagnostic(rows)
    elsewhere = ELSEWHERE.get(entry["method"])
    shown, kept = analysis_tables(
        other_rows(rows) if diagnosed else rows, labels, level, labels.measure(entry)
    )
    estimand = next(
        (e for e in labels.protocol.get("estimands", []) if e["id"] == entry.get("estimand")), None
    )
    return Card(
        id=identifier,
        label=entry["label"],
        role=ROLES[entry["role"]],
        method=entry["method"],
        question=_question(entry, labels),
        facts=tuple(_facts(entry, labels)),
        estimand=(estimand["id"], estimand["label"]) if estimand else None,
        elsewhere=elsewhere if rows else None,
        tables=() if elsewhere else tuple(shown),
        details=() if elsewhere else tuple(kept),
        notes=tuple(note for note in results.notes(identifier) if not _refused(note)),
        problem=_problem(results, identifier),
        fit="" if diagnosed else _fit(results, entry),
        diagnostics=diagnostics(results, entry, labels, level) if diagnosed else None,
    )


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


def estimates(results: Results, labels: Labels) -> list[Estimate]:
    """The estimates of all analyses that have one, in the order of the plan."""
    lines = []
    for entry in labels.protocol["analyses"]:
        measure = labels.measure(entry)
        if measure is not None:
            lines += [
                _estimate(results, entry, measure, arm["id"], labels) for arm in labels.arms[1:]
            ]
    return lines


def _estimate(results: Results, entry: Entry, measure: str, arm: str, labels: Labels) -> Estimate:
    found = {
        row.statistic: row
        for row in results.of(entry["id"])
        if row.group == arm and (row.visit, row.variable, row.level) == (None, None, None)
    }
    point, low, high = (found.get(f"{measure}{end}") for end in ("", "_lower", "_upper"))
    cell: Cell = (number(point),) if point else ()
    if point and low and high and number(low).exact:
        cell = (number(point), " (", number(low), " to ", number(high), ")")
    p = found.get("p_value")
    return Estimate(
        id=entry["id"],
        label=entry["label"],
        role=ROLES[entry["role"]],
        outcome=_outcome(entry, labels),
        method=upper_first(_BEYOND_NAME.split(METHODS[entry["method"]].summary)[0]),
        measure=MEASURES[measure],
        comparison=f"{labels.arm(arm)} vs {lower_first(labels.reference['label'])}",
        estimate=cell,
        p=(number(p),) if p else (),
        problem="" if cell else "not computed",
    )


def _outcome(entry: Entry, labels: Labels) -> str:
    """What an analysis is about: its endpoint, its time to an event, or the counts of seizures."""
    endpoint, window = labels.endpoint(entry.get("endpoint")), entry.get("window")
    name = endpoint["label"] if endpoint else labels.time_to_event(entry) or "Seizure counts"
    return f"{name}, {lower_first(labels.window(window))}" if window else name


def estimands(labels: Labels) -> list[Estimand]:
    """The estimands of the plan."""
    design = labels.protocol["design"]
    arms = f"{listed([arm['label'] for arm in labels.arms[1:]], 'or')}"
    found = []
    for entry in labels.protocol.get("estimands", []):
        endpoint = labels.endpoint(entry["endpoint"])
        attributes = (
            ("Treatment", f"{arms}, compared with {lower_first(labels.reference['label'])}"),
            (
                "Population",
                f"{upper_first(design['population_label'])}; "
                f"analysed: {lower_first(labels.population(entry['population']))}",
            ),
            (
                "Variable",
                f"{endpoint['label'] if endpoint else entry['endpoint']}, "
                f"{lower_first(labels.window(entry['window']))}",
            ),
            ("Summary measure", entry["summary"]),
        )
        events = tuple(
            (
                upper_first(labels.event(event["event"])),
                _STRATEGIES[event["strategy"]],
                event["handling"],
            )
            for event in entry["intercurrent_events"]
        )
        analyses = tuple(
            (analysis["id"], analysis["label"])
            for analysis in labels.protocol["analyses"]
            if analysis.get("estimand") == entry["id"]
        )
        found.append(Estimand(entry["id"], entry["label"], attributes, events, analyses))
    return found
