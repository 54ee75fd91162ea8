"""Laboratory results and vital signs, from the raw file to the canonical table."""

import pandas as pd
import pytest
from seizureflow.ingestion.measurements import ingest_measurements
from unit.ingestion.small_files import PEOPLE, accounts, rules, source

COLUMNS = {
    "participant": "who",
    "date": "day",
    "visit": "visit",
    "timepoint": "when",
    "test_code": "code",
    "test": "test",
    "category": "category",
    "value": "value",
    "unit": "unit",
    "low": "low",
    "high": "high",
    "indicator": "flag",
}
HEADER = "who,day,visit,when,code,test,category,value,unit,low,high,flag"
GOOD = "A,2020-03-16,week_2,,ALT,Alanine aminotransferase,chemistry,31,U/L,6,34,NORMAL"


def read(write, *rows, header=HEADER, columns=COLUMNS, **entry):
    path = write(header, *rows)
    return ingest_measurements(source("laboratory", path, {"columns": columns, **entry}), PEOPLE)


def with_cells(**cells):
    """The good row with some of its cells changed."""
    names = HEADER.split(",")
    values = dict(zip(names, GOOD.split(","), strict=True)) | cells
    return ",".join(values[name] for name in names)


def test_a_result_is_read_with_its_study_day_and_reference_range(write):
    found = read(write, GOOD)
    assert found.findings == []
    (row,) = found.tables["laboratory"].to_dict("records")
    assert row["ADY"] == 15  # A's day 1 is 2 March 2020
    assert (row["TESTCD"], row["VALUE"], row["UNIT"]) == ("ALT", 31.0, "U/L")
    assert (row["LOW"], row["HIGH"], row["VISIT"]) == (6.0, 34.0, "week_2")
    assert pd.isna(row["VALUETXT"])


def test_a_result_that_is_no_number_is_kept_as_text_and_reported(write):
    found = read(write, GOOD, with_cells(day="2020-03-30", value="<5", flag=""))
    (finding,) = found.findings
    assert (finding.severity, finding.rule) == ("warning", "result_not_a_number")
    assert (finding.rows, finding.value, finding.field) == ("3", "'<5'", "value")
    table = found.tables["laboratory"]
    assert table["VALUE"].isna().tolist() == [False, True]
    assert table.loc[1, "VALUETXT"] == "<5"
    assert accounts(found.accounting) == [("used", "", 2)]


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "1,5 mg"])
def test_what_is_no_finite_number_is_no_number(write, value):
    found = read(write, with_cells(value=f'"{value}"', flag=""))
    assert rules(found.findings) == [("warning", "result_not_a_number")]
    assert found.tables["laboratory"]["VALUE"].isna().all()
    assert found.tables["laboratory"].loc[0, "VALUETXT"] == value


def test_the_result_as_text_stands_in_a_column_of_its_own(write):
    """As in SDTM, where LBSTRESN is empty and LBSTRESC is <5; where both are there, text is not kept."""
    columns = COLUMNS | {"text": "words"}
    rows = [f"{GOOD},31", f"{with_cells(day='2020-03-30', value='', flag='')},<5"]
    found = read(write, *rows, header=f"{HEADER},words", columns=columns)
    (finding,) = found.findings
    assert (finding.rule, finding.field, finding.value) == ("result_not_a_number", "words", "'<5'")
    assert found.tables["laboratory"]["VALUETXT"].tolist()[1] == "<5"
    assert pd.isna(found.tables["laboratory"].loc[0, "VALUETXT"])


def test_a_row_without_a_result_is_left_out_and_counted(write):
    found = read(write, GOOD, with_cells(day="2020-03-30", value=""))
    assert found.findings == []
    assert len(found.tables["laboratory"]) == 1
    assert accounts(found.accounting) == [("used", "", 1), ("excluded", "no result", 1)]


