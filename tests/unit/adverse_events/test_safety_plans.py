"""What is checked of a plan for adverse events and doses, and what a method and the define get."""

from copy import deepcopy

import pytest
from seizureflow.analysis import build_spec
from seizureflow.plans import analysis_plan
from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from seizureflow.specification.adae import adae_variables
from seizureflow.specification.adtte import adtte_parameters
from unit.good_protocol import write_study
from unit.specification.plans import protocol as shipped
from unit.test_protocol_checks import SCHEMAS

TIMES = "time_to_event:\n"
AE = """\
  adverse_events:
    file: data/ends.csv
    columns: {participant: id, term: t, body_system: b, start_date: s, severity: v, serious: e}
    severity_order: [mild, severe]
"""
DISPOSITION = "  disposition:\n"
WITH_EVENTS = (DISPOSITION, AE + DISPOSITION)
DOSES = "columns: {participant: id, date: day, dose: mg}\n"


def a_time(**entry):
    text = ", ".join(f"{name}: {value}" for name, value in entry.items())
    return (TIMES, f"{TIMES}  - {{id: TTAE, label: First, kind: adverse_event, {text}}}\n")


def problems(folder, *edits):
    try:
        load_protocol(write_study(folder, *edits), SCHEMAS)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def ae_with(*lines):
    added = "".join(f"    {line}\n" for line in lines)
    return (DISPOSITION, AE + added + DISPOSITION)


@pytest.mark.parametrize(
    "edits",
    [
        [WITH_EVENTS],
        [WITH_EVENTS, a_time(window="weeks_0_4")],
        [WITH_EVENTS, a_time(events="{serious: true, minimum_severity: severe}")],
        [ae_with("emergent: {until_days_after_last_dose: 30, worsened: true}")],
        [(DOSES, DOSES + "    interval_days: 28\n    planned_dose: {tablet: 300}\n")],
    ],
)
def test_what_is_right_has_no_problem(tmp_path, edits):
    assert problems(tmp_path, *edits) == []


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([a_time(window="weeks_0_4")], "needs the domain adverse_events"),
        ([WITH_EVENTS, a_time(events="{related: true}")], "whether they are related"),
        ([WITH_EVENTS, a_time(events="{fatal: true}")], "whether they are fatal"),
        ([WITH_EVENTS, a_time(events="{minimum_severity: sever}")], 'no severity "sever"'),
        ([WITH_EVENTS, a_time(events="{serious: false}")], "not allowed"),
        ([ae_with("fatal_value: died")], "no column of outcomes"),
        ([ae_with("emergent: {until_days_after_last_dose: -1}")], "at least 0"),
        ([(DOSES, DOSES + "    planned_dose: {tablett: 300}\n")], 'no arm "tablett"'),
        (
            [("kind: discontinuation}", "kind: discontinuation, events: {serious: true}}")],
            "belongs to the kind adverse_event",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, edits, words):
    found = problems(tmp_path, *edits)
    assert len(found) == 1
    assert words in found[0]


def test_methods_get_the_rules_of_their_datasets():
    plan_of = load_protocol(SCHEMAS.parent / "studies" / "opus", SCHEMAS)
    settings = {"confidence_level": 0.95, "seed": 1}
    incidence = build_spec(analysis_plan(plan_of, "adverse_event_incidence", settings))
    assert incidence.adverse_events["emergent"]["from"] == "first_dose"
    assert incidence.adverse_events["flags"] == ["serious", "related", "withdrawn"]
    assert incidence.dosing is None
    exposure = build_spec(analysis_plan(plan_of, "exposure", settings))
    assert exposure.dosing == {
        "unit": "mg",
        "interval_days": 28,
        "planned_dose": {"natalizumab": 300},
    }
    assert exposure.adverse_events is None
    assert "adverse_events" not in analysis_plan(plan_of, "primary", settings)


def described(emergent=None, **entry):
    plan = deepcopy(shipped())
    plan["domains"]["adverse_events"]["emergent"] |= emergent or {}
    plan["time_to_event"] = [{"id": "T", "label": "L", "kind": "adverse_event"} | entry]
    return adae_variables(plan)["TRTEMFL"].derivation, adtte_parameters(plan, {})["T"].derivation


def test_derivations_are_those_of_the_plan():
    flag, time = described()
    assert flag == "Y where the event began on or after the day of the first dose; N otherwise."
    assert "to the start of the first adverse event with TRTEMFL Y; censored at" in time
    flag, time = described(
        {"from": "day_1", "until_days_after_last_dose": 30, "worsened": True},
        events={"serious": True, "terms": ["Rash"], "minimum_severity": "severe"},
        window="weeks_0_8",
    )
    assert "of randomisation, for who was never dosed" in flag
    assert "not more than 30 days after the last dose" in flag
    assert "only less severe ones" in flag
    assert "TRTEMFL Y, AESER Y, AETERM 'Rash', AESEV at least severe; censored" in time
    assert "30 days after the last dose, whichever is earlier" in time
    assert "days 1 to 56 (56 days)" in time
