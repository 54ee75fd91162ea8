"""Text that a spreadsheet would run, and how it is made harmless."""

import pandas as pd
import pytest
from seizureflow.spreadsheet_text import is_formula, neutralised

# text, and whether a spreadsheet would take it for a formula
TEXTS = {
    "=1+1": True,
    "=cmd|' /C calc'!A0": True,
    "+A1": True,
    "-A1": True,
    "@SUM(A1)": True,
    "\t=1": True,
    "\r=1": True,
    "- none": True,
    "+5 mg": True,
    "-5": False,
    "+5": False,
    "-0.5": False,
    "-1e3": False,
    "-": False,  # what people write for nothing
    "=": False,
    "": False,
    "plain": False,
    "a=b": False,
    " =1": False,  # spreadsheets keep text that begins with a blank
    "'=1": False,
}


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_a_formula(text):
    assert is_formula(pd.Series([text, "x"], dtype="str")).tolist() == [TEXTS[text], False]


def test_a_missing_cell_is_none():
    found = is_formula(pd.Series([None, "=1"], dtype="str"))
    assert found.tolist() == [False, True]
    assert found.dtype == bool


def test_formulas_get_an_apostrophe_and_nothing_else_changes():
    frame = pd.DataFrame(
        {
            "TEXT": pd.Series(["=1+1", "plain", None, "-5"], dtype="str"),
            "NUMBER": [-1.5, 2.0, None, 0.0],
        }
    )
    kept = frame.copy()
    safe = neutralised(frame)
    assert safe["TEXT"].tolist()[:2] == ["'=1+1", "plain"]
    assert pd.isna(safe["TEXT"].iloc[2])
    assert safe["TEXT"].iloc[3] == "-5"
    assert safe["NUMBER"].equals(kept["NUMBER"])
    pd.testing.assert_frame_equal(frame, kept)
    assert not any(is_formula(safe["TEXT"]))
