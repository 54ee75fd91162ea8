"""The analyses of a study with their results, as the standard describes them."""

from __future__ import annotations

import json
import math
from typing import Any

from seizureflow.analysis import OUTCOME_VARIABLES
from seizureflow.ars import identifiers
from seizureflow.ars.groupings import Groups
from seizureflow.ars.selections import data_subset, dataset, described
from seizureflow.ars.terms import purpose, reason
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Result, Results, number

Entry = dict[str, Any]

# What an analysis rests on, for which the standard has no place but the parameters of its code.
_TRACED = {
    "DATA_SHA256": "SHA-256 of the data that the analysis read.",
    "PLAN_SHA256": "SHA-256 of the entries of the plan that it used.",
    "CODE_SHA256": "SHA-256 of the code that it ran.",
    "SEED": "Seed of its random numbers.",
}


def analyses(
    labels: Labels, results: Results, groups: Groups, confidence_level: float
) -> list[Entry]:
    """Describe every analysis of a plan, in its order.

    Args:
        labels: Labels of the study, with its protocol.
        results: The results table.
        groups: The study's groups.
        confidence_level: Level of the intervals.
    """
    return [
        _analysis(entry, labels, results, groups, confidence_level)
        for entry in labels.protocol["analyses"]
    ]


def _analysis(
    entry: Entry, labels: Labels, results: Results, groups: Groups, confidence_level: float
) -> Entry:
    protocol, rows = labels.protocol, results.of(entry["id"])
    subset = data_subset(protocol, entry)
    optional = {
        "description": _description(entry, labels, results),
        "dataset": dataset(protocol, entry),
        "variable": _variable(protocol, entry),
        "dataSubsetId": subset["id"] if subset else None,
        "programmingCode": _code(entry, results, confidence_level),
    }
    return {
        "id": identifiers.analysis(entry["id"]),
        "name": entry["label"],
        "reason": reason(),
        "purpose": purpose(entry["role"]),
        "documentRefs": [{"referenceDocumentId": identifiers.PLAN}],
        "analysisSetId": identifiers.analysis_set(entry["population"]),
        "methodId": identifiers.method(entry["method"]),
        **{name: value for name, value in optional.items() if value},
        "orderedGroupings": groups.ordered(rows),
        "results": [_result(entry["method"], row, groups) for row in rows],
    }


def _description(entry: Entry, labels: Labels, results: Results) -> str:
    """Estimand, remark of the plan, convergence and notes, which have no place of their own."""
    estimands = {item["id"]: item["label"] for item in labels.protocol.get("estimands", ())}
    converged = results.converged(entry["id"])
    parts = [
        f"Estimand: {estimands[entry['estimand']]}." if entry.get("estimand") else "",
        str(entry.get("note", "")),
        "The fit did not converge." if converged is False else "",
        "The fit converged." if converged else "",
        *results.notes(entry["id"]),
    ]
    return " ".join(part.strip() for part in parts if part)


def _variable(protocol: Entry, entry: Entry) -> str | None:
    """The variable that is analysed; None where there are several."""
    of, name = described(protocol, entry), dataset(protocol, entry)
    kinds = {item["id"]: item["kind"] for item in protocol["endpoints"]}
    if of.get("endpoint"):
        return OUTCOME_VARIABLES[kinds[of["endpoint"]]]
    if name == "ADTTE":
        return "AVAL"
    variables = of.get("variables", ())
    return variables[0] if len(variables) == 1 else None


def _code(entry: Entry, results: Results, confidence_level: float) -> Entry | None:
    """The program, its options and what it rests on; None for an analysis without results."""
    software = results.about(entry["id"], "SOFTWARE")
    if software is None:
        return None
    parameters = [
        _parameter("confidence_level", confidence_level, "Level of the intervals."),
        _parameter("covariates", entry.get("covariates", []), "Variables adjusted for."),
        *(
            _parameter(name, value, "Option of the method.")
            for name, value in sorted(entry.get("options", {}).items())
        ),
    ]
    parameters += [
        {"name": name.lower(), "description": words, "value": [str(value)]}
        for name, words in _TRACED.items()
        if (value := results.about(entry["id"], name)) is not None
    ]
    return {
        "context": str(software),
        "documentRef": {"referenceDocumentId": identifiers.method_document(entry["method"])},
        "parameters": parameters,
    }


def _parameter(name: str, value: Any, description: str) -> Entry:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {"name": name, "description": description, "value": [text]}


def _result(method: str, row: Result, groups: Groups) -> Entry:
    """One result; a number that does not exist has no raw value."""
    shown = number(row)
    raw = {} if row.text is None and math.isnan(row.value) else {"rawValue": shown.exact}
    return {
        "operationId": identifiers.operation(method, row.statistic),
        "resultGroups": groups.of(row),
        **raw,
        "formattedValue": shown.text,
    }
