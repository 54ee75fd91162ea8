"""The estimands of the plan, with their attributes as ICH E9(R1) names them."""

from __future__ import annotations

from dataclasses import dataclass

from seizureflow.displays.labels import Labels
from seizureflow.displays.words import listed, lower_first, upper_first

_STRATEGIES = {
    "treatment_policy": "treatment policy",
    "hypothetical": "hypothetical",
    "composite": "composite",
    "while_on_treatment": "while on treatment",
    "principal_stratum": "principal stratum",
}


@dataclass(frozen=True)
class Estimand:
    """An estimand with its attributes (ICH E9(R1)) and the analyses that estimate it."""

    id: str
    label: str
    attributes: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str, str], ...]
    analyses: tuple[tuple[str, str], ...]


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
