"""The same small table, read from every format."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal
from seizureflow.readers import FORMATS, read_file
from unit.readers.raw_files import rules, write_json, write_ndjson, write_xlsx, write_xpt

TABLE = pd.DataFrame(
    {
        "USUBJID": ["A-01", "B-02", "C-03"],
        "TERM": ['said "ouch", twice', "", "Krämpfe – 発作"],
        "COUNT": [0, 12, 3],
        "DOSE": [1.5, np.nan, -0.25],
        "STARTDT": pd.Series(["2020-02-29", None, "1959-12-31"], dtype="datetime64[ms]"),
    }
)
TEXT = TABLE.assign(
    COUNT=["0", "12", "3"], DOSE=["1.5", "", "-0.25"], STARTDT=["2020-02-29", "", "1959-12-31"]
)
# SAS has no whole numbers: all its numbers are float64.
SAS = TABLE.assign(COUNT=TABLE["COUNT"].astype("float64"))


def csv_writer(**options):
    return lambda frame, path: TEXT.loc[frame.index].to_csv(path, index=False, **options)


CASES = {
    "csv": (csv_writer(), "t.csv", {}, TEXT),
    "csv, upper case suffix": (csv_writer(), "T.CSV", {}, TEXT),
    "csv, byte-order mark": (csv_writer(encoding="utf-8-sig"), "t.csv", {}, TEXT),
    "csv, CR LF": (csv_writer(lineterminator="\r\n"), "t.csv", {}, TEXT),
    "csv, CR": (csv_writer(lineterminator="\r"), "t.csv", {}, TEXT),
    "csv, quoted": (csv_writer(quoting=1), "t.csv", {}, TEXT),
    "csv, semicolons": (csv_writer(sep=";"), "t.csv", {"delimiter": ";"}, TEXT),
    "csv, UTF-16": (csv_writer(encoding="utf-16"), "t.csv", {"encoding": "utf-16"}, TEXT),
    "tsv": (csv_writer(sep="\t"), "t.tsv", {}, TEXT),
    "txt": (csv_writer(sep="\t"), "t.txt", {}, TEXT),
    "parquet": (lambda f, p: f.to_parquet(p), "t.parquet", {}, TABLE),
    "xlsx": (write_xlsx, "t.xlsx", {}, TABLE),
    "xpt 5": (write_xpt, "t.xpt", {}, SAS),
    "xpt 8": (lambda f, p: write_xpt(f, p, version=8), "t.xpt", {}, SAS),
    "json": (write_json, "t.json", {}, TABLE),
    "ndjson": (write_ndjson, "t.ndjson", {}, TABLE),
}


@pytest.mark.parametrize("case", CASES)
def test_every_format_gives_the_same_table(case, tmp_path):
    write, name, options, expected = CASES[case]
    write(TABLE, tmp_path / name)
    table = read_file(tmp_path / name, **options)
    assert table.findings == []
    assert_frame_equal(table.frame, expected)
    assert table.all_columns == tuple(TABLE)
    assert table.row_numbers is None
    assert table.first_row == (2 if name.lower().endswith(("csv", "tsv", "txt", "xlsx")) else 1)
    labelled = name.endswith(("xpt", "json"))
    assert table.labels == ({column: f"The {column}" for column in TABLE} if labelled else {})
    assert table.file == (tmp_path / name).as_posix()


@pytest.mark.parametrize("case", CASES)
def test_only_the_columns_asked_for_come_in_the_order_of_the_file(case, tmp_path):
    write, name, options, expected = CASES[case]
    write(TABLE, tmp_path / name)
    table = read_file(tmp_path / name, columns=["DOSE", "ABSENT", "TERM"], **options)
    assert table.findings == []
    assert_frame_equal(table.frame, expected[["TERM", "DOSE"]])
    assert table.all_columns == tuple(TABLE)


@pytest.mark.parametrize("case", CASES)
def test_absent_columns_leave_the_rows(case, tmp_path):
    write, name, options, _ = CASES[case]
    write(TABLE, tmp_path / name)
    table = read_file(tmp_path / name, columns=["ABSENT"], **options)
    assert table.frame.shape == (3, 0)
    assert table.findings == []


@pytest.mark.parametrize("case", CASES)
def test_a_header_without_rows_is_a_table(case, tmp_path):
    write, name, options, _ = CASES[case]
    write(TABLE.head(0), tmp_path / name)
    table = read_file(tmp_path / name, **options)
    assert table.frame.shape == (0, len(TABLE.columns))
    assert rules(table, "warning") == ["no_rows"]
    assert rules(table) == []


def test_every_format_but_the_sas_dataset_is_among_the_cases():
    """Nothing at hand writes a SAS dataset: see test_sas7bdat.py."""
    suffixes = {"." + name.lower().rpartition(".")[2] for _, name, _, _ in CASES.values()}
    assert suffixes == set(FORMATS) - {".sas7bdat"}


# --- What a typed file holds ----------------------------------------------------------------------


def date_times(*texts):
    return pd.Series(list(texts), dtype="datetime64[ms]")


PARQUET_COLUMNS = {
    "truth values": (pa.array([True, None, False]), pd.Series(["Y", "", "N"], dtype="str")),
    "text, coded": (
        pa.array([" a", None, "a "]).dictionary_encode(),
        pd.Series(["a", "", "a"], dtype="str"),
    ),
    "large text": (pa.array([" a", None], pa.large_string()), pd.Series(["a", ""], dtype="str")),
    "text view": (pa.array(["a", None], pa.string_view()), pd.Series(["a", ""], dtype="str")),
    "nothing": (pa.nulls(2), pd.Series(["", ""], dtype="str")),
    "small whole numbers": (pa.array([1, -2], pa.int8()), pd.Series([1, -2])),
    "whole numbers with gaps": (pa.array([1, None], pa.int64()), pd.Series([1.0, np.nan])),
    "single precision": (pa.array([0.5, None], pa.float32()), pd.Series([0.5, np.nan])),
    "coded numbers": (pa.array([7, 8, 7]).dictionary_encode(), pd.Series([7, 8, 7])),
    "date-time, nanoseconds": (
        pa.array([1, 86_400_123_456_789], pa.timestamp("ns")),
        date_times("1970-01-01", "1970-01-02T00:00:00.123"),
    ),
    "date beyond nanoseconds": (pa.array([2932896], pa.date32()), date_times("9999-12-31")),
    "time of day": (pa.array([3661], pa.time32("s")), pd.Series(["01:01:01"], dtype="str")),
}


@pytest.mark.parametrize("case", PARQUET_COLUMNS)
def test_parquet_types(case, tmp_path):
    column, expected = PARQUET_COLUMNS[case]
    pq.write_table(pa.table({"X": column}), tmp_path / "t.parquet")
    table = read_file(tmp_path / "t.parquet")
    assert table.findings == []
    pd.testing.assert_series_equal(table.frame["X"], expected, check_names=False)


@pytest.mark.parametrize("coded", [True, False])
def test_repeated_text_of_a_long_parquet_file_comes_as_categories(coded, tmp_path):
    values = pa.array([" focal", "unknown", None, "", "focal"] * 400)
    table = pa.table({"TYPE": values.dictionary_encode() if coded else values})
    table = table.append_column("ID", pa.array([f"{row}" for row in range(2000)]))
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=700)
    frame = read_file(tmp_path / "t.parquet").frame
    assert frame["TYPE"].cat.categories.tolist() == ["focal", "unknown", ""]
    assert frame["TYPE"].cat.categories.dtype == "str"
    assert frame["TYPE"].tolist() == ["focal", "unknown", "", "", "focal"] * 400
    assert frame["ID"].dtype == "str"
    assert frame["ID"].tolist() == [f"{row}" for row in range(2000)]


def test_categories_that_do_not_occur_are_dropped(tmp_path):
    coded = pa.DictionaryArray.from_arrays(pa.array([2, 0] * 600), pa.array(["a", "\x1b", "c"]))
    pq.write_table(pa.table({"X": coded}), tmp_path / "t.parquet")
    table = read_file(tmp_path / "t.parquet")
    assert table.findings == []
    assert table.frame["X"].cat.categories.tolist() == ["a", "c"]


def test_a_column_of_an_unsupported_type_is_left_out(tmp_path):
    columns = {
        "DECIMAL": pa.array([1], pa.decimal128(5, 2)),
        "LIST": pa.array([[1]]),
        "STRUCT": pa.array([{"a": 1}]),
        "BYTES": pa.array([b"x"]),
        "DURATION": pa.array([1], pa.duration("s")),
        "ZONED": pa.array([1], pa.timestamp("ms", "Europe/Paris")),
        "GOOD": pa.array([1]),
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    table = read_file(tmp_path / "t.parquet")
    assert rules(table) == ["unsupported_column"] * 6
    assert [finding.field for finding in table.findings] == list(columns)[:6]
    assert table.frame.to_dict("list") == {"GOOD": [1]}
    assert table.all_columns == tuple(columns)
    assert rules(read_file(tmp_path / "t.parquet", columns=["GOOD"])) == []
