"""A raw file as a table: which rows belong to it, what is found, and what becomes of every row."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.cell_text import text_of
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.raw_table import RawTable

LATEST = pd.Timestamp("2021-01-01")
COLUMNS = {"participant": "who", "value": "val"}


def table(rows, columns=("participant", "value"), numbers=None):
    cells = pd.DataFrame(rows, columns=list(columns), dtype="str")
    lines = np.arange(2, len(cells) + 2) if numbers is None else np.array(numbers)
    return RawTable("domain", "raw.csv", cells, dict(COLUMNS), lines, LATEST)


def refused(raw, wrong):
    raw.refuse("rule", "value", pd.Series(wrong), "Message.", "Action.")
    return [(f.participant, f.rows, f.value) for f in raw.findings]


# rows, which of them are wrong, numbers of the rows; findings as participant, rows and value
FINDINGS = {
    "nothing is wrong": ([("A", "x")], [False], None, []),
    "one": ([("A", "x"), ("A", "y")], [False, True], None, [("A", "3", "'y'")]),
    "several of one participant are one finding": (
        [("A", "x"), ("A", "x"), ("A", "y"), ("A", "z")], [True, True, True, False], None,
        [("A", "2-4", "'x', 'y'")],
    ),
    "participants in the order of the file": (
        [("B", "x"), ("A", "y"), ("B", "z")], [True, True, True], None,
        [("B", "2, 4", "'x', 'z'"), ("A", "3", "'y'")],
    ),
    "numbers are those of the file": (
        [("A", "x"), ("A", "y")], [True, True], [40, 77], [("A", "40, 77", "'x', 'y'")],
    ),
    "no more than five values": (
        [("A", str(number)) for number in range(8)], [True] * 8, None,
        [("A", "2-9", "'0', '1', '2', '3', '4' and 3 more")],
    ),
    "no participant": ([("", "x")], [True], None, [("", "2", "'x'")]),
    "an empty cell": ([("A", "")], [True], None, [("A", "2", "''")]),
    "a control character is spelt": ([("A\x1b", "x\x00")], [True], None, [("A\\x1b", "2", "'x\\\\x00'")]),
}  # fmt: skip


@pytest.mark.parametrize("name", FINDINGS)
def test_there_is_a_finding_per_participant(name):
    rows, wrong, numbers, expected = FINDINGS[name]
    raw = table(rows, numbers=numbers)
    assert refused(raw, wrong) == expected
    for finding in raw.findings:
        assert (finding.severity, finding.rule, finding.file) == ("error", "rule", "raw.csv")
        assert (finding.field, finding.message, finding.action) == ("val", "Message.", "Action.")


def test_beyond_a_hundred_participants_the_rest_is_one_finding():
    people = [f"P{number:03d}" for number in range(103)]
    found = refused(table([(who, "x") for who in people * 2]), [True] * 206)
    assert [who for who, _, _ in found] == [*people[:100], "3 more participants"]
    assert found[0][1] == "2, 105"
    assert found[-1][1] == "102-104, 205-207"


def test_a_hundred_participants_are_each_named():
    people = [f"P{number:03d}" for number in range(100)]
    found = refused(table([(who, "x") for who in people]), [True] * 100)
    assert [who for who, _, _ in found] == people


def test_a_file_without_participants_has_one_finding():
    raw = RawTable(
        "domain",
        "raw.csv",
        pd.DataFrame({"value": ["x", "y"]}, dtype="str"),
        {"value": "val"},
        np.array([2, 3]),
        LATEST,
    )
    assert refused(raw, [True, True]) == [("", "2, 3", "'x', 'y'")]


def test_a_column_that_the_file_lacks_is_not_reported_again():
    raw = table([("A",)], columns=("participant",))
    assert refused(raw, [True]) == []
    assert not raw.wrong.any()
    assert raw.column("value").tolist() == [""]
    assert raw.is_empty("value").tolist() == [True]
    assert list(raw.coded("value")) == [""]


# which rows are errors, which were used (None: not said); outcome, reason, rows
ACCOUNTS = {
    "all used": ([0, 0, 0], None, [("used", "", 3)]),
    "one error": ([0, 1, 0], None, [("used", "", 2), ("error", "see the findings", 1)]),
    "one excluded": ([0, 0, 0], [1, 0, 1], [("used", "", 2), ("excluded", "why", 1)]),
    "an error counts once, used or not": (
        [1, 1, 0], [1, 0, 0], [("used", "", 0), ("excluded", "why", 1), ("error", "see the findings", 2)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_row_is_used_excluded_or_an_error(name):
    wrong, used, expected = ACCOUNTS[name]
    raw = table([("A", "x")] * 3)
    refused(raw, np.array(wrong, dtype=bool))
    account = raw.account(None if used is None else pd.Series(used, dtype=bool), "why")
    assert (
        list(account[["OUTCOME", "REASON", "ROWS"]].itertuples(index=False, name=None)) == expected
    )
    assert account["ROWS"].sum() == 3
    assert set(account["DOMAIN"]) == {"domain"}
    assert set(account["FILE"]) == {"raw.csv"}


def test_a_warning_is_no_error_and_its_row_is_used():
    raw = table([("A", "x")])
    raw.report("warning", "rule", "value", pd.Series([True]), "Message.", "Action.")
    assert raw.findings[0].severity == "warning"
    assert raw.account()["OUTCOME"].tolist() == ["used"]


@pytest.fixture
def read(tmp_path):
    def read(lines, columns=COLUMNS, **entry):
        path = tmp_path / "raw.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_raw(RawSource("domain", str(path), entry, LATEST), columns)

    return read


def found(raw):
    return [(finding.rule, finding.field) for finding in raw.findings]


LINES = ["who,val,kind,more", "A,1,diary,x", "B,2,other,y", "C,3,diary,z"]


def test_rows_that_are_kept_have_their_lines_and_the_others_are_counted(read):
    raw = read(LINES, keep={"kind": ["diary"]})
    assert raw.findings == []
    assert raw.cells.to_numpy().tolist() == [["A", "1"], ["C", "3"]]
    assert raw.row_numbers.tolist() == [2, 4]
    account = raw.account()[["OUTCOME", "REASON", "ROWS"]]
    assert account.to_numpy().tolist() == [["used", "", 2], ["excluded", "kind is not diary", 1]]


def test_rows_must_pass_every_condition_and_are_counted_at_the_first(read):
    raw = read(LINES, keep={"kind": ["diary", "else"], "more": ["x", "y"]})
    assert raw.cells["participant"].tolist() == ["A"]
    assert raw.left_out == {"kind is not diary or else": 1, "more is not x or y": 1}


def test_a_condition_that_no_row_meets_is_said_with_what_is_there(read):
    raw = read(LINES, keep={"kind": ["DIARY"], "more": ["x"]})
    assert len(raw.cells) == 0
    (finding,) = raw.findings
    assert (finding.severity, finding.rule, finding.field) == ("warning", "nothing_kept", "kind")
    assert finding.value == "'diary', 'other'"
    assert finding.message.endswith("nowhere DIARY.")
    assert raw.left_out == {"kind is not DIARY": 3}


def test_a_condition_on_a_column_that_is_missing_is_an_error(read):
    raw = read(LINES, keep={"kindd": ["diary"]})
    assert found(raw) == [("missing_column", "kindd")]
    assert 'Did you mean "kind"?' in raw.findings[0].action


def test_values_are_replaced_and_those_not_named_stay(read):
    raw = read(LINES, values={"value": {"1": "one", "2": 2.5}, "absent": {"1": "x"}})
    assert raw.cells["value"].tolist() == ["one", "2.5", "3"]


# column of the value, entry of the protocol; columns reported as missing, columns read
ABSENT = {
    "all there": ("val", {}, [], ["participant", "value"]),
    "missing": ("valu", {}, ["valu"], ["participant"]),
    "optional": ("valu", {"optional": ["value"]}, [], ["participant"]),
    "another is optional": ("valu", {"optional": ["other"]}, ["valu"], ["participant"]),
    "the second of several": (
        "first",
        {"alternatives": {"value": ["val"]}},
        [],
        ["participant", "value"],
    ),
    "none of several": ("a", {"alternatives": {"value": ["b"]}}, ["a or b"], ["participant"]),
    "alternatives of another": (
        "a",
        {"alternatives": {"participant": ["val"]}},
        ["a"],
        ["participant"],
    ),
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_missing_column_is_an_error_unless_it_is_optional(read, name):
    column, entry, absent, there = ABSENT[name]
    raw = read(LINES, {"participant": "who", "value": column}, **entry)
    assert found(raw) == [("missing_column", field) for field in absent]
    assert raw.cells.columns.tolist() == there


def test_every_missing_column_is_reported(read):
    raw = read(LINES, {"participant": "w", "value": "v"})
    assert found(raw) == [("missing_column", "w"), ("missing_column", "v")]


def test_of_several_columns_the_first_that_the_file_has_is_taken(read):
    columns = {"participant": "who", "value": "first"}
    raw = read(LINES, columns, alternatives={"value": ["more", "val"]})
    assert raw.cells["value"].tolist() == ["x", "y", "z"]
    assert raw.columns["value"] == "more"


def test_a_file_that_cannot_be_read_lacks_no_columns_too(tmp_path):
    raw = read_raw(RawSource("domain", str(tmp_path / "none.csv"), {}, LATEST), COLUMNS)
    assert [finding.severity for finding in raw.findings] == ["error"]
    assert raw.findings[0].rule != "missing_column"
    assert len(raw.cells) == 0


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pd.Series(["a", ""], dtype="str"), ["a", ""]),
        (pd.Series(["a", "", "a"], dtype="category"), ["a", "", "a"]),
        (pd.Series([1, 2], dtype="int64"), ["1", "2"]),
        (pd.Series([1.0, 2.5, np.nan, 1e20, -0.1]), ["1", "2.5", "", "1e+20", "-0.1"]),
        (pd.Series([1, None], dtype="Int64"), ["1", ""]),
        (pd.to_datetime(pd.Series(["2020-03-02", None])), ["2020-03-02", ""]),
        (pd.Series([], dtype="float64"), []),
    ],
)
def test_cells_as_text(cells, expected):
    assert text_of(cells).tolist() == expected
    assert text_of(cells).index.equals(cells.index)


def test_long_identifiers_that_are_numbers_keep_every_digit():
    # 2**53 + 1 is no real number of double precision: it would be the participant before it
    assert text_of(pd.Series([2**53, 2**53 + 1])).tolist() == [
        "9007199254740992",
        "9007199254740993",
    ]
