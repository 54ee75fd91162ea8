"""The variables of ADSL that a protocol adds: covariates, strata and analysis sets."""

from __future__ import annotations

from typing import Any

from seizureflow.analysis_sets import FACTS, set_flag
from seizureflow.displays.words import listed
from seizureflow.specification.model import Codelist, Variable
from seizureflow.specification.sources import file_source
from seizureflow.specification.taken import value_changes
from seizureflow.specification.words import YES_NO, bounds, number, short_label
from seizureflow.variable_kinds import are_numbers

Entry = dict[str, Any]

# Labels of flags that CDISC has words for.
_SET_LABELS = {
    "SAFFL": "Safety Population Flag",
    "FASFL": "Full Analysis Set Population Flag",
    "ITTFL": "Intent-To-Treat Population Flag",
    "MITTFL": "Modified Intent-To-Treat Population Flag",
    "PPROTFL": "Per-Protocol Population Flag",
    "COMPLFL": "Completers Population Flag",
    "RANDFL": "Randomized Population Flag",
    "ENRLFL": "Enrolled Population Flag",
}
_FACTS = {
    "randomised": "was randomised (RANDFL = Y)",
    "dosed": "received a dose (DOSEDFL = Y)",
    "eligible": "met every criterion of eligibility (ELIGFL = Y)",
    "baseline_diary": "has a baseline frequency (BLDIARFL = Y)",
    "post_baseline_diary": "has a recorded day from day 1 on (POSTBLFL = Y)",
    "completed": "completed the controlled period (COMPLFL = Y)",
    "no_deviation": "has no row in the dataset deviations",
}
_FACT_SOURCES = {
    "randomised": "ADSL.RANDFL",
    "dosed": "ADSL.DOSEDFL",
    "eligible": "ADSL.ELIGFL",
    "baseline_diary": "ADSL.BLDIARFL",
    "post_baseline_diary": "ADSL.POSTBLFL",
    "completed": "ADSL.COMPLFL",
    "no_deviation": "dataset deviations",
}


def planned_variables(protocol: Entry) -> list[Variable]:
    """The variables that a protocol adds to ADSL."""
    return [
        *(_covariate(protocol, name, entry) for name, entry in covariates(protocol).items()),
        *(_derived(entry) for entry in protocol["derived_covariates"]),
        *_strata(protocol),
        # A set that is one fact alone shares its flag, which is described with the facts.
        *(_analysis_set(e) for e in protocol["analysis_sets"] if flag_of(e) not in FACTS.values()),
    ]


def covariates(protocol: Entry) -> dict[str, Entry]:
    """The covariates of the raw file of participants, by variable."""
    columns = protocol["domains"]["participants"].get("columns", {})
    entries: dict[str, Entry] = columns.get("covariates", {})
    return entries


def flag_of(entry: Entry) -> str:
    """Variable of ADSL that flags an analysis set."""
    return set_flag(entry["id"])


def _covariate(protocol: Entry, name: str, entry: Entry) -> Variable:
    values: Entry = entry.get("values", {})
    kind = {"number": "float", "integer": "integer"}.get(entry.get("type", "category"), "text")
    if kind == "text" and are_numbers(values):
        kind = "integer" if all(float(v).is_integer() for v in values.values()) else "float"
    source = file_source(protocol["domains"]["participants"], [entry["column"]], "participants")
    return Variable(
        name,
        short_label(entry["label"]),
        kind,
        _labelled(entry["label"], f"As collected.{value_changes(values)}"),
        source,
        _meanings(values) if kind == "text" else (),
    )


def _meanings(values: Entry) -> Codelist:
    """Values of a covariate, yes and no in words, others by what they are in the raw file."""
    targets = list(dict.fromkeys(str(value) for value in values.values()))
    if set(targets) <= {"Y", "N"}:
        return tuple(pair for pair in YES_NO if pair[0] in targets)
    return tuple(
        (
            target,
            "raw "
            + listed([f'"{raw}"' for raw, value in values.items() if str(value) == target], "or"),
        )
        for target in targets
    )


