"""What differs between two results tables: found, of the right kind, in the order of consequence."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seizureflow.results_diff import consequence
from seizureflow.results_diff.comparison import compare
from seizureflow.results_diff.traces import software_in_words
from unit.results_diff.tables import ANCOVA, PRIMARY, ROWS, edited, file_of, frame, held, row


def kinds(comparison) -> list[tuple]:
    return [(c.kind, c.row["ANALYSIS"], c.subject, c.before, c.after) for c in comparison.changes]


@pytest.fixture
def base(tmp_path):
    return file_of(frame(), tmp_path / "base")


@pytest.fixture
def changed(tmp_path):
    return lambda table, criterion=31.0: file_of(table, tmp_path / "changed", criterion)


@pytest.mark.parametrize(
    ("analysis", "statistic", "changes", "expected"),
    [
        # the criterion is a reduction of 31% in the primary analysis
        ("primary", "relative_change", {"VALUE": -30.0}, ("criterion", "value", -32.0, -30.0)),
        ("primary", "relative_change", {"VALUE": -31.0}, ("estimate", "value", -32.0, -31.0)),
        ("ancova", "relative_change", {"VALUE": -40.0}, ("estimate", "value", -20.0, -40.0)),
        ("primary", "relative_change_lower", {"VALUE": -1.0}, ("estimate", "value", -50.0, -1.0)),
        ("primary", "p_value", {"VALUE": 0.05}, ("significance", "value", 0.04, 0.05)),
        ("primary", "p_value", {"VALUE": 0.049}, ("p_value", "value", 0.04, 0.049)),
        ("primary", "coefficient_p", {"VALUE": 0.01}, ("significance", "value", 0.2, 0.01)),
        ("primary", "participants", {"VALUE": 29.0}, ("number", "value", 30.0, 29.0)),
        ("ancova", "theta", {"VALUE": 3.0}, ("number", "value", math.inf, 3.0)),
        ("ancova", "residual", {"VALUE": 1e-300}, ("number", "value", 0.0, 1e-300)),
        (
            "primary",
            "covariance_structure",
            {"TEXT": "ar1"},
            ("text", "text", "unstructured", "ar1"),
        ),
        ("primary", "p_value", {"NOTE": None}, ("note", "note", "Approximate.", None)),
        ("primary", "p_value", {"LABEL": "p"}, ("label", "label", "p_value", "p")),
        ("primary", "relative_change", {"UNIT": None}, ("label", "unit", "%", None)),
        ("primary", None, {"CONVERGED": False}, ("convergence", "converged", True, False)),
        ("ancova", None, {"POPULATION": "mitt"}, ("description", "population", "full", "mitt")),
    ],
)
def test_one_change(base, changed, analysis, statistic, changes, expected):
    comparison = compare(base, changed(edited(analysis, statistic, **changes)))
    kind, subject, before, after = expected
    assert kinds(comparison) == [(kind, analysis, subject, before, after)]
    assert not comparison.same
    assert comparison.unexplained == (analysis,)


def test_a_number_that_came_or_went(base, changed):
    given = changed(edited("ancova", "largest", VALUE=1.0))
    [came], [went] = compare(base, given).changes, compare(given, base).changes
    assert (came.kind, came.after, came.absolute) == ("number", 1.0, None)
    assert (went.kind, went.before, went.relative) == ("number", 1.0, None)


def test_differences_are_absolute_and_relative_to_what_was(base, changed):
    [change] = compare(base, changed(edited("ancova", "relative_change", VALUE=-15.0))).changes
    assert (change.absolute, change.relative) == (5.0, 0.25)
    [from_zero] = compare(base, changed(edited("ancova", "residual", VALUE=2.0))).changes
    assert (from_zero.absolute, from_zero.relative) == (2.0, None)


@pytest.mark.parametrize(
    ("statistic", "value", "tolerance", "found"),
    [
        ("participants", 30.003, 1e-3, False),
        ("participants", 30.003, 1e-5, True),
        ("participants", 30.003, 0.0, True),
        ("p_value", 0.0500001, 0.5, True),  # on the other side of 0.05, whatever the tolerance
        ("relative_change", -30.99, 0.5, True),  # the criterion no longer met, likewise
    ],
)
def test_tolerance(base, changed, statistic, value, tolerance, found):
    after = changed(edited("primary", statistic, VALUE=value))
    assert bool(compare(base, after, tolerance).changes) == found


def test_notes_on_the_whole_analysis(base, changed):
    rows = [r for r in ROWS if r.get("TEXT") != "Two visits were used."]
    rows += [row(PRIMARY, "note", TEXT="All visits were used.")]
    comparison = compare(base, changed(frame(rows)))
    assert kinds(comparison) == [
        ("note", "primary", "analysis_note", None, "All visits were used."),
        ("note", "primary", "analysis_note", "Two visits were used.", None),
    ]


def test_analyses_and_rows_that_came_or_went(base, changed):
    rows = [r for r in ROWS if r["STATISTIC"] not in ("participants", "theta")]
    rows += [row({**ANCOVA, "ANALYSIS": "new"}, "difference", 1.0)]
    comparison = compare(base, changed(frame(rows)))
    assert comparison.analyses_added == ("new",)
    assert [r["STATISTIC"] for r in comparison.rows_removed] == ["participants", "theta"]
    assert not comparison.changes
    back = compare(changed(frame(rows)), base)
    assert back.analyses_removed == ("new",)
    assert [r["STATISTIC"] for r in back.rows_added] == ["participants", "theta"]


def test_what_matters_most_comes_first(base, changed):
    by = {
        ("primary", "participants"): 1.0,
        ("primary", "relative_change"): -1.0,
        ("primary", "relative_change_lower"): -49.0,
        ("primary", "p_value"): 0.9,
        ("primary", "coefficient_p"): 0.001,
        ("ancova", "relative_change"): -99.0,
    }
    rows = [{**r, "VALUE": by.get((r["ANALYSIS"], r["STATISTIC"]), r.get("VALUE"))} for r in ROWS]
    comparison = compare(base, changed(frame(rows)))
    assert [(c.kind, c.row["ANALYSIS"], c.row["STATISTIC"]) for c in comparison.changes] == [
        ("criterion", "primary", "relative_change"),
        ("significance", "primary", "p_value"),  # comparisons before terms of the model
        ("significance", "primary", "coefficient_p"),
        ("estimate", "primary", "relative_change_lower"),  # the primary analysis before others
        ("estimate", "ancova", "relative_change"),
        ("number", "primary", "participants"),
    ]


def test_only_estimates(base, changed):
    table = edited("primary", None, VALUE=0.5, TEXT="x", NOTE="x", CONVERGED=False)
    comparison = compare(base, changed(table), only_estimates=True)
    assert {c.kind for c in comparison.changes} == {
        "criterion",
        "significance",
        "estimate",
        "p_value",
        "convergence",
    }
    fewer = frame([r for r in ROWS if r["STATISTIC"] not in ("participants", "p_value")])
    assert [
        r["STATISTIC"] for r in compare(base, changed(fewer), only_estimates=True).rows_removed
    ] == ["p_value"]


@pytest.mark.parametrize(
    ("column", "value", "part"),
    [
        ("DATA_SHA256", "d2", "data"),
        ("PLAN_SHA256", "p2", "plan"),
        ("CODE_SHA256", "c2", "code"),
        ("SOFTWARE", "python 3.12.1; numpy 2.4.6", "software"),
        ("SEED", 8, "seed"),
    ],
)
def test_why(base, changed, column, value, part):
    """A trace that moved explains a change, and is no difference of results in itself."""
    moved = edited("ancova", None, **{column: value})
    same = compare(base, changed(moved))
    assert same.same
    assert [(t.analysis, t.part) for t in same.traces] == [("ancova", part)]
    moved.loc[moved["STATISTIC"] == "theta", "VALUE"] = 1.0
    explained = compare(base, changed(moved))
    assert not explained.same
    assert explained.because("ancova") == (part,)
    assert explained.unexplained == ()


def test_without_a_criterion_none_is_judged(base, changed):
    after = changed(edited("primary", "relative_change", VALUE=-1.0), criterion=None)
    assert [c.kind for c in compare(base, after).changes] == ["estimate"]


def test_a_criterion_that_moved_can_turn_the_verdict(base, changed):
    after = changed(edited("primary", "relative_change", VALUE=-32.0), criterion=40.0)
    [change] = compare(base, after).changes
    assert (change.kind, change.before, change.after) == ("criterion", -32.0, -32.0)


def test_another_study_of_the_same_plan_is_compared_row_by_row(base, changed):
    other = frame({**r, "STUDYID": "other"} for r in ROWS)
    assert compare(base, changed(other)).same


def test_rows_about_the_same_are_matched_by_value(base, changed):
    twice = [row(ANCOVA, "residual", value, VISIT="week_4") for value in (2.0, math.nan, 1.0)]
    one, two = frame([*ROWS, *twice]), frame([*twice[::-1], *ROWS])
    assert compare(changed(one), file_of(two, base.path.parent)).same


# Missing, infinite and equal values among them.
_VALUES = st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 0.04, 0.05, -31.0, 1e-300, 12.5])
_ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from([PRIMARY, ANCOVA]),
        st.sampled_from(["relative_change", "p_value", "theta", "note"]),
        _VALUES,
        GROUP=st.sampled_from([None, "active"]),
        VISIT=st.sampled_from([None, "week_2"]),
        TEXT=st.sampled_from([None, "NA", "'=1"]),
        NOTE=st.sampled_from([None, "Approximate."]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(rows=_ROWS, data=st.data())
def test_a_table_differs_from_itself_in_nothing_whatever_the_order(rows, data):
    shuffled = data.draw(st.permutations(rows))
    one, two = held(rows), held(shuffled)
    for comparison in (compare(one, one), compare(one, two), compare(two, one)):
        assert comparison.same
        assert not comparison.traces


@settings(max_examples=60, deadline=None)
@given(rows=_ROWS, others=_ROWS, data=st.data())
def test_order_does_not_matter_to_what_differs(rows, others, data):
    one, two = held(rows), held(others)
    shuffled = held(data.draw(st.permutations(others)))
    as_given, in_other_order = compare(one, two), compare(one, shuffled)
    assert [str(c) for c in kinds(as_given)] == [str(c) for c in kinds(in_other_order)]
    assert as_given.same == in_other_order.same == compare(two, one).same


@pytest.mark.parametrize(
    ("method", "statistic", "expected"),
    [
        ("mmrm", "relative_change", True),
        ("mmrm", "relative_change_upper", True),
        ("mmrm", "lsmean", False),
        ("cox", "hazard_ratio_lower", True),
        ("participant_flow", "screened", False),
        ("of_another_version", "relative_change", False),
    ],
)
def test_estimates_are_those_of_the_registry(method, statistic, expected):
    assert consequence.is_estimate(method, statistic) == expected


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("python 3.11; numpy 2.4.1", "python 3.11; numpy 2.4.2", "numpy 2.4.1 → 2.4.2"),
        ("numpy 2.4; scipy 1.17", "numpy 2.4", "scipy 1.17 → none"),
        (None, "numpy 2.4", "numpy none → 2.4"),
        ("numpy 2.4", "numpy 2.4", ""),
    ],
)
def test_software_in_words(before, after, words):
    assert software_in_words(before, after) == words
