"""Which figures a study has, and what each takes from its protocol."""

from __future__ import annotations

from typing import Any

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
    if any(
        not protocol.has_domain(_NEEDED_DOMAIN[dataset])
        for dataset in needs.datasets
        if dataset in _NEEDED_DOMAIN
    ):
        return False
    if not protocol.has_seizures and set(needs.datasets) & set(_OF_SEIZURES):
        return False
    return not (needs.methods or needs.compares) or bool(figure_analyses(protocol, name))


def figure_analyses(protocol: Protocol, name: str) -> list[Entry]:
    """The analyses whose results a figure reads, in the order of the plan."""
    needs = FIGURES[name]
    return [
        entry
        for entry in protocol.analyses
        if (entry["method"] in needs.methods and entry["role"] in (needs.roles or (entry["role"],)))
        or (
            needs.compares
            and METHODS[entry["method"]].measure(protocol.endpoint_kind(entry.get("endpoint")))
        )
    ]


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
    return {
        "protocol": kept,
        "analyses": figure_analyses(protocol, name),
        "labels": protocol.labels,
        "confidence_level": settings["confidence_level"],
    }
