import pandas as pd
import pytest
from seizureflow.adsl import derive_adsl, set_flag
from seizureflow.eligibility import evaluate_eligibility

CRITERIA = [
    {"id": "seizures", "label": "At least 6", "diary": "countable_seizures", "at_least": 6},
    {"id": "run", "label": "No run", "diary": "longest_seizure_free_run", "at_most": 21},
    {"id": "age", "label": "Age", "variable": "AGE", "at_least": 18, "at_most": 75},
]


def person(seizure_days: list[int], age: float | None = 40.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One participant with a seizure on some of the 42 baseline days, all recorded."""
    participants = pd.DataFrame({"USUBJID": ["A"], "AGE": [age], "ARMCD": ["x"]})
    days = list(range(-42, 0))
    daily = pd.DataFrame({"USUBJID": "A", "START": days})
    daily["END"] = [day + 1 if day != -1 else 1 for day in days]
    daily["DAYS"], daily["COUNT"] = 1, [int(day in seizure_days) for day in days]
    return participants, daily


EVEN = [-42, -35, -28, -21, -14, -7]
CASES = {
    "eligible": (EVEN, 40, {}),
    "five seizures": (
        EVEN[1:],
        40,
        {"seizures": "countable seizures in the baseline: 5; at least 6"},
    ),
    "a run of 22 days": (
        [-42, -41, -40, -39, -38, -15],
        40,
        {"run": "days without a seizure in a row: 22; at most 21"},
    ),
    "a run of 21 days is allowed": ([-42, -41, -40, -39, -38, -16], 40, {}),
    "too old": (EVEN, 76, {"age": "AGE: 76; at least 18 and at most 75"}),
    "age unknown": (EVEN, None, {"age": "AGE: missing; at least 18 and at most 75"}),
    "bounds belong to the range": (EVEN, 75, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_criteria_not_met_have_their_reason(name):
    seizure_days, age, expected = CASES[name]
    participants, daily = person(seizure_days, age)
    found = evaluate_eligibility(participants, daily, CRITERIA, [-42, 1])
    assert len(found) == len(CRITERIA)
    failed = found[~found["MET"]]
    assert dict(zip(failed["CRITERION"], failed["REASON"], strict=True)) == expected


def test_no_criteria_give_an_empty_table():
    participants, daily = person(EVEN)
    assert evaluate_eligibility(participants, daily, [], [-42, 1]).empty


PLAN = {
    "baseline": [-42, 1],
    "diary": {"frequency_days": 28, "minimum_recorded_days": 1},
    "derived_covariates": [{"id": "HIGHBLFL", "label": "", "variable": "BSCOUNT", "at_least": 6}],
    "analysis_sets": [
        {"id": "safety", "label": "", "requires": ["randomised", "dosed"]},
        {"id": "full", "label": "", "requires": ["randomised", "dosed", "post_baseline_diary"]},
    ],
    "completed_value": "completed",
}


def adsl_row(**changes) -> pd.Series:
    participants, daily = person(EVEN)
    participants = participants.assign(
        **{"ARMCD": changes.get("arm", "x"), "RFDT": pd.NaT, "SITEID": "1"}
    )
    if changes.get("diary_after", True):
        after = pd.DataFrame(
            {"USUBJID": ["A"], "START": [1], "END": [2], "DAYS": [1], "COUNT": [0]}
        )
        daily = pd.concat([daily, after])
    day = pd.to_datetime("2020-01-01")
    doses = pd.DataFrame({"USUBJID": ["A"] if changes.get("dosed", True) else [], "ADT": day})
    disposition = pd.DataFrame(
        {
            "USUBJID": ["A"],
            "STATUS": [changes.get("status", "completed")],
            "REASON": [None],
            "ADT": [day],
            "ADY": [1],
        }
    )
    eligibility = pd.DataFrame({"USUBJID": ["A"], "MET": [True]})
    records = {"doses": doses, "disposition": disposition}
    return derive_adsl("s", participants, daily, eligibility, records, PLAN).iloc[0]


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({}, {"RANDFL": "Y", "SAFFL": "Y", "FASFL": "Y", "COMPLFL": "Y"}),
        ({"dosed": False}, {"RANDFL": "Y", "SAFFL": "N", "FASFL": "N"}),
        ({"diary_after": False}, {"SAFFL": "Y", "FASFL": "N"}),
        ({"arm": None}, {"RANDFL": "N", "SAFFL": "N", "FASFL": "N"}),
        ({"status": "discontinued"}, {"COMPLFL": "N", "FASFL": "Y"}),
    ],
)
def test_analysis_sets(changes, flags):
    row = adsl_row(**changes)
    assert {name: row[name] for name in flags} == flags


def test_baseline_of_adsl():
    row = adsl_row()
    assert (row["BSCOUNT"], row["BSDAYS"], row["BSFREQ"], row["HIGHBLFL"]) == (6, 42, 4.0, "Y")


def test_flags_are_adam_names():
    assert set_flag("randomised") == "RANDFL"
    assert len(set_flag("a_very_long_identifier")) <= 8
