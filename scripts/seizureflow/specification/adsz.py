"""The variables and parameters of ADSZ, the seizure frequencies by window."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from seizureflow.displays.words import days_in_words
from seizureflow.specification.identifiers import copied_identifiers
from seizureflow.specification.model import Codelist, Parameter, Variable
from seizureflow.specification.words import (
    YES_NO,
    clusters,
    countable,
    frequency,
    number,
    recorded_at_least,
)

Entry = dict[str, Any]

_BY_TYPE = re.compile(r"SZ(?P<what>CT|FR)(?P<number>\d\d)")
_ONE_ZERO = (("1", "Yes"), ("0", "No"))


def adsz_variables(protocol: Entry, labels: Mapping[str, str]) -> dict[str, Variable]:
    """Every variable that ADSZ can have under a protocol, by name."""
    plan = "protocol.yaml, design.visits and design.windows"
    visits = protocol["design"]["visits"]
    types = protocol["diary"]["seizure_types"]
    variables = [
        *copied_identifiers(protocol),
        Variable("PARAMCD", "Parameter Code", "text", "See the parameters.", "protocol.yaml"),
        Variable("PARAM", "Parameter", "text", "See the parameters.", "protocol.yaml"),
        Variable(
            "PARCAT1",
            "Parameter Category 1",
            "text",
            "Groups the parameters: those of all countable seizures, those of each seizure type "
            "and the protocol's endpoints.",
            "protocol.yaml",
        ),
        Variable(
            "SEIZTYPE",
            "Seizure Type",
            "text",
            "Seizure type of the parameter; missing where it is of all countable seizures.",
            "protocol.yaml, diary.seizure_types",
            tuple((str(entry["id"]), str(entry["label"])) for entry in types),
        ),
        Variable(
            "AVISIT",
            "Analysis Visit",
            "text",
            "Visit or evaluation window in which the seizures are counted.",
            plan,
            _windows(protocol, labels),
        ),
        Variable(
            "AVISITN",
            "Analysis Visit (N)",
            "float",
            "Week of the visit; missing for evaluation windows."
            if visits
            else "Missing: the protocol has evaluation windows only.",
            plan,
        ),
        Variable(
            "AWTYPE",
            "Analysis Window Type",
            "text",
            "Whether the window is that of a visit or an evaluation window.",
            plan,
            (("visit", "From the visit before to this one"), ("window", "Evaluation window")),
        ),
        *_window_ends(protocol, plan),
        *_values(protocol),
    ]
    return {variable.name: variable for variable in variables}


def _windows(protocol: Entry, labels: Mapping[str, str]) -> Codelist:
    design = protocol["design"]
    visits = [
        (str(visit["id"]), f"{labels.get(visit['id'], visit['label'])}, day {visit['day']}")
        for visit in design["visits"]
    ]
    windows = [
        (
            str(window["id"]),
            f"{labels.get(window['id'], window['label'])}, {days_in_words(window['days'])}",
        )
        for window in design["windows"]
    ]
    return (*visits, *windows)


def _window_ends(protocol: Entry, plan: str) -> list[Variable]:
    rule = protocol["design"]["visit_windows"]
    actual = rule["boundaries"] == "actual"
    if actual:
        first = "the study day of the last visit attended before, day 1 for the first visit"
        last = "the study day of the visit"
        early = rule.get("early_termination")
        if early:
            last += f"; the visit {early} closes the window of the next scheduled visit"
        source = f"visits.ADY; {plan}"
    else:
        first = "the planned day of the visit before, day 1 for the first visit"
        last = "the planned day of the visit"
        source = plan
    if not protocol["design"]["windows"]:
        evaluation = ""
    else:
        evaluation = " For an evaluation window: as planned."
    return [
        Variable(
            "AWLO",
            "Analysis Window Beginning Timepoint",
            "integer",
            f"First study day of the window. For a visit: {first}.{evaluation}",
            source,
        ),
        Variable(
            "AWHI",
            "Analysis Window Ending Timepoint",
            "integer",
            "Study day after the last of the window, which is itself not part of it. For a visit: "
            f"{last}.{evaluation}",
            source,
        ),
    ]


def _values(protocol: Entry) -> list[Variable]:
    return [
        Variable("AVAL", "Analysis Value", "float", "See the parameters.", "See the parameters."),
        Variable(
            "BASE",
            "Baseline Value",
            "float",
            "See the parameters; missing for those without a baseline.",
            "See the parameters.",
        ),
        Variable(
            "CHG",
            "Change from Baseline",
            "float",
            "AVAL − BASE; missing where either is.",
            "ADSZ.AVAL, ADSZ.BASE",
        ),
        Variable(
            "PCHG",
            "Percent Change from Baseline",
            "float",
            "100 × CHG / BASE for frequencies; missing where BASE is 0 or missing, and for all "
            "other parameters.",
            "ADSZ.CHG, ADSZ.BASE",
        ),
        Variable(
            "ANL01FL",
            "Analysis Flag 01",
            "text",
            "Y where the window has a seizure frequency, which takes "
            f"{recorded_at_least(protocol['diary'])}; N otherwise.",
            "ADSZ.AVAL of SZDAYS",
            YES_NO,
        ),
    ]


def adsz_parameters(protocol: Entry, adsz: pd.DataFrame | None = None) -> dict[str, Parameter]:
    """Every parameter that ADSZ can have under a protocol, by code.

    Args:
        protocol: The protocol.
        adsz: The dataset, whose SEIZTYPE says which type a parameter is of; without it, types are
            numbered in the order of the protocol.
    """
    diary = protocol["diary"]
    parameters = [
        Parameter(
            "SZCOUNT",
            "Countable seizures",
            "integer",
            f"Countable seizures on the recorded days of the window. {countable(diary)}",
            "canonical/intervals, canonical/seizures",
        ),
        Parameter(
            "SZDAYS",
            "Recorded days",
            "integer",
            "Days of the window for which the diary was recorded; 0 where there are none.",
            "canonical/intervals",
        ),
        Parameter(
            "SZFREQ",
            f"Seizures per {diary['frequency_days']} days",
            "float",
            frequency(diary, "SZCOUNT", "SZDAYS"),
            "AVAL of SZCOUNT and SZDAYS",
            "ADSL.BSFREQ",
        ),
        Parameter(
            "SZFREE",
            "Seizure-free days",
            "integer",
            "Recorded days without a countable seizure; missing where a period longer than a day "
            "had seizures, so that their days are not known.",
            "AVAL of SZCOUNT and SZDAYS",
        ),
        Parameter(
            "SZFREEFQ",
            f"Seizure-free days per {diary['frequency_days']} days",
            "float",
            f"{diary['frequency_days']} × SZFREE / SZDAYS; BASE is that of the baseline, CHG the "
            "days gained.",
            "AVAL of SZFREE and SZDAYS",
        ),
        *(_endpoint(entry) for entry in protocol["endpoints"]),
        *_by_type(protocol, adsz),
    ]
    return {parameter.code: parameter for parameter in parameters}


def _endpoint(entry: Entry) -> Parameter:
    if "seizure_type" in entry:
        of_all = _endpoint({key: v for key, v in entry.items() if key != "seizure_type"})
        return replace(
            of_all,
            derivation=f"{of_all.derivation} All of the seizures of the type "
            f"{entry['seizure_type']} alone, in the window and in the baseline.",
        )
    if entry["kind"] == "log_change":
        return _log_change(entry)
    if entry["kind"] == "percent_change":
        return Parameter(
            entry["id"],
            entry["label"],
            "float",
            "100 × (SZFREQ − BSFREQ) / BSFREQ; missing where either is missing or BSFREQ is 0.",
            "AVAL of SZFREQ; ADSL.BSFREQ",
        )
    if entry["kind"] == "seizure_free_days":
        return Parameter(
            entry["id"],
            entry["label"],
            "float",
            "As SZFREEFQ; the endpoint is CHG, the seizure-free days gained.",
            "AVAL of SZFREE and SZDAYS",
            "SZFREEFQ of the baseline",
        )
    reduction = number(entry["reduction"])
    return Parameter(
        entry["id"],
        entry["label"],
        "integer",
        f"1 where the frequency fell by at least {reduction}% from BSFREQ, else 0. Compared in "
        f"whole numbers, SZCOUNT × BSDAYS × 100 ≤ BSCOUNT × SZDAYS × (100 − {reduction}), so that "
        f"exactly {reduction}% is a response. Missing where SZFREQ is missing, or BSFREQ is 0 or "
        f"missing.{_failures(entry)}",
        "AVAL of SZCOUNT, SZDAYS and SZFREQ; ADSL.BSCOUNT, ADSL.BSDAYS, ADSL.BSFREQ",
        codelist=_ONE_ZERO,
    )


def _failures(entry: Entry) -> str:
    """Who is no responder for another reason than seizures."""
    rules = {
        "non_response": " 0 too where the window has no frequency (SZFREQ), or the participant "
        "left before its end without completing.",
        "pragmatic": " 0 too unless the participant completed (COMPLFL).",
    }
    words = rules.get(entry.get("dropouts", ""), "")
    if "composite_events" in entry:
        events = ", ".join(entry["composite_events"])
        words += f" 0 too where one of the events {events} (ADICE) came before the window's end."
    return words


def _log_change(entry: Entry) -> Parameter:
    after, when_missing = _logarithm("SZFREQ", entry["post_offset"])
    before, base_missing = _logarithm("BSFREQ", entry["baseline_offset"])
    return Parameter(
        entry["id"],
        entry["label"],
        "float",
        f"{after}; {when_missing}. The endpoint is CHG, {after} − {before}.",
        "AVAL of SZFREQ; ADSL.BSFREQ",
        f"{before}; {base_missing}",
    )


def _logarithm(name: str, offset: float) -> tuple[str, str]:
    """A logarithm, and where it is missing."""
    if offset:
        return f"ln({name} + {number(offset)})", f"missing where {name} is missing"
    return f"ln({name})", f"missing where {name} is 0 or missing"


def _by_type(protocol: Entry, adsz: pd.DataFrame | None) -> list[Parameter]:
    types = protocol["diary"]["seizure_types"]
    known = {str(entry["id"]): str(entry["label"]) for entry in types}
    codes = {
        f"SZ{what}{place:02d}": str(entry["id"])
        for place, entry in enumerate(types, start=1)
        for what in ("CT", "FR")
    }
    if adsz is not None and "SEIZTYPE" in adsz:
        rows = adsz[["PARAMCD", "SEIZTYPE"]].dropna().drop_duplicates("PARAMCD")
        found = zip(rows["PARAMCD"].astype("str"), rows["SEIZTYPE"].astype("str"), strict=True)
        codes = {code: kind for code, kind in found if _BY_TYPE.fullmatch(code)}
    return [
        _of_type(protocol["diary"], code, known.get(kind, kind)) for code, kind in codes.items()
    ]


def _of_type(diary: Entry, code: str, label: str) -> Parameter:
    parts = _BY_TYPE.fullmatch(code)
    if parts is not None and parts["what"] == "FR":
        count = f"SZCT{parts['number']}"
        return Parameter(
            code,
            f"{label}: seizures per {diary['frequency_days']} days",
            "float",
            f"Frequency of seizures of the type {label}: {frequency(diary, count, 'SZDAYS')}",
            f"AVAL of {count} and SZDAYS",
            "Frequency of the same type in the baseline, by the same rule.",
        )
    return Parameter(
        code,
        f"{label}: seizures",
        "integer",
        f"Seizures of the type {label} on the recorded days of the window, whether countable or "
        f"not. {clusters(diary)}",
        "canonical/intervals, canonical/seizures",
    )
