"""ADLB and ADVS: baseline, change, reference range, visits and flags."""

import math

import pandas as pd
import pytest
from seizureflow.measurements.derive import derive_measurements
from seizureflow.measurements.reference_range import range_indicator
from seizureflow.tables import TABLES, arranged, empty_table
from unit.measurements.small_results import VISITS, adlb, adsl, results, row

PEOPLE = adsl({"A": "placebo", "B": "active"})


def column(frame, name):
    return [None if pd.isna(value) else value for value in frame[name]]


def test_the_baseline_is_the_last_number_on_or_before_day_1():
    table = results(
        row("A", -20, 20), row("A", -3, 30), row("A", 1, None, VALUETXT="<5"), row("A", 2, 45)
    )
    frame = adlb(PEOPLE, table)
    assert column(frame, "ABLFL") == [None, "Y", None, None]
    assert column(frame, "BASE") == [30.0] * 4
    assert column(frame, "CHG") == [None, None, None, 15.0]
    assert column(frame, "PCHG") == [None, None, None, 50.0]
    assert column(frame, "AVALC") == [None, None, "<5", None]


def test_day_1_itself_belongs_to_the_baseline():
    frame = adlb(PEOPLE, results(row("A", -1, 20), row("A", 1, 24), row("A", 2, 30)))
    assert column(frame, "ABLFL") == [None, "Y", None]
    assert column(frame, "CHG") == [None, None, 6.0]


def test_without_a_baseline_or_a_day_1_nothing_is_made_up():
    table = results(row("A", 30, 20), row("B", 5, 20))
    table.loc[table["USUBJID"] == "B", "ADY"] = pd.NA
    frame = adlb(PEOPLE, table)
    for name in ("BASE", "CHG", "PCHG", "BNRIND", "SHIFT1", "ABLFL"):
        assert column(frame, name) == [None, None], name
    assert column(frame, "AVISIT") == ["week_4", None]
    assert column(frame, "ONTRTFL") == ["Y", None]


def test_a_percent_change_from_zero_is_missing():
    frame = adlb(PEOPLE, results(row("A", -1, 0), row("A", 30, 4)))
    assert column(frame, "CHG") == [None, 4.0]
    assert column(frame, "PCHG") == [None, None]


def test_each_time_point_has_its_own_baseline():
    table = results(
        row("A", -1, 120, TPT="lying"), row("A", -1, 130, TPT="standing"),
        row("A", 30, 125, TPT="lying"), row("A", 30, 128, TPT="standing"),
    )  # fmt: skip
    frame = adlb(PEOPLE, table)
    assert frame.loc[frame["ADY"] == 30, ["ATPT", "CHG"]].to_numpy().tolist() == [
        ["lying", 5.0],
        ["standing", -2.0],
    ]
    assert column(frame, "ANL01FL") == ["Y"] * 4


@pytest.mark.parametrize(
    ("value", "low", "high", "word"),
    [
        (9.9, 10, 40, "LOW"), (10, 10, 40, "NORMAL"), (40, 10, 40, "NORMAL"), (40.1, 10, 40, "HIGH"),
        (5, math.nan, 40, "NORMAL"), (50, math.nan, 40, "HIGH"), (5, 10, math.nan, "LOW"),
        (50, 10, math.nan, "NORMAL"), (50, math.nan, math.nan, None), (math.nan, 10, 40, None),
    ],
)  # fmt: skip
def test_range_indicator(value, low, high, word):
    (found,) = range_indicator(*(pd.Series([float(x)]) for x in (value, low, high)))
    assert (None if pd.isna(found) else found) == word


def test_a_shift_is_from_the_baseline_to_the_result():
    frame = adlb(PEOPLE, results(row("A", -1, 5), row("A", 30, 41), row("A", 58, 20)))
    assert column(frame, "BNRIND") == ["LOW"] * 3
    assert column(frame, "SHIFT1") == [None, "LOW to HIGH", "LOW to NORMAL"]


@pytest.mark.parametrize(
    ("day", "visit"),
    [
        # Visits on days 29 and 57: between day 1 and 43, to 71 (as far beyond 57 as 43 is before).
        (1, "Baseline"), (2, "week_4"), (29, "week_4"), (43, "week_4"), (44, "week_8"),
        (71, "week_8"), (72, None),
    ],
)  # fmt: skip
def test_a_visit_by_the_nearest_day(day, visit):
    frame = adlb(PEOPLE, results(row("A", day, 20)))
    assert column(frame, "AVISIT") == [visit]


def test_a_visit_as_recorded():
    table = results(
        row("A", -1, 20, VISIT="screening"), row("A", 3, 21, VISIT="unscheduled"),
        row("A", 50, 22, VISIT="week_4"), row("B", -1, 20, VISIT="week_4"), row("B", 1, 20),
    )  # fmt: skip
    frame = adlb(PEOPLE, table, assignment="recorded")
    assert column(frame, "AVISIT") == ["Baseline", None, "week_4", None, "Baseline"]
    assert column(frame, "AVISITN") == [0.0, None, 4.0, None, 0.0]
    assert column(frame, "VISIT") == ["screening", "unscheduled", "week_4", "week_4", None]


def test_the_last_number_of_a_visit_is_flagged():
    table = results(row("A", 20, 20), row("A", 30, 21), row("A", 31, None, VALUETXT="lost"))
    frame = adlb(PEOPLE, table)
    assert column(frame, "AVISIT") == ["week_4"] * 3
    assert column(frame, "ANL01FL") == [None, "Y", None]


def test_on_treatment_ends_some_days_after_the_last_dose():
    table = results(row("A", 1, 20), row("A", 2, 20), row("A", 65, 20), row("A", 66, 20))
    assert column(adlb(PEOPLE, table, days=5), "ONTRTFL") == [None, "Y", "Y", None]
    unknown = PEOPLE.assign(TRTEDT=pd.Series(pd.NaT, index=PEOPLE.index, dtype="datetime64[ms]"))
    assert column(adlb(unknown, table, days=5), "ONTRTFL") == [None, "Y", "Y", "Y"]


def test_two_tests_of_one_name_have_different_parameters():
    table = results(
        row("A", 2, 5, TESTCD="GLUC", TEST="Glucose", UNIT="mmol/L"),
        row("A", 2, 5, TESTCD="GLUCU", TEST="Glucose", UNIT="mmol/L"),
        row("A", 2, 7, TESTCD="PH", TEST=None, UNIT=None),
    )
    assert column(adlb(PEOPLE, table), "PARAM") == [
        "Glucose (mmol/L), GLUC",
        "Glucose (mmol/L), GLUCU",
        "PH",
    ]


def test_a_plan_without_visits_and_a_table_without_rows():
    for table in (results(row("A", 30, 20)), empty_table("laboratory")):
        for assignment in ("recorded", "nearest_day"):
            frame = derive_measurements(
                PEOPLE, table, [], visit_assignment=assignment, days_after_last_dose=0
            )
            assert len(frame) == len(table)
            assert frame["AVISIT"].isna().all()
            assert arranged(frame, "adlb").column_names == list(TABLES["adlb"])
    assert VISITS
