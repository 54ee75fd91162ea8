"""What the readers refuse: how the file is made, and what is then said."""

import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from seizureflow.readers import read_file
from unit.readers.raw_files import (
    read_bytes,
    rewrite_archive,
    rules,
    write_cells,
    write_json,
    write_ndjson,
    write_xlsx,
    write_xpt,
)

SMALL = pd.DataFrame({"ID": ["P1", "P2"], "X": [1, 2]})
LONG = "z" * 10_000_000

# Name, content, options, rule, rows, words of the finding.
TEXT_FILES = {
    "unknown suffix": ("t.docx", b"x", {}, "unknown_format", "", [".csv", ".xpt", "Parquet"]),
    "old Excel": ("t.XLS", b"x", {}, "unknown_format", "", [".xls", "save the file as .xlsx"]),
    "Excel with macros": ("t.xlsm", b"x", {}, "unknown_format", "", ["without macros"]),
    "binary Excel": ("t.xlsb", b"x", {}, "unknown_format", "", ["without macros"]),
    "0 bytes": ("t.csv", b"", {}, "empty_file", "", ["empty"]),
    "0 bytes of Excel": ("t.xlsx", b"", {}, "empty_file", "", ["empty"]),
    "no header": ("t.csv", b"\n\n\n", {}, "empty_file", "", ["no header"]),
    "byte-order mark alone": ("t.csv", b"\xef\xbb\xbf", {}, "empty_file", "", ["no header"]),
    "short and long rows": (
        "t.csv",
        "A,B\n1\n1,2\n1,2,3\n",
        {},
        "ragged_row",
        "2, 4",
        ["2 rows", "header, which has 2", "1 cell on line 2"],
    ),
    "one more cell in every row": ("t.csv", "A,B\n1,2,3\n1,2,3\n", {}, "ragged_row", "2, 3", []),
    "two columns of a name": ("t.csv", "A,B,A\n1,2,3\n", {}, "duplicate_column", "1", ["column A"]),
    "two columns of a trimmed name": ("t.csv", "A, A\n1,2\n", {}, "duplicate_column", "1", []),
    "column without name": (
        "t.csv",
        "A,,B\n1,,2\n1,x,2\n",
        {},
        "unnamed_column",
        "3",
        ["column 2", "'x'"],
    ),
    "quotation mark left open": ("t.csv", 'A,B\n1,"x\n2,y\n', {}, "unreadable_file", "2, 4", []),
    "row swallowed by quotes": (
        "t.csv",
        'A,B\n1,"x\n2,"y"\n3,z\n',
        {},
        "unreadable_file",
        "2, 3",
        ["begins on line 2", "by line 3"],
    ),
    "quotation mark within a cell": ("t.csv", 'A,B\n1,5" x\n', {}, "unreadable_file", "2", []),
    "blank before quotation mark": ("t.csv", 'A,B\n1, "x"\n', {}, "unreadable_file", "2", []),
    "semicolons": ("t.csv", "A;B\n1;2\n", {}, "wrong_delimiter", "1", ['delimiter: ";"']),
    "tabs": ("t.csv", "A\tB\n1\t2\n", {}, "wrong_delimiter", "1", [r'delimiter: "\t"']),
    "commas in a tab file": (
        "t.tsv",
        "A,B\n1,2\n",
        {},
        "wrong_delimiter",
        "1",
        ["no tab but a comma"],
    ),
    "long delimiter": ("t.csv", "A\n", {"delimiter": "::"}, "wrong_delimiter", "", ["one ascii"]),
    "latin-1": (
        "t.csv",
        b"A,B\n1,x\n2,caf\xe9\n",
        {},
        "wrong_encoding",
        "3",
        ["byte 13", "line 3", "0xe9", "cp1252"],
    ),
    "cut within a character": ("t.csv", b"A\n\xc3", {}, "wrong_encoding", "2", ["byte 2"]),
    "UTF-16": (
        "t.csv",
        "A,B\n1,2\n".encode("utf-16"),
        {},
        "wrong_encoding",
        "1",
        ["encoding: utf-16"],
    ),
    "UTF-32": (
        "t.csv",
        "A,B\n1,2\n".encode("utf-32"),
        {},
        "wrong_encoding",
        "1",
        ["encoding: utf-32"],
    ),
    "UTF-8 said to be cp1252": (
        "t.csv",
        "A,B\n1,é\n".encode("utf-8-sig"),
        {"encoding": "cp1252"},
        "wrong_encoding",
        "1",
        ["encoding: utf-8"],
    ),
    "UTF-16 said to be latin-1": (
        "t.csv",
        "A,B\n1,2\n".encode("utf-16"),
        {"encoding": "latin-1"},
        "wrong_encoding",
        "1",
        ["encoding: utf-16"],
    ),
    "not UTF-16": ("t.csv", b"A\n1", {"encoding": "utf-16"}, "wrong_encoding", None, ["utf-16"]),
    "undefined in cp1252": (
        "t.csv",
        b"A\n\x81\n",
        {"encoding": "cp1252"},
        "wrong_encoding",
        "2",
        ["0x81"],
    ),
    "unknown encoding": (
        "t.csv",
        b"A\n1\n",
        {"encoding": "latin-99"},
        "unknown_encoding",
        "",
        ["latin-99"],
    ),
    "no encoding of text": (
        "t.csv",
        b"A\n1\n",
        {"encoding": "zip"},
        "unknown_encoding",
        "",
        ["zip"],
    ),
    "NUL": ("t.csv", b"A\n1\n\x00\n", {}, "control_character", "3", [r"\x00", "line 3"]),
    "UTF-16 without mark": (
        "t.csv",
        "A\n".encode("utf-16-le"),
        {},
        "control_character",
        "1",
        ["utf-16"],
    ),
    "escape sequence": (
        "t.csv",
        "A\nx\n\x1b[31mred\n",
        {},
        "control_character",
        "3",
        [r"\x1b[31mred"],
    ),
    "escape in header": ("t.csv", "A\x1b\n1\n", {}, "control_character", "1", [r"column A\x1b"]),
    "long cell": (
        "t.csv",
        f"A,B\n1,2\n1,{LONG}\n",
        {},
        "oversized_cell",
        "3",
        ["10000000", "column B"],
    ),
    "long quoted cell": ("t.csv", f'A,B\n"{LONG}""",2\n', {}, "oversized_cell", "2", ["10000001"]),
    "long name": ("t.csv", f"{LONG},B\n1,2\n", {}, "oversized_cell", "1", ["10000000"]),
    "many columns": ("t.csv", "A" + "," * 16_384 + "\n", {}, "too_many_columns", "", ["16385"]),
    "no Parquet": ("t.parquet", b"PAR1 nonsense PAR1", {}, "unreadable_file", "", ["parquet"]),
    "no workbook": ("t.xlsx", b"nonsense" * 100, {}, "unreadable_file", "", ["password"]),
    "password": (
        "t.xlsx",
        bytes.fromhex("d0cf11e0a1b11ae1") * 99,
        {},
        "unreadable_file",
        "",
        ["password"],
    ),
    "no transport file": ("t.xpt", b"nonsense" * 100, {}, "unreadable_file", "", ["xport"]),
    "PROC CPORT": ("t.xpt", b"**COMPRESSED** " * 80, {}, "unreadable_file", "", ["cport"]),
    "no SAS dataset": (
        "t.sas7bdat",
        b"nonsense" * 1000,
        {},
        "unreadable_file",
        "",
        ["sas dataset"],
    ),
    "short SAS dataset": ("t.sas7bdat", b"\0", {}, "unreadable_file", "", ["sas dataset"]),
    "no JSON": ("t.json", b"{'a': 1}", {}, "unreadable_file", "", ["strictly json"]),
    "JSON cut off": ("t.json", b'{"a": [1, 2', {}, "unreadable_file", "", ["strictly json"]),
    "deep JSON": ("t.json", b"[" * 500_000, {}, "unreadable_file", "", ["nested too deeply"]),
    "deep line": ("t.ndjson", b"[" * 500_000, {}, "unreadable_file", "", ["nested too deeply"]),
    "JSON, not an object": ("t.json", b"[1]", {}, "dataset_json", "", ["not an object"]),
    "JSON in UTF-16": ("t.json", "{}".encode("utf-16"), {}, "wrong_encoding", "1", ["utf-16"]),
    "a key twice": ("t.json", b'{"a": 1, "a": 2}', {}, "unreadable_file", "", ["given twice"]),
    "huge whole number": (
        "t.json",
        b"[" + b"9" * 5000 + b"]",
        {},
        "unreadable_file",
        "",
        ["strictly"],
    ),
}


