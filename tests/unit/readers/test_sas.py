"""SAS files: transport files byte by byte, and SAS datasets as far as one can be made."""

import datetime as dt

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.readers import read_file
from seizureflow.readers.reading import Reading
from seizureflow.readers.sas7bdat_file import sas_frame
from seizureflow.readers.sas_values import sas_column
from seizureflow.readers.xpt_file import ibm_numbers
from unit.readers.raw_files import read_bytes, rules, write_xpt

# TS-140 gives the format; the bytes of -118.625 are the example of IBM's Principles of Operation.
IBM = [
    ("0000000000000000", 0.0),
    ("4110000000000000", 1.0),
    ("C276A00000000000", -118.625),
    ("8000000000000000", 0.0),
    ("401999999999999A", 0.1),
]


@pytest.mark.parametrize(("digits", "number"), IBM)
def test_ibm_numbers(digits, number):
    cells = np.frombuffer(bytes.fromhex(digits), np.uint8).reshape(1, 8)
    assert ibm_numbers(cells).tolist() == pytest.approx([number], rel=1e-15)


def test_numbers_are_those_that_readstat_wrote_and_reads(tmp_path):
    rng = np.random.default_rng(20200229)
    numbers = rng.normal(size=2000) * 10.0 ** rng.integers(-60, 60, 2000)
    frame = pd.DataFrame({"X": [*numbers, 0, 1, -1, 0.1, 2**53]})
    write_xpt(frame, tmp_path / "t.xpt")
    found = read_file(tmp_path / "t.xpt").frame
    pd.testing.assert_frame_equal(found, frame, check_exact=True)
    pd.testing.assert_frame_equal(found, pyreadstat.read_xport(tmp_path / "t.xpt")[0])


def test_dates_times_and_numbers_follow_the_format(tmp_path):
    frame = pd.DataFrame(
        {
            "D": [dt.date(1582, 1, 1), None, dt.date(9999, 12, 31)],
            "DT": [dt.datetime(2020, 2, 29, 23, 59, 58), None, dt.datetime(1955, 3, 4)],
            "T": [dt.time(9, 30), None, dt.time(23, 59, 59)],
            "N": [21974.0, np.nan, 0.0],
        }
    )
    pyreadstat.write_xport(frame, tmp_path / "t.xpt", file_format_version=5)
    found = read_file(tmp_path / "t.xpt").frame
    assert found["D"].tolist() == [pd.Timestamp("1582-01-01"), pd.NaT, pd.Timestamp("9999-12-31")]
    assert found["D"].dtype == found["DT"].dtype == "datetime64[ms]"
    assert found["DT"].tolist()[::2] == [
        pd.Timestamp("2020-02-29T23:59:58"),
        pd.Timestamp("1955-03-04"),
    ]
    assert found["T"].tolist() == ["09:30:00", "", "23:59:59"]
    assert found["N"].tolist()[::2] == [21974.0, 0.0]


# Days and seconds since 1960-01-01: SAS 9.4 Formats and Informats, Reference.
FORMATS = [
    ("DATE9.", 21974, "2020-02-29"),
    ("date", 21974, "2020-02-29"),
    ("YYMMDD10.", 0, "1960-01-01"),
    ("DDMMYYP8", -1, "1959-12-31"),
    ("E8601DA10.", 21974, "2020-02-29"),
    ("DATETIME20.", 1898553600, "2020-02-29"),
    ("E8601DT19", 1898553601.5, "2020-02-29 00:00:01.500"),
    ("DTDATE9.", 1898553600, "2020-02-29"),
]


@pytest.mark.parametrize(("form", "number", "expected"), FORMATS)
def test_formats_of_dates(form, number, expected):
    reading = Reading("t.xpt", None, 1)
    values = sas_column(np.array([number, np.nan]), form, "D", reading)
    assert values.tolist() == [pd.Timestamp(expected), pd.NaT]


@pytest.mark.parametrize("form", ["BEST12.", "8.2", "", "$10.", "DATEX9.", "MONNAME3.", "F8.2"])
def test_other_formats_leave_the_number(form):
    assert sas_column(np.array([21974.0]), form, "X", Reading("t.xpt", None, 1)).tolist() == [
        21974.0
    ]


@pytest.mark.parametrize("days", [-138062, 2936550, 1e300])
def test_a_date_out_of_range_is_refused(days):
    """The day before 1582 and the day after 9999."""
    reading = Reading("t.xpt", None, 1)
    sas_column(np.array([0, days]), "DATE9.", "D", reading)
    assert [(item.rule, item.severity, item.rows) for item in reading.findings] == [
        ("date_out_of_range", "error", "2")
    ]


