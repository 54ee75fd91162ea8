"""Checks that every name of a protocol stands for one thing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from seizureflow.adsl_names import DEMOGRAPHIC, is_own
from seizureflow.adsz_names import BASELINE, own_codes
from seizureflow.analysis_sets import FACTS, set_flag
from seizureflow.arm_codes import ONE_MEANING, ambiguous_codes
from seizureflow.domain_checks import Report
from seizureflow.yaml_source import Key

Entry = dict[str, Any]

_PARTS: tuple[tuple[str, ...], ...] = (
    ("design", "arms"),
    ("design", "visits"),
    ("design", "windows"),
    ("diary", "seizure_types"),
    ("eligibility",),
    ("derived_covariates",),
    ("analysis_sets",),
    ("estimands",),
    ("endpoints",),
    ("time_to_event",),
    ("analyses",),
)


def check_names(data: Entry, variables: Collection[str], report: Report) -> None:
    """Report every name that stands for two things.

    Args:
        data: The protocol with defaults filled in.
        variables: Variables that ADSL will have, apart from flags of facts and analysis sets.
        report: Takes the problems.
    """
    for part in _PARTS:
        entries = data[part[0]] if len(part) == 1 else data[part[0]][part[1]]
        _check_unique(part, entries, report)
    _check_variables(data, report)
    _check_windows(data["design"], report)
    _check_endpoints(data, report)
    _check_flags(data["analysis_sets"], variables, report)
    not_randomised = data["domains"]["participants"]["not_randomised"]
    for code in ambiguous_codes(data["design"]["arms"], not_randomised):
        report(("design", "arms", code.arm, "codes"), code.message, action=ONE_MEANING)


def _check_unique(key: Key, entries: list[Entry], report: Report) -> None:
    identifiers = [entry["id"] for entry in entries]
    for index, identifier in enumerate(identifiers):
        if identifier in identifiers[:index]:
            report((*key, index, "id"), f'The id "{identifier}" stands twice.')


def _check_variables(data: Entry, report: Report) -> None:
    """No covariate may have the name of another variable, which would take its place."""
    columns = data["domains"]["participants"]["columns"]
    covariates = columns.get("covariates", {})
    demographic = {name for name, column in DEMOGRAPHIC.items() if column in columns}
    named: list[tuple[Key, str, Collection[str]]] = [
        (("domains", "participants", "columns", "covariates", name), name, demographic)
        for name in covariates
    ]
    named += [
        (("derived_covariates", index, "id"), entry["id"], {*covariates, *DEMOGRAPHIC})
        for index, entry in enumerate(data["derived_covariates"])
    ]
    for key, name, others in named:
        if is_own(name) or name in others:
            report(
                key,
                f"ADSL has another variable {name}.",
                action="Give the covariate another name.",
            )


def _check_windows(design: Entry, report: Report) -> None:
    """The baseline period and the visits are windows of ADSZ too."""
    visits = {visit["id"] for visit in design["visits"]}
    for part in ("visits", "windows"):
        for index, entry in enumerate(design[part]):
            other = None
            if entry["id"] == BASELINE:
                other = "the baseline period"
            elif part == "windows" and entry["id"] in visits:
                other = "a visit"
            if other:
                report(
                    ("design", part, index, "id"),
                    f'The id "{entry["id"]}" is that of {other}, which is a window too.',
                    action="Give it another id.",
                )


def _check_endpoints(data: Entry, report: Report) -> None:
    taken = own_codes(len(data["diary"]["seizure_types"]))
    for index, endpoint in enumerate(data["endpoints"]):
        if endpoint["id"] in taken:
            report(
                ("endpoints", index, "id"),
                f'The id "{endpoint["id"]}" is that of a parameter which ADSZ always has.',
                action="Give the endpoint another id.",
            )


def _check_flags(sets: list[Entry], variables: Collection[str], report: Report) -> None:
    """A set must not share its flag with another, a variable, or a fact that it is not."""
    facts = {flag: fact for fact, flag in FACTS.items()}
    taken = {"DUMMYFL": "dummy treatment"} | {name: f"the variable {name}" for name in variables}
    for index, entry in enumerate(sets):
        flag, only = set_flag(entry["id"]), entry["requires"] if not entry["where"] else []
        other = taken.get(flag) or (facts.get(flag) if only != [facts.get(flag)] else None)
        if other:
            report(
                ("analysis_sets", index, "id"),
                f"The variable {flag} would flag both {other} and {entry['id']}.",
                action="Give the set a name that differs in its first six letters.",
            )
        taken[flag] = entry["id"]
