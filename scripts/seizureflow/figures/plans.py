"""Which figures a study has, and what each takes from its protocol."""

from __future__ import annotations

from typing import Any

from seizureflow.answering_analysis import answering_analysis
from seizureflow.figures.catalogue import ALWAYS, FIGURES
from seizureflow.plans import counting_rules
from seizureflow.protocol import Protocol
from seizureflow.registry import METHODS

Entry = dict[str, Any]

_NEEDED_DOMAIN = {
    "adae": "adverse_events",
    "adex": "doses",
    "compliance": "diary",
    "disposition": "disposition",
    "medications": "medications",
}
_OF_SEIZURES = ("adsz", "intervals", "seizures")


def figures_of(protocol: Protocol) -> list[str]:
    """Names of the figures of a study, in the order of the catalogue."""
    return [name for name in FIGURES if _has(protocol, name)]


def _has(protocol: Protocol, name: str) -> bool:
    needs = FIGURES[name]
    if not all(_has_dataset(protocol, dataset) for dataset in needs.datasets):
        return False
    if needs.methods or needs.compares:
        return any(_is_needed(protocol, name, entry) for entry in protocol.analyses)
    reads_results = needs.optional_methods or needs.primary
    return not reads_results or bool(figure_analyses(protocol, name))


def _has_dataset(protocol: Protocol, dataset: str) -> bool:
    if dataset in _OF_SEIZURES and not protocol.has_seizures:
        return False
    return dataset not in _NEEDED_DOMAIN or protocol.has_domain(_NEEDED_DOMAIN[dataset])


def figure_datasets(protocol: Protocol, name: str) -> list[str]:
    """The tables that a figure reads: those it needs, and the optional ones that the study has."""
    needs = FIGURES[name]
    return [*needs.datasets, *(t for t in needs.optional if _has_dataset(protocol, t))]


def figure_analyses(protocol: Protocol, name: str) -> list[Entry]:
    """The analyses whose results a figure reads, in the order of the plan."""
    needs, primary = FIGURES[name], answering_analysis(protocol.data)
    return [
        entry
        for entry in protocol.analyses
        if _is_needed(protocol, name, entry)
        or entry["method"] in needs.optional_methods
        or (needs.primary and entry == primary)
    ]


def _is_needed(protocol: Protocol, name: str, entry: Entry) -> bool:
    """Whether an analysis is one of those without which there is no figure."""
    needs = FIGURES[name]
    if entry["method"] in needs.methods and entry["role"] in (needs.roles or (entry["role"],)):
        return True
    if not needs.compares:
        return False
    kind = protocol.endpoint_kind(entry.get("endpoint"))
    return bool(METHODS[entry["method"]].measure(kind))


def figure_plan(protocol: Protocol, name: str, settings: Entry) -> Entry:
    """What a figure takes from the protocol and the settings, and no more.

    Args:
        protocol: The study's protocol.
        name: Name of the figure.
        settings: Settings of the run.
    """
    needs = FIGURES[name]
    kept = {
        entry: protocol.data[entry] for entry in (*ALWAYS, *needs.entries) if entry in protocol.data
    }
    if "diary" in kept:
        kept["diary"] = counting_rules(protocol)
    if "diary_quality" in needs.entries:
        kept["diary_quality"] = protocol.data["diary"]["quality"]
    return {
        "protocol": kept,
        "analyses": figure_analyses(protocol, name),
        "labels": protocol.labels,
        "confidence_level": settings["confidence_level"],
    }
