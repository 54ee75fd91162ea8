"""The treatment codes: what is read as an arm, and what is wrong with a file of codes."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.arm_codes import arm_codes
from seizureflow.blinding import arms_shown, is_dummy
from seizureflow.problems import InputError
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.raw_table import RawTable
from seizureflow.treatment import read_treatment

ARMS = [
    {"id": "placebo", "label": "Placebo", "reference": True, "codes": ["A", "PBO"]},
    {"id": "active", "label": "Natalizumab 300 mg", "codes": ["B"]},
]
NOT_RANDOMISED = ["Screen Failure"]
LATEST = pd.Timestamp("2021-01-01")


def raw_codes(*rows):
    text = pd.DataFrame(rows, columns=["participant", "arm"], dtype="str")
    names = {"participant": "SUBJ", "arm": "TRT"}
    lines = np.arange(2, len(text) + 2)
    return RawTable("treatment_codes", "codes.csv", text, names, lines, LATEST)


def people(*identifiers, randomised=()):
    dates = [pd.Timestamp("2020-03-02") if who in randomised else pd.NaT for who in identifiers]
    return pd.DataFrame({"USUBJID": list(identifiers), "RANDDT": pd.to_datetime(pd.Series(dates))})


@pytest.mark.parametrize(
    ("code", "arm"),
    [
        ("placebo", "placebo"),
        ("PLACEBO", "placebo"),
        ("a", "placebo"),
        (" pbo ", "placebo"),
        ("natalizumab 300 MG", "active"),
        ("B", "active"),
        ("", None),
        ("  ", None),
        ("screen failure", None),
    ],
)
def test_a_code_is_an_id_a_label_or_a_code_of_an_arm(code, arm):
    table, findings = read_treatment(raw_codes(("P1", code)), ARMS, people("P1"), NOT_RANDOMISED)
    assert findings == []
    assert table["ARMCD"].tolist() == ([arm] if arm else [])


def test_the_table_is_sorted_and_holds_the_randomised_alone():
    raw = raw_codes(("P3", "B"), ("P1", "A"), ("P2", "Screen failure"))
    table, findings = read_treatment(raw, ARMS, people("P1", "P2", "P3"), NOT_RANDOMISED)
    assert findings == []
    assert table.to_dict("list") == {"USUBJID": ["P1", "P3"], "ARMCD": ["placebo", "active"]}


# rows of the file, participants, who has a date of randomisation; severity, rule, participant,
# lines, what was found (by participant)
MISFITS = {
    "unknown code": (
        [("P1", "A"), ("P2", "Placbo")], ("P1", "P2"), (),
        [("error", "unknown_treatment_code", "P2", "3", "'Placbo'")],
    ),
    "two unknown codes": (
        [("P1", "x"), ("P2", "y")], ("P1", "P2"), (),
        [
            ("error", "unknown_treatment_code", "P1", "2", "'x'"),
            ("error", "unknown_treatment_code", "P2", "3", "'y'"),
        ],
    ),
    "unknown code of somebody randomised": (
        [("P1", "x")], ("P1",), ("P1",),
        [("error", "unknown_treatment_code", "P1", "2", "'x'")],
    ),
    "participant twice": (
        [("P1", "A"), ("P1", "B")], ("P1",), (),
        [("error", "duplicate_participant", "P1", "2, 3", "'P1'")],
    ),
    "unknown participant": (
        [("P1", "A"), ("P9", "B")], ("P1",), (),
        [("error", "unknown_participant", "P9", "3", "'P9'")],
    ),
    "nobody": (
        [("P1", "A"), ("", "B")], ("P1",), (),
        [("error", "no_participant", "", "3", "''")],
    ),
    "participants that could not be read": ([("P1", "A")], (), (), []),
    "randomised without a row": (
        [("P1", "A")], ("P1", "P2"), ("P1", "P2"),
        [("error", "no_treatment_code", "P2", "", "")],
    ),
    "randomised with an empty cell": (
        [("P1", "A"), ("P2", "")], ("P1", "P2"), ("P1", "P2"),
        [("error", "no_treatment_code", "P2", "", "''")],
    ),
    "randomised with a value for nobody": (
        [("P1", "A"), ("P2", "Screen Failure")], ("P1", "P2"), ("P1", "P2"),
        [("error", "no_treatment_code", "P2", "", "'Screen Failure'")],
    ),
    "code without a date of randomisation": (
        [("P1", "A"), ("P2", "B")], ("P1", "P2"), ("P1",),
        [("warning", "code_without_randomisation", "P2", "", "'B'")],
    ),
    "nobody has a date": ([("P1", "A"), ("P2", "")], ("P1", "P2"), (), []),
}  # fmt: skip


@pytest.mark.parametrize("name", MISFITS)
def test_misfits_are_found(name):
    rows, who, randomised, expected = MISFITS[name]
    raw = raw_codes(*rows)
    _, findings = read_treatment(raw, ARMS, people(*who, randomised=randomised), NOT_RANDOMISED)
    for found, (severity, rule, participant, lines, value) in zip(findings, expected, strict=True):
        assert (found.severity, found.rule, found.participant) == (severity, rule, participant)
        assert (found.value, found.rows) == (value, lines)
    assert all(f.file == "codes.csv" and f.message and f.action for f in findings)


def test_an_unknown_code_names_the_known_ones_and_the_nearest():
    _, (finding,) = read_treatment(raw_codes(("P1", "placbo")), ARMS, people("P1"), NOT_RANDOMISED)
    assert "Known: placebo, A, PBO, active, Natalizumab 300 mg, B, Screen Failure." in (
        finding.message
    )
    assert 'Did you mean "placebo"?' in finding.action
    assert finding.field == "TRT"


def test_the_identifiers_of_the_participants_file_are_not_checked_again():
    raw = raw_codes(("P1", "A"), ("P1", "B"), ("", "A"), ("P9", "A"))
    table, findings = read_treatment(raw, ARMS, people("P1"), NOT_RANDOMISED, own_file=False)
    assert findings == []
    assert table.to_dict("list") == {"USUBJID": ["P1"], "ARMCD": ["placebo"]}


def test_somebody_with_a_code_and_no_date_counts_as_randomised():
    raw = raw_codes(("P1", "A"), ("P2", "B"))
    table, _ = read_treatment(raw, ARMS, people("P1", "P2", randomised=("P1",)), [])
    assert table["USUBJID"].tolist() == ["P1", "P2"]


def test_nobody_lacks_a_code_where_the_column_is_missing(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("SUBJ\nP1\n", encoding="utf-8")
    source = RawSource("treatment_codes", str(path), {}, LATEST)
    raw = read_raw(source, {"participant": "SUBJ", "arm": "TRT"})
    table, findings = read_treatment(raw, ARMS, people("P1", randomised=("P1",)), [])
    assert (len(table), [found.rule for found in findings]) == (0, ["missing_column"])


@pytest.mark.parametrize(
    ("arms", "not_randomised", "words"),
    [
        (
            [ARMS[0], ARMS[1] | {"codes": ["pbo"]}],
            [],
            'code "pbo" stands for the arm active and for the arm placebo',
        ),
        (ARMS, ["B"], 'code "B" stands for the arm active and for nobody'),
    ],
)
def test_a_code_of_two_arms_is_refused(arms, not_randomised, words):
    with pytest.raises(InputError, match=words):
        arm_codes(arms, not_randomised)


@pytest.mark.parametrize(
    ("treatment", "dummy", "shown"), [("blinded", True, "dummy"), ("unblinded", False, "actual")]
)
def test_only_unblinded_treatment_is_actual(treatment, dummy, shown):
    assert (is_dummy(treatment), arms_shown(treatment)) == (dummy, shown)
