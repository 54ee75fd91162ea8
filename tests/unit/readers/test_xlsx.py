"""What the cells of a sheet become."""

import datetime as dt

import numpy as np
import openpyxl
import pandas as pd
import pytest
from seizureflow.readers import read_file
from unit.readers.raw_files import rewrite_archive, rules, write_cells

DAY = dt.datetime(2020, 2, 29)
NOON = dt.datetime(2020, 3, 1, 12, 30)

COLUMNS = {
    "whole numbers": ([1, 2.0], pd.Series([1, 2])),
    "whole numbers with gaps": ([1, None, 3], pd.Series([1.0, np.nan, 3.0])),
    "decimals": ([1, 2.5], pd.Series([1.0, 2.5])),
    "dates": ([DAY, None, NOON], pd.Series([DAY, None, NOON], dtype="datetime64[ms]")),
    "numbers and text": ([1, 2.0, 2.5, "x"], pd.Series(["1", "2", "2.5", "x"], dtype="str")),
    "dates and text": (
        [DAY, NOON, "unknown"],
        pd.Series(["2020-02-29", "2020-03-01T12:30:00", "unknown"], dtype="str"),
    ),
    "dates and numbers": ([DAY, 1], pd.Series(["2020-02-29", "1"], dtype="str")),
    "times": ([dt.time(9, 30), "x"], pd.Series(["09:30:00", "x"], dtype="str")),
    "truth values": ([True, None, False], pd.Series(["Y", "", "N"], dtype="str")),
    "blank text": (["  ", " a "], pd.Series(["", "a"], dtype="str")),
    "text of digits": (["007", "1"], pd.Series(["007", "1"], dtype="str")),
    "nothing": ([None, None], pd.Series(["", ""], dtype="str")),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_columns(case, tmp_path):
    cells, expected = COLUMNS[case]
    rows = [["ID", "X"], *(["P", cell] for cell in cells)]
    table = read_file(write_cells(tmp_path / "t.xlsx", rows))
    assert table.findings == []
    pd.testing.assert_series_equal(table.frame["X"], expected, check_names=False)


def test_empty_rows_and_columns_at_the_end_are_ignored_and_those_between_are_named(tmp_path):
    path = tmp_path / "t.xlsx"
    book = openpyxl.Workbook()
    for row in (["ID", None, "X"], ["P1", None, 1], [], ["P3", None, "\n"], ["P4", None, 4]):
        book.active.append(row)
    book.active["H40"].font = openpyxl.styles.Font(bold=True)
    book.active["H40"] = " "
    book.save(path)
    table = read_file(path)
    assert [(item.rule, item.rows) for item in table.findings] == [("blank_line", "3")]
    assert table.frame["ID"].tolist() == ["P1", "P3", "P4"]
    assert table.row_numbers.tolist() == [2, 4, 5]
    assert table.all_columns == ("ID", "", "X")


def test_the_named_sheet_is_read(tmp_path):
    path = write_cells(tmp_path / "t.xlsx", [["ID"], ["P1"]], Diary=[["DAY"], [3]])
    assert read_file(path, sheet="Diary").frame.to_dict("list") == {"DAY": [3]}
    table = read_file(path, sheet="Diaries")
    assert rules(table) == ["which_sheet"]
    assert table.findings[0].value == "Sheet, Diary"


def test_formulas_on_another_sheet_do_not_matter(tmp_path):
    path = write_cells(tmp_path / "t.xlsx", [["ID"], ["P1"]], Sums=[["=1+1"]])
    assert read_file(path, sheet="Sheet").frame["ID"].tolist() == ["P1"]


def test_the_stated_size_of_a_sheet_is_not_believed(tmp_path):
    """A reader that believes it drops every row from the second on."""
    path = write_cells(tmp_path / "t.xlsx", [["ID"], ["P1"], ["P2"]])
    rewrite_archive(
        path, {"xl/worksheets/sheet1.xml": lambda old: old.replace(b'ref="A1:A3"', b'ref="A1:A1"')}
    )
    assert read_file(path).frame["ID"].tolist() == ["P1", "P2"]


def test_days_of_the_1904_calendar(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["D"])
    book.active.append([DAY])
    book.save(tmp_path / "t.xlsx")
    assert read_file(tmp_path / "t.xlsx").frame["D"].tolist() == [pd.Timestamp(DAY)]
