import pandas as pd
import pytest
from seizureflow.published import compare_published

RESULTS = pd.DataFrame(
    [
        ("a", "estimate", "x", None, None, -14.36, None),
        ("a", "estimate", "y", None, None, -14.34, None),
        ("a", "share", "x", None, None, 31.25, None),
        ("a", "mean", "x", "AGE", None, 42.75, None),
        ("a", "first", None, None, None, float("nan"), "2018-03-20"),
    ],
    columns=["ANALYSIS", "STATISTIC", "GROUP", "VARIABLE", "LEVEL", "VALUE", "TEXT"],
).assign(VISIT=None)

# printed value, decimals, place of the result -> this run's number and verdict
CASES = [
    (-14.4, 1, {"statistic": "estimate", "group": "x"}, "-14.4", "same"),
    (-14.4, 1, {"statistic": "estimate", "group": "y"}, "-14.3", "differs"),
    (31.3, 1, {"statistic": "share", "group": "x"}, "31.3", "same"),
    (42.8, 1, {"statistic": "mean", "group": "x", "variable": "AGE"}, "42.8", "same"),
    ("2018-03-20", 0, {"statistic": "first"}, "2018-03-20", "same"),
    (1, 0, {"statistic": "mean", "group": "x"}, None, "not computed"),
    (1, 0, None, None, "not computed"),
]


@pytest.mark.parametrize(("value", "decimals", "place", "this_run", "verdict"), CASES)
def test_compare(value, decimals, place, this_run, verdict):
    entry = {"id": "e", "label": "E", "value": value, "decimals": decimals, "source": "s"}
    entry["compare"] = {"analysis": "a"} | place if place else None
    row = compare_published({"sources": {"s": {"title": "S"}}, "aggregates": [entry]}, RESULTS)
    assert row["THIS_RUN"].tolist() == [this_run]
    assert row["VERDICT"].tolist() == [verdict]
    assert row["SOURCE"].tolist() == ["S"]
