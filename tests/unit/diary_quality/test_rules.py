"""Small diaries, each with every finding that it must give: rule, participant, rows and value."""

import pandas as pd
import pytest
from seizureflow.diary_quality import assess_diary
from unit.diary_quality.small_diaries import (
    PERIODS,
    SETTINGS,
    WORDS,
    assessed,
    days_of,
    intervals_of,
    people_of,
    seizures_of,
)


def found(*tables, **settings):
    return [
        (finding.rule, finding.participant, finding.rows, finding.value)
        for finding in assessed(*tables, **settings)
    ]


WEEK = days_of(
    "A", [-3, -2, -1, 1, 2, 3, 4], row=2
)  # rows 2 to 8, recorded, over the missing day 0


def test_a_clean_diary_over_the_missing_day_0_has_no_findings():
    assert found(WEEK, [("A", -1, "tonic", 2, False, 4)], [("A", -3, 4, "Y")]) == []


def test_no_rows_at_all():
    assert found([]) == []


# Duplicates and overlaps ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seizures", "recorded", "verdict"),
    [
        ([], True, "identical"),
        ([("A", 2, "tonic", 1, False, 6), ("A", 2, "tonic", 1, False, 9)], True, "identical"),
        ([("A", 2, "tonic", 1, False, 6)], True, "conflicting"),
        ([("A", 2, "tonic", 1, False, 9)], True, "conflicting"),
        ([("A", 2, "tonic", 1, False, 6), ("A", 2, "tonic", 2, False, 9)], True, "conflicting"),
        ([("A", 2, "tonic", 1, False, 6), ("A", 2, "clonic", 1, False, 9)], True, "conflicting"),
        ([("A", 2, "tonic", 1, False, 6), ("A", 2, "tonic", 1, True, 9)], True, "conflicting"),
        ([], False, "conflicting"),
    ],
)
def test_duplicate_day_says_whether_the_records_agree(seizures, recorded, verdict):
    twice = [*WEEK, ("A", 2, 3, recorded, 9)]
    assert found(twice, seizures)[0] == ("duplicate_day", "A", "6, 9", f"day 2: {verdict}")


def test_two_counts_of_a_type_on_a_row_equal_their_sum():
    """Events of one day are added up: 1 + 1 on row 6 is the 2 of row 9."""
    seizures = [("A", 2, "tonic", count, False, row) for count, row in [(1, 6), (1, 6), (2, 9)]]
    found_here = found([*WEEK, ("A", 2, 3, True, 9)], seizures)
    assert found_here == [("duplicate_day", "A", "6, 9", "day 2: identical")]


def test_three_records_of_a_day_one_of_which_conflicts():
    rows = [*days_of("A", [1], 2), *days_of("A", [1], 3), *days_of("A", [1], 4)]
    assert found(rows, [("A", 1, "tonic", 1, False, 4)]) == [
        ("duplicate_day", "A", "2-4", "day 1: conflicting")
    ]


def test_overlapping_records():
    rows = [("A", -4, 3, True, 2), ("A", 2, 5, True, 3), ("A", 5, 6, True, 4), ("B", 5, 6, True, 5)]
    assert found(rows) == [("overlapping_records", "A", "2, 3", "days -4 to 2; days 2-4")]


def test_records_that_touch_across_the_missing_day_0_do_not_overlap():
    assert found([("A", -14, 1, True, 2), ("A", 1, 15, True, 3)]) == []


def test_a_long_record_overlaps_later_ones_that_do_not_follow_it_at_once():
    rows = [("A", 1, 10, True, 2), ("A", 2, 3, True, 3), ("A", 8, 12, True, 4)]
    assert found(rows) == [
        ("overlapping_records", "A", "2-4", "days 1-9; day 2; days 8-11"),
    ]


# Bounds of the study -------------------------------------------------------------------------


def test_days_outside_the_study_beyond_the_tolerance():
    """2 days are tolerated: from day -3 before screening on day -1, to day 4 after day 2."""
    rows = days_of("A", [-4, -3, -2, -1, 1, 2, 3, 4, 5], row=2)
    assert found(rows, [], [("A", -1, 2, "N")]) == [
        ("before_screening", "A", "2", "day -4, up to 3 days before screening"),
        ("after_end_of_study", "A", "10", "day 5, up to 3 days after the end"),
    ]


