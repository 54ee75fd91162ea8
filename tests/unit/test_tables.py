import pandas as pd
import pytest
from seizureflow.tables import TABLES, empty_table, read_table, write_table


def test_round_trip_keeps_columns_types_and_gaps(tmp_path):
    frame = pd.DataFrame(
        {
            "USUBJID": ["A", None],
            "ADY": pd.array([3, None], "Int64"),
            "ADT": pd.to_datetime(["2020-01-01", None]),
            "STATUS": ["done", "gone"],
        }
    )
    write_table(frame, tmp_path / "t.parquet", "disposition")
    back = read_table(tmp_path / "t.parquet")
    assert list(back.columns) == list(TABLES["disposition"])
    assert back["ADY"].tolist() == [3, pd.NA]
    assert str(back["ADT"].dtype) == "datetime64[ms]"
    assert back["REASON"].isna().all()


def test_equal_frames_give_equal_bytes_and_no_partial_file(tmp_path):
    frame = pd.DataFrame({"USUBJID": ["A"], "START": [1], "END": [2], "RECORDED": [True]})
    for name in ("one", "two"):
        write_table(frame.copy(), tmp_path / f"{name}.parquet", "intervals")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.parquet", "two.parquet"]


def test_further_columns_follow_the_fixed_ones(tmp_path):
    frame = pd.DataFrame({"STRUCTFL": ["Y"], "USUBJID": ["A"]})
    write_table(frame, tmp_path / "t.parquet", "participants")
    assert list(read_table(tmp_path / "t.parquet").columns)[-1] == "STRUCTFL"


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_empty(table, tmp_path):
    write_table(empty_table(table), tmp_path / "t.parquet", table)
    assert list(read_table(tmp_path / "t.parquet").columns) == list(TABLES[table])


def test_a_value_of_the_wrong_type_is_refused(tmp_path):
    with pytest.raises(Exception, match="truncated"):
        write_table(pd.DataFrame({"START": [1.5]}), tmp_path / "t.parquet", "intervals")


def coded(values: list, categories: list) -> pd.DataFrame:
    return pd.DataFrame({"USUBJID": pd.Categorical(values, categories)})


def test_text_stored_by_code_is_read_plain_unless_asked_for(tmp_path):
    frame = coded(["B", None, "A"], ["B", "A"]).assign(START=[1, 2, 3])
    write_table(frame, tmp_path / "t.parquet", "intervals")
    plain = read_table(tmp_path / "t.parquet")["USUBJID"]
    assert str(plain.dtype) == "str"
    assert plain.tolist()[::2] == ["B", "A"]
    assert pd.isna(plain[1])
    kept = read_table(tmp_path / "t.parquet", categories=True, columns=["USUBJID", "START"])
    assert list(kept.columns) == ["USUBJID", "START"]
    assert kept["USUBJID"].cat.categories.tolist() == ["A", "B"]
    pd.testing.assert_series_equal(kept["USUBJID"].astype("str"), plain)


def test_bytes_do_not_depend_on_how_text_is_coded(tmp_path):
    values = ["B", "A", None, "B"]
    frames = {
        "text": pd.DataFrame({"USUBJID": values}),
        "sorted": coded(values, ["A", "B"]),
        "reversed": coded(values, ["B", "A"]),
        "unused": coded(values, ["Z", "B", "C", "A"]),
    }
    for name, frame in frames.items():
        write_table(frame, tmp_path / name, "intervals")
    assert len({(tmp_path / name).read_bytes() for name in frames}) == 1


def test_codes_of_a_column_that_is_not_fixed_are_stored_as_text(tmp_path):
    flag = pd.Categorical(["Y", "N"], ["Y", "N"])
    write_table(pd.DataFrame({"XFL": flag}), tmp_path / "one", "adsl")
    write_table(pd.DataFrame({"XFL": ["Y", "N"]}), tmp_path / "two", "adsl")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
