"""Strata as used and as verified, and deviations that the data show."""

import pandas as pd
import pytest
from seizureflow.deviations import list_deviations
from seizureflow.strata import add_strata, stratum_differences

STRATA = ["CAUSE", "SIZE"]
LABELS = {"CAUSE": "Structural cause", "SIZE": "Many seizures"}


def adsl(rows, columns=("CAUSE", "SIZE", "STRAT1R", "STRAT2R")):
    people = [f"P{number}" for number in range(1, len(rows) + 1)]
    frame = pd.DataFrame(rows, columns=list(columns), index=people, dtype="str")
    return frame.rename_axis("USUBJID").assign(RANDFL="Y")


def text(values):
    return [None if pd.isna(value) else value for value in values]


def test_factors_are_numbered_and_put_together():
    found = add_strata(
        adsl([("Y", "big", "N", "big"), ("Y", None, "N", "big"), ("Y", "big", None, "big")]), STRATA
    )
    assert found["STRAT1V"].tolist() == ["Y", "Y", "Y"]
    assert text(found["STRAT2V"]) == ["big", None, "big"]
    assert text(found["STRATAV"]) == ["Y; big", None, "Y; big"]  # missing where a factor is
    assert text(found["STRATAR"]) == ["N; big", "N; big", None]


def test_strata_that_are_not_known_as_used_are_verified_alone():
    found = add_strata(adsl([("Y", "big", "N")], ("CAUSE", "SIZE", "STRAT1R")), STRATA)
    assert found["STRATAV"].tolist() == ["Y; big"]
    assert "STRATAR" not in found  # one factor of two is not the stratum


def test_one_factor_is_the_stratum():
    found = add_strata(adsl([("Y",), (None,)], ("CAUSE",)), ["CAUSE"])
    assert text(found["STRATAV"]) == ["Y", None]


def test_without_strata_nothing_is_added():
    table = adsl([("Y", "big", "N", "big")])
    pd.testing.assert_frame_equal(add_strata(table, []), table)


def test_nobody_has_no_strata():
    found = add_strata(adsl([]), STRATA)
    assert len(found) == 0
    assert {"STRATAR", "STRATAV"} <= set(found.columns)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Y", "big", "Y", "big"), []),
        (("Y", "big", "N", "big"), [("CAUSE", "N", "Y")]),
        (("Y", "big", "N", "small"), [("CAUSE", "N", "Y"), ("SIZE", "small", "big")]),
        (("Y", "big", None, "big"), []),  # what was used is not known
        ((None, "big", "N", "big"), [("CAUSE", "N", None)]),  # what should have been is not
    ],
)
def test_differences(row, expected):
    found = stratum_differences(adsl([row]), STRATA)
    assert [
        (r.RULE, r.FOUND, None if pd.isna(r.EXPECTED) else r.EXPECTED) for r in found.itertuples()
    ] == expected
    assert set(found["USUBJID"]) <= {"P1"}


ELIGIBILITY = pd.DataFrame(
    {
        "USUBJID": ["P1", "P2", "P2", "X"],
        "CRITERION": ["age", "age", "diary", "age"],
        "LABEL": ["Age", "Age", "Diary", "Age"],
        "FOUND": ["40", "17", "2", "90"],
        "EXPECTED": ["at least 18", "at least 18", "at least 6", "at least 18"],
        "MET": [True, False, False, False],
    }
)


def test_deviations_are_those_of_the_randomised_by_participant():
    table = adsl([("Y", "big", "N", "big"), ("Y", "big", "Y", "big"), ("Y", "big", "N", "big")])
    table.loc["P3", "RANDFL"] = "N"
    found = list_deviations(table, ELIGIBILITY, STRATA, LABELS)
    columns = ["USUBJID", "KIND", "RULE", "LABEL", "FOUND", "EXPECTED"]
    assert found.columns.tolist() == columns
    assert found.to_numpy().tolist() == [
        ["P1", "stratum", "CAUSE", "Structural cause", "N", "Y"],
        ["P2", "eligibility", "age", "Age", "17", "at least 18"],
        ["P2", "eligibility", "diary", "Diary", "2", "at least 6"],
    ]


@pytest.mark.parametrize("strata", [[], STRATA])
def test_no_deviations_are_an_empty_table_with_its_columns(strata):
    table = adsl([("Y", "big", "Y", "big")])
    found = list_deviations(table, ELIGIBILITY.iloc[:1], strata, LABELS)
    assert len(found) == 0
    assert found.columns.tolist() == ["USUBJID", "KIND", "RULE", "LABEL", "FOUND", "EXPECTED"]


def test_a_number_is_the_same_stratum_whatever_the_file_held_it_as():
    adsl = pd.DataFrame(
        {"FAILASM": [2.0, 3.0, float("nan")], "STRAT1R": ["2", "2", "2"]}, index=["A", "B", "C"]
    )
    found = stratum_differences(adsl, ["FAILASM"])
    assert found["USUBJID"].tolist() == ["B", "C"]
    assert found["FOUND"].tolist() == ["2", "2"]
    assert found["EXPECTED"][0] == "3"
    assert pd.isna(found["EXPECTED"][1])
    added = add_strata(adsl, ["FAILASM"])
    assert added["STRATAV"][:2].tolist() == ["2", "3"]
    assert added["STRAT1R"].tolist() == ["2", "2", "2"]