def test_exactly_the_tolerated_days_outside_are_no_finding():
    rows = days_of("A", [-3, -2, -1, 1, 2, 3, 4], row=2)
    assert found(rows, [], [("A", -1, 2, "N")]) == []


def test_the_missing_day_0_is_no_day_outside():
    """Day -1 is 1 day before day 1, not 2."""
    rows = days_of("A", [-2, -1, 1], row=2)
    assert found(rows, [], [("A", 1, 1, "N")]) == []
    assert found(rows, [], [("A", 1, 1, "N")], maximum_days_outside=1) == [
        ("before_screening", "A", "2", "day -2, up to 2 days before screening")
    ]


def test_unknown_bounds_are_not_judged():
    rows = days_of("A", list(range(900, 904)), row=2)
    assert found(rows, [], [("A", None, None, "N")]) == []


# Counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "value"), [(50, None), (51, "day 2: 51 tonic"), (9999, "day 2: 9,999 tonic")]
)
def test_absurd_count(count, value):
    expected = [("absurd_count", "A", "6", value)] if value else []
    assert found(WEEK, [("A", 2, "tonic", count, False, 6)]) == expected


@pytest.mark.parametrize(("count", "absurd"), [(100, False), (101, True)])
def test_counts_of_longer_intervals_are_judged_by_the_day(count, absurd):
    """2 days, -1 and 1, at most 50 a day."""
    expected = [("absurd_count", "A", "2", "days -1 to 1: 101 tonic")] if absurd else []
    assert found([("A", -1, 2, True, 2)], [("A", -1, "tonic", count, False, 2)]) == expected


def test_events_of_a_day_are_added_up_by_type():
    seizures = [("A", 2, "tonic", 30, False, 6), ("A", 2, "tonic", 21, False, 20)]
    assert found(WEEK, [*seizures, ("A", 2, "clonic", 40, False, 6)]) == [
        ("absurd_count", "A", "6, 20", "day 2: 51 tonic")
    ]


def test_counts_of_duplicate_days_are_not_added_up():
    seizures = [("A", 2, "tonic", 40, False, 6), ("A", 2, "tonic", 40, False, 9)]
    assert found([*WEEK, ("A", 2, 3, True, 9)], seizures) == [
        ("duplicate_day", "A", "6, 9", "day 2: identical")
    ]


def test_counts_on_days_not_recorded_or_without_a_row():
    rows = [*days_of("A", [1, 2], 2), *days_of("A", [3], 4, recorded=False)]
    seizures = [("A", day, "tonic", 2, False, row) for day, row in [(2, 3), (3, 4), (9, 12)]]
    assert found(rows, seizures) == [
        ("count_on_missing_day", "A", "4, 12", "days 3, 9: 4 seizures")
    ]


def test_cluster_and_single():
    seizures = [
        ("A", 1, "tonic", 1, True, 5),
        ("A", 1, "clonic", 1, False, 5),  # another type
        ("A", 2, "tonic", 3, False, 6),  # another day
        ("A", 3, "tonic", 1, True, 7),
        ("A", 3, "tonic", 2, False, 7),
    ]
    assert found(WEEK, seizures) == [("cluster_and_single", "A", "7", "day 3: tonic")]


def test_status_epilepticus():
    seizures = [("A", 1, "status", 1, False, 5), ("A", 2, "tonic", 1, False, 6)]
    (finding,) = assessed(WEEK, seizures)
    assert (finding.rule, finding.rows, finding.value) == (
        "status_epilepticus",
        "5",
        "day 1: status",
    )
    assert finding.message == f"The diary has days with status epilepticus: {WORDS}."


# Runs ----------------------------------------------------------------------------------------


def same(days, count=2, kind="tonic"):
    rows = {row[1]: row[4] for row in WEEK}
    return [("A", day, kind, count, False, rows[day]) for day in days]


@pytest.mark.parametrize(
    ("seizures", "run"),
    [
        (same([-2, -1, 1, 2]), ("3-6", "days -2 to 2: tonic 2 each day")),  # exactly 4 days
        (same([-1, 1, 2]), None),  # 3 days
        (same([-2, -1, 1, 3, 4]), None),  # day 2 is free of seizures
        ([*same([-2, -1, 1]), *same([2, 3], count=3)], None),
        ([*same([-2, -1, 1, 2]), *same([1], kind="clonic")], None),  # another type on day 1
        (
            [*same([-2, -1, 1, 2]), *same([-2, -1, 1, 2], 1, "clonic")],
            ("3-6", "days -2 to 2: clonic 1, tonic 2 each day"),
        ),
    ],
)
def test_identical_run(seizures, run):
    assert found(WEEK, seizures) == ([("identical_run", "A", *run)] if run else [])


