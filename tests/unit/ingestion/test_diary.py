"""A diary in both layouts: intervals and seizures, and what is found wrong on the way."""

import pandas as pd
import pytest
from seizureflow.diary_quality import assess_diary
from seizureflow.ingestion.diary import ingest_diary
from seizureflow.seizure_frequency import countable_intervals
from unit.diary_quality.small_diaries import PERIODS, SETTINGS, WORDS
from unit.ingestion.small_files import PEOPLE, TYPES, accounts, rules, source

DIARY = {
    "columns": {"participant": "who", "date": "day", "recorded": "kept"},
    "recorded_values": {"recorded": "Y", "missing": "N"},
    "types": {"motor": "m", "aura": "a"},
    "clusters": "cluster",
}
COUNTING = {"seizure_types": TYPES, "cluster_count_per_day": 1}


def read_days(path, **changes):
    return ingest_diary(source("diary", path, DIARY | changes), PEOPLE, TYPES)


def with_columns(**columns):
    return {"columns": DIARY["columns"] | columns}


def quality_of(read, path):
    """Findings of the quality package on what was read."""
    people = pd.DataFrame({"USUBJID": ["A"], "FIRSTDY": pd.NA, "LASTDY": pd.NA, "RANDFL": "N"})
    findings, _ = assess_diary(
        read.tables["intervals"],
        read.tables["seizures"],
        people.astype({"FIRSTDY": "Int64", "LASTDY": "Int64"}),
        PERIODS,
        SETTINGS | {"minimum_compliance": 0},
        file=path,
        status_types=set(),
        status_words=WORDS,
    )
    return [finding for finding in findings if finding.severity == "error"] + [
        finding for finding in findings if finding.rule == "count_on_missing_day"
    ]


def test_a_diary_day_is_an_interval_and_a_cluster_a_row_of_its_own(write):
    path = write(
        "who,day,kept,m,a,cluster",
        "A,2020-03-01,Y,2,0,",
        "A,2020-03-02,Y,0,3,motor",
        "A,2020-03-03,N,,,",
    )
    read = read_days(path)
    assert read.findings == []
    assert read.tables["intervals"][["START", "END", "RECORDED", "ROW"]].to_numpy().tolist() == [
        [-1, 1, True, 2],  # the day after -1 is 1
        [1, 2, True, 3],
        [2, 3, False, 4],
    ]
    columns = ["START", "SEIZTYPE", "COUNT", "CLUSTER", "ROW"]
    assert read.tables["seizures"][columns].to_numpy().tolist() == [
        [-1, "motor", 2, False, 2],
        [1, "aura", 3, False, 3],
        [1, "motor", 1, True, 3],
    ]
    assert accounts(read.accounting) == [("used", "", 3)]


def test_seizure_types_say_what_was_counted_in_which_column(write):
    path = write("who,day,kept,m,a,cluster", "A,2020-03-02,Y,2,0,Motor", "A,2020-03-03,Y,1,0,Motor")
    types = read_days(path).tables["seizure_types"]
    columns = ["VERBATIM", "SEIZTYPE", "VIA", "COUNTABLE", "ROWS", "SEIZURES"]
    assert types[columns].to_numpy().tolist() == [
        ["m", "motor", "protocol", True, 2, 3],
        ["a", "aura", "protocol", False, 0, 0],
        ["cluster: Motor", "motor", "protocol", True, 2, 2],
    ]


