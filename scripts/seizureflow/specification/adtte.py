"""The variables and parameters of ADTTE, the times to an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seizureflow.adverse_events.rules import FLAGS
from seizureflow.displays.words import count_of, days_in_words, listed
from seizureflow.specification.identifiers import copied_identifiers
from seizureflow.specification.model import Parameter, Variable
from seizureflow.specification.words import DAY_ONE

Entry = dict[str, Any]

_ORDINALS = {1: "first", 2: "second", 3: "third"}


def adtte_variables(protocol: Entry, labels: Mapping[str, str]) -> dict[str, Variable]:
    """Every variable of ADTTE, by name."""
    see = "See the parameters."
    variables = [
        *copied_identifiers(protocol),
        Variable("PARAMCD", "Parameter Code", "text", see, "protocol.yaml, time_to_event"),
        Variable("PARAM", "Parameter", "text", see, "protocol.yaml, time_to_event"),
        Variable(
            "STARTDT",
            "Time-to-Event Origin Date for Subject",
            "date",
            f"Date of day 1. {DAY_ONE} Missing where the study has no dates.",
            "canonical/participants.RFDT",
        ),
        Variable(
            "ADT",
            "Analysis Date",
            "date",
            "Date of the event or of censoring; missing where the study has no dates.",
            see,
        ),
        Variable(
            "AVAL",
            "Analysis Value",
            "float",
            "Days from day 1 to the event or to censoring, day 1 being 1 (ADT − STARTDT + 1).",
            "ADTTE.ADT, ADTTE.STARTDT",
        ),
        Variable(
            "CNSR",
            "Censor",
            "integer",
            "0 where the event was seen, 1 where the time is censored.",
            see,
            (("0", "Event"), ("1", "Censored")),
        ),
        Variable(
            "EVNTDESC", "Event or Censoring Description", "text", "What ADT is the date of.", see
        ),
        Variable(
            "CNSDTDSC",
            "Censor Date Description",
            "text",
            "What the date of censoring is; missing where the event was seen.",
            see,
        ),
        Variable(
            "SRCDOM", "Source Data", "text", "The table from which the date of ADT comes.", see
        ),
    ]
    return {variable.name: variable for variable in variables}


def adtte_parameters(protocol: Entry, labels: Mapping[str, str]) -> dict[str, Parameter]:
    """Every parameter that ADTTE has under a protocol, by code."""
    entries = protocol.get("time_to_event", [])
    return {entry["id"]: _parameter(protocol, labels, entry) for entry in entries}


def _parameter(protocol: Entry, labels: Mapping[str, str], entry: Entry) -> Parameter:
    if entry["kind"] == "adverse_event":
        return _adverse_event(protocol, labels, entry)
    if entry["kind"] == "discontinuation":
        event = (
            "Days from day 1 to the end of study of a participant who did not complete; for one "
            "who did, censored at the end of study"
        )
        source = "ADSL.EOSDT, ADSL.COMPLFL"
    else:
        event, source = _seizure(protocol, entry), "canonical/intervals, canonical/seizures"
    end = _end(protocol, labels, entry)
    censored = f"; censored at {end}." if entry["kind"] != "discontinuation" else "."
    return Parameter(entry["id"], entry["label"], "float", f"{event}{censored}", source)


def _adverse_event(protocol: Entry, labels: Mapping[str, str], entry: Entry) -> Parameter:
    rule = protocol["domains"]["adverse_events"]["emergent"]
    after = rule["until_days_after_last_dose"]
    end = "the end of study (else the last visit, else the last dose)"
    if after is not None:
        end += f" or {count_of(after, 'day')} after the last dose, whichever is earlier"
    if "window" in entry:
        window, days = entry["window"], _days_of(protocol, entry["window"])
        end += f", and at the latest at the end of {labels.get(window, window)}, {days}"
    derivation = (
        "Days from day 1 to the start of the first adverse event with TRTEMFL Y"
        f"{_conditions(entry.get('events', {}))}; censored at {end}; where an event with TRTEMFL Y "
        "began later, on its day. Missing for who was never at risk."
    )
    source = "ADAE.ASTDT, ADSL.EOSDT, ADSL.LSTVSDT, ADSL.TRTEDT"
    return Parameter(entry["id"], entry["label"], "float", derivation, source)


def _conditions(wanted: Entry) -> str:
    """The events that count, as a part of a sentence."""
    flags = [f"{column} Y" for name, column in FLAGS.items() if wanted.get(name)]
    for name, column in (("body_systems", "AEBODSYS"), ("terms", "AETERM")):
        if name in wanted:
            flags.append(f"{column} {listed([repr(value) for value in wanted[name]], 'or')}")
    if "minimum_severity" in wanted:
        flags.append(f"AESEV at least {wanted['minimum_severity']}")
    return "".join(f", {flag}" for flag in flags)


def _seizure(protocol: Entry, entry: Entry) -> str:
    if entry["kind"] == "nth_seizure":
        which = entry.get("n", 1)
        ordinal = _ORDINALS.get(which, f"{which}th")
        return f"Days from day 1 to the {ordinal} countable seizure"
    per = protocol["diary"]["frequency_days"]
    return (
        "Days from day 1 to as many countable seizures as the baseline had per "
        f"{per} days, which is BSFREQ rounded up"
    )


def _end(protocol: Entry, labels: Mapping[str, str], entry: Entry) -> str:
    window = entry.get("window")
    if window is None:
        return "the end of the diary"
    days = _days_of(protocol, window)
    return f"the end of {labels.get(window, window)}, {days}, or of the diary before"


def _days_of(protocol: Entry, window: str) -> str:
    """Days of a window in words."""
    return days_in_words(
        next(w["days"] for w in protocol["design"]["windows"] if w["id"] == window)
    )
