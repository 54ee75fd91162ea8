import pandas as pd
import pytest
from seizureflow.windows import participant_windows

VISITS = [
    {"id": "week_4", "week": 4, "day": 29},
    {"id": "week_8", "week": 8, "day": 57},
    {"id": "week_12", "week": 12, "day": 85},
]


def design(boundaries: str) -> dict:
    return {
        "visits": VISITS,
        "visit_windows": {"boundaries": boundaries, "early_termination": "left_early"},
        "windows": [{"id": "weeks_8_12", "days": [57, 85]}],
    }


# visits attended (id: day) -> windows [start, end) expected
CASES = {
    "all on time": (
        {"week_4": 29, "week_8": 57, "week_12": 85},
        {"week_4": (1, 29), "week_8": (29, 57), "week_12": (57, 85)},
    ),
    "late and early": (
        {"week_4": 33, "week_8": 55, "week_12": 90},
        {"week_4": (1, 33), "week_8": (33, 55), "week_12": (55, 90)},
    ),
    "a visit missed: the next window begins at the last visit attended": (
        {"week_4": 29, "week_12": 85},
        {"week_4": (1, 29), "week_12": (29, 85)},
    ),
    "left early: closes the next scheduled window": (
        {"week_4": 29, "left_early": 40},
        {"week_4": (1, 29), "week_8": (29, 40)},
    ),
    "left before the first visit": ({"left_early": 10}, {"week_4": (1, 10)}),
    "visits of other kinds are not windows": (
        {"screening": -42, "week_4": 29},
        {"week_4": (1, 29)},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_windows_between_actual_visits(name):
    attended, expected = CASES[name]
    visits = pd.DataFrame(
        {"USUBJID": "A", "VISIT": list(attended), "ADY": pd.array(list(attended.values()), "Int64")}
    )
    found = participant_windows(pd.Series(["A"]), visits, design("actual"))
    by_visit = found[found["KIND"] == "visit"].set_index("WINDOW")
    assert {w: (row.START, row.END) for w, row in by_visit.iterrows()} == expected


def test_nominal_windows_need_no_visits():
    nothing = pd.DataFrame(columns=["USUBJID", "VISIT", "ADY"])
    found = participant_windows(pd.Series(["A"]), nothing, design("nominal")).set_index("WINDOW")
    assert found.loc["week_8", ["START", "END"]].tolist() == [29, 57]
    assert found.loc["weeks_8_12", ["START", "END"]].tolist() == [57, 85]


def test_a_participant_without_visits_has_the_long_windows_only():
    nothing = pd.DataFrame(columns=["USUBJID", "VISIT", "ADY"])
    found = participant_windows(pd.Series(["A"]), nothing, design("actual"))
    assert found["WINDOW"].tolist() == ["weeks_8_12"]


def test_without_scheduled_visits_there_are_the_long_windows_only():
    visits = pd.DataFrame({"USUBJID": ["A"], "VISIT": ["left_early"], "ADY": [5]})
    found = participant_windows(pd.Series(["A"]), visits, design("actual") | {"visits": []})
    assert found["WINDOW"].tolist() == ["weeks_8_12"]
