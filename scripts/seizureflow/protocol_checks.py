"""Checks of a protocol that a schema cannot make: what its parts say of each other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from seizureflow.adverse_events.protocol_rules import check_adverse_events
from seizureflow.analysis_checks import check_analyses
from seizureflow.domain_checks import check_domains
from seizureflow.endpoint_checks import check_endpoint_fields
from seizureflow.ilae import CLASS_IDS
from seizureflow.name_checks import check_names
from seizureflow.problems import Problem
from seizureflow.registry import METHODS
from seizureflow.suggestions import nearest
from seizureflow.variable_checks import check_variables
from seizureflow.variable_kinds import variable_kinds
from seizureflow.yaml_source import Key, YamlSource

Entry = dict[str, Any]


# Domains that kinds of times to an event need, where it is not the diary.
_NEEDED_DOMAINS = {"discontinuation": "disposition", "adverse_event": "adverse_events"}


def check_protocol(source: YamlSource, data: Entry, folder: Path) -> list[Problem]:
    """Give every problem of a protocol that keeps its schema.

    Args:
        source: The file, for the places of keys.
        data: Its content with defaults filled in.
        folder: The study's folder.
    """
    return _Checks(source, data, folder).run()


def _by_id(entries: list[Entry], identifier: str) -> Entry:
    return next(entry for entry in entries if entry["id"] == identifier)


def _ids(entries: list[Entry]) -> list[str]:
    return [str(entry["id"]) for entry in entries]


class _Checks:
    """The checks, with what they all need at hand."""

    def __init__(self, source: YamlSource, data: Entry, folder: Path) -> None:
        self.source, self.data, self.folder = source, data, folder
        self.design, self.domains = data["design"], data["domains"]
        self.variables = list(variable_kinds(data))
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        self.check_design()
        check_names(self.data, self.variables, self.report)
        check_domains(self.data, self.folder, self.report)
        self.check_times()
        self.check_seizure_types()
        check_variables(self.data, self.report)
        self.check_events()
        self.check_endpoints()
        self.check_estimands()
        for index, analysis in enumerate(self.data["analyses"]):
            self.check_references(("analyses", index), analysis)
        check_analyses(self.data, self.variables, self.report)
        self.check_success_criterion()
        return self.problems

    def report(self, key: Key, what: str, **details: str) -> None:
        self.problems.append(Problem(self.source.where(key), what, **details))

    def refer(self, key: Key, name: str, known: Collection[str], kind: str) -> bool:
        """Report a name that refers to nothing."""
        if name in known:
            return True
        self.report(key, f'There is no {kind} "{name}".', action=nearest(name, known))
        return False

    def check_design(self) -> None:
        if self.data["study"] != self.folder.name:
            self.report(
                ("study",),
                "The study is not named like its folder.",
                expected=self.folder.name,
                found=self.data["study"],
            )
        references = [arm["id"] for arm in self.design["arms"] if arm["reference"]]
        if len(references) != 1:
            self.report(
                ("design", "arms"),
                "Exactly one arm must be the reference.",
                found=", ".join(references) or "none",
                action="Set reference: true on one arm.",
            )
        baseline = self.design["baseline"]["days"]
        self.check_interval(("design", "baseline", "days"), baseline)
        if baseline[1] > 1:
            self.report(
                ("design", "baseline", "days"),
                "The baseline goes on after day 1, under treatment.",
                found=str(baseline),
                action="Let it end at 1 or before; its end is the day after its last.",
            )
        for index, window in enumerate(self.design["windows"]):
            self.check_interval(("design", "windows", index, "days"), window["days"])
        days = [visit["day"] for visit in self.design["visits"]]
        if days != sorted(set(days)):
            self.report(("design", "visits"), "Visits must be in the order of their days.")
        if self.design["visit_windows"]["boundaries"] == "actual" and "visits" not in self.domains:
            self.report(
                ("design", "visit_windows", "boundaries"),
                "Windows between actual visits need the domain visits, which the study lacks.",
                action="Add domains.visits, or set boundaries: nominal.",
            )

    def check_times(self) -> None:
        ends = {window["id"]: window["days"][1] for window in self.design["windows"]}
        for index, entry in enumerate(self.data["time_to_event"]):
            key = ("time_to_event", index)
            self.check_references(key, entry)
            window = ends.get(entry.get("window", ""))
            if window is not None and window <= 1:
                self.report(
                    (*key, "window"),
                    "The window ends before day 1, where the time begins.",
                    action="Name a window that ends after day 1, or none.",
                )
            if (entry["kind"] == "nth_seizure") != ("n" in entry):
                self.report(key, "The key n belongs to the kind nth_seizure, which needs it.")
            needed = _NEEDED_DOMAINS.get(entry["kind"], "diary")
            seizures = needed == "diary" and "period_counts" in self.domains
            if needed not in self.domains and not seizures:
                self.report(key, f"The kind {entry['kind']} needs the domain {needed}.")
        check_adverse_events(self.data, self.report)

    def check_interval(self, key: Key, days: list[int]) -> None:
        if days[0] >= days[1]:
            self.report(
                key,
                "The interval is empty.",
                expected="[start, end) with start before end",
                found=str(days),
            )

    def check_seizure_types(self) -> None:
        types = self.data["diary"]["seizure_types"]
        seizures = "diary" in self.domains or "period_counts" in self.domains
        if seizures and not any(entry["countable"] for entry in types):
            self.report(("diary", "seizure_types"), "No seizure type is countable.")
        for index, entry in enumerate(types):
            if "ilae" in entry:
                key = ("diary", "seizure_types", index, "ilae")
                self.refer(key, entry["ilae"], CLASS_IDS, "class of the ILAE 2017 classification")
        if "diary" in self.domains:
            for name in self.domains["diary"].get("types", {}):
                self.refer(("domains", "diary", "types", name), name, _ids(types), "seizure type")
        if "period_counts" in self.domains:
            entry = self.domains["period_counts"]
            place = ("domains", "period_counts")
            self.refer((*place, "seizure_type"), entry["seizure_type"], _ids(types), "seizure type")
            for index, period in enumerate(entry["periods"]):
                self.check_interval((*place, "periods", index, "days"), period["days"])

    def check_events(self) -> None:
        """Check intercurrent events, and the windows that end with one."""
        needed = {"discontinuation": "disposition", "medication": "medications"}
        for index, entry in enumerate(self.data["intercurrent_events"]):
            key = ("intercurrent_events", index)
            if needed[entry["occurs"]] not in self.domains:
                self.report(
                    (*key, "occurs"),
                    f"{entry['occurs']} needs the domain {needed[entry['occurs']]}, which the "
                    "study lacks.",
                )
            if "classes" in entry and entry["occurs"] != "medication":
                self.report((*key, "classes"), "Only medications have classes.")
        for index, window in enumerate(self.design["windows"]):
            self.refer_to_events(("design", "windows", index, "until"), window["until"])

    def refer_to_events(self, key: Key, names: list[str]) -> None:
        for position, name in enumerate(names):
            known = _ids(self.data["intercurrent_events"])
            self.refer((*key, position), name, known, "intercurrent event")

    def check_endpoints(self) -> None:
        for index, endpoint in enumerate(self.data["endpoints"]):
            key = ("endpoints", index)
            check_endpoint_fields(key, endpoint, self.report)
            if "seizure_type" in endpoint:
                types = _ids(self.data["diary"]["seizure_types"])
                self.refer((*key, "seizure_type"), endpoint["seizure_type"], types, "seizure type")
            self.refer_to_events((*key, "composite_events"), endpoint.get("composite_events", []))
            rule = endpoint.get("dropouts", "observed_days")
            if rule != "observed_days" and "disposition" not in self.domains:
                self.report(
                    (*key, "dropouts"),
                    f"{rule} needs the domain disposition, which the study lacks.",
                )
            if endpoint["kind"] == "seizure_free_days" and "diary" not in self.domains:
                self.report(
                    (*key, "kind"), "seizure_free_days needs a daily diary, which the study lacks."
                )

    def check_estimands(self) -> None:
        for index, estimand in enumerate(self.data["estimands"]):
            self.check_references(("estimands", index), estimand)

    def check_references(self, key: Key, entry: Entry) -> None:
        """Check the names of a population, an endpoint and a window wherever they are given."""
        for name, entries, kind in (
            ("population", self.data["analysis_sets"], "analysis set"),
            ("endpoint", self.data["endpoints"], "endpoint"),
            ("window", self.design["windows"], "window"),
            ("estimand", self.data["estimands"], "estimand"),
        ):
            if name in entry:
                self.refer((*key, name), entry[name], _ids(entries), kind)

    def check_success_criterion(self) -> None:
        criterion = self.data.get("success_criterion")
        if criterion is None:
            return
        key = ("success_criterion", "analysis")
        if self.refer(key, criterion["analysis"], _ids(self.data["analyses"]), "analysis"):
            method = _by_id(self.data["analyses"], criterion["analysis"])["method"]
            if method in METHODS and METHODS[method].measure("log_change") != "relative_change":
                self.report(
                    key, "The criterion is a relative reduction, which this analysis lacks."
                )