def _derived(entry: Entry) -> Variable:
    if "transform" in entry:
        return Variable(
            entry["id"],
            short_label(entry["label"]),
            "float",
            _labelled(entry["label"], _transform(entry)),
            f"ADSL.{entry['variable']}",
        )
    return Variable(
        entry["id"],
        short_label(entry["label"]),
        "text",
        _labelled(
            entry["label"],
            f"Y where {entry['variable']} is {bounds(entry)}; N otherwise, also where it is "
            "missing.",
        ),
        f"ADSL.{entry['variable']}",
        YES_NO,
    )


def _transform(entry: Entry) -> str:
    """How a transformed number comes from its variable."""
    name = entry["variable"]
    inner = f"{name} / {number(entry['divide_by'])}" if "divide_by" in entry else name
    log = entry["transform"] == "log"
    words = f"ln({inner})" if log else inner
    if entry.get("centre", False):
        words += ", less its mean over all randomised participants"
    lacking = "is missing or not above 0" if log else "is missing"
    return f"{words}; missing where {name} {lacking}."


def _labelled(label: str, derivation: str) -> str:
    """A derivation that begins with the protocol's label where the variable's had to be cut."""
    return derivation if short_label(label) == label else f"{label}. {derivation}"


def _strata(protocol: Entry) -> list[Variable]:
    strata: list[str] = protocol["design"].get("strata", [])
    if not strata:
        return []
    participants = protocol["domains"]["participants"]
    used: Entry = participants.get("columns", {}).get("randomisation_strata", {})
    numbers = range(1, len(strata) + 1)
    variables = [
        Variable(
            "STRATAR",
            "Strata Used for Randomization",
            "text",
            f"The values of {listed([f'STRAT{i}R' for i in numbers])} together.",
            ", ".join(f"ADSL.STRAT{i}R" for i in numbers),
        ),
        Variable(
            "STRATAV",
            "Strata from Verification Source",
            "text",
            f"The values of {listed([f'STRAT{i}V' for i in numbers])} together.",
            ", ".join(f"ADSL.STRAT{i}V" for i in numbers),
        ),
    ]
    for place, name in enumerate(strata, start=1):
        variables += _stratum(place, name, used.get(name), participants)
    return variables


def _stratum(place: int, name: str, used: Entry | None, participants: Entry) -> list[Variable]:
    if used is None:
        randomised = f"Value of {name} used for randomisation; not collected apart from {name}."
        source = f"ADSL.{name}"
    else:
        changes = value_changes(used.get("values", {}))
        randomised = f"Value of {name} used for randomisation, as collected.{changes}"
        source = file_source(participants, [used["column"]], "participants")
    return [
        Variable(
            f"STRAT{place}R",
            f"Strat Factor {place} Value Used for Rand",
            "text",
            randomised,
            source,
        ),
        Variable(
            f"STRAT{place}V",
            f"Strat Factor {place} Value from Verif Source",
            "text",
            f"Value of {name} by the participant's own data.",
            f"ADSL.{name}",
        ),
        Variable(
            f"STRAT{place}D",
            f"Description of Strat Factor {place}",
            "text",
            f"Name of stratification factor {place}: {name}.",
            "protocol.yaml, design.strata",
        ),
    ]


def _analysis_set(entry: Entry) -> Variable:
    name = flag_of(entry)
    conditions = [_FACTS[fact] for fact in entry.get("requires", [])]
    conditions += [f"has {w['variable']} {bounds(w)}" for w in entry.get("where", [])]
    sources = [_FACT_SOURCES[fact] for fact in entry.get("requires", [])]
    sources += [f"ADSL.{w['variable']}" for w in entry.get("where", [])]
    derivation = (
        f"Y where the participant {listed(conditions)}; N otherwise."
        if conditions
        else "Y for all: the protocol sets no condition."
    )
    return Variable(
        name,
        _SET_LABELS.get(name, short_label(f"{entry['label']} Flag")),
        "text",
        f"{entry['label']}. {derivation}",
        ", ".join(dict.fromkeys(sources)) or "protocol.yaml, analysis_sets",
        YES_NO,
    )
