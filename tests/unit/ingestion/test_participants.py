"""Participants: who they are, when their day 1 is, and what is found wrong with them."""

import pandas as pd
import pytest
from seizureflow.ingestion.participants import ingest_participants
from unit.ingestion.small_files import accounts, rules, source

BASELINE = [-42, 1]
DATES = {"screened_date": "screened", "randomised_date": "randomised"}


def participants(path, doses=None, milestones=None, strata=(), **columns):
    entry = {"columns": {"participant": "who"} | columns}
    return ingest_participants(
        source("participants", path, entry), BASELINE, strata, doses=doses, milestones=milestones
    )


def test_day_1_is_the_first_dose_else_randomisation_else_the_end_of_the_baseline(write):
    path = write(
        "who,screened,randomised",
        "A,2020-01-01,2020-02-12",
        "B,2020-01-01,2020-02-12",
        "C,2020-01-01,",
        "D,,",
    )
    doses = pd.DataFrame(
        {"USUBJID": ["A", "A"], "ADT": pd.to_datetime(["2020-03-12", "2020-02-13"])}
    )
    read = participants(path, doses, **DATES)
    assert read.findings == []
    days = read.tables["participants"]["RFDT"]
    assert days.dt.strftime("%Y-%m-%d").tolist()[:3] == [
        "2020-02-13",
        "2020-02-12",
        "2020-02-12",  # 42 days after 1 January
    ]
    assert pd.isna(days.iloc[3])
    assert accounts(read.accounting) == [("used", "", 4)]


def test_dates_of_randomisation_can_come_from_milestones_the_first_of_several(write):
    path = write("who,screened", "A,2020-01-01", "B,2020-01-01")
    events = write(
        "id,what,day",
        "A,RANDOMISED,2020-02-20",
        "A,RANDOMISED,2020-02-12",
        "B,SCREEN FAILURE,2020-02-01",
        name="ds.csv",
    )
    entry = {
        "columns": {"participant": "id", "randomised_date": "day"},
        "keep": {"what": ["RANDOMISED"]},
    }
    read = participants(
        path, milestones=source("participants", events, entry), screened_date="screened"
    )
    dates = read.tables["participants"]["RANDDT"]
    assert dates.iloc[0] == pd.Timestamp("2020-02-12")
    assert pd.isna(dates.iloc[1])
    (found,) = read.findings
    assert (found.rule, found.participant, found.rows) == ("randomised_again", "A", "2")
    assert accounts(read.accounting) == [
        ("used", "", 2),
        ("used", "", 1),
        ("excluded", "a later record of the same milestone", 1),
        ("excluded", "what is not RANDOMISED", 1),
    ]
    assert read.accounting["FILE"].tolist() == [path, *[events] * 3]


def test_a_milestone_of_a_stranger_is_an_error(write):
    path = write("who,screened", "A,2020-01-01")
    events = write("id,day", "A,2020-02-12", "Z,2020-02-12", ",2020-02-12", name="ds.csv")
    entry = {"columns": {"participant": "id", "randomised_date": "day"}}
    read = participants(
        path, milestones=source("participants", events, entry), screened_date="screened"
    )
    assert {(f.rule, f.participant, f.rows) for f in read.findings} == {
        ("unknown_participant", "Z", "3"),
        ("unknown_participant", "", "4"),
    }
    assert accounts(read.accounting)[1:] == [("used", "", 1), ("error", "see the findings", 2)]


