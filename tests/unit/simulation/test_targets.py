import math

import pytest
from seizureflow.analysis import Statistic
from seizureflow.simulation.targets import by_key, read_targets

PUBLISHED = {
    "aggregates": [
        {"id": "change", "value": -14.4, "decimals": 1, "unit": "%",
         "compare": {"analysis": "primary", "statistic": "relative_change", "group": "active"}},
        {"id": "ratio", "value": 2.09, "decimals": 2,
         "compare": {"analysis": "responders", "statistic": "odds_ratio", "group": "active"}},
        {"id": "date", "value": "2020-01-11",
         "compare": {"analysis": "flow", "statistic": "last_visit"}},
        {"id": "unanswered", "value": 3, "compare": None},
    ]
}  # fmt: skip


def test_only_what_a_statistic_answers_to_is_a_target():
    targets = read_targets(PUBLISHED)
    assert [target.id for target in targets] == ["change", "ratio", "date"]
    assert [target.is_ratio for target in targets] == [False, True, False]


def test_distance_of_numbers_and_texts():
    change, ratio, date = read_targets(PUBLISHED)
    found = by_key(
        [
            Statistic("relative_change", "", -14.5, group="active"),
            Statistic("relative_change", "", 99.0, group="active", visit="week_12"),
            Statistic("last_visit", "", text="2020-01-11"),
        ]
    )
    assert change.distance(found) == pytest.approx(0.5, abs=1e-5)
    assert ratio.distance(found) == math.inf
    assert date.distance(found) == 0
    assert date.distance(by_key([Statistic("last_visit", "", text="2020-01-10")])) == math.inf
