"""Which codes stand for which arm, and which for two things."""

import pytest
from seizureflow.arm_codes import ambiguous_codes, arm_codes, compared, spellings
from seizureflow.problems import InputError

ARMS = [
    {"id": "sham", "label": "Sham", "codes": ["A", "x"]},
    {"id": "tablet", "label": "Tablet 5 mg"},
]


def test_codes_are_compared_without_case_and_blanks():
    assert arm_codes(ARMS, ["Screen Failure"]) == {
        "": None,
        "screen failure": None,
        "sham": "sham",
        "a": "sham",
        "x": "sham",
        "tablet": "tablet",
        "tablet 5 mg": "tablet",
    }
    assert compared(" Straße ") == compared("STRASSE")


def test_codes_that_differ_in_case_alone_are_spelt_once():
    assert spellings(ARMS, ["none", "SHAM"]) == ["sham", "A", "x", "tablet", "Tablet 5 mg", "none"]


# codes of the second arm, values of nobody; places and words
AMBIGUOUS = {
    "none": (["B"], [], []),
    "repeated": (["TABLET", "tablet"], [], []),
    "another's code": (["X"], [], [(1, 'The code "X" stands for the arm tablet and for the arm sham.')]),
    "another's id": (["sham "], [], [(1, 'The code "sham " stands for the arm tablet and for the arm sham.')]),
    "nobody's": (["B"], ["b"], [(1, 'The code "B" stands for the arm tablet and for nobody randomised.')]),
    "nobody's label": ([], ["SHAM"], [
        (0, 'The code "sham" stands for the arm sham and for nobody randomised.'),
        (0, 'The code "Sham" stands for the arm sham and for nobody randomised.'),
    ]),
    "nothing": ([" "], [], [(1, 'The code " " stands for the arm tablet and for nobody randomised.')]),
}  # fmt: skip


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous_codes(name):
    codes, nobody, expected = AMBIGUOUS[name]
    arms = [ARMS[0], ARMS[1] | {"codes": codes}]
    assert [(code.arm, code.message) for code in ambiguous_codes(arms, nobody)] == expected
    if expected:
        with pytest.raises(InputError) as error:
            arm_codes(arms, nobody)
        assert [problem.what for problem in error.value.problems] == [what for _, what in expected]
    else:
        assert arm_codes(arms, nobody)[compared(codes[0])] == "tablet"
