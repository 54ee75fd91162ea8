"""Shifts, liver tests and marked abnormalities, counted by hand."""

import pandas as pd
import pytest
from seizureflow.measurements.criteria import meets
from seizureflow.measurements.liver import LiverRule, cases, limit_multiples, peaks
from seizureflow.measurements.shifts import worst_categories
from unit.measurements.small_results import adlb, adsl, results, row

PEOPLE = adsl({"A": "placebo", "B": "active"})


@pytest.mark.parametrize(
    ("baseline", "later", "shift"),
    [
        (20, [21, 22], ("NORMAL", "NORMAL")),
        (20, [41, 22], ("NORMAL", "HIGH")),
        (20, [22, 5], ("NORMAL", "LOW")),
        (20, [5, 22, 41], ("NORMAL", "LOW and HIGH")),
        (5, [41], ("LOW", "HIGH")),
        (41, [20], ("HIGH", "NORMAL")),
        (None, [41], ("no baseline", "HIGH")),
    ],
)
def test_worst_category(baseline, later, shift):
    days = [row("A", 10 + place, value) for place, value in enumerate(later)]
    before = [] if baseline is None else [row("A", -1, baseline)]
    frame = adlb(PEOPLE, results(*before, *days)).assign(ARM="placebo", SERIES="ALT")
    (found,) = worst_categories(frame, frame[frame["ADY"] > 1]).to_dict("records")
    assert (found["FROM"], found["TO"]) == shift


def test_without_limits_there_is_no_category():
    frame = adlb(PEOPLE, results(row("A", -1, 5), row("A", 9, 50), LOW=None, HIGH=None))
    frame = frame.assign(ARM="placebo", SERIES="ALT")
    assert worst_categories(frame, frame[frame["ADY"] > 1]).empty


def multiples(*found):
    """Multiples of the upper limit: participant, day of March 2020, multiple."""
    rows = [
        {"USUBJID": person, "ADT": pd.Timestamp(2020, 3, day), "MULTIPLE": float(multiple)}
        for person, day, multiple in found
    ]
    return pd.DataFrame(rows, columns=["USUBJID", "ADT", "MULTIPLE"]).astype(
        {"ADT": "datetime64[ms]", "MULTIPLE": "float64"}
    )


@pytest.mark.parametrize(
    ("liver", "bile", "phosphatase", "rule", "is_case"),
    [
        # more than 3 with at least 2 (FDA 2009)
        ([(1, 3.1)], [(1, 2.0)], [], LiverRule(), True),
        ([(1, 3.0)], [(1, 9.0)], [], LiverRule(), False),
        ([(1, 9.0)], [(1, 1.9)], [], LiverRule(), False),
        # either order, at most 30 days apart
        ([(1, 4.0)], [(31, 2.0)], [], LiverRule(), True),
        ([(31, 4.0)], [(1, 2.0)], [], LiverRule(), True),
        ([(1, 4.0)], [(11, 2.0)], [], LiverRule(within_days=9), False),
        ([(1, 4.0), (15, 3.5)], [(20, 2.0)], [], LiverRule(within_days=5), True),
        # alkaline phosphatase in between excludes, before and afterwards not
        ([(5, 4.0)], [(9, 2.0)], [(7, 2.0)], LiverRule(alkaline_phosphatase=2), False),
        ([(9, 4.0)], [(5, 2.0)], [(5, 2.5)], LiverRule(alkaline_phosphatase=2), False),
        ([(5, 4.0)], [(9, 2.0)], [(7, 1.9)], LiverRule(alkaline_phosphatase=2), True),
        ([(5, 4.0)], [(9, 2.0)], [(4, 3.0), (10, 3.0)], LiverRule(alkaline_phosphatase=2), True),
        ([(5, 4.0)], [(9, 2.0)], [(7, 2.0)], LiverRule(), True),
        # another pair without it remains
        (
            [(1, 4.0), (20, 4.0)], [(2, 2.0), (22, 2.0)], [(2, 3.0)],
            LiverRule(within_days=3, alkaline_phosphatase=2), True,
        ),
        ([], [(1, 2.0)], [], LiverRule(), False),
        ([(1, 4.0)], [], [], LiverRule(alkaline_phosphatase=2), False),
    ],
)  # fmt: skip
def test_cases_of_hys_law(liver, bile, phosphatase, rule, is_case):
    tables = [multiples(*(("A", *x) for x in found)) for found in (liver, bile, phosphatase)]
    assert cases(*tables, rule) == ({"A"} if is_case else set())


