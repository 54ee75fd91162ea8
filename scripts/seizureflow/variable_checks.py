"""Checks the variables that a protocol names: that they exist, and that bounds suit their kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from seizureflow.bounds import BOUNDS, COMPARISONS, LISTS, is_number
from seizureflow.domain_checks import Report
from seizureflow.suggestions import nearest
from seizureflow.variable_kinds import Kind, variable_kinds
from seizureflow.yaml_source import Key

Entry = dict[str, Any]

# Properties of the baseline that counts per period do not show.
_DAILY_PROPERTIES = ("longest_seizure_free_run", "countable_seizures_each_half")
# Raw domains from which the facts of an analysis set are known.
_FACT_DOMAINS = {"dosed": "doses", "completed": "disposition"}


def check_variables(data: Entry, report: Report) -> None:
    """Report what is wrong with strata, criteria, derived covariates and analysis sets.

    Args:
        data: The protocol with defaults filled in.
        report: Takes the problems.
    """
    kinds = variable_kinds(data)
    _check_strata(data, kinds, report)
    for index, entry in enumerate(data["derived_covariates"]):
        _check_transform(("derived_covariates", index), entry, kinds, report)
    _check_use_of_centred(data, report)
    for key, entry in _entries_with_bounds(data):
        _check_bounds(key, entry, _known_to(key, data, kinds), report)
    for index, entry in enumerate(data["eligibility"]):
        _check_criterion(("eligibility", index), entry, data["domains"], report)
    for index, entry in enumerate(data["analysis_sets"]):
        _check_set(("analysis_sets", index), entry, data["domains"], report)


def _entries_with_bounds(data: Entry) -> Iterator[tuple[Key, Entry]]:
    for part in ("eligibility", "derived_covariates"):
        for index, entry in enumerate(data[part]):
            yield (part, index), entry
    for index, entry in enumerate(data["analysis_sets"]):
        for position, bound in enumerate(entry["where"]):
            yield ("analysis_sets", index, "where", position), bound


def _known_to(key: Key, data: Entry, kinds: dict[str, Kind]) -> dict[str, Kind]:
    """What can be named: in analysis sets participants too, and covariates before a derived one."""
    if key[0] == "analysis_sets":
        return kinds | {"USUBJID": "text"}
    if key[0] != "derived_covariates":
        return kinds
    later = {entry["id"] for entry in data["derived_covariates"][key[1] :]}
    return {name: kind for name, kind in kinds.items() if name not in later}


def _check_strata(data: Entry, kinds: dict[str, Kind], report: Report) -> None:
    strata = data["design"]["strata"]
    for index, name in enumerate(strata):
        _refer(("design", "strata", index), name, kinds, "variable", report)
    columns = data["domains"]["participants"]["columns"]
    for name in columns.get("randomisation_strata", {}):
        key = ("domains", "participants", "columns", "randomisation_strata", name)
        _refer(key, name, strata, "stratification variable", report)


def _check_bounds(key: Key, entry: Entry, kinds: dict[str, Kind], report: Report) -> None:
    if "transform" not in entry and not set(BOUNDS) & set(entry):
        report(key, "The entry has no bound.", action=f"Add one of {', '.join(BOUNDS)}.")
    _check_range(key, entry, report)
    if "variable" not in entry:
        return
    name = entry["variable"]
    if not _refer((*key, "variable"), name, kinds, "variable", report):
        return
    for bound in COMPARISONS:
        if bound in entry and kinds[name] == "text":
            report(
                (*key, bound),
                f"The variable {name} holds text, which is neither more nor less than a number.",
                action=f"Use one of {', '.join(LISTS)}, or give the covariate the type number.",
            )
    for bound in LISTS:
        words = [value for value in entry.get(bound, ()) if not is_number(value)]
        if words and kinds[name] == "number":
            report(
                (*key, bound),
                f"The variable {name} holds numbers, none of which is ever text.",
                found=", ".join(map(repr, words)),
                action="List numbers, or bound another variable.",
            )


def _check_range(key: Key, entry: Entry, report: Report) -> None:
    """Some value must lie between the bounds."""
    lower = [(entry[name], name) for name in ("at_least", "more_than") if name in entry]
    upper = [(entry[name], name) for name in ("at_most", "less_than") if name in entry]
    for low, least in lower:
        for high, most in upper:
            if low > high or (low == high and (least, most) != ("at_least", "at_most")):
                report(
                    (*key, least),
                    f"No value is both {COMPARISONS[least][0]} {low:g} and {COMPARISONS[most][0]} "
                    f"{high:g}.",
                    action="Mend the bounds: both must hold.",
                )


def _check_transform(key: Key, entry: Entry, kinds: dict[str, Kind], report: Report) -> None:
    """A derived covariate is a flag with bounds, or a number with a transform."""
    if "transform" not in entry:
        for name in ("divide_by", "centre"):
            if name in entry:
                report(
                    (*key, name),
                    f"The key {name} belongs to a transform, which the entry lacks.",
                    action="Add transform: identity (or log), or delete the key.",
                )
        return
    bounds = [name for name in BOUNDS if name in entry]
    if bounds:
        report(
            (*key, bounds[0]),
            "The entry has both a transform and a bound.",
            action="Derive the number in one entry and a flag from it in the next.",
        )
    if kinds.get(entry["variable"]) == "text":
        report(
            (*key, "variable"),
            f"The variable {entry['variable']} holds text, which cannot be transformed.",
            action="Name a variable that holds numbers.",
        )


def _check_use_of_centred(data: Entry, report: Report) -> None:
    """What decides on randomisation cannot rest on a mean over the randomised."""
    centred = {entry["id"] for entry in data["derived_covariates"] if entry.get("centre")}
    used: list[tuple[Key, Any]] = [
        (("design", "strata", index), name) for index, name in enumerate(data["design"]["strata"])
    ]
    used += [
        ((part, index, "variable"), entry.get("variable"))
        for part in ("eligibility", "derived_covariates")
        for index, entry in enumerate(data[part])
    ]
    for key, name in used:
        if name in centred:
            report(
                key,
                f"{name} is centred over the randomised participants, so that nothing that comes "
                "before randomisation, and no other covariate, can rest on it.",
                action="Name a covariate that is not centred.",
            )


def _check_criterion(key: Key, entry: Entry, domains: Entry, report: Report) -> None:
    if ("variable" in entry) == ("diary" in entry):
        report(
            key,
            "The entry must name either a variable or a property of the diary.",
            action="Give exactly one of variable and diary.",
        )
    if entry.get("diary") in _DAILY_PROPERTIES and "diary" not in domains:
        report(
            (*key, "diary"),
            f"{entry['diary']} needs a daily diary, which the study lacks.",
        )


def _check_set(key: Key, entry: Entry, domains: Entry, report: Report) -> None:
    if not entry["requires"] and not entry["where"]:
        report(key, "The set has no rule.", action="Add requires or where.")
    for position, fact in enumerate(entry["requires"]):
        domain = _FACT_DOMAINS.get(fact)
        if domain and domain not in domains:
            report(
                (*key, "requires", position),
                f'The fact "{fact}" needs the domain {domain}, which the study lacks.',
                action=f"Add domains.{domain}, or require something else.",
            )


def _refer(key: Key, name: str, known: Collection[str], kind: str, report: Report) -> bool:
    """Report a name that refers to nothing."""
    if name in known:
        return True
    report(key, f'There is no {kind} "{name}".', action=nearest(name, known))
    return False
