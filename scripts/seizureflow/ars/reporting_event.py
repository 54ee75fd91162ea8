"""Puts a study's plan and results together as a CDISC ARS 1.0 reporting event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.ars import identifiers
from seizureflow.ars.analyses import analyses
from seizureflow.ars.groupings import Groups, groupings
from seizureflow.ars.methods import method_documents, methods
from seizureflow.ars.outputs import OutputFile, list_of_contents, outputs
from seizureflow.ars.selections import analysis_sets, data_subset
from seizureflow.ars.terms import extensions
from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Result, Results
from seizureflow.provenance import hash_entries

Entry = dict[str, Any]


def reporting_event(
    protocol: Entry,
    labels: Mapping[str, str],
    results: pd.DataFrame,
    confidence_level: float,
    files: tuple[OutputFile, ...] = (),
) -> Entry:
    """Describe the analyses of a study and their results.

    Args:
        protocol: The checked plan.
        labels: Labels of its names.
        results: Table ``results`` of all its analyses.
        confidence_level: Level of the intervals.
        files: Files that show the results.

    Returns:
        A ``ReportingEvent`` as plain data.

    Raises:
        ValueError: The table has results of an analysis that the plan has not.

    Source:
        CDISC Analysis Results Standard, version 1.0 (2024).
    """
    _check_known(protocol, results)
    words, table = Labels(protocol, labels), Results(results)
    defined = groupings(words)
    names = [*dict.fromkeys(entry["method"] for entry in protocol["analyses"])]
    suffixes = [file.suffix for file in files]
    return {
        "id": f"ReportingEvent.{protocol['study']}",
        "name": protocol["title"],
        "description": _description(protocol),
        "mainListOfContents": list_of_contents(files, protocol),
        "referenceDocuments": [_plan_document(protocol), *method_documents(names)],
        "terminologyExtensions": extensions(
            (entry["role"] for entry in protocol["analyses"]), suffixes
        ),
        "analysisSets": analysis_sets(protocol),
        "dataSubsets": _data_subsets(protocol),
        "analysisGroupings": defined,
        "methods": methods(_rows_by_method(protocol, table, names)),
        "analyses": analyses(words, table, Groups(defined), confidence_level),
        "outputs": outputs(files, protocol),
    }


def _check_known(protocol: Entry, results: pd.DataFrame) -> None:
    unknown = set(results["ANALYSIS"]) - {entry["id"] for entry in protocol["analyses"]}
    if unknown:
        raise ValueError(f"The plan has no analyses {', '.join(sorted(unknown))}.")


def _description(protocol: Entry) -> str:
    """What the study asks, and what a reader must know before any number."""
    parts = [protocol["question"]]
    if protocol["simulated"]:
        parts.append("The participants are simulated.")
    if is_dummy(protocol["treatment"]):
        parts.append(f"{DUMMY_TREATMENT}: participants were assigned to arms at random.")
    return " ".join(parts)


def _plan_document(protocol: Entry) -> Entry:
    return {
        "id": identifiers.PLAN,
        "name": "protocol.yaml",
        "label": "Analysis plan",
        "description": f"SHA-256 of the plan, checked and written as canonical JSON: "
        f"{hash_entries(protocol)}",
        "location": f"studies/{protocol['study']}/protocol.yaml",
    }


def _data_subsets(protocol: Entry) -> list[Entry]:
    found = (data_subset(protocol, entry) for entry in protocol["analyses"])
    subsets = [*{subset["id"]: subset for subset in found if subset}.values()]
    return [subset | {"order": place} for place, subset in enumerate(subsets, start=1)]


def _rows_by_method(protocol: Entry, table: Results, names: list[str]) -> dict[str, list[Result]]:
    return {
        name: [
            row
            for entry in protocol["analyses"]
            if entry["method"] == name
            for row in table.of(entry["id"])
        ]
        for name in names
    }
