"""Bounds on values: which values keep them, and how they are said."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.bounds import BOUNDS, bounds_in_words, within

VALUES = pd.Series([17.0, 18.0, 75.0, 76.0, np.nan])


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ({"at_least": 18}, [False, True, True, True, False]),
        ({"at_most": 75}, [True, True, True, False, False]),
        ({"more_than": 18}, [False, False, True, True, False]),
        ({"less_than": 75}, [True, True, False, False, False]),
        ({"at_least": 18, "at_most": 75}, [False, True, True, False, False]),
        ({"more_than": 17, "less_than": 18}, [False] * 5),
        ({"one_of": [17, 76]}, [True, False, False, True, False]),
        ({"none_of": [17, 76]}, [False, True, True, False, False]),
        ({"one_of": [17, 18], "at_least": 18}, [False, True, False, False, False]),
        ({"one_of": ["18", "many"]}, [False, True, False, False, False]),
        ({}, [True, True, True, True, False]),  # a missing value keeps no bound, not even none
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "Int64"])
def test_numbers(entry, kept, dtype):
    found = within(VALUES.astype(dtype), entry)
    assert found.tolist() == kept
    assert found.dtype == bool


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ({"one_of": ["N", "101"]}, [True, False, True, False]),
        ({"none_of": ["N"]}, [False, True, True, False]),
        ({"one_of": [101]}, [False, False, True, False]),  # a site that YAML reads as a number
        ({"none_of": [101]}, [True, True, False, False]),
        ({"one_of": ["nan", "None"]}, [False, False, False, False]),
    ],
)
def test_text(entry, kept):
    assert within(pd.Series(["N", "S", "101", None], dtype="str"), entry).tolist() == kept


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"at_least": 18, "at_most": 75}, "at least 18 and at most 75"),
        ({"at_most": 2.5}, "at most 2.5"),
        ({"more_than": 0}, "more than 0"),
        ({"less_than": 1e6}, "less than 1e+06"),
        ({"one_of": ["N", 101]}, "one of N, 101"),
        ({"none_of": ["N"], "at_least": 3}, "at least 3 and none of N"),
        ({"id": "x"}, ""),
    ],
)
def test_words(entry, words):
    assert bounds_in_words(entry) == words


def test_every_bound_of_the_schema_has_its_meaning():
    assert set(BOUNDS) == {
        "at_least", "at_most", "more_than", "less_than", "one_of", "none_of",
    }  # fmt: skip
