"""Names of the plan in words: arms, sets, windows, model terms and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from seizureflow.displays.values import minus
from seizureflow.displays.words import dashed, lower_first
from seizureflow.registry import METHODS

Entry = dict[str, Any]

ROLES = {
    "primary": "Primary",
    "secondary": "Secondary",
    "sensitivity": "Sensitivity",
    "subgroup": "Subgroup",
    "safety": "Safety",
    "descriptive": "Descriptive",
}
_VALUES = {"Y": "Yes", "N": "No"}
_SEXES = {"F": "Female", "M": "Male"}
# What methods call the first column of their own tables, see the keys that they give.
_NAMES = {
    "left_out": "Left out",
    "margin": "Margin",
    "true_reduction": "True reduction",
    "outlier": "Participant",
    "flat": "Flat prior",
    "sceptical": "Sceptical prior",
    "enthusiastic": "Enthusiastic prior",
    "without_history": "Without the earlier trials",
    "step": "Day of a step",
    "Intercept": "Intercept",
    # kinds of adverse events, of exposure and of changes of medication
    "any": "Any event",
    "serious": "Serious event",
    "related": "Related event",
    "withdrawn": "Event that led to withdrawal",
    "fatal": "Fatal event",
    "worst_severity": "Worst severity",
    "body_system": "Body system",
    "term": "Term",
    "body_system_severity": "Body system by worst severity",
    "term_severity": "Term by worst severity",
    "doses": "Doses",
    "number_of_doses": "Number of doses",
    "duration_days": "Duration of exposure (days)",
    "total_dose": "Total dose",
    "dose_intensity": "Dose intensity",
    "started": "Started",
    "stopped": "Stopped",
    "changed": "Changed",
    **{
        f"{change}_by_{what}": f"{change.capitalize()}, by {what}"
        for change in ("started", "stopped", "changed")
        for what in ("class", "reason")
    },
    "fatal_adverse_event": "From an adverse event",
    "fatal_emergent_adverse_event": "From a treatment-emergent adverse event",
    "disposition": "As reason for leaving",
}
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_TERM = re.compile(r"^(?P<name>\w+)(?:\[(?:T\.)?(?P<level>.+)\])?$")


class Labels:
    """Labels of a study's plan."""

    def __init__(self, protocol: Entry, labels: Mapping[str, str]) -> None:
        self.protocol = protocol
        self._labels = labels
        arms = sorted(protocol["design"]["arms"], key=lambda arm: not arm.get("reference"))
        self.arms: list[Entry] = arms
        self._arms = {arm["id"]: str(arm["label"]) for arm in arms}

    @property
    def reference(self) -> Entry:
        """The reference arm."""
        return self.arms[0]

    def arm(self, identifier: str | None) -> str:
        """Label of an arm; all participants where there is none."""
        return "All" if identifier is None else self._arms.get(identifier, identifier)

    def variable(self, name: str) -> str:
        """Label of a variable, the name itself where it has none."""
        return self._labels.get(name) or _NAMES.get(name, name)

    def level(self, variable: str, level: str) -> str:
        """A value of a variable in words; of a product of variables, each in its turn."""
        names, values = variable.split(":"), level.split("; ")
        if len(names) == len(values) > 1:
            return "; ".join(self.level(*pair) for pair in zip(names, values, strict=True))
        if _NUMBER.match(variable) and _NUMBER.match(level):
            return f"{minus(level)} in the compared arm"
        if _NUMBER.match(level):
            return minus(level)
        return (_SEXES if variable == "SEX" else _VALUES).get(level, level)

    def population(self, identifier: str) -> str:
        """Label of an analysis set."""
        return _label(self.protocol["analysis_sets"], identifier)

    def endpoint(self, identifier: str | None) -> Entry | None:
        """An endpoint's entry."""
        return _entry(self.protocol["endpoints"], identifier)

    def time_to_event(self, analysis: Entry) -> str:
        """Label of the time to an event that an analysis names; empty where it names none."""
        identifier = (analysis.get("options") or {}).get("parameter", "")
        return _label(self.protocol.get("time_to_event", []), identifier)

    def measure(self, analysis: Entry) -> str | None:
        """Statistic that is the estimate of an analysis; None where it has none."""
        endpoint = self.endpoint(analysis.get("endpoint"))
        return METHODS[analysis["method"]].measure(endpoint["kind"] if endpoint else None)

    def event(self, identifier: str) -> str:
        """Label of an intercurrent event within a sentence; words of the plan stay as they are."""
        return lower_first(_label(self.protocol.get("intercurrent_events", []), identifier))

    def window(self, identifier: str) -> str:
        """Label of a window or a visit, dashes between numbers written as such."""
        design = self.protocol["design"]
        return dashed(_label([*design["windows"], *design["visits"]], identifier))

    def analysis(self, identifier: str) -> str:
        """Label of an analysis."""
        return _label(self.protocol["analyses"], identifier)

    def is_analysis(self, name: str | None) -> bool:
        """Whether a name is the id of an analysis."""
        return _entry(self.protocol["analyses"], name) is not None

    def term(self, term: str) -> str:
        """A term of a model in words.

        ``ARM[T.active]`` becomes the arm against the reference, ``SEX[T.M]`` the value of the
        variable, products of terms are joined by a times sign; other names stay as they are.
        """
        if _NUMBER.match(term):
            return f"Delta {minus(term)} in the reference arm"
        return " × ".join(self._factor(factor) for factor in term.split(":"))

    def _factor(self, factor: str) -> str:
        parts = _TERM.match(factor)
        if parts is None:
            return factor
        name, level = parts["name"], parts["level"]
        if name == "ARM" and level:
            return f"{self.arm(level)} against {lower_first(self.reference['label'])}"
        if level is None:
            return self.variable(name)
        if name in ("AVISIT", "VISIT"):
            return self.window(level)
        return f"{self.variable(name)}: {self.level(name, level)}"


def _entry(entries: list[Entry], identifier: str | None) -> Entry | None:
    return next((entry for entry in entries if entry["id"] == identifier), None)


def _label(entries: list[Entry], identifier: str) -> str:
    entry = _entry(entries, identifier)
    return str(entry["label"]) if entry else identifier
