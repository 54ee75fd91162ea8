import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seizureflow.exports.columns import Column, plain_columns
from seizureflow.problems import InputError


def plain(values, kind):
    frame = pd.DataFrame({"USUBJID": ["P1", "P2"], "X": values})
    variables = [Column("USUBJID", "", "text"), Column("X", "", kind)]
    return plain_columns(frame, variables, Path("x.json"))["X"]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (pd.Series(["a", None], dtype="str"), "text", ["a", None]),
        (pd.Categorical(["a", None]), "text", ["a", None]),
        (pd.array([1, None], "Int64"), "integer", [1, None]),
        ([1.0, np.nan], "integer", [1, None]),
        (pd.array([2**60 + 1, None], "Int64"), "integer", [2**60 + 1, None]),
        (pd.array([1, None], "Int64"), "float", [1.0, None]),
        (np.array(["2020-01-01", "NaT"], "datetime64[ms]"), "date", [dt.date(2020, 1, 1), None]),
        ([None, None], "integer", [None, None]),
        ([None, None], "date", [None, None]),
    ],
)
def test_values_become_plain(values, kind, expected):
    found = plain(values, kind)
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


@pytest.mark.parametrize(
    ("values", "kind", "says"),
    [
        ([None, 2.0], "text", "the value is not"),
        ([1.0, 2.5], "integer", "has a fraction"),
        ([None, "2"], "integer", "does not hold numbers"),
        ([None, "2"], "float", "does not hold numbers"),
        (pd.array([None, True], "boolean"), "float", "does not hold numbers"),
        ([0.0, np.inf], "float", "infinite"),
        (pd.array([0, 2**53 + 1], "Int64"), "float", "too large"),
        ([pd.NaT, pd.Timestamp("2020-01-01 12:00")], "date", "without a time of day"),
        ([None, "2020-01-01"], "date", "is not a date"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_place(values, kind, says):
    with pytest.raises(InputError, match=says) as raised:
        plain(values, kind)
    assert "x.json, variable X, row 2 (participant P2)" in str(raised.value)


def test_columns_and_variables_must_be_the_same():
    frame = pd.DataFrame({"A": [1], "B": [2]})
    variables = [Column("A", "", "integer"), Column("C", "", "integer"), Column("A", "", "number")]
    with pytest.raises(InputError) as raised:
        plain_columns(frame, variables, Path("x.json"))
    found = {(p.where.rsplit(" ", 1)[1], p.what) for p in raised.value.problems}
    assert {name for name, _ in found} == {"A", "B", "C"}
    assert any("stands twice" in what for _, what in found)
    assert any("left out" in what for _, what in found)
    assert any("no such column" in what for _, what in found)
    assert any("kind is not known" in what for _, what in found)


def test_only_the_first_rows_are_named():
    frame = pd.DataFrame({"X": [0.5] * 9})
    with pytest.raises(InputError, match="row 1, row 2, row 3, row 4, row 5 and 4 more"):
        plain_columns(frame, [Column("X", "", "integer")], Path("x.json"))
