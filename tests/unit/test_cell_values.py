"""Cells read as dates, numbers, known values and text: what is taken and what is refused."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.cell_values import choices, dates, numbers, texts
from seizureflow.raw_table import RawTable

LATEST = pd.Timestamp("2021-01-01")


def raw_of(values, dtype="str"):
    cells = pd.DataFrame({"x": pd.Series(values, dtype=dtype)})
    lines = np.arange(2, len(cells) + 2)
    return RawTable("domain", "raw.csv", cells, {"x": "x"}, lines, LATEST)


def found(raw):
    return [(finding.severity, finding.rule) for finding in raw.findings]


# text of the cell; date that is read, rule that refuses it
DATES = {
    "2020-03-02": ("2020-03-02", None),
    "2020-02-29": ("2020-02-29", None),
    "2020-03-02T14:30": ("2020-03-02", None),
    "2020-03-02T23:59:59": ("2020-03-02", None),
    "2020-03-02T14": ("2020-03-02", None),
    "2020-03-02T14:30:15.250Z": ("2020-03-02", None),
    "2020-03-02T14:30:15+02:00": ("2020-03-02", None),
    "1900-01-01": ("1900-01-01", None),
    "2021-01-01": ("2021-01-01", None),
    "": (None, None),
    "1899-12-31": (None, "implausible_date"),
    "0001-01-01": (None, "implausible_date"),
    "2021-01-02": (None, "future_date"),
    "9999-12-31": (None, "future_date"),
    "2021-01-02T00:00": (None, "future_date"),
    "2020-02-30": (None, "impossible_date"),
    "2019-02-29": (None, "impossible_date"),
    "2020-13-01": (None, "impossible_date"),
    "2020-00-10": (None, "impossible_date"),
    "2019-02-29T10:00": (None, "impossible_date"),
    "2020-03": (None, "date"),
    "2020": (None, "date"),
    "2020-3-2": (None, "date"),
    "20-03-02": (None, "date"),
    "02.03.2020": (None, "date"),
    "02/03/2020": (None, "date"),
    "20200302": (None, "date"),
    "43892": (None, "date"),  # a day as Excel numbers it
    "2020-03-02 14:30": (None, "date"),
    "2020-03-02T25:00": (None, "date"),
    "2020-03-02T14:60": (None, "date"),
    "--03-02": (None, "date"),
    "٢٠٢٠-٠٣-٠٢": (None, "date"),
    "unknown": (None, "date"),
}


@pytest.mark.parametrize("text", DATES)
def test_dates(text):
    expected, rule = DATES[text]
    raw = raw_of([text, "2020-01-01"])
    values = dates(raw, "x", required=False)
    assert found(raw) == ([("error", rule)] if rule else [])
    assert str(values.dtype) == "datetime64[ms]"
    assert values.iloc[1] == pd.Timestamp("2020-01-01")
    first = values.iloc[0]
    assert pd.isna(first) if expected is None else first == pd.Timestamp(expected)


def test_an_empty_date_is_an_error_where_it_is_required():
    raw = raw_of(["", "2020-01-01"])
    assert dates(raw, "x", required=True).isna().tolist() == [True, False]
    assert found(raw) == [("error", "empty")]
    assert raw.wrong.tolist() == [True, False]


def test_dates_of_a_file_with_types_lose_their_time_and_are_bounded():
    days = ["2020-03-02T14:30", "NaT", "1899-12-31", "2021-01-02"]
    raw = raw_of(np.array(days, dtype="datetime64[ms]"), dtype="datetime64[ms]")
    values = dates(raw, "x", required=False)
    assert values.iloc[0] == pd.Timestamp("2020-03-02")
    assert values.isna().tolist() == [False, True, True, True]
    assert found(raw) == [("error", "future_date"), ("error", "implausible_date")]


# cell; number that is read, rule that refuses it: of any number, of a whole one, of a count
NUMBERS = {
    "3": (3.0, None, None, None),
    "3.0": (3.0, None, None, None),
    "1e2": (100.0, None, None, None),
    "007": (7.0, None, None, None),
    "0": (0.0, None, None, None),
    "-2": (-2.0, None, None, "negative_count"),
    "2.5": (2.5, None, "whole_number", "whole_number"),
    "-2.5": (-2.5, None, "whole_number", "whole_number"),
    "": (None, None, None, None),
    "many": (None, "number", "number", "number"),
    "1,5": (None, "number", "number", "number"),
    "1 000": (None, "number", "number", "number"),
    "1_000": (None, "number", "number", "number"),
    "inf": (None, "number", "number", "number"),
    "-Infinity": (None, "number", "number", "number"),
    "1e999": (None, "number", "number", "number"),
    "nan": (None, "number", "number", "number"),
    "NA": (None, "number", "number", "number"),
    "True": (None, "number", "number", "number"),
    "0x1F": (None, "number", "number", "number"),
    "٣": (None, "number", "number", "number"),
    ">5": (None, "number", "number", "number"),
}


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize(
    ("place", "options"), [(1, {}), (2, {"whole": True}), (3, {"counts": True})]
)
def test_numbers(text, place, options):
    case = NUMBERS[text]
    expected, rule = case[0], case[place]
    raw = raw_of([text, "1"])
    values = numbers(raw, "x", **options)
    assert [rule for _, rule in found(raw)][:1] == ([rule] if rule else [])
    assert str(values.dtype) == "float64"
    assert values.iloc[1] == 1.0
    first = values.iloc[0]
    assert np.isnan(first) if rule or expected is None else first == expected


def test_numbers_of_a_file_with_types():
    raw = raw_of([1.0, np.nan, 2.5, -1.0, np.inf], dtype="float64")
    values = numbers(raw, "x", counts=True)
    assert values.isna().tolist() == [False, True, True, True, True]
    assert [(f.rule, f.rows, f.value) for f in raw.findings] == [
        ("number", "6", "'inf'"),
        ("whole_number", "4", "'2.5'"),
        ("negative_count", "5", "'-1'"),
    ]


def test_a_column_that_the_file_lacks_is_missing_in_every_row():
    raw = raw_of(["a", "b"])
    for values in (
        dates(raw, "y", required=True),
        numbers(raw, "y"),
        choices(raw, "y", {"a": "A"}),
        texts(raw, "y"),
    ):
        assert values.isna().tolist() == [True, True]
    assert raw.findings == []


@pytest.mark.parametrize(
    ("text", "required", "value", "rule"),
    [
        ("Y", True, "yes", None),
        ("N", False, "no", None),
        ("", False, None, None),
        ("", True, None, "empty"),
        ("y", True, None, "unknown_value"),
        ("maybe", False, None, "unknown_value"),
    ],
)
def test_choices(text, required, value, rule):
    raw = raw_of([text, "Y"])
    values = choices(raw, "x", {"Y": "yes", "N": "no"}, required=required)
    assert [name for _, name in found(raw)] == ([rule] if rule else [])
    assert values.iloc[1] == "yes"
    assert pd.isna(values.iloc[0]) if value is None else values.iloc[0] == value


def test_an_unknown_value_names_the_known_ones_and_the_nearest():
    raw = raw_of(["compleeted", "compleeted"])
    choices(raw, "x", {"completed": 1, "withdrawn": 2})
    (finding,) = raw.findings
    assert finding.message == "The value is not known. Known: completed, withdrawn."
    assert 'Did you mean "completed"?' in finding.action
    assert finding.rows == "2, 3"


def test_several_unknown_values_have_no_nearest():
    raw = raw_of(["compleeted", "withdrown"])
    choices(raw, "x", {"completed": 1, "withdrawn": 2})
    assert all("Did you mean" not in finding.action for finding in raw.findings)


def test_choices_can_stand_for_numbers_and_be_numbers_in_the_file():
    raw = raw_of([1.0, 2.0, np.nan], dtype="float64")
    found = choices(raw, "x", {"1": 10, "2": 20}, required=False)
    assert found.dtype == "float64"
    assert found[:2].tolist() == [10, 20]
    assert np.isnan(found[2])
    mixed = choices(raw, "x", {"1": 10, "2": "none"}, required=False)
    assert mixed.dtype == "str"  # a number among words is a word: a table has one type by column
    assert mixed[:2].tolist() == ["10", "none"]
    assert pd.isna(mixed[2])


def test_texts_keep_a_formula_and_say_so():
    raw = raw_of(["plain", "", "=1+1", "-5", "- none"])
    values = texts(raw, "x")
    assert values.tolist()[0] == "plain"
    assert pd.isna(values.iloc[1])
    assert values.tolist()[2:] == ["=1+1", "-5", "- none"]
    (finding,) = raw.findings
    assert (finding.severity, finding.rule, finding.rows) == ("warning", "formula_text", "4, 6")


def test_cells_in_categories_read_like_plain_ones():
    """As in a large file, whose columns of few values come as categories."""
    plain = ["2020-03-02", "", "2020-03-02", "2020-02-30"]
    coded, text = raw_of(plain, dtype="category"), raw_of(plain)
    for read in (
        lambda raw: dates(raw, "x", required=True),
        lambda raw: numbers(raw, "x"),
        lambda raw: choices(raw, "x", {"2020-03-02": "day"}),
        lambda raw: texts(raw, "x"),
    ):
        pd.testing.assert_series_equal(read(coded), read(text), check_names=False)
    assert coded.findings == text.findings
    assert coded.wrong.tolist() == text.wrong.tolist()


def test_counts_that_no_table_can_hold_are_refused():
    raw = raw_of(["1e300", "4e18", "1000000000", "1000000001"])
    assert numbers(raw, "x", counts=True).dropna().tolist() == [10**9]
    assert {(f.rule, f.rows) for f in raw.findings} == {("absurd_count", "2, 3, 5")}
