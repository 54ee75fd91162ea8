"""Checks that each analysis of a plan gives its method what it takes, and names what exists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from seizureflow.domain_checks import Report
from seizureflow.multiplicity_graph import graph_problems
from seizureflow.registry import METHODS
from seizureflow.schema_check import violations
from seizureflow.specification_curve.choices import WHOLE_BASELINE
from seizureflow.subgroups.site_size import SITE_SIZE
from seizureflow.suggestions import nearest
from seizureflow.visit_schedule import window_visits
from seizureflow.yaml_source import Key

Entry = dict[str, Any]


def check_analyses(data: Entry, variables: list[str], report: Report) -> None:
    """Report what is wrong with the analyses of a plan.

    Args:
        data: The protocol with defaults filled in.
        variables: Variables that it can name.
        report: Takes the problems.
    """
    checks = _AnalysisChecks(data, variables, report)
    for index, analysis in enumerate(data["analyses"]):
        checks.check_analysis(("analyses", index), analysis)


class _AnalysisChecks:
    """The checks of analyses, with what they all need at hand."""

    def __init__(self, data: Entry, variables: list[str], report: Report) -> None:
        self.data, self.variables, self.report = data, variables, report
        self.design, self.domains = data["design"], data["domains"]

    def refer(self, key: Key, name: str, known: Collection[str], kind: str) -> bool:
        """Report a name that refers to nothing."""
        if name in known:
            return True
        self.report(key, f'There is no {kind} "{name}".', action=nearest(name, known))
        return False

    def check_analysis(self, key: Key, analysis: Entry) -> None:
        if not self.refer((*key, "method"), analysis["method"], list(METHODS), "method"):
            return
        method, needs = analysis["method"], METHODS[analysis["method"]]
        chosen = needs.dataset_read(analysis.get("options", {}))
        for domain in (*needs.domains, *chosen):
            if domain not in self.domains:
                self.report(
                    (*key, "method"),
                    f"The method {method} needs the domain {domain}, which the study lacks.",
                    action=f"Add domains.{domain}, or delete the analysis.",
                )
        wanted = {
            "endpoint": bool(needs.endpoint),
            "window": needs.window,
            "variables": needs.variables,
            "options": bool(needs.options),
        }
        left_out = set() if needs.required_options() else {"options"}
        for name, needed in wanted.items():
            if needed and name not in analysis and name not in left_out:
                self.report(key, f"The method {method} needs the key {name}.")
            if not needed and name in analysis:
                self.report((*key, name), f"The method {method} takes no {name}.")
        if analysis.get("covariates") and not needs.covariates:
            self.report((*key, "covariates"), f"The method {method} takes no covariates.")
        for name in ("covariates", "variables"):
            for index, variable in enumerate(analysis.get(name, [])):
                self.refer((*key, name, index), variable, self.variables, "variable")
        self.check_endpoint_kind(key, analysis, needs.endpoint)
        if needs.visits:
            self.check_visits(key, analysis)
        sound = self.check_options(key, analysis, needs.options)
        options = analysis.get("options", {})
        if "hypotheses" in needs.options and sound:
            self.check_hypotheses(key, options)
        if "arm" in needs.options and sound:
            self.check_compared_arm(key, options.get("arm"))
        self.check_strata(key, options.get("strata"))
        self.check_names_in_entries(key, options.get("by"))
        if isinstance(options.get("grid"), dict):
            self.check_grid(key, options["grid"])
        if needs.parameter:
            self.check_parameter(key, analysis.get("options", {}).get("parameter"))
        if needs.repeats:
            self.check_repeated(key, analysis.get("options", {}).get("repeats"))
        for option, identifier in needs.analyses_read(analysis.get("options", {})):
            self.check_read(key, option, identifier)

    def check_endpoint_kind(self, key: Key, analysis: Entry, kinds: tuple[str, ...]) -> None:
        known = {endpoint["id"]: endpoint["kind"] for endpoint in self.data["endpoints"]}
        found = known.get(analysis.get("endpoint", ""))
        if kinds and found and found not in kinds:
            self.report(
                (*key, "endpoint"),
                f"The method {analysis['method']} analyses another kind.",
                expected=f"an endpoint of kind {' or '.join(kinds)}",
                found=f"{analysis['endpoint']}, of kind {found}",
            )

    def check_repeated(self, key: Key, identifier: Any) -> None:
        """Check the analysis that another one repeats."""
        place = (*key, "options", "repeats")
        if not isinstance(identifier, str):
            return
        if not self.refer(place, identifier, _ids(self.data["analyses"]), "analysis"):
            return
        method = _by_id(self.data["analyses"], identifier)["method"]
        needs = METHODS.get(method)
        if needs and (needs.repeats or needs.reads_results or needs.estimate is None):
            self.report(
                place,
                f"The analysis {identifier} cannot be repeated: {method} gives no one estimate, or "
                "rests on another analysis itself.",
                action="Name an analysis that compares the arms by an estimate.",
            )

    def check_parameter(self, key: Key, identifier: Any) -> None:
        """Check the time to an event that an analysis names."""
        place, known = (*key, "options", "parameter"), _ids(self.data["time_to_event"])
        if isinstance(identifier, str) and not known:
            self.report(
                place,
                f'There is no time to an event "{identifier}": the plan defines none.',
                action="Define it under time_to_event.",
            )
        elif isinstance(identifier, str):
            self.refer(place, identifier, known, "time to an event")

    def check_strata(self, key: Key, names: Any) -> None:
        """Check the variables by which an analysis is stratified; also those of ADaM's names."""
        numbers = range(1, len(self.design["strata"]) + 1)
        adam = [f"STRAT{number}{end}" for number in numbers for end in "RV"]
        for index, name in enumerate(_strings(names)):
            place = (*key, "options", "strata", index)
            self.refer(place, name, [*self.variables, *adam], "variable")

    def check_read(self, key: Key, option: str, identifier: str) -> None:
        """Check an analysis whose results another one reads: it must stand before it."""
        place = (*key, "options", option)
        earlier = _ids(self.data["analyses"][: int(key[1])])
        if identifier in earlier or not self.refer(
            place, identifier, _ids(self.data["analyses"]), "analysis"
        ):
            return
        self.report(
            place,
            f'The results of "{identifier}" are read, which stands later in the plan.',
            action="Let an analysis stand after those whose results it reads.",
        )

    def check_visits(self, key: Key, analysis: Entry) -> None:
        window = analysis.get("window")
        if window not in _ids(self.design["windows"]) or window_visits(self.design, window):
            return
        self.report(
            (*key, "window"),
            f"The method {analysis['method']} needs visits whose windows lie in {window}.",
            action="Add visits to design.visits, or choose a longer window.",
        )

    def check_compared_arm(self, key: Key, named: str | None) -> None:
        """Check the one arm that is compared; it must be named where there are several."""
        place = (*key, "options", "arm")
        compared = [str(arm["id"]) for arm in self.design["arms"] if not arm["reference"]]
        if named is not None:
            self.refer(place, named, compared, "arm compared with the reference")
        elif len(compared) > 1:
            self.report(
                place,
                "The method compares one arm with the reference, and the trial has several.",
                expected=f"one of {', '.join(compared)}",
                action="Name the arm; an analysis of its own may compare another.",
            )

    def check_hypotheses(self, key: Key, options: Entry) -> None:
        """Check the arms of the hypotheses that are tested together, and the graph over them."""
        hypotheses, place = options["hypotheses"], (*key, "options")
        for index, entry in enumerate(hypotheses):
            if "arm" in entry:
                arm = (*place, "hypotheses", index, "arm")
                self.refer(arm, entry["arm"], _ids(self.design["arms"]), "arm")
        if options.get("procedure") == "graphical":
            weights, transitions = options.get("weights", []), options.get("transitions", [])
            for problem in graph_problems(weights, transitions, len(hypotheses)):
                self.report(place, problem, action="Mend the options weights and transitions.")

    def check_options(self, key: Key, analysis: Entry, needed: Mapping[str, Entry]) -> bool:
        """Check options against their schemas; whether all are there and as these ask."""
        options: Entry = analysis.get("options", {})
        sound = True
        for name, schema in needed.items():
            if name not in options and "default" not in schema:
                self.report((*key, "options"), f"The option {name} is missing.")
                sound = False
        for name, value in options.items():
            place = (*key, "options", name)
            if name not in needed:
                if needed:
                    self.report(place, f'Unknown option "{name}".', action=nearest(name, needed))
                continue
            for error in Draft202012Validator(needed[name]).iter_errors(value):
                for where, what, details in violations(error):
                    self.report((*place, *where), what, **details)
                sound = False
        for option in ("covariates_by_visit", "arm_by"):
            named = options.get(option)
            for index, name in enumerate(named if isinstance(named, list) else []):
                place = (*key, "options", option, index)
                self.refer(place, str(name), analysis.get("covariates", []), "covariate")
        return sound

    def check_names_in_entries(self, key: Key, entries: Any) -> None:
        """Check the variables by which subgroups are formed."""
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and "variable" in entry:
                place = (*key, "options", "by", index, "variable")
                known = [*self.variables, SITE_SIZE]
                self.refer(place, str(entry["variable"]), known, "variable")

    def check_grid(self, key: Key, grid: Entry) -> None:
        """Check the names that the levels of a grid of choices have."""
        windows = _ids(self.design["windows"])
        for choice, known, kind in (
            ("window", windows, "window"),
            ("baseline", [WHOLE_BASELINE, *windows], "window"),
            ("population", _ids(self.data["analysis_sets"]), "analysis set"),
        ):
            for index, name in enumerate(_strings(grid.get(choice))):
                self.refer((*key, "options", "grid", choice, index), name, known, kind)
        for index, names in enumerate(grid.get("covariates") or []):
            for position, name in enumerate(_strings(names)):
                place = (*key, "options", "grid", "covariates", index, position)
                self.refer(place, name, self.variables, "variable")


def _strings(values: Any) -> list[str]:
    """The texts of a list; none of what is no list, which the schema of the option reports."""
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _by_id(entries: list[Entry], identifier: str) -> Entry:
    return next(entry for entry in entries if entry["id"] == identifier)


def _ids(entries: list[Entry]) -> list[str]:
    return [str(entry["id"]) for entry in entries]
