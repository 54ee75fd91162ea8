import numpy as np
import pandas as pd
import pytest
from seizureflow.figures.drawing import FigurePlan
from seizureflow.figures.recording_compliance import draw, periods_shown
from seizureflow.figures.style import arm_styles, save_figure
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_adsl, make_design

WINDOWS = [
    {"id": "weeks_0_4", "label": "Weeks 0-4", "days": [1, 29]},
    {"id": "weeks_4_8", "label": "Weeks 4-8", "days": [29, 57]},
    {"id": "weeks_0_8", "label": "Weeks 0-8", "days": [1, 57]},
]


def compliance(people, marked):
    """The table; ``marked`` gives by participant and period the days marked as missing."""
    rows = []
    for person in people:
        for period in ("baseline", "weeks_0_4", "weeks_4_8", "weeks_0_8"):
            missing = marked.get((person, period), 0)
            expected = 28 if missing is not None else 0
            recorded = expected - (missing or 0)
            percent = 100 * recorded / 28 if expected else np.nan
            rows.append((person, period, expected, recorded, missing or 0, 0, percent))
    columns = ["USUBJID", "PERIOD", "EXPECTED", "RECORDED", "MARKED", "ABSENT", "PERCENT"]
    return pd.DataFrame(rows, columns=columns)


MARKED = {
    ("placebo-1", "baseline"): 7,
    ("placebo-2", "weeks_4_8"): None,  # left before: no day is expected
    ("active-1", "weeks_0_4"): 28,
}


def drawn(sizes=None, marked=MARKED, arms=2, simulated=False, dummy=False):
    adsl = make_adsl({"placebo": 4, "active": 3} if sizes is None else sizes)
    protocol = {
        "simulated": simulated,
        "treatment": "dummy" if dummy else "unblinded",
        "design": make_design(arms) | {"windows": WINDOWS},
        "diary_quality": {"minimum_compliance": 80},
    }
    data = {"adsl": adsl, "compliance": compliance(adsl["USUBJID"], marked)}
    return draw(FigurePlan(protocol, (), {}, 0.95), data)


def test_periods_that_overlap_an_earlier_one_are_left_out():
    late = {"id": "last", "label": "Last 4 weeks of the baseline", "days": [-28, 1]}
    design = make_design() | {"windows": [*WINDOWS, late]}
    assert [period["id"] for period in periods_shown(design)] == [
        "baseline",
        "weeks_0_4",
        "weeks_4_8",
    ]


def test_every_participant_is_a_mark_and_missing_days_are_counted(check_layout):
    drawing = drawn(simulated=True)
    words = check_layout(drawing.figure)
    axis = drawing.figure.axes[0]
    style = arm_styles(make_design()["arms"])["placebo"]
    marks = [line for line in axis.lines if line.get_color() == style.colour]
    assert [sorted(line.get_ydata()) for line in marks] == [
        [75.0, 100.0, 100.0, 100.0],
        [100.0] * 4,
        [100.0] * 3,
    ]
    assert len({(round(x, 6), y) for line in marks for x, y in line.get_xydata()}) == 11
    # Participants / marked / absent, by arm in each period.
    assert [word for word in words if word.count(" / ") == 2 and word[0].isdigit()] == [
        "4 / 7 / 0", "3 / 0 / 0", "4 / 0 / 0", "3 / 28 / 0", "3 / 0 / 0", "3 / 0 / 0",
    ]  # fmt: skip
    assert "Weeks 0–4" in words
    assert "Placebo: Baseline 4 participants, median 100.0%, 1 below 80%" in drawing.alt


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param({"placebo": 1, "active": 0, "high": 2}, id="few, and an arm empty"),
        pytest.param({"placebo": 100, "active": 100, "high": 100}, id="many"),
    ],
)
def test_three_arms(check_layout, sizes):
    drawing = drawn(sizes, {}, arms=3, simulated=True, dummy=True)
    words = check_layout(drawing.figure)
    assert words.count("0 / 0 / 0") == 3 * (sizes["active"] == 0)
    assert drawing.caption.endswith("DUMMY TREATMENT.")


def test_without_expected_days_a_sentence_says_so(check_layout):
    words = check_layout(drawn({}, {}).figure)
    assert any("No diary day is expected" in word for word in words)


def test_it_looks_as_it_did():
    assert_looks_like(drawn(simulated=True).figure, "recording_compliance")


def test_two_runs_give_the_same_bytes(tmp_path):
    kinds = ("svg", "png", "pdf")
    for name in ("first", "second"):
        save_figure(drawn().figure, *(tmp_path / f"{name}.{kind}" for kind in kinds))
    for kind in kinds:
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
        assert first == second
