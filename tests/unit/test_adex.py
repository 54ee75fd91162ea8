import pandas as pd
from seizureflow.adex import derive_adex
from seizureflow.tables import TABLES, read_table, write_table


def test_doses_are_numbered_by_date_within_each_participant(tmp_path):
    adsl = pd.DataFrame({"STUDYID": "s", "USUBJID": ["A", "B"], "TRT01P": ["x", "y"]})
    doses = pd.DataFrame(
        [
            ("B", 300.0, "2021-05-01", 1, None, None),
            ("A", 200.0, "2021-03-29", 29, "2021-04-04", 35),
            ("A", 100.0, "2021-03-01", 1, "2021-03-28", 28),
            ("A", 50.0, "2021-03-29", 29, None, None),
        ],
        columns=["USUBJID", "DOSE", "ADT", "ADY", "AENDT", "AENDY"],
    ).astype({"ADT": "datetime64[ms]", "AENDT": "datetime64[ms]", "AENDY": "Int64"})
    write_table(derive_adex(adsl, doses, {"unit": "mg"}), tmp_path / "adex.parquet", "adex")
    adex = read_table(tmp_path / "adex.parquet")
    assert list(adex.columns) == list(TABLES["adex"])
    assert adex[["USUBJID", "TRT01P", "EXSEQ", "EXDOSE", "ASTDY"]].to_numpy().tolist() == [
        ["A", "x", 1, 100.0, 1],
        ["A", "x", 2, 200.0, 29],
        ["A", "x", 3, 50.0, 29],  # the same day: in the order of the file
        ["B", "y", 1, 300.0, 1],
    ]
    assert adex["AENDY"].tolist() == [28, 35, pd.NA, pd.NA]
    assert (adex["EXDOSU"] == "mg").all()


def test_a_unit_that_the_protocol_does_not_name_is_missing():
    adsl = pd.DataFrame({"STUDYID": ["s"], "USUBJID": ["A"], "TRT01P": ["x"]})
    doses = pd.DataFrame({"USUBJID": ["A"], "DOSE": [1.0], "ADT": [pd.NaT], "ADY": [1]})
    assert derive_adex(adsl, doses, {})["EXDOSU"].isna().all()
