"""The variables that ADSL has in every study."""

from __future__ import annotations

from typing import Any

from seizureflow.specification.adsl_by_plan import planned_variables
from seizureflow.specification.identifiers import adsl_identifiers, is_dummy
from seizureflow.specification.model import Variable
from seizureflow.specification.sources import (
    NOT_COLLECTED,
    collected,
    raw_source,
    recorded_source,
    seizure_source,
)
from seizureflow.specification.taken import taken
from seizureflow.specification.words import YES_NO, baseline_days, countable, frequency, study_day

Entry = dict[str, Any]


def adsl_variables(protocol: Entry) -> dict[str, Variable]:
    """Every variable that ADSL can have under a protocol, by name."""
    variables = [
        *adsl_identifiers(protocol),
        *_demographics(protocol),
        *_exposure(protocol),
        *_disposition(protocol),
        *_facts(protocol),
        *_baseline(protocol),
        *planned_variables(protocol),
    ]
    return {variable.name: variable for variable in variables}


def _demographics(protocol: Entry) -> list[Variable]:
    columns = [
        ("SITEID", "Study Site Identifier", "text", "site"),
        ("AGE", "Age", "float", "age"),
        ("SEX", "Sex", "text", "sex"),
        ("SCRNDT", "Date of Screening", "date", "screened_date"),
        ("RANDDT", "Date of Randomization", "date", "randomised_date"),
    ]
    return [
        taken(protocol, ("participants", column), name, label, kind)
        for name, label, kind, column in columns
    ]


def _exposure(protocol: Entry) -> list[Variable]:
    last = "end_date" if collected(protocol, "doses", "end_date") else "date"
    first, latest = "Date of First Exposure to Treatment", "Date of Last Exposure to Treatment"
    return [
        taken(protocol, ("doses", "date"), "TRTSDT", first, "date", "Date of the first dose."),
        taken(protocol, ("doses", last), "TRTEDT", latest, "date", "Date of the last dose."),
        taken(
            protocol,
            ("visits", "date"),
            "LSTVSDT",
            "Date of Last Visit",
            "date",
            "Date of the participant's last visit.",
        ),
    ]


def _disposition(protocol: Entry) -> list[Variable]:
    last = "that of the participant's last row"
    columns = [
        ("EOSSTT", "End of Study Status", "text", "status", f"Status, {last}."),
        ("DCSREAS", "Reason for Discontinuation from Study", "text", "reason", f"Reason, {last}."),
        ("EOSDT", "End of Study Date", "date", "date", f"Date, {last}."),
    ]
    variables = [
        taken(protocol, ("disposition", column), name, label, kind, derivation)
        for name, label, kind, column, derivation in columns
    ]
    known = collected(protocol, "disposition", "date")
    day = study_day("EOSDT") if known else NOT_COLLECTED
    source = "ADSL.EOSDT" if known else ""
    return [*variables, Variable("EOSDY", "End of Study Day", "integer", day, source)]


def _facts(protocol: Entry) -> list[Variable]:
    criteria = protocol["eligibility"]
    met = "; ".join(str(entry["label"]) for entry in criteria)
    dummy = (
        "Y: the arm in TRT01P is a dummy, because the study is blinded."
        if is_dummy(protocol)
        else "Y while the arm in TRT01P is a dummy. The study is unblinded."
    )
    doses, disposition = "doses" in protocol["domains"], "disposition" in protocol["domains"]
    completed = (protocol["domains"].get("disposition") or {}).get("completed_value")
    flags = [
        (
            "RANDFL",
            "Randomized Population Flag",
            "Y where the participant was randomised to an arm.",
            raw_source(protocol, "participants"),
        ),
        (
            "DOSEDFL",
            "Dosed Flag",
            "Y where the participant has a dose." if doses else NOT_COLLECTED,
            raw_source(protocol, "doses") if doses else "",
        ),
        (
            "ELIGFL",
            "Eligible Flag",
            f"Y where every criterion is met; a missing value does not meet one. Criteria: {met}."
            if criteria
            else "Y for all: the protocol has no criteria.",
            "dataset eligibility" if criteria else "protocol.yaml, eligibility",
        ),
        (
            "BLDIARFL",
            "Baseline Diary Flag",
            "Y where BSFREQ is there: the baseline has as many recorded days as a frequency needs.",
            "ADSL.BSFREQ",
        ),
        (
            "NODEVFL",
            "No Protocol Deviation Flag",
            "Y where the dataset deviations has no row of the participant: no criterion failed by "
            "somebody randomised, no stratum that differs from that at randomisation.",
            "dataset deviations",
        ),
        (
            "POSTBLFL",
            "Post-Baseline Diary Flag",
            "Y where the diary was recorded for day 1 or later.",
            recorded_source(protocol),
        ),
        (
            "COMPLFL",
            "Completers Population Flag",
            f'Y where EOSSTT is "{completed}".' if disposition else NOT_COLLECTED,
            "ADSL.EOSSTT" if disposition else "",
        ),
        ("DUMMYFL", "Dummy Treatment Flag", dummy, "protocol.yaml, treatment"),
    ]
    return [
        Variable(name, label, "text", derivation, source, YES_NO)
        for name, label, derivation, source in flags
    ]


def _baseline(protocol: Entry) -> list[Variable]:
    diary, days = protocol["diary"], baseline_days(protocol)
    source = seizure_source(protocol)
    per = diary["frequency_days"]
    return [
        Variable(
            "BSCOUNT",
            "Countable Seizures in the Baseline",
            "integer",
            f"Countable seizures on the recorded days of the baseline, {days}. {countable(diary)}",
            source,
        ),
        Variable(
            "BSDAYS",
            "Recorded Days in the Baseline",
            "integer",
            f"Days of the baseline, {days}, for which the diary was recorded.",
            recorded_source(protocol),
        ),
        Variable(
            "BSFREQ",
            f"Baseline Seizure Freq (per {per} Days)",
            "float",
            frequency(diary, "BSCOUNT", "BSDAYS"),
            "ADSL.BSCOUNT, ADSL.BSDAYS",
        ),
        Variable(
            "LBSFREQ",
            "Log Baseline Seizure Frequency",
            "float",
            "Natural logarithm of BSFREQ; missing where BSFREQ is 0 or missing.",
            "ADSL.BSFREQ",
        ),
    ]
