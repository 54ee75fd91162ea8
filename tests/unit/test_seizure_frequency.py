import numpy as np
import pandas as pd
import pytest
from seizureflow.problems import InputError
from seizureflow.seizure_frequency import (
    countable_intervals,
    frequency,
    longest_seizure_free_run,
    seizure_free_days,
    totals_by_type,
    window_totals,
)

DIARY = {
    "seizure_types": [
        {"id": "motor", "countable": True},
        {"id": "impaired", "countable": True},
        {"id": "aura", "countable": False},
    ],
    "cluster_count_per_day": 1,
}


def daily(counts: list[int | None], first: int = 1, who: str = "A") -> pd.DataFrame:
    """Countable intervals of consecutive days; None is a missing day."""
    days = [first + step for step in range(len(counts))]
    days = [day if day < 0 or first > 0 else day + 1 for day in days]
    rows = [
        (who, day, 1 if day == -1 else day + 1, 1, count)
        for day, count in zip(days, counts, strict=True)
        if count is not None
    ]
    return pd.DataFrame(rows, columns=["USUBJID", "START", "END", "DAYS", "COUNT"])


def windows(*bounds: tuple[int, int], who: str = "A") -> pd.DataFrame:
    rows = [(who, f"w{number}", *pair) for number, pair in enumerate(bounds)]
    return pd.DataFrame(rows, columns=["USUBJID", "WINDOW", "START", "END"])


def test_only_countable_types_count_and_a_cluster_counts_one_a_day():
    intervals = pd.DataFrame(
        {
            "USUBJID": "A",
            "START": [1, 2, 3, 4],
            "END": [2, 3, 4, 5],
            "RECORDED": [True, True, True, False],
        }
    )
    seizures = pd.DataFrame(
        [
            ("A", 1, "motor", 2, False),
            ("A", 1, "impaired", 1, False),
            ("A", 1, "aura", 5, False),
            ("A", 2, "motor", 1, True),
            ("A", 4, "motor", 9, False),
        ],
        columns=["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"],
    )
    found = countable_intervals(intervals, seizures, DIARY)
    assert found["START"].tolist() == [1, 2, 3]  # day 4 was not recorded: it is no zero
    assert found["COUNT"].tolist() == [3, 1, 0]
    many = countable_intervals(intervals, seizures, DIARY | {"cluster_count_per_day": 10})
    assert many["COUNT"].tolist() == [3, 10, 0]


def test_two_intervals_on_one_day_are_refused():
    intervals = pd.DataFrame({"USUBJID": "A", "START": [1, 1], "END": [2, 3], "RECORDED": True})
    seizures = pd.DataFrame(columns=["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"])
    with pytest.raises(ValueError, match="same day"):
        countable_intervals(intervals, seizures, DIARY)


@pytest.mark.parametrize(
    ("bounds", "count", "days"),
    [
        ((1, 5), 6, 3),  # half-open: day 5 is outside; day 3 is missing
        ((1, 6), 11, 4),
        ((3, 4), 0, 0),  # nothing recorded
        ((100, 120), 0, 0),
    ],
)
def test_window_totals(bounds, count, days):
    found = window_totals(daily([1, 2, None, 3, 5]), windows(bounds)).iloc[0]
    assert (found["COUNT"], found["DAYS"]) == (count, days)


def test_baseline_window_has_no_day_0():
    found = window_totals(daily([1] * 42 + [7], first=-42), windows((-42, 1))).iloc[0]
    assert (found["COUNT"], found["DAYS"]) == (42, 42)


def test_a_window_may_not_cut_a_period():
    periods = pd.DataFrame(
        {"USUBJID": ["A"], "START": [1], "END": [15], "DAYS": [14], "COUNT": [3]}
    )
    with pytest.raises(InputError, match=r"cuts the period of days \[1, 15\)"):
        window_totals(periods, windows((1, 8)))


# Periods of 7 days with these counts -> seizure-free days of all three.
@pytest.mark.parametrize(
    ("counts", "free"), [([0, 0, 0], 21), ([0, 2, 0], np.nan), ([1, 1, 1], np.nan)]
)
def test_seizure_free_days_of_periods_are_known_only_without_seizures(counts, free):
    periods = pd.DataFrame({"USUBJID": "A", "START": [1, 8, 15], "END": [8, 15, 22]})
    periods = periods.assign(DAYS=7, COUNT=counts)
    assert seizure_free_days(periods, windows((1, 22))).iloc[0] == pytest.approx(free, nan_ok=True)


def test_totals_by_type_count_what_is_not_countable_and_clusters():
    seizures = pd.DataFrame(
        [
            ("A", 1, "aura", 5, False),
            ("A", 1, "motor", 2, False),
            ("A", 2, "motor", 1, True),
            ("A", 3, "impaired", 9, False),  # day 3 was not recorded
            ("B", 1, "impaired", 4, False),
        ],
        columns=["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"],
    )
    diary = DIARY | {"cluster_count_per_day": 10}
    found = totals_by_type(daily([2, 10, None, 0]), seizures, windows((1, 9)), diary)
    assert found.to_dict("records") == [{"motor": 12, "impaired": 0, "aura": 5}]


@pytest.mark.parametrize(
    ("count", "days", "minimum", "expected"),
    [(6, 42, 1, 4.0), (0, 28, 1, 0.0), (3, 0, 1, np.nan), (3, 6, 7, np.nan), (3, 7, 7, 12.0)],
)
def test_frequency_is_28_times_seizures_by_recorded_days(count, days, minimum, expected):
    assert frequency(count, days, 28, minimum) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("counts", "longest"),
    [
        ([0, 0, 1, 0, 0, 0, 1], 3),
        ([0, 0, None, 0, 0], 2),  # a missing day is not known to be free: it ends the run
        ([1, 2, 1], 0),
        ([0] * 7, 7),
    ],
)
def test_longest_seizure_free_run(counts, longest):
    assert longest_seizure_free_run(daily(counts), 1, 100)["A"] == longest


def test_a_run_counts_the_days_of_periods_and_ends_at_one_with_seizures():
    periods = pd.DataFrame(
        {"USUBJID": "A", "START": [1, 8, 9, 11], "END": [8, 9, 11, 12], "COUNT": [0, 0, 1, 0]}
    ).assign(DAYS=[7, 1, 2, 1])
    assert longest_seizure_free_run(periods, 1, 100)["A"] == 8


def test_a_run_goes_on_over_the_day_that_does_not_exist():
    assert longest_seizure_free_run(daily([0] * 6, first=-3), -42, 100)["A"] == 6


def test_a_run_does_not_pass_from_one_participant_to_the_next():
    both = pd.concat([daily([0, 0]), daily([0, 0, 0], first=3, who="B")])
    assert longest_seizure_free_run(both, 1, 100).to_dict() == {"A": 2, "B": 3}
