import pytest
from seizureflow.readers.control_characters import shown

CASES = [
    ("plain", "plain"),
    (12.5, "12.5"),
    ("\x1b[31m", r"\x1b[31m"),
    ("a\nb\tc\r", r"a\x0ab\x09c\x0d"),
    ("\u202eabc", r"\u202eabc"),
    ("\ud800", r"\ud800"),
    ("é発", "é発"),
    ("x" * 80, "x" * 80),
    ("x" * 81, "x" * 79 + "…"),
    ("\x00" * 10_000_000, r"\x00" * 19 + r"\x0" + "…"),
]


@pytest.mark.parametrize(("value", "expected"), CASES)
def test_values_are_shown_short_and_harmless(value, expected):
    assert shown(value) == expected
