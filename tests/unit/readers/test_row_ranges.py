import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.row_ranges import row_ranges

CASES = [
    ([], ""),
    ([3], "3"),
    ([3, 4], "3, 4"),
    ([3, 4, 5], "3-5"),
    ([12, 3, 11, 7, 8, 9, 10, 3], "3, 7-12"),
    (range(1, 1000, 2), ", ".join(str(n) for n in range(1, 100, 2)) + " and 450 more"),
    (np.array([5, 2, 3]), "2, 3, 5"),
]


@pytest.mark.parametrize(("numbers", "expected"), CASES)
def test_wording(numbers, expected):
    assert row_ranges(numbers) == expected


@given(st.lists(st.integers(0, 60)), st.integers(1, 8))
def test_ranges_tell_every_row_or_count_it(numbers, most):
    words = row_ranges(numbers, most)
    ranges, _, more = words.partition(" and ")
    told = []
    parts = [part for part in ranges.split(", ") if part]
    for part in parts:
        first, _, last = part.partition("-")
        told += range(int(first), int(last or first) + 1)
    rest = int(re.match(r"\d+", more)[0]) if more else 0
    assert len(parts) <= most
    assert told == sorted(set(numbers))[: len(told)]
    assert len(told) + rest == len(set(numbers))
