"""Delimited files: their lines, quotation marks and blank lines."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.readers.csv_structure import find_structure
from unit.readers.raw_files import read_bytes, rules

# Content, columns as lists, line of each row.
TABLES = {
    "quoted delimiter": ('A,B\n"1,5",2\n', {"A": ["1,5"], "B": ["2"]}, [2]),
    "doubled quotation mark": ('A\n"a ""b"""\n""""\n', {"A": ['a "b"', '"']}, [2, 3]),
    "quoted line feed": ('A,B\n"x\ny",1\nz,2\n', {"A": ["x\ny", "z"], "B": ["1", "2"]}, [2, 4]),
    "quoted CR LF": ('A\r\n"x\r\ny"\r\nz\r\n', {"A": ["x\r\ny", "z"]}, [2, 4]),
    "quoted line feed in header": ('"A\nB"\nx\n', {"A\nB": ["x"]}, [3]),
    "blank lines at the end": ("A,B\n1,2\n\n\n\n", {"A": ["1"], "B": ["2"]}, [2]),
    "no line end": ("A,B\n1,", {"A": ["1"], "B": [""]}, [2]),
    "empty quoted cell": ('A\n""\n', {"A": [""]}, [2]),
    "surrounding blanks": ("A , B\n 1 , x y \n", {"A": ["1"], "B": ["x y"]}, [2]),
    "words of pandas for missing": ("A\nNA\nnull\nNaN\n", {"A": ["NA", "null", "NaN"]}, [2, 3, 4]),
    "tab in a cell": ("A,B\n1\t2,3\n", {"A": ["1\t2"], "B": ["3"]}, [2]),
    "column without name or cells": ("A,,B,\n1,,2, \n", {"A": ["1"], "B": ["2"]}, [2]),
    "leading zeros": ("A\n007\n", {"A": ["007"]}, [2]),
    "formula": ("A\n=1+1\n", {"A": ["=1+1"]}, [2]),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables(case, tmp_path):
    content, columns, lines = TABLES[case]
    table = read_bytes(tmp_path, content)
    assert rules(table) == rules(table, "warning") == []
    assert table.frame.to_dict("list") == columns
    numbers = table.row_numbers if table.row_numbers is not None else np.arange(len(lines)) + 2
    assert numbers.tolist() == lines


def test_blank_lines_between_rows_are_named_and_rows_keep_their_lines(tmp_path):
    table = read_bytes(tmp_path, "A,B\n\n1,2\n\n\n\n3,\x7f\n\n")
    assert [(item.rule, item.rows) for item in table.findings] == [
        ("blank_line", "2, 4-6"),
        ("control_character", "7"),
    ]
    table = read_bytes(tmp_path, "\nA\n1\n")
    assert [(item.rule, item.rows) for item in table.findings] == [("blank_line", "1")]
    assert table.row_numbers.tolist() == [3]
    table = read_bytes(tmp_path, "A\n1\n\n3\n")
    assert rules(table, "warning") == ["blank_line"]
    assert table.frame["A"].tolist() == ["1", "3"]
    assert table.row_numbers.tolist() == [2, 4]
    assert table.row_numbers.dtype == "int64"


def test_latin_1_is_read_where_it_is_named(tmp_path):
    table = read_bytes(tmp_path, "A\ncafé\n".encode("latin-1"), encoding="latin-1")
    assert table.frame["A"].tolist() == ["café"]


def test_a_record_longer_than_a_block_of_the_parser_is_read(tmp_path):
    row = ",".join(["x" * 30_000] * 400)  # 12 MB
    header = ",".join(f"C{number}" for number in range(400))
    table = read_bytes(tmp_path, f"{header}\n{row}\n{row}\n", columns=["C399"])
    assert table.findings == []
    assert table.frame["C399"].str.len().tolist() == [30_000, 30_000]


def bytes_of(text):
    return np.frombuffer(text.encode(), np.uint8)


CELLS = st.text(st.sampled_from('ab",\n\r é'), max_size=4)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 9),
    st.booleans(),
)
def test_structure_is_that_of_the_csv_module_whatever_the_window(rows, line_end, window, ended):
    stream = io.StringIO()
    # Left to itself, the writer quotes only the characters of its own line end.
    quoting = csv.QUOTE_MINIMAL if line_end == "\r\n" else csv.QUOTE_ALL
    csv.writer(stream, lineterminator=line_end, quoting=quoting).writerows(rows)
    text = stream.getvalue()
    text = text if ended else text.removesuffix(line_end)
    structure = find_structure(bytes_of(text), ord(","), window)
    lines, line = [], 1
    for row in rows:
        lines.append(line)
        line += 1 + ",".join(row).replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert structure.bad_quote is None
    assert structure.columns == 2
    assert structure.lines.tolist() == lines[1:]
    assert len(structure.ragged_lines) == len(structure.blank_lines) == 0


@given(st.text(st.sampled_from('ab",\n'), max_size=30), st.integers(1, 9))
def test_structure_accepts_what_the_strict_csv_module_accepts_and_no_more(text, window):
    """The module is lenient with quotation marks within a cell that does not begin with one."""
    structure = find_structure(bytes_of(text), ord(","), window)
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        assert structure.bad_quote is not None
        return
    if structure.bad_quote is not None:
        assert any('"' in cell for row in rows for cell in row)
        return
    rows = [row for row in rows if row]
    widths = [len(row) for row in rows]
    assert structure.columns == (widths[0] if widths else 0)
    assert len(structure.lines) == max(0, len(rows) - 1)
    assert structure.ragged_cells.tolist() == [width for width in widths if width != widths[0]]
