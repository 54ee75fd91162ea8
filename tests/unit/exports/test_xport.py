import datetime as dt
import struct
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from seizureflow.exports.columns import Column
from seizureflow.exports.xport import NUMBERS_END, SMALLEST_NUMBER, write_xport
from seizureflow.problems import InputError
from unit.exports.frames import SAS_NUMBERS, VARIABLES, frame, read_back, rows

CREATED = dt.datetime(2021, 3, 4, 5, 6, 7)
ROWS = [
    ("A-1", "Nausea", 3, 0.5, dt.date(2020, 2, 29)),
    ("A-2", None, None, None, None),
    ("B-1", "Übelkeit", -1, -1 / 3, dt.date(1959, 12, 31)),
]


def write(path, values=ROWS, variables=VARIABLES, **options):
    write_xport(frame(values), path, "ADAE", "Adverse Events", variables, CREATED, **options)
    return path


def problems(action) -> str:
    with pytest.raises(InputError) as raised:
        action()
    return str(raised.value)


def written(path, name, values, kind="float", **options):
    """Write one column beside participants P1, P2 ..."""
    table = pd.DataFrame({"USUBJID": [f"P{i + 1}" for i in range(len(values))], name: values})
    variables = [Column("USUBJID", "", "text"), Column(name, "", kind)]
    write_xport(table, path, "T", "", variables, CREATED, **options)


@pytest.mark.parametrize("version", [5, 8])
def test_values_names_and_labels_read_back(tmp_path, version):
    path = write(tmp_path / "adae.xpt", version=version)
    table, metadata = pyreadstat.read_xport(path)
    assert metadata.table_name == "ADAE"
    assert metadata.file_label == "Adverse Events"
    assert metadata.column_names_to_labels == {v.name: v.label for v in VARIABLES}
    assert metadata.original_variable_types["ADT"] == "DATE9"
    assert read_back(path) == [tuple(row) for row in (ROWS[0], ("A-2", "", *ROWS[1][2:]), ROWS[2])]
    assert list(table.columns) == [v.name for v in VARIABLES]


@given(rows())
def test_any_dataset_reads_back_exactly(values):
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "x.xpt", values)
        assert read_back(path) == [(a, b or "", *rest) for a, b, *rest in values]


def test_dates_are_days_since_1960(tmp_path):
    written(tmp_path / "x.xpt", "ADT", pd.to_datetime(["1960-01-02"]), "date")
    data = (tmp_path / "x.xpt").read_bytes()
    # 1 in IBM form: exponent 65 (16**1) and the fraction 1/16.
    assert bytes([0x41, 0x10, 0, 0, 0, 0, 0, 0]) in data


def ibm(number: bytes) -> float:
    """An IBM double: sign, power of 16 in excess of 64, 56 binary digits."""
    (bits,) = struct.unpack(">Q", number)
    sign = -1.0 if bits >> 63 else 1.0
    return sign * (bits & (2**56 - 1)) * 2.0 ** (4 * ((bits >> 56 & 0x7F) - 64) - 56)


@pytest.mark.parametrize("number", SAS_NUMBERS)
def test_the_bytes_are_the_number_exactly(tmp_path, number):
    """Decoded by hand, so that no mistake of the reader can hide one of the writer."""
    write_xport(
        pd.DataFrame({"X": [number]}),
        tmp_path / "x.xpt",
        "T",
        "",
        [Column("X", "", "float")],
        CREATED,
    )
    data = (tmp_path / "x.xpt").read_bytes()
    start = data.index(b"HEADER RECORD*******OBS") + 80
    assert ibm(data[start : start + 8]) == number


@pytest.mark.parametrize(
    "number",
    [NUMBERS_END, -NUMBERS_END, 1e300, float(np.nextafter(SMALLEST_NUMBER, 0)), 5e-324],
)
def test_numbers_that_the_format_would_change_are_refused(tmp_path, number):
    text = problems(lambda: written(tmp_path / "x.xpt", "AVAL", [1.0, number]))
    assert "variable AVAL, row 2 (participant P2)" in text
    assert repr(number) in text
    assert not list(tmp_path.iterdir())


def test_a_number_beyond_the_end_would_indeed_be_changed(tmp_path):
    """Why NUMBERS_END is not 16**63: what pyreadstat makes of the first number refused."""
    pyreadstat.write_xport(pd.DataFrame({"X": [NUMBERS_END]}), tmp_path / "x.xpt")
    assert read_back(tmp_path / "x.xpt") != [(NUMBERS_END,)]


