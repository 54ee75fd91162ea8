"""The sections of the report in their order, and the section that each analysis belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A section: its anchor, its title, and the figures of the catalogue that it shows."""

    id: str
    title: str
    figures: str = ""


SECTIONS = (
    Section("answer", "Summary"),
    Section("participants", "Participant flow", "participants"),
    Section("baseline", "Baseline"),
    Section("primary", "Primary analysis", "primary"),
    Section("secondary", "Secondary analyses", "secondary"),
    Section("sensitivity", "Sensitivity analyses", "sensitivity"),
    Section("subgroups", "Subgroups", "subgroups"),
    Section("safety", "Safety", "safety"),
    Section("data-quality", "Data quality", "data_quality"),
    Section("methods", "Methods"),
    Section("published", "Published against this run"),
    Section("provenance", "Provenance"),
)

# Descriptions are shown where a reader looks for what they describe; others are secondary.
_OF_METHOD = {"participant_flow": "participants", "baseline_summary": "baseline"}
_OF_ROLE = {
    "primary": "primary",
    "secondary": "secondary",
    "sensitivity": "sensitivity",
    "subgroup": "subgroups",
    "safety": "safety",
    "descriptive": "secondary",
}
# Safety is read from exposure to events to laboratory; what is not named here comes last.
_SAFETY_ORDER = (
    "exposure",
    "adverse_event_summary",
    "adverse_event_differences",
    "adverse_event",
    "death",
    "laboratory",
    "hys_law",
    "measurement",
    "medication",
)


def section_of(analysis: Entry) -> str:
    """Anchor of the section that an analysis belongs to.

    Args:
        analysis: Its entry of the protocol.
    """
    return _OF_METHOD.get(analysis["method"]) or _OF_ROLE[analysis["role"]]


def section_of_role(role: str) -> str:
    """Anchor of the section of the analyses of a role."""
    return _OF_ROLE[role]


def safety_place(method: str) -> int:
    """Place of a method among those on safety, see :data:`_SAFETY_ORDER`."""
    places = (place for place, start in enumerate(_SAFETY_ORDER) if method.startswith(start))
    return next(places, len(_SAFETY_ORDER))