# header, rows; findings as severity, rule, rows and value
CASES = {
    "same participant twice": ("who", ["A", "A", "B"], [("error", "duplicate_participant", "2, 3", "'A'")]),
    "no identifier": ("who,x", [",1", "B,1"], [("error", "no_participant", "2", "''")]),
    "identifiers alike but for case": ("who", ["a1", "A1", "B"], [
        ("warning", "similar_participants", "2", "'a1'"), ("warning", "similar_participants", "3", "'A1'"),
    ]),
    "identifier that a spreadsheet would run": ("who", ["=A"], [("warning", "formula_text", "2", "'=A'")]),
    "missing column": ("subject", ["A"], [("error", "missing_column", "", "")]),
    "no rows": ("who", [], [("warning", "no_rows", "", ""), ("error", "no_participants", "", "")]),
    "age that is no number": ("who,years", ["A,old"], [("error", "number", "2", "'old'")]),
    "negative age": ("who,years", ["A,-1"], [("error", "negative_count", "2", "'-1'")]),
    "randomised before screening": (
        "who,screened,randomised", ["A,2020-02-12,2020-02-11"],
        [("error", "randomised_before_screening", "2", "'2020-02-11'")],
    ),
    "screened and randomised on one day": ("who,screened,randomised", ["A,2020-02-12,2020-02-12"], []),
    "date that lies beyond the data": (
        "who,screened", ["A,2021-01-02"], [("error", "future_date", "2", "'2021-01-02'")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_misfits_are_found(write, name):
    header, lines, expected = CASES[name]
    columns = {"age": "years"} if "years" in header else {}
    columns |= {ours: column for ours, column in DATES.items() if column in header}
    read = participants(write(header, *lines), **columns)
    found = [(f.severity, f.rule, f.rows, f.value) for f in read.findings]
    assert found == expected


def test_a_dose_before_randomisation_is_a_warning(write):
    path = write("who,randomised", "A,2020-02-12")
    doses = pd.DataFrame({"USUBJID": ["A"], "ADT": pd.to_datetime(["2020-02-11"])})
    read = participants(path, doses, randomised_date="randomised")
    assert rules(read.findings) == [("warning", "dosed_before_randomisation")]


def test_every_row_is_accounted_for_and_a_participant_read_once(write):
    read = participants(write("who", "A", "A", "", "B"))
    assert read.tables["participants"]["USUBJID"].tolist() == ["A", "B"]
    assert accounts(read.accounting) == [("used", "", 1), ("error", "see the findings", 2)]


def test_values_stand_for_others(write):
    path = write("who,geschlecht", "A,männlich", "B,weiblich", "C,F")
    entry = {
        "columns": {"participant": "who", "sex": "geschlecht"},
        "values": {"sex": {"männlich": "M", "weiblich": "F"}},
    }
    read = ingest_participants(source("participants", path, entry), BASELINE)
    assert read.tables["participants"]["SEX"].tolist() == ["M", "F", "F"]


COVARIATES = {
    "CAUSE": {"column": "cause", "label": "", "type": "category", "values": {"1": "Y", "2": "N"}},
    "SCORE": {"column": "score", "label": "", "type": "category", "values": {"low": 1, "high": 2}},
    "REGION": {"column": "region", "label": "", "type": "category"},
    "DRUGS": {"column": "drugs", "label": "", "type": "integer"},
    "WEIGHT": {"column": "kg", "label": "", "type": "number"},
}


def test_covariates_are_values_categories_or_numbers(write):
    path = write("who,cause,score,region,drugs,kg", "A,1,high,North,3,70.5", "B,2,low,,,")
    read = participants(path, covariates=COVARIATES)
    assert read.findings == []
    rows = read.tables["participants"][list(COVARIATES)]
    assert rows.iloc[0].tolist() == ["Y", 2, "North", 3.0, 70.5]
    assert rows.iloc[1][["CAUSE", "SCORE"]].tolist() == ["N", 1]
    assert rows.iloc[1][["REGION", "DRUGS", "WEIGHT"]].isna().all()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A,3,low,North,3,70", ("unknown_value", "cause")),
        ("A,,low,North,3,70", ("empty", "cause")),
        ("A,1,low,North,1.5,70", ("whole_number", "drugs")),
        ("A,1,low,North,3,heavy", ("number", "kg")),
        ("A,1,low,=North,3,70", ("formula_text", "region")),
    ],
)
def test_misfits_of_covariates_are_found(write, row, expected):
    path = write("who,cause,score,region,drugs,kg", row)
    (finding,) = participants(path, covariates=COVARIATES).findings
    assert (finding.rule, finding.field) == expected


def test_strata_are_numbered_as_the_protocol_orders_them(write):
    path = write("who,cause,cause_r,size_r", "A,1,2,big", "B,1,,")
    read = participants(
        path,
        strata=["SIZE", "CAUSE", "OTHER"],
        covariates={"CAUSE": COVARIATES["CAUSE"]},
        randomisation_strata={
            "CAUSE": {"column": "cause_r", "values": {"1": "Y", "2": "N"}},
            "SIZE": {"column": "size_r"},
        },
    )
    assert read.findings == []
    table = read.tables["participants"]
    assert table[["STRAT1R", "STRAT2R"]].iloc[0].tolist() == ["big", "N"]
    assert table[["STRAT1R", "STRAT2R"]].iloc[1].isna().all()
    assert "STRAT3R" not in table  # the raw file does not say it
    assert table["CAUSE"].tolist() == ["Y", "Y"]


@pytest.mark.parametrize("rows", [[], ["A,2020-01-01"]])
def test_a_study_without_participants_is_refused_since_all_other_rows_would_be_nobodys(write, rows):
    path = write("who,screened", *rows)
    entry = {"columns": {"participant": "who"}, "keep": {"who": ["B"]}}
    read = ingest_participants(source("participants", path, entry), BASELINE)
    assert ("error", "no_participants") in rules(read.findings)