def test_the_header_holds_the_time_given(tmp_path):
    header = write(tmp_path / "x.xpt").read_bytes()[:640]
    # TS-140: creation in the second record of library and member, modification in the third.
    times = [header[at : at + 16] for at in (144, 160, 464, 480)]
    assert times == [b"04MAR21:05:06:07"] * 4
    assert pyreadstat.read_xport(tmp_path / "x.xpt")[1].creation_time == CREATED


@pytest.mark.parametrize("version", [5, 8])
def test_equal_input_gives_equal_bytes_and_no_partial_file(tmp_path, version):
    one, two = (write(tmp_path / f"{name}.xpt", version=version) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.xpt", "two.xpt"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * 201, "longer than 200 bytes; the longest has 201"),
        ("é" * 101, "longer than 200 bytes; the longest has 202"),
        ("late ", "ends in a blank"),
        ("a\0b", "NUL"),
    ],
)
def test_text_that_does_not_fit_is_refused_with_its_place(tmp_path, text, says):
    said = problems(lambda: written(tmp_path / "x.xpt", "AETERM", ["", text], "text"))
    assert says in said
    assert "variable AETERM, row 2 (participant P2)" in said


def test_text_may_have_200_bytes_and_in_version_8_more(tmp_path):
    written(tmp_path / "five.xpt", "AETERM", ["é" * 100], "text")
    assert read_back(tmp_path / "five.xpt") == [("P1", "é" * 100)]
    written(tmp_path / "eight.xpt", "AETERM", ["x" * 3000], "text", version=8)
    assert read_back(tmp_path / "eight.xpt") == [("P1", "x" * 3000)]


def test_a_planned_length_is_a_limit(tmp_path):
    table = pd.DataFrame({"SEX": ["F", "MALE"]})
    said = problems(
        lambda: write_xport(
            table, tmp_path / "x.xpt", "T", "", [Column("SEX", "Sex", "text", 1)], CREATED
        )
    )
    assert "longer than 1 bytes; the longest has 4" in said
    assert "row 2" in said


@pytest.mark.parametrize(
    ("name", "label", "says"),
    [
        ("TOOLONGNAME", "Label", "at most 8 capital letters"),
        ("lower", "Label", "at most 8 capital letters"),
        ("1ST", "Label", "not a digit first"),
        ("AVAL", "x" * 41, "longer than 40 bytes: it has 41"),
        ("AVAL", "é" * 21, "longer than 40 bytes: it has 42"),
    ],
)
def test_names_and_labels_that_do_not_fit_are_refused(tmp_path, name, label, says):
    table = pd.DataFrame({name: [1.0]})
    said = problems(
        lambda: write_xport(
            table, tmp_path / "x.xpt", "T", "", [Column(name, label, "float")], CREATED
        )
    )
    assert says in said


def test_version_8_has_long_names_and_labels(tmp_path):
    table = pd.DataFrame({"Seizures_per_28_days_in_baseline": [1.0]})
    variables = [Column(table.columns[0], "é" * 100, "float")]
    write_xport(table, tmp_path / "x.xpt", "Baseline_table", "", variables, CREATED, version=8)
    _, metadata = pyreadstat.read_xport(tmp_path / "x.xpt")
    assert metadata.column_names_to_labels == {table.columns[0]: "é" * 100}
    assert metadata.table_name == "Baseline_table"


def test_an_empty_last_row_is_refused_where_it_would_be_lost(tmp_path):
    table = pd.DataFrame({"A": ["x", ""]})
    variables = [Column("A", "", "text")]
    said = problems(lambda: write_xport(table, tmp_path / "x.xpt", "T", "", variables, CREATED))
    assert "row 2" in said
    write_xport(table, tmp_path / "x.xpt", "T", "", variables, CREATED, version=8)
    assert read_back(tmp_path / "x.xpt") == [("x",), ("",)]


def test_a_dataset_without_rows_keeps_its_variables(tmp_path):
    path = write(tmp_path / "x.xpt", [])
    table, _ = pyreadstat.read_xport(path)
    assert list(table.columns) == [v.name for v in VARIABLES]
    assert table.empty


def test_everything_wrong_is_said_at_once(tmp_path):
    values = [("A", "x" * 300, 1, 1e200, None), ("B ", "", 2, 0.0, None)]
    said = problems(lambda: write(tmp_path / "x.xpt", values))
    assert said.startswith("3 problems were found.")
