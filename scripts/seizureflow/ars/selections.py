"""Whom and what an analysis is of: analysis sets on ADSL, subsets of the other datasets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seizureflow.analysis_sets import set_flag
from seizureflow.ars import identifiers
from seizureflow.bounds import bounds_in_words
from seizureflow.registry import METHODS
from seizureflow.visit_schedule import window_visits

Entry = dict[str, Any]


def condition(dataset: str, variable: str, values: Sequence[str]) -> Entry:
    """That a variable has a value, or one of several."""
    comparator = "EQ" if len(values) == 1 else "IN"
    return {
        "dataset": dataset,
        "variable": variable,
        "comparator": comparator,
        "value": list(values),
    }


def analysis_sets(protocol: Entry) -> list[Entry]:
    """The analysis sets of a protocol, each by its flag in ADSL."""
    return [
        {
            "id": identifiers.analysis_set(entry["id"]),
            "name": entry["label"],
            "description": _requirements(entry),
            "level": 1,
            "order": place,
            "condition": condition("ADSL", set_flag(entry["id"]), ["Y"]),
        }
        for place, entry in enumerate(protocol["analysis_sets"], start=1)
    ]


def _requirements(entry: Entry) -> str:
    words = [fact.replace("_", " ") for fact in entry.get("requires", ())]
    words += [f"{bound['variable']} {bounds_in_words(bound)}" for bound in entry.get("where", ())]
    return f"Required: {', '.join(words)}." if words else "Everybody screened."


def described(protocol: Entry, analysis: Entry) -> Entry:
    """The analysis whose data an analysis is of: the one that it repeats, or itself."""
    if not METHODS[analysis["method"]].repeats:
        return analysis
    repeated = analysis["options"]["repeats"]
    return next(entry for entry in protocol["analyses"] if entry["id"] == repeated)


def dataset(protocol: Entry, analysis: Entry) -> str | None:
    """The dataset that holds the analysis variable; None where no analysis dataset does."""
    read = METHODS[described(protocol, analysis)["method"]].datasets
    for name in ("adsz", "adtte", "adae"):
        if name in read:
            return name.upper()
    return "ADSL" if "adsl" in read and {"adsl", "eligibility"} >= set(read) else None


def data_subset(protocol: Entry, analysis: Entry) -> Entry | None:
    """The records that an analysis is of; None where all of its dataset are."""
    of = described(protocol, analysis)
    needs, name = METHODS[of["method"]], dataset(protocol, analysis)
    if name == "ADTTE":
        parameter = of["options"]["parameter"]
        return _subset([condition("ADTTE", "PARAMCD", [parameter])], parameter, parameter)
    if name != "ADSZ":
        return None
    endpoint, window = of.get("endpoint"), of.get("window")
    conditions = [condition("ADSZ", "PARAMCD", [endpoint])] if endpoint else []
    if needs.visits:
        visits = window_visits(protocol["design"], window)
        conditions.append(condition("ADSZ", "AVISIT", visits))
    elif window:
        conditions.append(condition("ADSZ", "AVISIT", [window]))
    if not conditions:
        return None
    by_visit = ["by_visit"] if needs.visits else []
    parts = [part for part in (endpoint, window, *by_visit) if part]
    return _subset(conditions, ".".join(parts), ", ".join(parts).replace("by_visit", "by visit"))


def _subset(conditions: list[Entry], identifier: str, name: str) -> Entry:
    head: Entry = {"id": f"DataSubset.{identifier}", "name": name, "level": 1, "order": 1}
    if len(conditions) == 1:
        return head | {"condition": conditions[0]}
    clauses = [
        {"level": 2, "order": place, "condition": one}
        for place, one in enumerate(conditions, start=1)
    ]
    return head | {"compoundExpression": {"logicalOperator": "AND", "whereClauses": clauses}}