def test_a_cluster_is_another_entry_than_a_single_seizure():
    seizures = [(*row[:3], 1, row[1] == 1, row[5]) for row in same([-2, -1, 1, 2])]
    assert found(WEEK, seizures) == []
    seizures = [(*row[:3], 1, True, row[5]) for row in same([-2, -1, 1, 2])]
    assert found(WEEK, seizures) == [
        ("identical_run", "A", "3-6", "days -2 to 2: tonic 1 as a cluster each day")
    ]


def test_a_day_that_is_absent_or_not_recorded_ends_a_run():
    absent = days_of("A", [1, 2, 3, 5, 6], 2)
    seizures = [("A", row[1], "tonic", 1, False, row[4]) for row in absent]
    assert [rule for rule, *_ in found(absent, seizures)] == ["gap_in_diary"]
    missing = [*absent, ("A", 4, 5, False, 9)]
    assert found(missing, seizures) == []


def test_a_run_does_not_go_on_in_the_next_participant():
    rows = [*days_of("A", [1, 2], 2), *days_of("B", [3, 4], 4)]
    assert found(rows, [(row[0], row[1], "tonic", 1, False, row[4]) for row in rows]) == []


def test_a_duplicate_day_does_not_end_a_run_and_counts_once():
    rows = [*days_of("A", [1, 2, 3], 2), ("A", 2, 3, True, 9)]
    seizures = [("A", row[1], "tonic", 1, False, row[4]) for row in rows]
    assert [rule for rule, *_ in found(rows, seizures)] == ["duplicate_day"]
    rows += days_of("A", [4], 5)
    seizures.append(("A", 4, "tonic", 1, False, 5))
    assert found(rows, seizures)[1:] == [
        ("identical_run", "A", "2-5", "days 1-4: tonic 1 each day")
    ]


def test_equal_counts_of_longer_periods_are_no_run():
    """Four two-week counts of 3 are not 56 days of the same entry."""
    rows = [("A", 1 + 14 * i, 15 + 14 * i, True, 2) for i in range(4)]
    assert found(rows, [("A", row[1], "tonic", 3, False, 2) for row in rows]) == []


def test_a_longer_record_is_not_a_day_of_a_run():
    rows = [*days_of("A", [1, 2, 3], 2), ("A", 4, 6, True, 5)]
    assert found(rows, [("A", row[1], "tonic", 1, False, row[4]) for row in rows]) == []


# Entry lag -----------------------------------------------------------------------------------


def test_backfilled_days():
    rows = [
        *days_of("A", [-1, 1], 2, lag=8),
        *days_of("A", [2], 4, lag=7),  # exactly the limit
        *days_of("A", [3], 5, lag=None),
        *days_of("A", [4], 6, lag=30),
        *days_of("B", [4], 7, lag=0),
    ]
    assert found(rows) == [("backfilled", "A", "2, 3, 6", "days -1 to 1, 4, up to 30 days later")]


def test_entered_before_the_day():
    rows = [*days_of("A", [1], 2, lag=0), *days_of("A", [2, 3], 3, lag=-1)]
    assert found(rows) == [("entered_before_day", "A", "3, 4", "days 2-3, up to 1 day before")]


# Compliance and gaps -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "value"),
    [(8, None), (7, "Baseline: 7 of 10 days (70.0%)"), (0, "Baseline: 0 of 10 days (0.0%)")],
)
def test_low_compliance_in_the_baseline(recorded, value):
    """10 days of baseline, 80% is 8."""
    days = list(range(-10, 0))
    rows = [*days_of("A", days[:recorded], 2), *days_of("A", days[recorded:], 20, recorded=False)]
    expected = [("low_compliance", "A", "", value)] if value else []
    assert found(rows, [], [("A", -10, -1, "N")], PERIODS) == expected