@pytest.mark.parametrize(
    ("cells", "severity", "rule"),
    [
        ({"unit": "ukat/L"}, "error", "unit_differs"),
        ({"unit": ""}, "error", "unit_differs"),
        ({"code": "alt (serum)"}, "error", "test_code"),
        ({"code": "ALTSERUM9"}, "error", "test_code"),
        ({"code": ""}, "error", "empty"),
        ({"low": "40", "flag": ""}, "error", "range_order"),
        ({"low": "<6"}, "warning", "limit_not_a_number"),
        ({"high": "1e999"}, "warning", "limit_not_a_number"),
        ({"test": "ALT of urine"}, "warning", "test_differs"),
        ({"category": "urinalysis"}, "warning", "test_differs"),
        ({"value": "34", "flag": "HIGH"}, "warning", "range_indicator_differs"),
        ({"value": "35", "flag": "NORMAL"}, "warning", "range_indicator_differs"),
        ({"who": "Z"}, "error", "unknown_participant"),
        ({"day": ""}, "error", "empty"),
        ({"day": "2020-03"}, "error", "date"),
        ({"day": "2020-02-30"}, "error", "impossible_date"),
        ({"day": "2030-01-01"}, "error", "future_date"),
    ],
)
def test_each_misfit_is_found_on_its_row(write, cells, severity, rule):
    others = [with_cells(day=f"2020-04-0{day}") for day in (1, 2, 3)]
    found = read(write, *others, with_cells(**({"day": "2020-04-06"} | cells)))
    (finding,) = found.findings
    assert (finding.severity, finding.rule, finding.rows) == (severity, rule, "5")
    error = [("error", "see the findings", 1)] if severity == "error" else []
    assert accounts(found.accounting) == [("used", "", 3 if error else 4), *error]


@pytest.mark.parametrize("flag", ["ABNORMAL", "", "N"])
def test_an_indicator_of_another_kind_is_not_compared(write, flag):
    assert read(write, with_cells(value="35", flag=flag)).findings == []


def test_units_are_those_that_the_protocol_says_they_are(write):
    rows = [GOOD, with_cells(day="2020-04-01", unit="IU/L")]
    assert rules(read(write, *rows).findings) == [("error", "unit_differs")]
    assert read(write, *rows, values={"unit": {"IU/L": "U/L"}}).findings == []


def test_the_unit_of_a_result_that_is_no_number_does_not_matter(write):
    found = read(write, GOOD, with_cells(day="2020-04-01", value="<5", unit="", flag=""))
    assert rules(found.findings) == [("warning", "result_not_a_number")]


def test_what_is_plausible_is_checked_where_the_protocol_says_so(write):
    rows = [GOOD, with_cells(day="2020-04-01", value="9000", flag="HIGH")]
    assert read(write, *rows).findings == []
    (finding,) = read(write, *rows, plausible={"ALT": {"at_most": 5000}}).findings
    assert (finding.rule, finding.rows, finding.value) == ("implausible_result", "3", "'9000'")
    (finding,) = read(write, GOOD, plausible={"ALTT": {"at_most": 5000}}).findings
    assert (finding.rule, finding.value) == ("no_such_test", "ALTT")
    assert 'Did you mean "ALT"?' in finding.action


def test_records_that_repeat_are_told_apart_from_those_that_contradict(write):
    assert rules(read(write, GOOD, GOOD).findings) == [("warning", "identical_records")]
    (finding,) = read(write, GOOD, with_cells(value="32")).findings
    assert (finding.rule, finding.rows) == ("several_results", "2, 3")
    assert read(write, GOOD, with_cells(value="32", when="standing")).findings == []


def test_results_of_a_day_stand_in_the_order_of_their_times(write):
    rows = [
        with_cells(day="2020-03-16T15:00", value="33"),
        with_cells(day="2020-03-16T08:30", value="21"),
    ]
    found = read(write, *rows)
    assert found.findings == []
    assert found.tables["laboratory"]["VALUE"].tolist() == [21.0, 33.0]


def test_only_participant_date_code_and_value_are_needed(write):
    columns = {name: COLUMNS[name] for name in ("participant", "date", "test_code", "value")}
    found = read(write, "A,2020-03-16,ALT,31", header="who,day,code,value", columns=columns)
    assert found.findings == []
    assert found.tables["laboratory"][["TEST", "UNIT", "LOW", "VISIT"]].isna().all(axis=None)


def test_a_file_without_rows_gives_an_empty_table(write):
    found = read(write)
    assert rules(found.findings) == [("warning", "no_rows")]
    assert found.tables["laboratory"].empty
