"""Everything that the page shows, as plain data for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.estimates import estimate_groups, estimates
from seizureflow.displays.labels import ROLES, Labels
from seizureflow.displays.sections import SECTIONS
from seizureflow.displays.tables import Table, analysis_tables
from seizureflow.displays.values import Results, percent_level
from seizureflow.report.analyses import card, in_reading_order
from seizureflow.report.data_quality import data_quality
from seizureflow.report.definitions import absent_domains, definitions, glossary
from seizureflow.report.estimands import estimands
from seizureflow.report.evidence import provenance, published
from seizureflow.report.families import families_by_section
from seizureflow.report.figures import figures, figures_by_section
from seizureflow.report.headline import headline
from seizureflow.report.markup import NumberMarkup
from seizureflow.report.result_rows import RowNumbers
from seizureflow.report.summary import study_summary
from seizureflow.results import diagnosed_analysis
from seizureflow.specification.describe import OUTLINES

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
        compared: By id of a published aggregate, the row of the results that answers to it, as
            ``published.yaml`` names it.
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
    compared: Mapping[str, Entry] = field(default_factory=dict)


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
    rows = RowNumbers(results)
    lines = estimates(results, labels)
    pictures = figures(material.figures, material.words)
    residual_figure = pictures.pop("residuals", None)
    cards = [
        card(results, entry, labels, level, rows, answer.analysis)
        for entry in in_reading_order(material.protocol["analyses"])
    ]
    return {
        "study": material.protocol["study"],
        "title": material.protocol["title"],
        "question": material.protocol["question"],
        "description": material.protocol["description"],
        "simulated": material.protocol["simulated"],
        "dummy": DUMMY_TREATMENT if dummy else "",
        "level": level,
        "markup": NumberMarkup(rows, rows.compared(material.compared)),
        "sections": SECTIONS,
        "specified": tuple(OUTLINES),
        "summary": study_summary(answer, labels, DUMMY_TREATMENT if dummy else ""),
        "answer": answer,
        "answer_label": labels.analysis(answer.analysis) if answer.analysis else "",
        "figures": figures_by_section(pictures),
        "residual_figure": residual_figure,
        "residual_figure_of": diagnosed_analysis(results.frame) if residual_figure else None,
        "estimates": lines,
        "estimate_groups": estimate_groups(lines),
        "secondary_groups": estimate_groups(
            [line for line in lines if line.role == ROLES["secondary"]]
        ),
        "multiplicity": _multiplicity(results, labels, level),
        "several_comparisons": len(labels.arms) > 2,
        "estimands": estimands(labels),
        "families": families_by_section(cards),
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
