"""Supplemental qualifiers: to which record each belongs, and which belong to none."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.readers import FileTable
from seizureflow.supplements import merge_supplement

COLUMNS = ["USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL"]


def table(frame, file="ae.xpt"):
    return FileTable(file, frame, 1, {}, [], tuple(frame.columns))


def text(rows, columns):
    return pd.DataFrame(rows, columns=columns, dtype="str")


PEOPLE = table(text([("A", "40"), ("B", "41")], ["USUBJID", "AGE"]), "dm.xpt")
EVENTS = table(
    pd.DataFrame({"USUBJID": ["A", "A", "B"], "AESEQ": [1.0, 2.0, 1.0], "AETERM": ["x", "y", "z"]})
)


def merged(parent, rows, columns=COLUMNS):
    merged = merge_supplement(parent, table(text(rows, columns), "supp.xpt"))
    return merged.frame, [(f.rule, f.participant, f.rows, f.value) for f in merged.findings]


# records; qualifiers; the new column; findings as rule, participant, rows and value
CASES = {
    "by participant": (
        PEOPLE, [("A", "", "", "CAUSE", "Y"), ("B", "", "", "CAUSE", "N")], ["Y", "N"], [],
    ),
    "nobody's is empty": (PEOPLE, [("B", "", "", "CAUSE", "N")], ["", "N"], []),
    "by sequence number": (
        EVENTS, [("A", "AESEQ", "2", "CAUSE", "p"), ("B", "AESEQ", "1", "CAUSE", "q")], ["", "p", "q"], [],
    ),
    "however the number is written": (
        EVENTS, [("A", "AESEQ", "2.0", "CAUSE", "p"), ("A", "AESEQ", "01", "CAUSE", "o")], ["o", "p", ""], [],
    ),
    "by text": (EVENTS, [("A", "AETERM", "y", "CAUSE", "p")], ["", "p", ""], []),
    "orphan: no such number": (
        EVENTS, [("A", "AESEQ", "1", "CAUSE", "o"), ("A", "AESEQ", "3", "CAUSE", "p")], ["o", "", ""],
        [("orphan_supplement", "A", "2", "'CAUSE'")],
    ),
    "orphan: no such participant": (
        EVENTS, [("Z", "AESEQ", "1", "CAUSE", "p"), ("A", "AESEQ", "1", "CAUSE", "o")], ["o", "", ""],
        [("orphan_supplement", "Z", "1", "'CAUSE'")],
    ),
    "orphan: no such variable": (
        EVENTS, [("A", "AESPID", "1", "CAUSE", "p"), ("A", "AESEQ", "1", "CAUSE", "o")], ["o", "", ""],
        [("orphan_supplement", "A", "1", "'CAUSE'")],
    ),
    "orphan: the participant has several records": (
        EVENTS, [("A", "", "", "CAUSE", "p"), ("B", "", "", "CAUSE", "q")], ["", "", "q"],
        [("orphan_supplement", "A", "1", "'CAUSE'")],
    ),
    "duplicate": (
        PEOPLE, [("A", "", "", "CAUSE", "Y"), ("B", "", "", "CAUSE", "N"), ("A", "", "", "CAUSE", "Y")], ["", "N"],
        [("duplicate_supplement", "A", "1, 3", "'CAUSE'")],
    ),
    "duplicate by two ways of naming the record": (
        EVENTS, [("B", "", "", "CAUSE", "p"), ("B", "AESEQ", "1", "CAUSE", "q"), ("A", "AESEQ", "1", "CAUSE", "o")],
        ["o", "", ""], [("duplicate_supplement", "B", "1, 2", "'CAUSE'")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_qualifiers_find_their_records(name):
    parent, rows, expected, findings = CASES[name]
    frame, found = merged(parent, rows)
    assert frame["CAUSE"].tolist() == expected
    assert found == findings
    assert frame[parent.frame.columns].equals(parent.frame)


def test_a_qualifier_named_like_a_variable_is_refused_and_changes_nothing():
    frame, found = merged(PEOPLE, [("A", "", "", "AGE", "99")])
    assert found == [("supplement_clash", "A", "1", "'AGE'")]
    assert frame.equals(PEOPLE.frame)


def test_sequence_numbers_can_be_text_in_the_records_too():
    parent = table(text([("A", "1"), ("A", "2")], ["USUBJID", "AESEQ"]))
    frame, found = merged(parent, [("A", "AESEQ", "2", "CAUSE", "p")])
    assert found == []
    assert frame["CAUSE"].tolist() == ["", "p"]


def test_several_qualifiers_become_several_columns():
    frame, _ = merged(PEOPLE, [("A", "", "", "TWO", "2"), ("B", "", "", "ONE", "1")])
    assert frame[["ONE", "TWO"]].to_numpy().tolist() == [["", "2"], ["1", ""]]


def test_a_file_without_the_columns_of_qualifiers_is_refused():
    frame, found = merged(PEOPLE, [("A", "CAUSE")], ["USUBJID", "QNAM"])
    assert [rule for rule, *_ in found] == ["missing_column"] * 3
    assert frame.equals(PEOPLE.frame)


def test_records_that_name_no_participant_cannot_be_qualified():
    parent = table(text([("A", "40")], ["SUBJID", "AGE"]))
    frame, found = merged(parent, [("A", "", "", "CAUSE", "Y")])
    assert [rule for rule, *_ in found] == ["missing_column"]
    assert frame.equals(parent.frame)


def test_numbers_of_rows_are_those_of_the_file():
    rows = text([("Z", "", "", "CAUSE", "Y")], COLUMNS)
    supplement = FileTable("supp.csv", rows, 2, {}, [], tuple(COLUMNS), np.array([17]))
    (finding,) = merge_supplement(PEOPLE, supplement).findings
    assert (finding.file, finding.rows) == ("supp.csv", "17")


def test_every_qualifier_is_accounted_for(tmp_path):
    (tmp_path / "ae.csv").write_text("USUBJID,AESEQ\nA,1\nA,2\n")
    (tmp_path / "suppae.csv").write_text(
        "USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\n"
        "A,AESEQ,1,SZTYPE,focal\nA,AESEQ,2,SZTYPE,focal\nA,AESEQ,1,OTHER,x\nA,AESEQ,9,SZTYPE,y\n"
    )
    file, supplement = str(tmp_path / "ae.csv"), str(tmp_path / "suppae.csv")
    source = RawSource("ae", file, {}, pd.Timestamp("2021-01-01"), supplement)
    rows = read_raw(source, {"participant": "USUBJID", "type": "SZTYPE"}).account()
    assert rows[["FILE", "OUTCOME", "REASON", "ROWS"]].values.tolist() == [
        [file, "used", "", 2],
        [supplement, "used", "", 2],
        [supplement, "excluded", "a qualifier that the protocol does not name", 1],
        [supplement, "error", "see the findings", 1],
    ]


def test_qualifiers_of_a_file_without_their_columns_are_part_of_an_error(tmp_path):
    (tmp_path / "ae.csv").write_text("USUBJID,AESEQ\nA,1\n")
    (tmp_path / "suppae.csv").write_text("USUBJID\nA\nA\n")
    source = RawSource(
        "ae", str(tmp_path / "ae.csv"), {}, pd.Timestamp("2021-01-01"), str(tmp_path / "suppae.csv")
    )
    rows = read_raw(source, {"participant": "USUBJID"}).account()
    assert rows[["OUTCOME", "ROWS"]].values.tolist() == [["used", 1], ["used", 0], ["error", 2]]
