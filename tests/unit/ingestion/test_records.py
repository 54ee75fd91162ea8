"""Dated records of participants, and counts per period."""

import pandas as pd
import pytest
from seizureflow.ingestion.period_counts import ingest_period_counts
from seizureflow.ingestion.records import first_dose_dates, ingest_records
from unit.ingestion.small_files import PEOPLE, TYPES, accounts, rules, source

COUNTS = {
    "participant": "who",
    "seizure_type": "motor",
    "periods": [{"column": "before", "days": [-56, 1]}, {"column": "after", "days": [1, 15]}],
}


def period_counts(path, maximum=144):
    return ingest_period_counts(source("period_counts", path, COUNTS), PEOPLE, TYPES, maximum)


def test_a_period_without_a_count_is_not_recorded(write):
    read = period_counts(write("who,before,after", "A,12,", "B,0,3"))
    assert read.findings == []
    columns = ["USUBJID", "START", "END", "RECORDED", "ROW"]
    assert read.tables["intervals"][columns].to_numpy().tolist() == [
        ["A", -56, 1, True, 2],
        ["A", 1, 15, False, 2],
        ["B", -56, 1, True, 3],
        ["B", 1, 15, True, 3],
    ]
    assert read.tables["seizures"][["USUBJID", "START", "COUNT"]].to_numpy().tolist() == [
        ["A", -56, 12],
        ["B", 1, 3],
    ]
    assert read.tables["seizure_types"][["SEIZTYPE", "SEIZURES"]].to_numpy().tolist() == [
        ["motor", 15]
    ]
    assert accounts(read.accounting) == [("used", "", 2)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["A,1,1", "A,2,2"], ("duplicate_participant", "2, 3", "'A'")),
        (["Z,1,1"], ("unknown_participant", "2", "'Z'")),
        (["A,1.5,1"], ("whole_number", "2", "'1.5'")),
        (["A,-1,1"], ("negative_count", "2", "'-1'")),
        # 2 a day on the 14 days of the second period is 28; on the 56 days of the first, 112
        (["A,112,28", "B,1,29"], ("absurd_count", "3", "'29'")),
        (["A,113,28"], ("absurd_count", "2", "'113'")),
    ],
)
def test_misfits_of_period_counts_are_errors(write, rows, expected):
    (finding,) = period_counts(write("who,before,after", *rows), maximum=2).findings
    assert finding.severity == "error"
    assert (finding.rule, finding.rows, finding.value) == expected


VISITS = {"columns": {"participant": "who", "visit": "visit", "date": "day"}}
DOSES = {"columns": {"participant": "who", "date": "day", "end_date": "end", "dose": "mg"}}
DISPOSITION = {
    "columns": {"participant": "who", "status": "status", "reason": "why", "date": "day"},
    "completed_value": "completed",
}
EVENTS = {
    "columns": {
        "participant": "who", "term": "term", "body_system": "soc", "start_date": "start",
        "end_date": "end", "severity": "severity", "serious": "serious", "related": "related",
    },
    "severity_order": ["mild", "severe"],
}  # fmt: skip
EVENT_HEADER = "who,term,soc,start,end,severity,serious,related"


def test_records_have_their_study_days_and_are_sorted(write):
    path = write(
        "who,visit,day", "A,week_4,2020-03-30", "A,screening,2020-01-20", "B,week_4,2020-03-30"
    )
    read = ingest_records(source("visits", path, VISITS), PEOPLE, visits=["week_4"])
    assert read.findings == []
    visits = read.tables["visits"]
    assert visits["VISIT"].tolist() == ["screening", "week_4", "week_4"]
    assert visits["ADY"].tolist()[:2] == [-42, 29]
    assert pd.isna(visits["ADY"].iloc[2])  # B has no day 1
    assert accounts(read.accounting) == [("used", "", 3)]


