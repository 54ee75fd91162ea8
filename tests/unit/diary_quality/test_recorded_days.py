import pandas as pd
import pytest
from seizureflow.diary_quality import compliance
from unit.diary_quality.small_diaries import PERIODS, days_of, intervals_of, people_of

COLUMNS = ["USUBJID", "PERIOD", "EXPECTED", "RECORDED", "MARKED", "ABSENT", "PERCENT"]


def table(rows, people, periods=PERIODS):
    found = compliance(intervals_of(rows), people_of(people), periods)
    assert list(found) == COLUMNS
    return found


# Baseline is days -10 to -1, treatment days 1 to 14.
CASES = {
    "bounds unknown: the period itself": (
        days_of("A", [-10, -1, 1, 2], 2),
        (None, None, "Y"),
        [(10, 2, 0, 8), (14, 2, 0, 12)],
    ),
    "from screening to the last day": (
        days_of("A", [-10, -3, -1, 1, 6], 2),
        (-3, 5, "Y"),
        [(3, 2, 0, 1), (5, 1, 0, 4)],
    ),
    "left on day -1": (days_of("A", [-1, 1], 2), (-10, -1, "Y"), [(10, 1, 0, 9), (0, 0, 0, 0)]),
    "not randomised": (days_of("A", [-1, 1], 2), (None, None, "N"), [(10, 1, 0, 9), (0, 0, 0, 0)]),
    "marked missing": (
        [*days_of("A", [1, 2], 2, recorded=False), *days_of("A", [3], 4)],
        (None, None, "Y"),
        [(10, 0, 0, 10), (14, 1, 2, 11)],
    ),
    "a record across day 0 counts by its days inside": (
        [("A", -4, 4, True, 2)],
        (None, None, "Y"),
        [(10, 4, 0, 6), (14, 3, 0, 11)],
    ),
    "duplicates and overlaps count once": (
        [("A", 1, 5, True, 2), ("A", 1, 5, True, 3), ("A", 3, 8, False, 4), ("A", 2, 3, True, 5)],
        (None, None, "Y"),
        [(10, 0, 0, 10), (14, 4, 3, 7)],
    ),
    "no rows": ([], (None, None, "Y"), [(10, 0, 0, 10), (14, 0, 0, 14)]),
}


@pytest.mark.parametrize("case", CASES)
def test_days(case):
    rows, (first, last, randomised), expected = CASES[case]
    found = table(rows, [("A", first, last, randomised)])
    assert found["PERIOD"].tolist() == ["baseline", "treatment"]
    days = found[["EXPECTED", "RECORDED", "MARKED", "ABSENT"]]
    assert [tuple(row) for row in days.itertuples(index=False)] == expected
    percent = [100 * day[1] / day[0] if day[0] else None for day in expected]
    assert [None if pd.isna(value) else value for value in found["PERCENT"]] == percent


def test_every_participant_in_order_and_nobody_else():
    rows = [*days_of("B", [1], 2), *days_of("X", [1], 3)]
    found = table(rows, [("B", None, None, "Y"), ("A", None, None, "Y")])
    assert found["USUBJID"].tolist() == ["A", "A", "B", "B"]
    assert found["RECORDED"].tolist() == [0, 0, 0, 1]


def test_no_participants_or_no_periods():
    assert table(days_of("A", [1], 2), []).empty
    assert table(days_of("A", [1], 2), [("A", None, None, "Y")], []).empty