def test_low_compliance_after_randomisation_within_the_time_in_study():
    """In the study to day 5: 5 days of weeks 1-2 are expected, 3 recorded, 80% is 4."""
    rows = [*days_of("A", list(range(-10, 0)), 2), *days_of("A", [1, 2, 3], 12)]
    people = [("A", -10, 5, "Y")]
    assert found(rows, [], people, PERIODS) == [
        ("low_compliance", "A", "", "Weeks 1-2: 3 of 5 days (60.0%)")
    ]
    assert found([*rows, *days_of("A", [4], 15)], [], people, PERIODS) == []
    assert found(rows, [], [("A", -10, 5, "N")], PERIODS) == []  # baseline alone


def test_a_share_just_below_the_limit_does_not_read_as_the_limit():
    rows = days_of("A", list(range(1, 6667)), 2)
    people = [("A", 1, 8333, "Y")]
    periods = [("year", "All", 1, 8334)]
    assert found(rows, [], people, periods, minimum_compliance=80.0)[0][3] == (
        "All: 6666 of 8,333 days (79.9%)"
    )


def test_a_participant_who_left_before_the_period_has_no_finding():
    rows = days_of("A", list(range(-10, 0)), 2)
    assert found(rows, [], [("A", -10, -1, "Y")], PERIODS) == []


def test_no_diary():
    people = [("A", -3, 4, "Y"), ("B", None, None, "Y"), ("C", None, None, "N")]
    assert found(WEEK, [], people) == [("no_diary", "B", "", "")]


def test_randomised_without_a_diary_is_said_once():
    people = [("A", None, None, "N"), ("B", None, None, "Y")]
    periods = [("week", "Week 1", 1, 5)]
    assert found(WEEK, [], people, periods) == [("no_diary", "B", "", "")]


def test_a_diary_without_any_day_is_left_to_the_reader_of_its_file():
    """It has said that the file has no rows, or what is wrong with each of them."""
    assert found([], [], [("B", None, None, "Y")], PERIODS) == []


def test_gaps_between_the_first_and_last_diary_day():
    rows = [
        *days_of("A", [-3, 2, 3, 5], 2),
        *days_of("B", [9], 6),  # the days between two participants are no gap
        *days_of("A", [7], 7, recorded=False),
    ]
    assert found(rows) == [("gap_in_diary", "A", "", "days -2 to 1, 4, 6 (5 days)")]


def test_a_long_record_leaves_no_gap_behind_a_short_one_inside_it():
    rows = [("A", 1, 10, True, 2), ("A", 2, 3, True, 3), ("A", 10, 11, True, 4)]
    assert [rule for rule, *_ in found(rows)] == ["overlapping_records"]


# All together --------------------------------------------------------------------------------


def test_text_and_categories_in_any_order_give_the_same():
    rows = [*WEEK, *days_of("B", [1, 2, 2, 9], 20, lag=9), ("A", 3, 5, True, 30)]
    seizures = [
        *same([-2, -1, 1, 2]),
        ("B", 2, "status", 1, True, 21),
        ("B", 2, "status", 99, False, 22),
    ]
    people = [("A", 1, 2, "Y"), ("B", -5, None, "Y"), ("C", None, None, "Y")]
    tables = (intervals_of(rows), seizures_of(seizures), people_of(people))
    options = {"file": "diary.csv", "status_types": ["status"], "status_words": WORDS}
    findings, table = assess_diary(*tables, PERIODS, SETTINGS, **options)
    assert len({finding.rule for finding in findings}) > 8
    for order in (["A", "B", "C"], ["C", "B", "unused", "A"]):
        person = pd.CategoricalDtype(order)
        coded = [frame.astype({"USUBJID": person}) for frame in tables]
        coded[1]["SEIZTYPE"] = coded[1]["SEIZTYPE"].astype("category")
        coded[0] = coded[0].sort_values(["USUBJID", "START"], ignore_index=True)
        again, table_again = assess_diary(*coded, PERIODS, SETTINGS, **options)
        assert again == findings
        pd.testing.assert_frame_equal(table_again, table)


def test_a_missing_participant_is_refused():
    frame = intervals_of(WEEK)
    frame.loc[0, "USUBJID"] = None
    with pytest.raises(ValueError, match="USUBJID"):
        assess_diary(
            frame,
            seizures_of([]),
            people_of([]),
            [],
            SETTINGS,
            file="",
            status_types=(),
            status_words="",
        )
