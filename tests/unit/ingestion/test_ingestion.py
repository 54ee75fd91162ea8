"""Raw files into canonical tables, with what is found wrong on the way."""

import pandas as pd
import pytest
from seizureflow.findings import Finding
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.ingestion.participants import ingest_participants
from seizureflow.ingestion.period_counts import ingest_period_counts
from seizureflow.ingestion.records import ingest_records

ARMS = [{"id": "placebo"}, {"id": "active"}]
PEOPLE = pd.DataFrame(
    {"USUBJID": ["A", "B"], "RFDT": pd.to_datetime(["2020-03-02", None]).astype("datetime64[ms]")}
)
DIARY = {
    "columns": {"participant": "who", "date": "day", "recorded": "kept"},
    "recorded_values": {"recorded": "Y", "missing": "N"},
    "types": {"motor": "m", "aura": "a"},
    "clusters": "cluster",
}


@pytest.fixture
def write(tmp_path):
    def write(*lines: str) -> str:
        path = tmp_path / "raw.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    return write


def rules(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.rule) for finding in findings]


def participants(path: str, doses: pd.DataFrame | None = None, **columns: str):
    domain = {"columns": {"participant": "who", "arm": "arm"} | columns}
    return ingest_participants(path, domain, ARMS, [-42, 1], doses)


def test_day_1_is_the_first_dose_else_randomisation_else_the_end_of_the_baseline(write):
    path = write(
        "who,arm,screened,randomised",
        "A,placebo,2020-01-01,2020-02-12",
        "B,active,2020-01-01,2020-02-12",
        "C,,2020-01-01,",
    )
    doses = pd.DataFrame(
        {"USUBJID": ["A", "A"], "ADT": pd.to_datetime(["2020-03-12", "2020-02-13"])}
    )
    columns = {"screened_date": "screened", "randomised_date": "randomised"}
    frame, findings = participants(path, doses, **columns)
    assert findings == []
    dates = frame["RFDT"].dt.strftime("%Y-%m-%d").tolist()
    assert dates == ["2020-02-13", "2020-02-12", "2020-02-12"]  # 42 days after 1 January
    assert pd.isna(frame["ARMCD"].iloc[2])


PARTICIPANT_CASES = {
    "unknown arm": (["who,arm", "A,activ"], [("error", "unknown_value")]),
    "same participant twice": (["who,arm", "A,active", "A,placebo"], [("error", "duplicate_participant")]),
    "no identifier": (["who,arm", ",active"], [("error", "no_participant")]),
    "missing column": (["who,group", "A,active"], [("error", "missing_column")]),
    "empty file": (["who,arm"], []),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTICIPANT_CASES)
def test_participants(write, name):
    lines, expected = PARTICIPANT_CASES[name]
    assert rules(participants(write(*lines))[1]) == expected


def test_a_diary_day_is_an_interval_and_a_cluster_a_row_of_its_own(write):
    path = write(
        "who,day,kept,m,a,cluster",
        "A,2020-03-01,Y,2,0,",
        "A,2020-03-02,Y,0,3,motor",
        "A,2020-03-03,N,,,",
    )
    intervals, seizures, findings = ingest_diary(path, DIARY, PEOPLE)
    assert findings == []
    assert intervals[["START", "END", "RECORDED"]].to_numpy().tolist() == [
        [-1, 1, True],  # the day after -1 is 1
        [1, 2, True],
        [2, 3, False],
    ]
    assert seizures[["START", "SEIZTYPE", "COUNT", "CLUSTER"]].to_numpy().tolist() == [
        [-1, "motor", 2.0, False],
        [1, "aura", 3.0, False],
        [1, "motor", 1.0, True],
    ]