def test_results_of_two_people_make_no_case():
    assert cases(multiples(("A", 1, 9)), multiples(("B", 1, 9)), multiples(), LiverRule()) == set()


def test_multiples_need_a_positive_upper_limit():
    table = results(
        row("A", 2, 80), row("A", 3, 80, HIGH=None), row("A", 4, 80, HIGH=0.0),
        row("A", 5, None, VALUETXT="<5"), row("A", 6, 3, TESTCD="BILI"),
    )  # fmt: skip
    frame = adlb(PEOPLE, table)
    assert limit_multiples(frame, ["ALT", "AST"])["MULTIPLE"].tolist() == [2.0]


def test_peaks_are_of_participants_with_both():
    found = peaks(multiples(("A", 1, 2), ("A", 9, 5), ("B", 1, 3)), multiples(("A", 2, 1.5)))
    assert found.to_dict("index") == {"A": {"AMINOTRANSFERASE": 5.0, "BILIRUBIN": 1.5}}


@pytest.mark.parametrize(
    ("bounds", "judged", "met"),
    [
        # baseline 20; later 30, 60 and one without a limit, 10
        ({"value": {"at_least": 60}}, [30, 60, 10], [60]),
        ({"value": {"more_than": 60}}, [30, 60, 10], []),
        ({"change": {"at_most": -10}}, [30, 60, 10], [10]),
        ({"percent_change": {"at_least": 50}}, [30, 60, 10], [30, 60]),
        ({"times_upper_limit": {"at_least": 1.5}}, [30, 60], [60]),
        ({"value": {"at_least": 30}, "change": {"at_least": 40}}, [30, 60, 10], [60]),
    ],
)
def test_a_criterion_is_met_where_all_its_bounds_are_kept(bounds, judged, met):
    table = results(
        row("A", -1, 20), row("A", 8, 30), row("A", 9, 60), row("A", 10, 10, HIGH=None),
        row("A", 9, 999, TESTCD="AST"),
    )  # fmt: skip
    frame = adlb(PEOPLE, table)
    later = frame[frame["ADY"] > 1]
    can, does = meets(later, {"test": "ALT", **bounds})
    assert later.loc[can, "AVAL"].tolist() == judged
    assert later.loc[does, "AVAL"].tolist() == met


def test_a_change_cannot_be_judged_without_a_baseline():
    frame = adlb(PEOPLE, results(row("A", 8, 30)))
    can, does = meets(frame, {"test": "ALT", "change": {"at_least": 1}})
    assert not can.any()
    assert not does.any()


@pytest.mark.parametrize(("value", "limit"), [(2.1, 0.7), (3.3, 1.1), (120.0, 40.0)])
def test_exactly_three_times_the_limit_is_not_above_it(value, limit):
    """2.1 / 0.7 is 3.0000000000000004 to a computer, 3.3 / 1.1 is 2.9999999999999996."""
    frame = adlb(PEOPLE, results(row("A", 2, value, HIGH=limit)))
    assert limit_multiples(frame, ["ALT"])["MULTIPLE"].tolist() == [3.0]
    for bound, holds in (("at_least", True), ("more_than", False), ("at_most", True)):
        _, met = meets(frame, {"test": "ALT", "times_upper_limit": {bound: 3}})
        assert met.tolist() == [holds]


def test_a_change_of_exactly_the_bound_reaches_it():
    frame = adlb(PEOPLE, results(row("A", -1, 36.7), row("A", 8, 37.8)))
    _, met = meets(frame[frame["ADY"] > 1], {"test": "ALT", "change": {"at_least": 1.1}})
    assert met.tolist() == [True]
