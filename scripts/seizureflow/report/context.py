"""Everything that the page shows, as plain data for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Table, analysis_tables
from seizureflow.displays.values import Results, percent_level
from seizureflow.report.adverse_events import AdverseEvents, adverse_events
from seizureflow.report.analyses import card, estimands, estimates, in_reading_order
from seizureflow.report.baseline import baseline_table
from seizureflow.report.data_quality import data_quality
from seizureflow.report.definitions import absent_domains, definitions, glossary
from seizureflow.report.evidence import provenance, published
from seizureflow.report.figures import figures
from seizureflow.report.flow import Flow, participant_flow
from seizureflow.report.groups import card_groups, estimate_groups
from seizureflow.report.headline import headline
from seizureflow.results import diagnosed_analysis

Entry = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """What a report is made from.

    Attributes:
        protocol: The study's validated protocol.
        labels: Labels of the names that the protocol uses.
        results: Table ``results`` of the study.
        findings: Table ``findings``.
        published: Table ``published``; None where the study has none.
        sources: Sources of the published results.
        confidence_level: Level of the intervals.
        figures: Files of the figures by name.
        words: Title, alternative text and caption of each figure.
        row_accounting: Table ``row_accounting``; it and those below are None where the study has
            none.
        seizure_types: Table ``seizure_types``.
        compliance: Table ``compliance``.
        deviations: Table ``deviations``.
    """

    protocol: Entry
    labels: Mapping[str, str]
    results: pd.DataFrame
    findings: pd.DataFrame
    published: pd.DataFrame | None
    sources: Mapping[str, Entry]
    confidence_level: float
    figures: dict[str, str]
    words: Mapping[str, Mapping[str, str]]
    row_accounting: pd.DataFrame | None = None
    seizure_types: pd.DataFrame | None = None
    compliance: pd.DataFrame | None = None
    deviations: pd.DataFrame | None = None


def page_context(material: Material) -> dict[str, Any]:
    """Give the variables of the template.

    Args:
        material: What the report is made from.
    """
    labels = Labels(material.protocol, material.labels)
    results = Results(material.results)
    level = percent_level(material.confidence_level)
    dummy = is_dummy(material.protocol["treatment"])
    answer = headline(results, labels, material.confidence_level, dummy=dummy)
    safety = _safety(results, labels)
    pictures = figures(material.figures, material.words)
    residual_figure = pictures.pop("residuals", None)
    return {
        "study": material.protocol["study"],
        "title": material.protocol["title"],
        "question": material.protocol["question"],
        "description": material.protocol["description"],
        "simulated": material.protocol["simulated"],
        "dummy": DUMMY_TREATMENT if dummy else "",
        "level": level,
        "answer": answer,
        "answer_label": labels.analysis(answer.analysis) if answer.analysis else "",
        "flows": _flows(results, answer.analysis, labels),
        "baseline": _baseline(results, labels),
        "figures": pictures,
        "residual_figure": residual_figure,
        "residual_figure_of": diagnosed_analysis(results.frame) if residual_figure else None,
        "estimates": (lines := estimates(results, labels)),
        "estimate_groups": estimate_groups(lines),
        "multiplicity": _multiplicity(results, labels, level),
        "several_comparisons": len(labels.arms) > 2,
        "estimands": estimands(labels),
        "card_groups": card_groups(
            [
                card(results, entry, labels, level)
                for entry in in_reading_order(material.protocol["analyses"])
            ]
        ),
        "safety": safety,
        "has_adverse_events": "adverse_events" in material.protocol["domains"],
        "quality": data_quality(
            material.findings,
            material.row_accounting,
            material.seizure_types,
            material.compliance,
            material.deviations,
            labels,
        ),
        "published": None if dummy else published(material.published, material.sources, labels),
        "definitions": definitions(labels, material.confidence_level),
        "glossary": glossary(results),
        "absent": absent_domains(material.protocol["domains"]),
        "provenance": provenance(results, labels),
    }


def _with_method(labels: Labels, method: str) -> list[str]:
    return [e["id"] for e in labels.protocol["analyses"] if e["method"] == method]


def _multiplicity(results: Results, labels: Labels, level: str) -> list[tuple[str, str, Table]]:
    """Id, label and table of each procedure that holds a level over several hypotheses."""
    found = []
    for analysis in _with_method(labels, "multiplicity"):
        rows = [row for row in results.of(analysis) if row.variable]
        tables = [table for part in analysis_tables(rows, labels, level) for table in part]
        found += [(analysis, labels.analysis(analysis), table) for table in tables[:1]]
    return found


def _flows(results: Results, headline_id: str | None, labels: Labels) -> list[Flow]:
    return [
        participant_flow(results, analysis, headline_id, labels)
        for analysis in _with_method(labels, "participant_flow")
        if results.of(analysis)
    ]


def _baseline(results: Results, labels: Labels) -> list[Table]:
    tables = [
        baseline_table(results, analysis, labels)
        for analysis in _with_method(labels, "baseline_summary")
    ]
    return [table for table in tables if table is not None]


def _safety(results: Results, labels: Labels) -> list[AdverseEvents]:
    found = [
        adverse_events(results, analysis, labels)
        for analysis in _with_method(labels, "adverse_event_summary")
    ]
    return [summary for summary in found if summary is not None]