VISIT_CASES = {
    "a scheduled visit twice": (["week_4,2020-03-30", "week_4,2020-03-31"], [("error", "duplicate_visit")]),
    "an unscheduled visit twice": (["extra,2020-03-30", "extra,2020-03-31"], []),
    "almost a scheduled visit": (["week4,2020-03-30"], [("warning", "misspelt_visit")]),
    "no visit": ([",2020-03-30"], [("error", "empty")]),
    "no date": (["week_4,"], [("error", "empty")]),
}  # fmt: skip


@pytest.mark.parametrize("name", VISIT_CASES)
def test_misfits_of_visits_are_found(write, name):
    rows, expected = VISIT_CASES[name]
    path = write("who,visit,day", *(f"A,{row}" for row in rows))
    read = ingest_records(source("visits", path, VISITS), PEOPLE, visits=["week_4", "early"])
    assert rules(read.findings) == expected
    if name == "almost a scheduled visit":
        assert 'Did you mean "week_4"?' in read.findings[0].action


DOSE_CASES = {
    "whole": (["A,2020-03-02,2020-03-08,300"], []),
    "open end": (["A,2020-03-02,,300"], []),
    "a dose of nothing": (["A,2020-03-02,,0"], []),
    "negative": (["A,2020-03-02,,-1"], [("error", "negative_dose")]),
    "end before start": (["A,2020-03-02,2020-03-01,300"], [("error", "end_before_start")]),
    "the same twice": (["A,2020-03-02,,300"] * 2, [("warning", "identical_records")]),
    "another dose on the day": (["A,2020-03-02,,300", "A,2020-03-02,,150"], []),
}


@pytest.mark.parametrize("name", DOSE_CASES)
def test_doses(write, name):
    rows, expected = DOSE_CASES[name]
    read = ingest_records(source("doses", write("who,day,end,mg", *rows), DOSES), PEOPLE)
    assert rules(read.findings) == expected
    assert len(read.tables["doses"]) == len(rows)  # nothing is mended


def test_the_dose_is_not_read_while_treatment_is_blinded(write):
    path = write("who,day,end,mg", "A,2020-03-02,,not even a number")
    read = ingest_records(source("doses", path, DOSES), PEOPLE, blinded=True)
    assert read.findings == []
    assert read.tables["doses"]["DOSE"].isna().all()


def test_dates_of_doses(write):
    doses = write("who,day,end,mg", "A,2020-03-02,,300", "A,2020-03-30,,300")
    found = first_dose_dates(source("doses", doses, DOSES))
    assert found["ADT"].dt.strftime("%m-%d").tolist() == ["03-02", "03-30"]


