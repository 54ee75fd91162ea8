import pandas as pd
import pytest
from seizureflow.problems import AnalysisError
from seizureflow.survival.person_days import person_days

COUNTING = {
    "seizure_types": [{"id": "motor", "countable": True}, {"id": "aura", "countable": False}],
    "cluster_count_per_day": 1,
}


def tables(days: dict[int, int | None], length: int = 1):
    """Intervals and seizures of one participant; None is a day without record, which has a seizure."""
    intervals = pd.DataFrame(
        {
            "USUBJID": "A",
            "START": list(days),
            "END": [day + length for day in days],
            "RECORDED": [count is not None for count in days.values()],
        }
    )
    seizures = pd.DataFrame(
        [("A", day, 1 if count is None else count) for day, count in days.items() if count != 0],
        columns=["USUBJID", "START", "COUNT"],
    )
    return intervals, seizures.assign(SEIZTYPE="motor", CLUSTER=False)


# window, days -> day, seizures, seizures before, days since the last; days missing
@pytest.mark.parametrize(
    ("window", "days", "rows", "missing"),
    [
        (
            (1, 6),
            {-1: 4, 1: 0, 2: 2, 3: 0, 4: 1, 5: 0, 6: 3},
            [(1, 0, 0, 1), (2, 2, 0, 2), (3, 0, 2, 1), (4, 1, 2, 2), (5, 0, 3, 1)],
            0,
        ),
        # A day without record is neither at risk nor has seizures; the clock runs on.
        (
            (1, 9),
            {1: 1, 2: None, 4: 0, 5: 1, 6: 0},
            [(1, 1, 0, 1), (4, 0, 1, 3), (5, 1, 1, 4), (6, 0, 2, 1)],
            2,
        ),
        # What was before the window does not count in it.
        ((3, 5), {1: 1, 2: 5, 3: 0, 4: 1}, [(3, 0, 0, 1), (4, 1, 0, 2)], 0),
        # There is no day 0.
        ((-1, 3), {-1: 1, 1: 0, 2: 1}, [(-1, 1, 0, 1), (1, 0, 1, 1), (2, 1, 1, 2)], 0),
    ],
)
def test_recorded_days_are_those_at_risk(window, days, rows, missing):
    found = person_days(*tables(days), COUNTING, window)
    columns = ["DAY", "COUNT", "EARLIER", "GAP"]
    assert [tuple(row) for row in found.frame[columns].to_numpy().tolist()] == rows
    assert found.missing["A"] == missing


def test_seizures_that_do_not_count_are_none():
    intervals, seizures = tables({1: 2, 2: 1})
    found = person_days(intervals, seizures.assign(SEIZTYPE="aura"), COUNTING, (1, 9))
    assert found.frame["COUNT"].tolist() == [0, 0]
    clusters = person_days(intervals, seizures.assign(CLUSTER=True), COUNTING, (1, 9))
    assert clusters.frame["COUNT"].tolist() == [2, 1]


def test_participants_do_not_mix():
    intervals, seizures = tables({1: 1, 2: 0})
    both = [pd.concat([t, t.assign(USUBJID="B")]) for t in (intervals, seizures)]
    found = person_days(*both, COUNTING, (1, 9)).frame
    assert found["USUBJID"].tolist() == ["A", "A", "B", "B"]
    assert found["EARLIER"].tolist() == [0, 1, 0, 1]
    assert found["GAP"].tolist() == [1, 1, 1, 1]


def test_counts_per_period_are_refused():
    with pytest.raises(AnalysisError, match="counted per period of several days"):
        person_days(*tables({1: 3, 15: 2}, length=14), COUNTING, (1, 29))


def test_a_window_without_records_has_no_days():
    found = person_days(*tables({1: 3}), COUNTING, (50, 60))
    assert found.frame.empty
    assert found.missing.empty
