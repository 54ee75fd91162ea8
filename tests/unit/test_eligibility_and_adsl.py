import pandas as pd
import pytest
from seizureflow.adsl import baseline_and_covariates, derive_adsl
from seizureflow.eligibility import evaluate_eligibility

CRITERIA = [
    {"id": "seizures", "label": "At least 6", "diary": "countable_seizures", "at_least": 6},
    {"id": "run", "label": "No run", "diary": "longest_seizure_free_run", "at_most": 21},
    {"id": "age", "label": "Age", "variable": "AGE", "at_least": 18, "at_most": 75},
]


def person(seizure_days: list[int], age: float | None = 40.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One participant with a seizure on some of the 42 baseline days, all recorded."""
    participants = pd.DataFrame({"USUBJID": ["A"], "AGE": [age]})
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


# name of the property, bounds, days with seizures, days that were not recorded, whether it is met
PROPERTIES = {
    "three in each half": ({"diary": "countable_seizures_each_half", "at_least": 3}, EVEN, [], True, "3"),
    # day -21 is the 22nd of 42 days, and so the first of the second half
    "two in the first half": ({"diary": "countable_seizures_each_half", "at_least": 3}, [-42, -35, -21, -14, -7], [], False, "2"),
    "all in the second half": ({"diary": "countable_seizures_each_half", "at_least": 1}, [-21, -1], [], False, "0"),
    "39 of 42 days": ({"diary": "recorded_days", "at_least": 39}, EVEN, [-3, -2, -1], True, "39"),
    "38 of 42 days": ({"diary": "recorded_days", "at_least": 39}, EVEN, [-4, -3, -2, -1], False, "38"),
    "half of the days": ({"diary": "recorded_percent", "at_least": 50}, [], range(-42, -21), True, "50"),
    "less than half of the days": ({"diary": "recorded_percent", "at_least": 50}, [], range(-42, -20), False, "47.619"),
    "no recorded day": ({"diary": "recorded_percent", "more_than": 0}, [], range(-42, 0), False, "0"),
}  # fmt: skip


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties_of_the_baseline_diary(name):
    bounds, seizure_days, missing, met, shown = PROPERTIES[name]
    participants, daily = person(seizure_days)
    daily = daily[~daily["START"].isin(missing)]
    criterion = {"id": "c", "label": "", **bounds}
    (row,) = evaluate_eligibility(participants, daily, [criterion], [-42, 1]).to_dict("records")
    assert (row["MET"], row["FOUND"]) == (met, shown)


def test_halves_of_an_odd_baseline_hold_every_day_once():
    """Of 41 days the first half has 20; an independent count by hand."""
    participants, daily = person([-21, -22])
    criterion = {"id": "c", "label": "", "diary": "countable_seizures_each_half", "at_least": 1}
    for baseline, smaller in (([-41, 1], 1), ([-42, -1], 0)):
        found = evaluate_eligibility(participants, daily, [criterion], baseline)
        assert found["VALUE"].tolist() == [smaller], baseline


@pytest.mark.parametrize(
    ("bounds", "site", "reason"),
    [
        ({"one_of": ["N", "S"]}, "N", None),
        ({"one_of": ["N", "S"]}, "E", "SITEID: E; one of N, S"),
        ({"one_of": ["N", "S"]}, None, "SITEID: missing; one of N, S"),
        ({"none_of": ["W"]}, "N", None),
        ({"none_of": ["W"]}, "W", "SITEID: W; none of W"),
        ({"none_of": ["W"]}, None, "SITEID: missing; none of W"),
    ],
)
def test_criteria_on_text_allow_or_forbid_values(bounds, site, reason):
    people = pd.DataFrame({"USUBJID": ["A"], "SITEID": pd.Series([site], dtype="str")})
    criterion = {"id": "site", "label": "Site", "variable": "SITEID", **bounds}
    (row,) = evaluate_eligibility(people, person([])[1], [criterion], [-42, 1]).to_dict("records")
    assert row["MET"] == (reason is None)
    assert pd.isna(row["VALUE"])
    assert pd.isna(row["REASON"]) if reason is None else row["REASON"] == reason


PLAN = {
    "treatment": "unblinded",
    "baseline": [-42, 1],
    "diary": {"frequency_days": 28, "minimum_recorded_days": 1},
    "strata": [],
    "labels": {},
    "derived_covariates": [{"id": "HIGHBLFL", "label": "", "variable": "BSCOUNT", "at_least": 6}],
    "analysis_sets": [
        {"id": "safety", "label": "", "requires": ["randomised", "dosed"], "where": []},
        {"id": "full", "label": "", "requires": ["randomised", "dosed", "post_baseline_diary"], "where": []},
        {"id": "per_protocol", "label": "", "requires": ["randomised", "completed", "no_deviation"], "where": []},
        {"id": "adults", "label": "", "requires": ["randomised"], "where": [{"variable": "AGE", "at_least": 18}]},
    ],
    "completed_value": "completed",
}  # fmt: skip


def derived(**changes) -> tuple[pd.Series, pd.DataFrame]:
    """ADSL of one participant, as a row, and the deviations."""
    participants, daily = person(changes.get("seizures", EVEN), changes.get("age", 40.0))
    participants = participants.assign(RFDT=pd.NaT, SITEID="1", **changes.get("columns", {}))
    if changes.get("diary_after", True):
        after = pd.DataFrame(
            {"USUBJID": ["A"], "START": [1], "END": [2], "DAYS": [1], "COUNT": [0]}
        )
        daily = pd.concat([daily, after])
    arm = changes.get("arm", "x")
    treatment = pd.DataFrame({"USUBJID": ["A"] if arm else [], "ARMCD": [arm] if arm else []})
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
    eligibility = pd.DataFrame(
        {
            "USUBJID": ["A"],
            "CRITERION": "age",
            "LABEL": "Age",
            "FOUND": "17",
            "EXPECTED": "at least 18",
            "MET": [changes.get("eligible", True)],
        }
    )
    records = {"doses": doses, "disposition": disposition}
    adsl, deviations = derive_adsl(
        "s",
        participants,
        treatment,
        daily,
        eligibility,
        records,
        PLAN | changes.get("plan", {}),
    )
    return adsl.iloc[0], deviations


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({}, {"RANDFL": "Y", "SAFFL": "Y", "FASFL": "Y", "COMPLFL": "Y", "PPROTFL": "Y", "ADULTSFL": "Y", "BLDIARFL": "Y"}),
        ({"dosed": False}, {"RANDFL": "Y", "DOSEDFL": "N", "SAFFL": "N", "FASFL": "N"}),
        ({"diary_after": False}, {"SAFFL": "Y", "POSTBLFL": "N", "FASFL": "N"}),
        ({"arm": None}, {"RANDFL": "N", "SAFFL": "N", "FASFL": "N", "PPROTFL": "N"}),
        ({"status": "discontinued"}, {"COMPLFL": "N", "FASFL": "Y", "PPROTFL": "N"}),
        ({"eligible": False}, {"ELIGFL": "N", "NODEVFL": "N", "FASFL": "Y", "PPROTFL": "N"}),
        # somebody who failed a criterion and was not randomised did not deviate
        ({"eligible": False, "arm": None}, {"ELIGFL": "N", "NODEVFL": "Y"}),
        ({"age": 17.0}, {"ADULTSFL": "N", "FASFL": "Y"}),
        ({"age": None}, {"ADULTSFL": "N", "FASFL": "Y"}),
        ({"plan": {"diary": {"frequency_days": 28, "minimum_recorded_days": 43}}}, {"BLDIARFL": "N", "FASFL": "Y"}),
    ],
)  # fmt: skip
def test_analysis_sets(changes, flags):
    row, _ = derived(**changes)
    assert {name: row[name] for name in flags} == flags


def test_deviations_come_with_adsl():
    _, deviations = derived(eligible=False)
    assert deviations.to_dict("records") == [
        {
            "USUBJID": "A",
            "KIND": "eligibility",
            "RULE": "age",
            "LABEL": "Age",
            "FOUND": "17",
            "EXPECTED": "at least 18",
        }
    ]
    assert derived()[1].empty


def test_strata_are_verified_from_the_baseline_diary():
    plan = {"strata": ["HIGHBLFL"], "labels": {"HIGHBLFL": "Many seizures"}}
    row, deviations = derived(plan=plan, columns={"STRAT1R": "N"})
    assert (row["STRAT1R"], row["STRAT1V"]) == ("N", "Y")
    assert (row["STRATAR"], row["STRATAV"]) == ("N", "Y")
    assert row["NODEVFL"] == "N"
    assert deviations[["KIND", "RULE", "LABEL", "FOUND", "EXPECTED"]].to_numpy().tolist() == [
        ["stratum", "HIGHBLFL", "Many seizures", "N", "Y"]
    ]


def test_a_dummy_treatment_is_marked():
    blinded, _ = derived(plan={"treatment": "blinded"})
    unblinded, _ = derived()
    assert blinded["DUMMYFL"] == "Y"
    assert "DUMMYFL" not in unblinded


def test_baseline_of_adsl():
    row, _ = derived()
    assert (row["BSCOUNT"], row["BSDAYS"], row["BSFREQ"], row["HIGHBLFL"]) == (6, 42, 4.0, "Y")
    assert row["LBSFREQ"] == pytest.approx(1.3862943611198906)  # ln 4


def test_a_baseline_without_seizures_has_no_logarithm():
    row, _ = derived(seizures=[])
    assert row["BSFREQ"] == 0.0
    assert pd.isna(row["LBSFREQ"])
    assert (row["BLDIARFL"], row["HIGHBLFL"]) == ("Y", "N")


def test_the_last_dose_is_the_end_of_the_last_record():
    dates = pd.to_datetime(["2020-01-01", "2020-01-29", "2020-01-08"])
    ends = pd.to_datetime(["2020-01-20", None, "2020-02-03"])
    doses = pd.DataFrame({"USUBJID": "A", "ADT": dates, "AENDT": ends})
    participants, daily = person(EVEN)
    adsl, _ = derive_adsl(
        "s",
        participants.assign(RFDT=pd.NaT),
        pd.DataFrame({"USUBJID": ["A"], "ARMCD": ["x"]}),
        daily,
        pd.DataFrame(columns=["USUBJID", "CRITERION", "LABEL", "FOUND", "EXPECTED", "MET"]),
        {"doses": doses},
        PLAN | {"analysis_sets": []},
    )
    row = adsl.iloc[0]
    assert (row["TRTSDT"], row["TRTEDT"]) == (dates[0], ends[2])
    assert "COMPLFL" not in row


def test_criteria_can_bound_what_is_derived_of_the_baseline():
    participants, daily = person(EVEN, 70)
    plan = {
        "baseline": [-42, 1],
        "diary": {"frequency_days": 28, "minimum_recorded_days": 1},
        "derived_covariates": [{"id": "OLDFL", "variable": "AGE", "at_least": 65}],
    }
    people = baseline_and_covariates(participants.assign(RFDT=pd.NaT), daily, plan).reset_index()
    criteria = [
        {"id": "often", "label": "", "variable": "BSFREQ", "at_least": 4},  # 28 x 6 / 42
        {"id": "oftener", "label": "", "variable": "BSFREQ", "more_than": 4},
        {"id": "old", "label": "", "variable": "OLDFL", "one_of": ["Y"]},
    ]
    found = evaluate_eligibility(people, daily, criteria, [-42, 1])
    assert found["MET"].tolist() == [True, False, True]