STATUS = {
    "as it stands": ({}, "withdrawn,lack of efficacy", ("withdrawn", "lack of efficacy")),
    "values are replaced": (
        {"values": {"status": {"C": "completed"}}}, "C,", ("completed", None),
    ),
    "one status for all others, their own being the reason": (
        {"other_status": "left"}, "ADVERSE EVENT,", ("left", "ADVERSE EVENT"),
    ),
    "a reason that is given stays": (
        {"other_status": "left"}, "ADVERSE EVENT,rash", ("left", "rash"),
    ),
    "who completed has no reason": (
        {"other_status": "left"}, "completed,completed", ("completed", None),
    ),
    "a named value is none of the others": (
        {"other_status": "left", "values": {"status": {"D": "died"}}}, "D,x", ("died", "x"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATUS)
def test_status_and_reason_of_the_end_of_study(write, name):
    changes, row, expected = STATUS[name]
    path = write("who,status,why,day", f"A,{row},2020-08-17")
    read = ingest_records(source("disposition", path, DISPOSITION | changes), PEOPLE)
    assert read.findings == []
    status, reason = read.tables["disposition"][["STATUS", "REASON"]].iloc[0]
    assert (status, None if pd.isna(reason) else reason) == expected


def test_two_ends_of_study_are_an_error(write):
    rows = ["A,completed,,2020-08-17", "A,withdrawn,,2020-08-18"]
    path = write("who,status,why,day", *rows)
    read = ingest_records(source("disposition", path, DISPOSITION), PEOPLE)
    assert rules(read.findings) == [("error", "duplicate_disposition")]


EVENT_CASES = {
    "severity": ("A,Headache,Nervous,2020-03-05,,bad,N,", ("error", "unknown_value", "severity")),
    "serious": ("A,Headache,Nervous,2020-03-05,,mild,perhaps,", ("error", "unknown_value", "serious")),
    "serious is not said": ("A,Headache,Nervous,2020-03-05,,mild,,", ("error", "empty", "serious")),
    "related": ("A,Headache,Nervous,2020-03-05,,mild,N,perhaps", ("error", "unknown_value", "related")),
    "no term": ("A,,Nervous,2020-03-05,,mild,N,", ("error", "empty", "term")),
    "no start": ("A,Headache,Nervous,,,mild,N,", ("error", "empty", "start")),
    "partial start": ("A,Headache,Nervous,2020-03,,mild,N,", ("error", "date", "start")),
    "end before start": ("A,Headache,Nervous,2020-03-05,2020-03-04,mild,N,", ("error", "end_before_start", "end")),
    "long before": ("A,Headache,Nervous,2019-02-01,,mild,N,", ("warning", "event_before_screening", "start")),
    "like a formula": ("A,=cmd,Nervous,2020-03-05,,mild,N,", ("warning", "formula_text", "term")),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENT_CASES)
def test_misfits_of_adverse_events_are_found(write, name):
    row, expected = EVENT_CASES[name]
    read = ingest_records(source("adverse_events", write(EVENT_HEADER, row), EVENTS), PEOPLE)
    (finding,) = read.findings
    assert (finding.severity, finding.rule, finding.field) == expected


def test_an_event_that_ended_before_day_1_is_not_taken_to_have_begun_on_it(write):
    path = write(EVENT_HEADER, "A,Headache,Nervous,2020-03,2020-03-01,mild,N,Y")
    entry = EVENTS | {"partial_dates": "impute"}
    read = ingest_records(source("adverse_events", path, entry), PEOPLE)
    assert read.findings == []
    (row,) = read.tables["adverse_events"].to_dict("records")
    assert (row["ASTDT"], row["ASTDTF"], row["ASTDY"]) == (pd.Timestamp("2020-03-01"), "D", -1)


def test_visits_of_nobody_are_no_repeated_visits(write):
    path = write("who,visit,day", ",week_2,2020-03-16", ",week_2,2020-03-16")
    columns = {"columns": {"participant": "who", "visit": "visit", "date": "day"}}
    read = ingest_records(source("visits", path, columns), PEOPLE, visits=["week_2"])
    assert rules(read.findings) == [("error", "unknown_participant")]


def test_partial_dates_are_imputed_where_the_protocol_says_so(write):
    path = write(EVENT_HEADER, "A,Headache,Nervous,2020-03,2020,mild,N,Y")
    entry = EVENTS | {"partial_dates": "impute"}
    read = ingest_records(source("adverse_events", path, entry), PEOPLE)
    assert read.findings == []
    (row,) = read.tables["adverse_events"].to_dict("records")
    assert (row["ASTDT"], row["ASTDTF"], row["ASTDY"]) == (pd.Timestamp("2020-03-02"), "D", 1)
    assert (row["AENDT"], row["AENDTF"]) == (pd.Timestamp("2020-12-31"), "M")


def test_records_of_strangers_are_errors_and_not_in_the_table(write):
    path = write("who,visit,day", "Z,week_4,2020-03-30", "A,week_4,2020-03-30")
    read = ingest_records(source("visits", path, VISITS), PEOPLE)
    assert rules(read.findings) == [("error", "unknown_participant")]
    assert read.tables["visits"]["USUBJID"].tolist() == ["A"]
    assert accounts(read.accounting) == [("used", "", 1), ("error", "see the findings", 1)]