def said(table, rule):
    """The only error, as words in lower case."""
    assert rules(table) == [rule]
    finding = next(item for item in table.findings if item.severity == "error")
    return finding, " ".join([finding.place, finding.message, repr(finding.value), finding.action])


def assert_refused(table, rule, rows, words):
    finding, text = said(table, rule)
    assert table.frame.shape == (0, 0)
    assert rows is None or finding.rows == rows
    for word in words:
        assert word.lower().replace("\\", "") in text.lower().replace("\\", "")
    assert len(text) < 1500
    assert finding.participant == ""
    assert text.isprintable()


@pytest.mark.parametrize("case", TEXT_FILES)
def test_refused_bytes(case, tmp_path):
    name, content, options, rule, rows, words = TEXT_FILES[case]
    assert_refused(read_bytes(tmp_path, content, name, **options), rule, rows, words)


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx", "none.parquet", "none.xpt", "none.json"])
def test_a_missing_file_and_a_folder_are_found_missing(name, tmp_path):
    assert_refused(read_file(tmp_path / name), "missing_file", "", ["protocol.yaml"])
    (tmp_path / name).mkdir()
    assert_refused(read_file(tmp_path / name), "missing_file", "", [])


def write_parquet(frame, path):
    frame.to_parquet(path)


WRITERS = {
    "t.csv": lambda frame, path: frame.to_csv(path, index=False),
    "t.parquet": write_parquet,
    "t.xlsx": write_xlsx,
    "t.xpt": write_xpt,
    "t.json": write_json,
    "t.ndjson": write_ndjson,
}
FIRST = {"t.csv": 2, "t.xlsx": 2}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x7fb", r"a\x7fb"),
        ("\x85", r"\x85"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2066", r"a\u2066"),
        ("a\u2028b", r"a\u2028b"),
        ("a\ufeffb", r"a\ufeffb"),
    ],
)
def test_control_characters_are_refused_in_every_format(name, text, shown, tmp_path):
    frame = pd.DataFrame({"ID": ["P1", "P2", "P3", "P4"], "T": ["x", text, text, "y"]})
    WRITERS[name](frame, tmp_path / name)
    first = FIRST.get(name, 1)
    table = read_file(tmp_path / name)
    assert_refused(table, "control_character", f"{first + 1}, {first + 2}", ["column T"])
    assert table.findings[0].value == shown
    # A column that is not asked for is not looked at.
    assert rules(read_file(tmp_path / name, columns=["ID"])) == []


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "t.xpt"])
def test_long_cells_are_refused_in_every_format_without_their_content(name, tmp_path):
    """A transport file cannot hold a text of more than 32,767 characters."""
    frame = pd.DataFrame({"ID": ["P1", "P2"], "T": ["x" * 32_767, LONG]})
    if name == "t.xlsx":  # openpyxl would cut it
        write_xlsx(frame.assign(T=["x" * 32_767, "LONG"]), tmp_path / name)
        part = "xl/worksheets/sheet1.xml"
        with zipfile.ZipFile(tmp_path / name) as archive:
            part = part if b"LONG" in archive.read(part) else "xl/sharedStrings.xml"
        text = "".join(map(chr, np.random.default_rng(1).integers(97, 123, len(LONG))))
        rewrite_archive(tmp_path / name, {part: lambda old: old.replace(b"LONG", text.encode())})
    else:
        WRITERS[name](frame, tmp_path / name)
    table = read_file(tmp_path / name)
    first = FIRST.get(name, 1)
    assert_refused(table, "oversized_cell", str(first + 1), ["column T", "10000000 characters"])
    assert read_file(tmp_path / name, columns=["T"]).all_columns == ("ID", "T")


