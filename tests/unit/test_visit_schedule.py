import pytest
from seizureflow.visit_schedule import window_visits

DESIGN = {
    "visits": [{"id": f"week_{week}", "day": 7 * week + 1} for week in (4, 8, 12, 16, 20, 24)],
    "windows": [
        {"id": "weeks_8_24", "days": [57, 169]},
        {"id": "weeks_0_8", "days": [1, 57]},
        {"id": "weeks_6_12", "days": [43, 85]},
        {"id": "week_1", "days": [1, 8]},
    ],
}


@pytest.mark.parametrize(
    ("window", "weeks"),
    [
        ("weeks_8_24", (12, 16, 20, 24)),
        ("weeks_0_8", (4, 8)),
        ("weeks_6_12", (12,)),  # the window of week 8 begins before it
        ("week_1", ()),
        (None, (4, 8, 12, 16, 20, 24)),
    ],
)
def test_visits_whose_windows_lie_in_the_window(window, weeks):
    assert window_visits(DESIGN, window) == [f"week_{week}" for week in weeks]
