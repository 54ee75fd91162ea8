"""The variables and parameters of ADLB and ADVS, under plans that differ."""

import pytest
from seizureflow.specification.describe import OUTLINES, describe
from seizureflow.specification.measurements import measurement_parameters, measurement_variables
from seizureflow.specification.words import LONGEST_LABEL
from seizureflow.tables import TABLES
from unit.measurements.small_results import adlb, adsl, results, row
from unit.specification.plans import labels, protocol

LABORATORY = {
    "file": "data/lab.csv",
    "columns": {
        "participant": "id", "date": "day", "visit": "visit", "test_code": "code", "value": "result",
        "unit": "unit", "low": "lower",
    },
    "visit_assignment": "recorded",
    "days_after_last_dose": 14,
}  # fmt: skip


def plan(**changes):
    data = protocol()
    data["domains"] |= {"laboratory": LABORATORY | changes, "vital_signs": LABORATORY | changes}
    return data


@pytest.mark.parametrize("name", ["adlb", "advs"])
@pytest.mark.parametrize("data", [protocol(), plan()], ids=["without the domain", "with it"])
def test_every_column_is_described(name, data):
    found = measurement_variables(name, data, labels())
    assert set(TABLES[name]) == set(found)
    for variable in found.values():
        assert len(variable.label.encode()) <= LONGEST_LABEL
        assert variable.derivation.endswith("."), variable.name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("AVISIT", "after day 1, the visit of the plan that was recorded"),
        ("ONTRTFL", "not later than 14 days after the last dose"),
        ("ANRLO", "As collected."),
        ("ANRHI", "Not collected in this study"),
        ("BASE", "the last number on or before day 1"),
    ],
)
def test_what_is_said_depends_on_the_plan(name, words):
    assert words in measurement_variables("adlb", plan(), labels())[name].derivation


def test_visits_by_day_are_said_to_be_so():
    found = measurement_variables("adlb", plan(visit_assignment="nearest_day"), labels())
    assert "whose planned day is nearest" in found["AVISIT"].derivation


def test_sources_are_the_raw_columns():
    found = measurement_variables("adlb", plan(), labels())
    assert found["AVAL"].source == "data/lab.csv, column result"
    assert found["PARAM"].source == "data/lab.csv, columns unit and code"


def test_parameters_are_the_tests_that_have_a_result():
    people = adsl({"A": "placebo"})
    table = results(row("A", -1, 20), row("A", 3, 20), row("A", 3, 9, TESTCD="BILI", UNIT="umol/L"))
    frame = adlb(people, table)
    found = measurement_parameters("adlb", plan(), frame)
    assert {code: p.label for code, p in found.items()} == {
        "ALT": "Alanine aminotransferase (U/L)",
        "BILI": "Bilirubin (umol/L)",
    }
    dataset = describe(plan(), labels(), {"adlb": frame[list(TABLES["adlb"])]}).datasets[0]
    assert (dataset.name, dataset.keys) == ("ADLB", OUTLINES["adlb"].keys)
    assert [(p.code, bool(p.baseline)) for p in dataset.parameters] == [
        ("ALT", True),
        ("BILI", False),
    ]
