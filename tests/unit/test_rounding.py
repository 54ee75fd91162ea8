import math

import pytest
from seizureflow.rounding import p_value, rounded

CASES = [
    (31.25, 1, "31.3"),  # half away from zero; Python's round() gives 31.2
    (-31.25, 1, "-31.3"),
    (2.675, 2, "2.68"),  # the decimal form is rounded, not the binary one, 2.67499999...
    (0.5, 0, "1"),
    (-0.04, 1, "0.0"),  # no minus zero
    (1e-7, 3, "0.000"),
    (1234567.891, 1, "1234567.9"),
    (math.nan, 2, "–"),
    (math.inf, 2, "∞"),
]


@pytest.mark.parametrize(("value", "decimals", "expected"), CASES)
def test_rounded(value, decimals, expected):
    assert rounded(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5062, "0.51"), (0.0838, "0.084"), (0.0496, "0.050"), (0.00099, "<0.001"), (math.nan, "–")],
)
def test_p_value(value, expected):
    assert p_value(value) == expected