def test_a_long_text_that_fills_a_parquet_file_is_read_once(tmp_path):
    """10 MB in each of 100,000 rows would take 1 TB as plain text."""
    codes = pa.array(np.zeros(100_000, dtype="int32"))
    column = pa.DictionaryArray.from_arrays(codes, pa.array([LONG]))
    pq.write_table(pa.table({"T": column}), tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").stat().st_size < 1_000_000
    assert_refused(read_file(tmp_path / "t.parquet"), "oversized_cell", "1-100000", ["10000000"])


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx", "t.json", "t.ndjson"])
def test_columns_with_one_name_are_refused_in_every_format(name, tmp_path):
    frame = pd.DataFrame([["P1", 1, 2]], columns=["ID", "X", "Y"])
    if name == "t.parquet":
        arrays = [pa.array(frame[column]) for column in frame]
        pq.write_table(pa.Table.from_arrays(arrays, names=["ID", "X", " X"]), tmp_path / name)
    else:
        WRITERS[name](frame, tmp_path / name)
        if name == "t.xlsx":
            write_cells(tmp_path / name, [["ID", "X", "X"], ["P1", 1, 2]])
        else:
            text = (tmp_path / name).read_text()
            (tmp_path / name).write_text(text.replace('"Y"', '"X"'))
    assert_refused(read_file(tmp_path / name), "duplicate_column", None, ["column X", "2 columns"])


def test_a_whole_number_that_would_lose_digits_is_refused(tmp_path):
    pq.write_table(pa.table({"X": pa.array([2**53 + 1, None])}), tmp_path / "t.parquet")
    assert_refused(read_file(tmp_path / "t.parquet"), "inexact_number", "1", ["column X", "text"])


def test_a_parquet_file_that_claims_too_many_rows_is_refused(tmp_path, monkeypatch):
    from seizureflow.readers import parquet_file

    monkeypatch.setattr(parquet_file, "MAX_PARQUET_ROWS", 1)
    SMALL.to_parquet(tmp_path / "t.parquet")
    assert_refused(read_file(tmp_path / "t.parquet"), "file_too_large", "", ["2 rows"])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx", "t.json", "t.xpt"])
def test_a_file_cut_off_is_refused(name, share, tmp_path):
    frame = pd.DataFrame({"ID": [f"P{row}" for row in range(200)], "X": range(200)})
    WRITERS[name](frame, tmp_path / name)
    content = (tmp_path / name).read_bytes()
    table = read_bytes(tmp_path, content[: int(share * len(content))], name)
    assert len(rules(table)) == 1
    assert table.frame.shape == (0, 0)


# --- Excel ----------------------------------------------------------------------------------------


def merged(path):
    book = openpyxl.Workbook()
    for row in (["ID", "X"], ["P1", 1], ["P2", 2]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.save(path)


def with_parts(changes, compression=zipfile.ZIP_DEFLATED):
    def make(path):
        write_xlsx(SMALL, path)
        rewrite_archive(path, changes, compression)

    return make


def doctype(old):
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    return old.replace(b"<worksheet", entities + b"<worksheet", 1)


def utf16_doctype(old):
    return doctype(old).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def lying_directory(path):
    """A part whose directory entry claims fewer bytes than it holds."""
    write_xlsx(SMALL, path)
    rewrite_archive(path, {"xl/media/big.xml": b"<a>" + b" " * 5_000_000 + b"</a>"})
    content = path.read_bytes()
    size = (5_000_007).to_bytes(4, "little")
    assert content.count(size) == 2  # local header and directory
    path.write_bytes(content.replace(size, (1000).to_bytes(4, "little")))


SHEET = "xl/worksheets/sheet1.xml"
WORKBOOKS = {
    "formula": (
        lambda path: write_cells(path, [["ID", "X"], ["P1", 1], ["P2", "=B2+1"], ["P3", "=B3"]]),
        "formula",
        "3, 4",
        ["B3, B4", "paste it as values"],
    ),
    "merged cells": (merged, "merged_cells", "2", ["B2:B3", "unmerge"]),
    "Excel errors": (
        lambda path: write_cells(path, [["ID", "X"], ["P1", "#N/A"], ["P2", "#REF!"]]),
        "excel_error",
        "2, 3",
        ["column X"],
    ),
    "several sheets": (
        lambda path: write_cells(path, [["ID"]], Diary=[["ID"]]),
        "which_sheet",
        "",
        ["'Sheet, Diary'"],
    ),
    "empty sheet": (lambda path: write_cells(path, []), "empty_file", "", ["no filled cell"]),
    "header in row 3": (
        lambda path: write_cells(path, [[], [], ["ID"], ["P1"]]),
        "empty_file",
        "1",
        ["row 1", "header"],
    ),
    "column without name": (
        lambda path: write_cells(path, [["ID", None, "X"], ["P1", None, 1], ["P2", "y", 1]]),
        "unnamed_column",
        "3",
        ["column 2"],
    ),
    "cells beyond the header": (
        lambda path: write_cells(path, [["ID"], ["P1"], ["P2", "y"]]),
        "unnamed_column",
        "3",
        ["column 2"],
    ),
    "macros": (with_parts({"xl/vbaProject.bin": b"x"}), "macro", "", ["without macros"]),
    "path upwards": (with_parts({"xl/../../x.xml": b"<a/>"}), "unsafe_path", "", ["../../x.xml"]),
    "absolute path": (with_parts({"/etc/x.xml": b"<a/>"}), "unsafe_path", "", ["/etc/x.xml"]),
    "path of Windows": (with_parts({"C:x.xml": b"<a/>"}), "unsafe_path", "", ["c:x.xml"]),
    "entities": (with_parts({SHEET: doctype}), "unsafe_xml", "", [SHEET]),
    "entities in UTF-16": (with_parts({SHEET: utf16_doctype}), "unsafe_xml", "", [SHEET]),
    "entities in another part": (
        with_parts({"x.bin": b"<!DOCTYPE a []><a/>"}),
        "unsafe_xml",
        "",
        ["x.bin"],
    ),
    "ratio": (
        with_parts({"xl/media/a.png": b"\0" * 5_000_000}),
        "zip_bomb",
        "",
        ["200 times", "a.png"],
    ),
    "packed by another method": (
        with_parts({}, zipfile.ZIP_BZIP2),
        "unreadable_file",
        "",
        ["packed"],
    ),
    "many parts": (
        with_parts({f"xl/{part}.xml": b"<a/>" for part in range(2001)}),
        "zip_bomb",
        "",
        ["2000 are the most"],
    ),
    "directory that lies": (lying_directory, "unreadable_file", "", ["damaged"]),
    "damaged sheet": (with_parts({SHEET: b"<worksheet>"}), "unreadable_file", "", ["damaged xml"]),
    "no workbook part": (with_parts({"xl/workbook.xml": b"<a/>"}), "unreadable_file", "", []),
    "row number beyond Excel": (
        with_parts({SHEET: lambda old: old.replace(b'<row r="3"', b'<row r="999999999"')}),
        "unreadable_file",
        "",
        ["999999999"],
    ),
    "rows out of order": (
        with_parts({SHEET: lambda old: old.replace(b'<row r="3"', b'<row r="2"')}),
        "unreadable_file",
        "",
        ["row 2"],
    ),
    "cells out of order": (
        with_parts({SHEET: lambda old: old.replace(b'"B3"', b'"A3"')}),
        "unreadable_file",
        "",
        ["row 3"],
    ),
    "long tag": (
        with_parts({"xl/x.xml": b"<a " + np.random.default_rng(1).bytes(3_000_000).hex().encode()}),
        "zip_bomb",
        "",
        ["too large", "xl/x.xml"],
    ),
}


@pytest.mark.parametrize("case", WORKBOOKS)
def test_refused_workbooks(case, tmp_path):
    make, rule, rows, words = WORKBOOKS[case]
    make(tmp_path / "t.xlsx")
    assert_refused(read_file(tmp_path / "t.xlsx"), rule, rows, words)


def test_limits_hold_for_what_is_unpacked(tmp_path, monkeypatch):
    from seizureflow.readers import xlsx_archive

    write_xlsx(SMALL, tmp_path / "t.xlsx")
    for limit, value in (("MAX_ELEMENTS_AT_ONCE", 3), ("MAX_ARCHIVE_BYTES", 6000)):
        with monkeypatch.context() as changed:
            changed.setattr(xlsx_archive, limit, value)
            assert_refused(read_file(tmp_path / "t.xlsx"), "zip_bomb", "", [])
    assert rules(read_file(tmp_path / "t.xlsx")) == []


# --- Dataset-JSON ---------------------------------------------------------------------------------

NAMED = {"name": "ID", "dataType": "string"}
CHANGES = {
    "version": ({"datasetJSONVersion": "1.0.0"}, "dataset_json", "", ["datasetjsonversion", "1.0.0"]),
    "no version": ({"datasetJSONVersion": None}, "dataset_json", "", ["datasetjsonversion"]),
    "no columns": ({"columns": None}, "dataset_json", "", ["columns"]),
    "columns of text": ({"columns": ["ID", "X"]}, "dataset_json", "", ["column 1"]),
    "column without name": ({"columns": [NAMED, {"dataType": "integer"}]}, "dataset_json", "", ["column 2"]),
    "column without type": ({"columns": [NAMED, {"name": "X"}]}, "dataset_json", "", ["column X", "datatype"]),
    "unhashable type": ({"columns": [NAMED, {"name": "X", "dataType": []}]}, "dataset_json", "", ["datatype"]),
    "records": ({"records": 3}, "truncated_file", "", ["2 rows", "records: 3"]),
    "short row": ({"rows": [["P1"], ["P2", 2]]}, "dataset_json", "1", ["lists of 2"]),
    "row of another kind": ({"rows": [["P1", 1], {"ID": "P2"}]}, "dataset_json", "2", ["lists of 2"]),
    "text for a number": ({"rows": [["P1", "1"], ["P2", 2]]}, "dataset_json", "1", ["column X", "integer"]),
    "fraction": ({"rows": [["P1", 1], ["P2", 2.5]]}, "dataset_json", "2", ["column X", "2.5"]),
    "truth for a number": ({"rows": [["P1", True], ["P2", 2]]}, "dataset_json", "1", ["true"]),
    "number for text": ({"rows": [[1, 1], ["P2", 2]]}, "dataset_json", "1", ["column ID"]),
    "nested": ({"rows": [[["P1"], 1], ["P2", 2]]}, "dataset_json", "1", ["column ID"]),
    "half a character": ({"rows": [["\ud800", 1], ["P2", 2]]}, "control_character", "1", [r"\ud800"]),
    "NaN": ({"rows": [["P1", float("nan")], ["P2", 2]]}, "unreadable_file", "", ["nan"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("write", [write_json, write_ndjson])
def test_refused_dataset_json(case, write, tmp_path):
    changes, rule, rows, words = CHANGES[case]
    path = tmp_path / ("t.json" if write is write_json else "t.ndjson")
    write(SMALL, path, **changes)
    assert_refused(read_file(path), rule, rows, words)


def test_rows_that_are_no_list_are_refused(tmp_path):
    write_json(SMALL, tmp_path / "t.json", rows={"a": 1}, records=None)
    assert_refused(read_file(tmp_path / "t.json"), "dataset_json", "", ["not a list"])


def test_a_number_beyond_float64_is_refused(tmp_path):
    write_json(SMALL.assign(X=[1.5, 2.5]), tmp_path / "t.json")
    text = (tmp_path / "t.json").read_text().replace("1.5", "1e999")
    assert_refused(read_bytes(tmp_path, text, "t.json"), "dataset_json", "1", ["column X", "inf"])


def test_a_large_json_file_is_refused(tmp_path, monkeypatch):
    from seizureflow.readers import dataset_json

    monkeypatch.setattr(dataset_json, "MAX_JSON_BYTES", 10)
    write_json(SMALL, tmp_path / "t.json")
    assert_refused(read_file(tmp_path / "t.json"), "file_too_large", "", ["split"])