@pytest.mark.parametrize("version", [5, 8])
def test_special_missing_values_are_noted_and_missing(version, tmp_path):
    frame = pd.DataFrame({"ID": ["P1", "P2", "P3"], "X": [1.0, np.nan, np.nan]})
    write_xpt(frame, tmp_path / "t.xpt", version)
    content = (tmp_path / "t.xpt").read_bytes()
    for mark in (b"A", b"_"):
        content = content.replace(b"." + bytes(7), mark + bytes(7), 1)
    table = read_bytes(tmp_path, content, "t.xpt")
    assert [(item.rule, item.severity, item.rows) for item in table.findings] == [
        ("special_missing", "note", "2, 3")
    ]
    assert table.findings[0].value == ".A, ._"
    assert table.frame["X"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("version", [5, 8])
def test_every_cut_of_a_transport_file_is_refused(version, tmp_path):
    """But for a version 5 file cut where its rows begin, which is a whole file without rows."""
    frame = pd.DataFrame({"ID": [f"P{row:02d}" for row in range(13)], "X": np.arange(13.0) + 1})
    write_xpt(frame, tmp_path / "t.xpt", version)
    content = (tmp_path / "t.xpt").read_bytes()
    start = content.index(b"HEADER RECORD*******OBS") + 80
    for end in range(40, len(content), 40):
        expected = 0 if version == 5 and end == start else 1
        assert len(rules(read_bytes(tmp_path, content[:end], "t.xpt"))) == expected


def test_text_in_another_encoding_is_refused_or_named(tmp_path):
    write_xpt(pd.DataFrame({"T": ["aé ", "b"]}), tmp_path / "t.xpt")
    content = (tmp_path / "t.xpt").read_bytes().replace("é".encode(), b"\xe9 ")
    table = read_bytes(tmp_path, content, "t.xpt")
    assert rules(table) == ["wrong_encoding"]
    assert (table.findings[0].rows, table.findings[0].field) == ("1", "T")
    table = read_bytes(tmp_path, content, "t.xpt", encoding="latin-1")
    assert table.frame["T"].tolist() == ["aé", "b"]


@pytest.mark.parametrize("encoding", ["nonsense", "zip", "idna", "unicode_escape", "a\0b", ""])
def test_an_unknown_encoding_of_a_transport_file_is_a_finding(encoding, tmp_path):
    write_xpt(pd.DataFrame({"T": ["a"]}), tmp_path / "t.xpt")
    table = read_file(tmp_path / "t.xpt", encoding=encoding)
    assert rules(table) == ["unknown_encoding"]


def test_long_names_and_labels_of_version_8(tmp_path):
    frame = pd.DataFrame({"A_NAME_LONGER_THAN_EIGHT": ["x"], "N": [1.0]})
    label = "a label that is longer than the forty characters of version 5"
    pyreadstat.write_xport(frame, tmp_path / "t.xpt", column_labels={"N": label})
    table = read_file(tmp_path / "t.xpt")
    assert table.all_columns == tuple(frame)
    assert table.labels == {"N": label}
    pd.testing.assert_frame_equal(table.frame, frame)


def test_two_datasets_in_one_file_are_refused(tmp_path):
    write_xpt(pd.DataFrame({"X": [1.0]}), tmp_path / "t.xpt")
    content = (tmp_path / "t.xpt").read_bytes()
    member = content[content.index(b"HEADER RECORD*******MEMBER") :]
    assert rules(read_bytes(tmp_path, content + member, "t.xpt")) == ["several_datasets"]


def test_numbers_of_fewer_than_8_bytes(tmp_path):
    """SAS stores whole numbers in 3 bytes or more; ReadStat takes every number for 8 bytes."""
    write_xpt(pd.DataFrame({"X": [1.0, 25.0]}), tmp_path / "t.xpt")
    content = (tmp_path / "t.xpt").read_bytes()
    head = content[: content.index(b"HEADER RECORD*******OBS ") + 80]
    width = head.index(b"\x00\x01\x00\x00\x00\x08\x00\x01X") + 5
    head = head[:width] + b"\x03" + head[width + 1 :]
    rows = bytes.fromhex("411000 421900") + b" " * 74
    assert read_bytes(tmp_path, head + rows, "t.xpt").frame["X"].tolist() == [1.0, 25.0]


@pytest.mark.parametrize(("count", "width"), [(1, 1), (2, 30), (3, 79), (5, 80), (7, 100)])
def test_padding_is_no_row(count, width, tmp_path):
    frame = pd.DataFrame({"T": ["x" * width, *["y"] * (count - 1)]})
    write_xpt(frame, tmp_path / "t.xpt")
    assert read_file(tmp_path / "t.xpt").frame["T"].tolist() == frame["T"].tolist()


@given(st.binary(max_size=300), st.integers(0, 1300))
def test_no_bytes_raise(tmp_path_factory, damage, place):
    folder = tmp_path_factory.mktemp("xpt")
    write_xpt(pd.DataFrame({"ID": ["P1", "P2"], "X": [1.0, 2.0]}), folder / "t.xpt", version=8)
    content = (folder / "t.xpt").read_bytes()
    broken = content[:place] + damage + content[place + len(damage) :]
    table = read_bytes(folder, broken, "t.xpt")
    assert table.findings or len(table.frame.columns) == len(table.all_columns)


# --- SAS datasets: what ReadStat gives for one ----------------------------------------------------


def test_a_sas_dataset_becomes_the_same_cells_as_a_transport_file():
    """ReadStat gives special missing values as letters among the numbers."""
    values = pd.DataFrame(
        {
            "ID": [" P1 ", "P2", ""],
            "X": pd.Series([1.5, "A", np.nan], dtype=object),
            "D": [21974.0, np.nan, 0.0],
        }
    )
    reading = Reading("t.sas7bdat", None, 1)
    reading.set_header(list(values))
    kinds = {"ID": "string", "X": "double", "D": "double"}
    frame = sas_frame(values, {"ID": "$", "X": None, "D": "DATE9"}, kinds, reading)
    expected = pd.DataFrame(
        {
            "ID": ["P1", "P2", ""],
            "X": [1.5, np.nan, np.nan],
            "D": pd.Series(["2020-02-29", None, "1960-01-01"], dtype="datetime64[ms]"),
        }
    )
    pd.testing.assert_frame_equal(frame, expected)
    assert [(item.rule, item.rows, item.value) for item in reading.findings] == [
        ("special_missing", "2", ".A")
    ]