DIARY_CASES = {
    "negative": ("A,2020-03-02,Y,-1,0,", ("error", "negative_count")),
    "fraction": ("A,2020-03-02,Y,1.5,0,", ("error", "whole_number")),
    "text": ("A,2020-03-02,Y,many,0,", ("error", "number")),
    "infinite": ("A,2020-03-02,Y,inf,0,", ("error", "number")),
    "another form of date": ("A,02.03.2020,Y,1,0,", ("error", "date")),
    "impossible date": ("A,2020-02-30,Y,1,0,", ("error", "date")),
    "no date": ("A,,Y,1,0,", ("error", "empty")),
    "stranger": ("Z,2020-03-02,Y,1,0,", ("error", "unknown_participant")),
    "participant without a day 1": ("B,2020-03-02,Y,1,0,", ("error", "no_reference_day")),
    "unknown mark": ("A,2020-03-02,maybe,1,0,", ("error", "unknown_value")),
    "unknown cluster type": ("A,2020-03-02,Y,1,0,moter", ("error", "unknown_value")),
    "count on a missing day": ("A,2020-03-02,N,1,,", ("warning", "count_on_missing_day")),
    "empty count on a recorded day": ("A,2020-03-02,Y,1,,", ("warning", "empty_count")),
}


@pytest.mark.parametrize("name", DIARY_CASES)
def test_diary_findings_name_line_participant_and_value(write, name):
    row, expected = DIARY_CASES[name]
    path = write("who,day,kept,m,a,cluster", "A,2020-03-05,Y,0,0,", row)
    _, _, findings = ingest_diary(path, DIARY, PEOPLE)
    assert rules(findings) == [expected]
    assert findings[0].rows == "3"
    assert findings[0].participant == row.split(",")[0]
    assert findings[0].file == path
    assert findings[0].action


def test_a_count_on_a_missing_day_is_not_counted(write):
    path = write("who,day,kept,m,a,cluster", "A,2020-03-02,N,4,,")
    _, seizures, _ = ingest_diary(path, DIARY, PEOPLE)
    assert seizures.empty


def test_a_day_entered_twice_is_reported_on_both_lines(write):
    row = "A,2020-03-02,Y,1,0,"
    _, _, findings = ingest_diary(write("who,day,kept,m,a,cluster", row, row), DIARY, PEOPLE)
    assert rules(findings) == [("error", "duplicate_day")]
    assert findings[0].rows == "2, 3"


def test_a_period_without_a_count_is_not_recorded(write):
    domain = {
        "participant": "who",
        "seizure_type": "focal",
        "periods": [{"column": "before", "days": [-56, 1]}, {"column": "after", "days": [1, 15]}],
    }
    path = write("who,before,after", "A,12,", "B,0,3")
    intervals, seizures, findings = ingest_period_counts(path, domain, PEOPLE)
    assert findings == []
    assert intervals["RECORDED"].tolist() == [True, False, True, True]
    assert seizures[["USUBJID", "START", "COUNT"]].to_numpy().tolist() == [
        ["A", -56, 12],
        ["B", 1, 3],
    ]


def test_records_have_their_study_days(write):
    domain = {"columns": {"participant": "who", "visit": "visit", "date": "day"}}
    path = write("who,visit,day", "A,week_4,2020-03-30", "A,screening,2020-01-20")
    records, findings = ingest_records("visits", path, domain, PEOPLE)
    assert findings == []
    assert records[["VISIT", "ADY"]].to_numpy().tolist() == [["screening", -42], ["week_4", 29]]


def test_severity_and_flags_of_adverse_events_are_checked(write):
    domain = {
        "columns": {
            "participant": "who", "term": "term", "body_system": "soc", "start_date": "day",
            "severity": "severity", "serious": "serious",
        },
        "severity_order": ["mild", "severe"],
    }  # fmt: skip
    path = write("who,term,soc,day,severity,serious", "A,Headache,Nervous,2020-03-05,bad,perhaps")
    _, findings = ingest_records("adverse_events", path, domain, PEOPLE)
    assert {finding.field for finding in findings} == {"severity", "serious"}
    assert set(rules(findings)) == {("error", "unknown_value")}
