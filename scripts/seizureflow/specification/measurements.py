"""The variables and parameters of ADLB and ADVS, the results of tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.displays.words import count_of
from seizureflow.specification.identifiers import copied_identifiers
from seizureflow.specification.model import Codelist, Parameter, Variable
from seizureflow.specification.sources import NOT_COLLECTED, collected, raw_source
from seizureflow.specification.taken import taken
from seizureflow.specification.words import DAY_ONE, study_day

Entry = dict[str, Any]

# The raw domain that each dataset is derived from.
MEASUREMENT_DOMAINS = {"adlb": "laboratory", "advs": "vital_signs"}

_YES: Codelist = (("Y", "Yes"),)
_RANGE: Codelist = (
    ("LOW", "Below the reference range"),
    ("NORMAL", "Within the reference range"),
    ("HIGH", "Above the reference range"),
)
_BASELINE = (
    "the last number on or before day 1 of the participant, parameter and ATPT; times of day are "
    "not compared with that of the dose"
)


def measurement_variables(
    name: str, protocol: Entry, labels: Mapping[str, str]
) -> dict[str, Variable]:
    """Every variable of ADLB or ADVS, by name."""
    domain = MEASUREMENT_DOMAINS[name]
    data = name.upper()
    variables = [
        *copied_identifiers(protocol),
        taken(protocol, (domain, "test_code"), "PARAMCD", "Parameter Code", "text"),
        _made(
            protocol,
            (domain, "test", "unit", "test_code"),
            "PARAM",
            "Parameter",
            "Name of the test and its unit; the code too where two tests would be named alike.",
        ),
        taken(protocol, (domain, "category"), "PARCAT1", "Parameter Category 1", "text"),
        *_visits(domain, data, protocol, labels),
        taken(protocol, (domain, "timepoint"), "ATPT", "Analysis Timepoint", "text"),
        taken(
            protocol, (domain, "date"), "ADT", "Analysis Date", "date", "As collected, as a date."
        ),
        Variable("ADY", "Analysis Relative Day", "integer", study_day("ADT"), f"{data}.ADT"),
        *_values(domain, data, protocol),
        *_range(domain, data, protocol),
        *_flags(domain, data, protocol),
    ]
    return {variable.name: variable for variable in variables}


def measurement_parameters(name: str, protocol: Entry, frame: pd.DataFrame) -> dict[str, Parameter]:
    """The parameters of ADLB or ADVS: the tests that have a result."""
    domain = MEASUREMENT_DOMAINS[name]
    source = raw_source(protocol, domain, "value")
    names = frame.drop_duplicates("PARAMCD").set_index("PARAMCD")["PARAM"]
    return {
        str(code): Parameter(
            str(code),
            str(label),
            "float",
            "The result as collected; missing where it is no number.",
            source,
            f"{_BASELINE[0].upper()}{_BASELINE[1:]}.",
        )
        for code, label in names.items()
    }


def _made(
    protocol: Entry, place: tuple[str, ...], name: str, label: str, derivation: str
) -> Variable:
    """A text made from columns of a raw domain, which the study may lack."""
    if not collected(protocol, place[0]):
        return Variable(name, label, "text", NOT_COLLECTED, "")
    return Variable(name, label, "text", derivation, raw_source(protocol, *place))


def _entry(protocol: Entry, domain: str) -> Entry:
    default = {"visit_assignment": "recorded", "days_after_last_dose": 0}
    return protocol["domains"].get(domain) or default


def _visits(domain: str, data: str, protocol: Entry, labels: Mapping[str, str]) -> list[Variable]:
    visits = protocol["design"]["visits"]
    rule = (
        "the visit of the plan that was recorded"
        if _entry(protocol, domain)["visit_assignment"] == "recorded"
        else "the visit of the plan whose planned day is nearest (the earlier of two; the last "
        "reaches as far beyond its day as before it)"
    )
    coded = [(str(v["id"]), f"{labels.get(v['id'], v['label'])}, day {v['day']}") for v in visits]
    plan = "protocol.yaml, design.visits"
    return [
        Variable(
            "AVISIT",
            "Analysis Visit",
            "text",
            f"Baseline for the row of the baseline; after day 1, {rule}; otherwise missing.",
            f"{data}.ABLFL, {data}.VISIT, {data}.ADY, {plan}",
            (("Baseline", "Baseline"), *coded),
        ),
        Variable(
            "AVISITN",
            "Analysis Visit (N)",
            "float",
            "Week of AVISIT; 0 for the baseline.",
            plan,
        ),
        taken(protocol, (domain, "visit"), "VISIT", "Visit Name", "text"),
    ]


def _values(domain: str, data: str, protocol: Entry) -> list[Variable]:
    return [
        taken(
            protocol,
            (domain, "value"),
            "AVAL",
            "Analysis Value",
            "float",
            "The result; missing where it is no number.",
        ),
        _made(
            protocol,
            (domain, "text", "value"),
            "AVALC",
            "Analysis Value (C)",
            "The result where it is no number; otherwise missing.",
        ),
        taken(protocol, (domain, "unit"), "AVALU", "Analysis Value Unit", "text"),
        Variable(
            "BASE", "Baseline Value", "float", f"AVAL of the baseline: {_BASELINE}.", f"{data}.AVAL"
        ),
        Variable(
            "CHG",
            "Change from Baseline",
            "float",
            "AVAL - BASE after day 1; otherwise missing.",
            f"{data}.AVAL, {data}.BASE",
        ),
        Variable(
            "PCHG",
            "Percent Change from Baseline",
            "float",
            "100 × CHG / BASE; missing where BASE is 0.",
            f"{data}.CHG, {data}.BASE",
        ),
    ]


def _range(domain: str, data: str, protocol: Entry) -> list[Variable]:
    return [
        taken(protocol, (domain, "low"), "ANRLO", "Analysis Normal Range Lower Limit", "float"),
        taken(protocol, (domain, "high"), "ANRHI", "Analysis Normal Range Upper Limit", "float"),
        Variable(
            "ANRIND",
            "Analysis Reference Range Indicator",
            "text",
            "LOW where AVAL is below ANRLO, HIGH where it is above ANRHI, otherwise NORMAL; "
            "missing without a number or without any limit.",
            f"{data}.AVAL, {data}.ANRLO, {data}.ANRHI",
            _RANGE,
        ),
        Variable(
            "BNRIND",
            "Baseline Reference Range Indicator",
            "text",
            "ANRIND of the baseline.",
            f"{data}.ANRIND",
            _RANGE,
        ),
        Variable(
            "SHIFT1",
            "Shift 1",
            "text",
            "From BNRIND to ANRIND, after day 1 and where both are known.",
            f"{data}.BNRIND, {data}.ANRIND",
        ),
    ]


def _flags(domain: str, data: str, protocol: Entry) -> list[Variable]:
    days = count_of(_entry(protocol, domain)["days_after_last_dose"], "day")
    return [
        Variable(
            "ABLFL",
            "Baseline Record Flag",
            "text",
            f"Y for {_BASELINE}. {DAY_ONE}",
            f"{data}.AVAL, {data}.ADT",
            _YES,
        ),
        Variable(
            "ONTRTFL",
            "On Treatment Record Flag",
            "text",
            f"Y after day 1 and not later than {days} after the last dose (always, where the last "
            "dose is not known).",
            f"{data}.ADY, {data}.ADT, ADSL.TRTEDT",
            _YES,
        ),
        Variable(
            "ANL01FL",
            "Analysis Flag 01",
            "text",
            "Y for the last number of the participant, parameter, ATPT and AVISIT.",
            f"{data}.AVAL, {data}.AVISIT, {data}.ADT",
            _YES,
        ),
    ]
