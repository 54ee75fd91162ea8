"""The variables of ADAE, the adverse events."""

from __future__ import annotations

from typing import Any

from seizureflow.adverse_events.rules import DEFAULT_RULE
from seizureflow.displays.words import count_of
from seizureflow.specification.identifiers import copied_identifiers
from seizureflow.specification.model import Codelist, Variable
from seizureflow.specification.sources import NOT_COLLECTED, collected, raw_source
from seizureflow.specification.taken import taken
from seizureflow.specification.words import YES_NO, study_day

Entry = dict[str, Any]

DOMAIN = "adverse_events"
# CDISC controlled terminology DATEFL.
_IMPUTED = (
    ("D", "The day is imputed"),
    ("M", "The month is imputed"),
    ("Y", "The year is imputed"),
)
_IMPUTATION = {
    "ASTDT": "the first day that it can be, but not earlier than day 1 where it can be later",
    "AENDT": "the last day that it can be",
}


def adae_variables(protocol: Entry) -> dict[str, Variable]:
    """Every variable of ADAE, by name."""
    domain = protocol["domains"].get(DOMAIN) or {"severity_order": []}
    severities = [str(value) for value in domain["severity_order"]]
    order = tuple((value, str(rank)) for rank, value in enumerate(severities, start=1))
    columns: list[tuple[str, str, str, Codelist]] = [
        ("AETERM", "Reported Term for the Adverse Event", "term", ()),
        ("AEBODSYS", "Body System or Organ Class", "body_system", ()),
        ("AESEV", "Severity/Intensity", "severity", tuple((v, f"Rank {n}") for v, n in order)),
        ("AESER", "Serious Event", "serious", YES_NO),
        ("AEREL", "Causality", "related", YES_NO),
        ("AEACN", "Action Taken with Study Treatment", "action", ()),
        ("AEOUT", "Outcome of Adverse Event", "outcome", ()),
    ]
    variables = [
        *copied_identifiers(protocol),
        *(
            taken(protocol, (DOMAIN, column), name, label, "text", codelist=codelist)
            for name, label, column, codelist in columns
        ),
        Variable(
            "AESEVN",
            "Severity/Intensity (N)",
            "integer",
            "Rank of AESEV, 1 being the least.",
            "ADAE.AESEV",
            tuple((rank, value) for value, rank in order),
        ),
        *_dates(protocol, domain),
        Variable(
            "TRTEMFL",
            "Treatment Emergent Analysis Flag",
            "text",
            _emergence(domain.get("emergent", DEFAULT_RULE)),
            "ADAE.ASTDT, ADSL.TRTSDT, ADSL.TRTEDT, ADSL.RANDDT",
            YES_NO,
        ),
        _withdrawal(domain),
        _death(protocol, domain),
    ]
    return {variable.name: variable for variable in variables}


def _dates(protocol: Entry, domain: Entry) -> list[Variable]:
    impute = domain.get("partial_dates", "refuse") == "impute"
    variables = []
    for name, word, column in (("ASTDT", "Start", "start_date"), ("AENDT", "End", "end_date")):
        known = collected(protocol, DOMAIN, column)
        date = (
            f"As collected; a date without a day or month becomes {_IMPUTATION[name]}."
            if impute
            else "As collected; a date without a day or month is an error."
        )
        flag = (
            f"The part of {name} that is imputed; missing where none is."
            if impute
            else "Missing in every row: no date is imputed."
        )
        source = raw_source(protocol, DOMAIN, column) if known else ""
        variables += [
            Variable(
                name, f"Analysis {word} Date", "date", date if known else NOT_COLLECTED, source
            ),
            Variable(
                f"{name}F",
                f"Analysis {word} Date Imputation Flag",
                "text",
                flag if known else NOT_COLLECTED,
                source,
                _IMPUTED,
            ),
            Variable(
                f"{name[:-1]}Y",
                f"Analysis {word} Relative Day",
                "integer",
                study_day(name) if known else NOT_COLLECTED,
                f"ADAE.{name}" if known else "",
            ),
        ]
    return variables


def _withdrawal(domain: Entry) -> Variable:
    value = domain.get("withdrawn_value")
    derivation = (
        f'Y where AEACN is "{value}"; N otherwise.'
        if value
        else "N for all: the protocol names no action that withdraws treatment."
    )
    return Variable(
        "AEWDFL", "AE Led to Treatment Withdrawal Flag", "text", derivation, "ADAE.AEACN", YES_NO
    )


def _death(protocol: Entry, domain: Entry) -> Variable:
    value = domain.get("fatal_value")
    known = value is not None and collected(protocol, DOMAIN, "outcome")
    derivation = (
        f'Y where AEOUT is "{value}", in capital or small letters; N otherwise; missing for all '
        "where no event has an outcome."
        if known
        else NOT_COLLECTED
    )
    source = "ADAE.AEOUT" if known else ""
    return Variable("AESDTH", "Results in Death", "text", derivation, source, YES_NO)


def _emergence(rule: Entry) -> str:
    """The rule of treatment emergence, as a sentence."""
    start = "of the first dose"
    if rule["from"] == "day_1":
        start += " (of randomisation, for who was never dosed)"
    conditions = f"Y where the event began on or after the day {start}"
    after = rule["until_days_after_last_dose"]
    if after is not None:
        conditions += f", not more than {count_of(after, 'day')} after the last dose"
    if rule["worsened"]:
        conditions += (
            ", and the participant either had no event of the same body system and term before or "
            "only less severe ones"
        )
    return f"{conditions}; N otherwise."