CASES = {
    "negative": ("A,2020-03-02,Y,-1,0,", ("error", "negative_count"), "'-1'"),
    "fraction": ("A,2020-03-02,Y,1.5,0,", ("error", "whole_number"), "'1.5'"),
    "text": ("A,2020-03-02,Y,many,0,", ("error", "number"), "'many'"),
    "infinite": ("A,2020-03-02,Y,inf,0,", ("error", "number"), "'inf'"),
    "another form of date": ("A,02.03.2020,Y,1,0,", ("error", "date"), "'02.03.2020'"),
    "impossible date": ("A,2020-02-30,Y,1,0,", ("error", "impossible_date"), "'2020-02-30'"),
    "date beyond the data": ("A,2021-01-02,Y,1,0,", ("error", "future_date"), "'2021-01-02'"),
    "no date": ("A,,Y,1,0,", ("error", "empty"), "''"),
    "stranger": ("Z,2020-03-02,Y,1,0,", ("error", "unknown_participant"), "'Z'"),
    "participant without a day 1": ("B,2020-03-02,Y,1,0,", ("error", "no_reference_day"), "'2020-03-02'"),
    "unknown mark": ("A,2020-03-02,maybe,1,0,", ("error", "unknown_value"), "'maybe'"),
    "no mark": ("A,2020-03-02,,1,0,", ("error", "empty"), "''"),
    "unknown cluster type": ("A,2020-03-02,Y,1,0,moter", ("error", "unknown_seizure_type"), "'moter'"),
    "empty count on a recorded day": ("A,2020-03-02,Y,1,,", ("warning", "empty_count"), "''"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_findings_name_line_participant_and_value(write, name):
    row, expected, value = CASES[name]
    path = write("who,day,kept,m,a,cluster", "A,2020-03-05,Y,0,0,", row)
    read = read_days(path)
    assert rules(read.findings) == [expected]
    (finding,) = read.findings
    assert (finding.rows, finding.participant, finding.value) == ("3", row.split(",")[0], value)
    assert finding.file == path
    assert finding.action
    wrong = 1 if expected[0] == "error" else 0
    used = [("used", "", 2 - wrong), ("error", "see the findings", wrong)]
    assert accounts(read.accounting) == [entry for entry in used if entry[2]]


def test_a_count_on_a_missing_day_is_kept_reported_and_not_counted(write):
    path = write("who,day,kept,m,a,cluster", "A,2020-03-02,N,4,,", "A,2020-03-03,Y,1,0,")
    read = read_days(path)
    assert read.findings == []
    assert read.tables["seizures"]["COUNT"].tolist() == [4, 1]
    (finding,) = quality_of(read, path)
    assert (finding.severity, finding.rule, finding.rows) == (
        "warning",
        "count_on_missing_day",
        "2",
    )
    counted = countable_intervals(read.tables["intervals"], read.tables["seizures"], COUNTING)
    assert counted[["START", "COUNT"]].to_numpy().tolist() == [[2, 1]]


def test_a_day_entered_twice_is_reported_on_both_lines(write):
    row = "A,2020-03-02,Y,1,0,"
    path = write("who,day,kept,m,a,cluster", row, row)
    read = read_days(path)
    assert read.findings == []
    (finding,) = quality_of(read, path)
    assert (finding.severity, finding.rule, finding.rows) == ("error", "duplicate_day", "2, 3")


def test_without_a_column_of_marks_a_day_with_a_row_is_recorded(write):
    path = write("who,day,m,a", "A,2020-03-02,1,0")
    columns = {"participant": "who", "date": "day"}
    entry = {key: value for key, value in DIARY.items() if key != "clusters"} | {"columns": columns}
    read = ingest_diary(source("diary", path, entry), PEOPLE, TYPES)
    assert read.tables["intervals"]["RECORDED"].tolist() == [True]


def test_a_row_can_cover_several_days(write):
    path = write(
        "who,day,end,kept,m,a,cluster",
        "A,2020-02-29,2020-03-01,Y,2,0,",  # up to day -1, the day before day 1
        "A,2020-03-02,2020-03-08,Y,5,0,",
        "A,2020-03-09,,Y,0,0,",
    )
    read = read_days(path, **with_columns(end_date="end"))
    assert read.findings == []
    intervals = read.tables["intervals"][["START", "END"]].to_numpy().tolist()
    assert intervals == [[-2, 1], [1, 8], [8, 9]]
    counted = countable_intervals(read.tables["intervals"], read.tables["seizures"], COUNTING)
    assert counted[["DAYS", "COUNT"]].to_numpy().tolist() == [[2, 2], [7, 5], [1, 0]]


def test_a_row_that_ends_before_it_begins_is_refused(write):
    path = write("who,day,end,kept,m,a,cluster", "A,2020-03-02,2020-03-01,Y,2,0,")
    read = read_days(path, **with_columns(end_date="end"))
    assert rules(read.findings) == [("error", "end_before_start")]
    assert read.findings[0].field == "end"


def test_the_lag_of_entry_is_in_days_and_missing_where_unknown(write):
    path = write(
        "who,day,entered,kept,m,a,cluster",
        "A,2020-03-02,2020-03-02,Y,0,0,",
        "A,2020-03-03,2020-03-12,Y,0,0,",
        "A,2020-03-04,,Y,0,0,",
        "A,2020-03-05,2020-03-04T23:10:00,Y,0,0,",
    )
    read = read_days(path, **with_columns(entered_date="entered"))
    lag = read.tables["intervals"]["ENTRYLAG"]
    assert lag.dropna().tolist() == [0, 9, -1]
    assert lag.isna().tolist() == [False, False, True, False]


# Layout events -------------------------------------------------------------------------------

EVENTS = {
    "layout": "events",
    "columns": {"participant": "id", "date": "on", "type": "what"},
    "recorded_values": {"recorded": "Y", "missing": "N"},
}
DAYS = [
    "who,day,kept",
    "A,2020-03-01,Y",  # line 2, day -1
    "A,2020-03-02,Y",  # line 3, day 1
    "A,2020-03-03,N",  # line 4, day 2
    "A,2020-03-04,Y",  # line 5, day 3
]


def read_events(write, *events, days=DAYS, day_columns=None, **columns):
    header = ",".join(["id,on,what", *columns.values()])
    entry = EVENTS | {"columns": EVENTS["columns"] | columns}
    day_entry = {"columns": day_columns or DIARY["columns"]}
    return ingest_diary(
        source("diary", write(header, *events, name="events.csv"), entry),
        PEOPLE,
        TYPES,
        source("diary", write(*days, name="days.csv"), day_entry),
    )


def seizures_of(read):
    columns = ["START", "SEIZTYPE", "COUNT", "CLUSTER", "ROW"]
    return [tuple(row) for row in read.tables["seizures"][columns].to_numpy()]


# rows of the file of events; seizures as day, type, count, cluster and row; accounts of the events
EVENT_CASES = {
    "one row per seizure": (
        {}, ["A,2020-03-02,motor", "A,2020-03-02,motor", "A,2020-03-04,FAS"],
        [(1, "motor", 1, False, 2), (1, "motor", 1, False, 3), (3, "aura", 1, False, 4)],
        [("used", "", 3)],
    ),
    "counts, empty for one": (
        {"count": "n"}, ["A,2020-03-02,motor,4", "A,2020-03-04,motor,"],
        [(1, "motor", 4, False, 2), (3, "motor", 1, False, 3)],
        [("used", "", 2)],
    ),
    "a count of zero is no seizure": (
        {"count": "n"}, ["A,2020-03-02,motor,0", "A,2020-03-04,motor,2"],
        [(3, "motor", 2, False, 3)],
        [("used", "", 1), ("excluded", "the day is not recorded, or the count is zero", 1)],
    ),
    "a cluster is one, whatever its count": (
        {"count": "n", "cluster": "many"}, ["A,2020-03-02,motor,7,Y", "A,2020-03-02,motor,2,N", "A,2020-03-04,motor,3,"],
        [(1, "motor", 2, False, 3), (1, "motor", 1, True, 2), (3, "motor", 3, False, 4)],
        [("used", "", 3)],
    ),
    "several types on a day": (
        {}, ["A,2020-03-02,motor", "A,2020-03-02,aura", "A,2020-03-01,aura"],
        [(-1, "aura", 1, False, 4), (1, "aura", 1, False, 3), (1, "motor", 1, False, 2)],
        [("used", "", 3)],
    ),
    "a day marked missing": (
        {}, ["A,2020-03-03,motor", "A,2020-03-04,motor"],
        [(2, "motor", 1, False, 2), (3, "motor", 1, False, 3)],
        [("used", "", 1), ("excluded", "the day is not recorded, or the count is zero", 1)],
    ),
    "no events at all": ({}, [], [], [("used", "", 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENT_CASES)
def test_events_lie_on_the_days_of_the_other_file(write, name):
    columns, events, seizures, expected = EVENT_CASES[name]
    read = read_events(write, *events, **columns)
    assert rules(read.findings) == ([] if events else [("warning", "no_rows")])
    assert seizures_of(read) == seizures
    intervals = read.tables["intervals"]
    assert intervals[["START", "END", "RECORDED", "ROW"]].to_numpy().tolist() == [
        [-1, 1, True, 2], [1, 2, True, 3], [2, 3, False, 4], [3, 4, True, 5],
    ]  # fmt: skip
    files = read.accounting["FILE"].str.endswith("days.csv")
    assert accounts(read.accounting[files]) == [("used", "", 4)]
    assert accounts(read.accounting[~files]) == expected


def test_recorded_days_without_a_seizure_count_zero_and_missing_days_do_not_count(write):
    read = read_events(write, "A,2020-03-02,motor", "A,2020-03-02,motor", "A,2020-03-03,motor")
    counted = countable_intervals(read.tables["intervals"], read.tables["seizures"], COUNTING)
    assert counted[["START", "COUNT"]].to_numpy().tolist() == [[-1, 0], [1, 2], [3, 0]]


def test_a_seizure_on_a_day_that_is_not_listed_is_reported_and_not_counted(write):
    read = read_events(write, "A,2020-03-06,motor", "A,2020-02-28,motor", "A,2020-03-04,motor")
    (finding,) = read.findings
    assert (finding.severity, finding.rule) == ("warning", "seizure_without_day")
    assert (finding.participant, finding.rows) == ("A", "2, 3")
    assert finding.value == "'2020-03-06', '2020-02-28'"
    assert seizures_of(read) == [(3, "motor", 1, False, 4)]
    rows = accounts(read.accounting[read.accounting["FILE"].str.endswith("events.csv")])
    assert rows == [
        ("used", "", 1),
        ("excluded", "the day is not recorded, or the count is zero", 2),
    ]


def test_an_event_within_days_that_one_row_covers_belongs_to_that_row(write):
    days = ["who,day,end", "A,2020-03-02,2020-03-08"]
    columns = {"participant": "who", "date": "day", "end_date": "end"}
    read = read_events(write, "A,2020-03-05,motor", days=days, day_columns=columns)
    assert read.findings == []
    assert seizures_of(read) == [(1, "motor", 1, False, 2)]  # 1 is the first day of the row


EVENT_MISFITS = {
    "unknown type": ("A,2020-03-02,moter,1,N", "unknown_seizure_type", "what", "'moter'"),
    "no type": ("A,2020-03-02,,1,N", "empty", "what", "''"),
    "negative count": ("A,2020-03-02,motor,-1,N", "negative_count", "n", "'-1'"),
    "unknown mark of a cluster": ("A,2020-03-02,motor,1,yes", "unknown_value", "many", "'yes'"),
    "stranger": ("Z,2020-03-02,motor,1,N", "unknown_participant", "id", "'Z'"),
    "impossible date": ("A,2020-02-30,motor,1,N", "impossible_date", "on", "'2020-02-30'"),
}


@pytest.mark.parametrize("name", EVENT_MISFITS)
def test_misfits_of_events_are_errors(write, name):
    row, rule, field, value = EVENT_MISFITS[name]
    read = read_events(write, "A,2020-03-04,motor,1,N", row, count="n", cluster="many")
    (finding,) = read.findings
    assert (finding.severity, finding.rule, finding.field) == ("error", rule, field)
    assert (finding.rows, finding.value) == ("3", value)
    rows = accounts(read.accounting[read.accounting["FILE"].str.endswith("events.csv")])
    assert rows == [("used", "", 1), ("error", "see the findings", 1)]


def test_a_type_is_told_what_it_was_taken_for(write):
    read = read_events(
        write, "A,2020-03-02,FAS,2", "A,2020-03-04,FAS,1", "A,2020-03-06,Motor,9", count="n"
    )
    columns = ["VERBATIM", "SEIZTYPE", "VIA", "COUNTABLE", "ROWS", "SEIZURES"]
    assert read.tables["seizure_types"][columns].to_numpy().tolist() == [
        ["FAS", "aura", "protocol", False, 2, 3],
        ["Motor", "motor", "protocol", True, 1, 0],  # its day is not listed
    ]
