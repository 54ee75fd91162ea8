"""Dates that lack day or month: what is imputed, with which flag, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.partial_dates import partial_dates
from seizureflow.raw_table import RawTable

LATEST = pd.Timestamp("2020-08-17")
DAY_ONE = "2020-03-02"


def read(text, *, end, day_one=DAY_ONE, required=False):
    cells = pd.DataFrame({"x": [text]}, dtype="str")
    raw = RawTable("domain", "raw.csv", cells, {"x": "x"}, np.array([2]), LATEST)
    first = pd.to_datetime(pd.Series([day_one])).astype("datetime64[ms]")
    values, flags = partial_dates(raw, "x", required=required, end=end, day_one=first)
    date = None if pd.isna(values.iloc[0]) else f"{values.iloc[0]:%Y-%m-%d}"
    flag = None if pd.isna(flags.iloc[0]) else flags.iloc[0]
    return date, flag, [finding.rule for finding in raw.findings]


# text; date and flag of a start, date and flag of an end. Day 1 is 2020-03-02, the last day of the
# data 2020-08-17.
IMPUTED = {
    "2020-03-15": (("2020-03-15", None), ("2020-03-15", None)),  # nothing to impute
    "": ((None, None), (None, None)),
    "2020-05": (("2020-05-01", "D"), ("2020-05-31", "D")),
    "2020-02": (("2020-02-01", "D"), ("2020-02-29", "D")),  # ends before day 1
    "2019-02": (("2019-02-01", "D"), ("2019-02-28", "D")),
    "2020-03": (("2020-03-02", "D"), ("2020-03-31", "D")),  # day 1 is inside
    "2020": (("2020-03-02", "M"), ("2020-08-17", "M")),  # so it is here; and the data end
    "2019": (("2019-01-01", "M"), ("2019-12-31", "M")),
    "2020-08": (("2020-08-01", "D"), ("2020-08-17", "D")),
    "2019-12": (("2019-12-01", "D"), ("2019-12-31", "D")),
}


@pytest.mark.parametrize("text", IMPUTED)
def test_what_is_imputed(text):
    start, end = IMPUTED[text]
    assert read(text, end=False) == (*start, [])
    assert read(text, end=True) == (*end, [])


@pytest.mark.parametrize(
    ("day_one", "expected"),
    [
        ("2020-03-01", "2020-03-01"),  # the first day that it can be, and day 1
        ("2020-03-31", "2020-03-31"),  # the last day that it can be
        ("2020-04-01", "2020-03-01"),
        ("2020-02-29", "2020-03-01"),
        (None, "2020-03-01"),
    ],
)
def test_a_start_becomes_day_1_where_it_can_be_that_day(day_one, expected):
    assert read("2020-03", end=False, day_one=day_one) == (expected, "D", [])


@pytest.mark.parametrize("end", [False, True])
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2020-09", "future_date"),
        ("2021", "future_date"),
        ("1899", "implausible_date"),
        ("1899-12", "implausible_date"),
        ("2020-13", "date"),
        ("2020-3", "date"),
        ("0000", "implausible_date"),
        ("0000-05", "implausible_date"),
        ("2020-UN-UN", "date"),
        ("2020-02-30", "impossible_date"),
        ("2020-08-18", "future_date"),
    ],
)
def test_what_is_refused_is_missing_and_has_no_flag(text, rule, end):
    assert read(text, end=end) == (None, None, [rule])


def test_an_empty_cell_is_an_error_where_a_date_is_required():
    assert read("", end=False, required=True) == (None, None, ["empty"])
    assert read("2020", end=False, required=True)[2] == []


def test_a_year_that_the_file_holds_as_a_number_is_one_too():
    cells = pd.DataFrame({"x": [2019.0, np.nan]})
    raw = RawTable("domain", "raw.xlsx", cells, {"x": "x"}, np.array([2, 3]), LATEST)
    none = pd.Series([pd.NaT, pd.NaT], dtype="datetime64[ms]")
    values, flags = partial_dates(raw, "x", required=False, end=False, day_one=none)
    assert values.iloc[0] == pd.Timestamp("2019-01-01")
    assert flags.iloc[0] == "M"
    assert (pd.isna(values.iloc[1]), pd.isna(flags.iloc[1])) == (True, True)
    assert raw.findings == []
