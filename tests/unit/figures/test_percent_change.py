import numpy as np
import pandas as pd
import pytest
from seizureflow.figures.drawing import FigurePlan
from seizureflow.figures.percent_change import draw
from seizureflow.figures.style import arm_styles, save_figure
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_adsl, make_design

SUMMARY = {
    "id": "change",
    "method": "percent_change_summary",
    "population": "full",
    "window": "weeks_0_8",
}
PRIMARY = {"id": "primary", "method": "mmrm", "population": "full", "window": "weeks_0_8"}


def drawn(
    changes, quartiles=None, arms=2, analyses=(SUMMARY,), extra=0, simulated=False, dummy=False
):
    """Draw changes by arm; ``extra`` participants of the first arm have none."""
    sizes = {arm: len(own) + extra * (arm == "placebo") for arm, own in changes.items()}
    adsl = make_adsl(sizes)
    rows = [
        (f"{arm}-{number}", parameter, window, change)
        for arm, own in changes.items()
        for number, change in enumerate(own, start=1)
        for parameter, window in (
            ("SZFREQ", "weeks_0_8"),
            ("SZFREQ", "week_4"),
            ("RESP", "weeks_0_8"),
        )
    ]
    adsz = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "AVISIT", "PCHG"])
    adsz.loc[(adsz["PARAMCD"] != "SZFREQ") | (adsz["AVISIT"] != "weeks_0_8"), "PCHG"] = 7.0
    results = pd.DataFrame(
        [
            ("change", name, arm, value)
            for arm, values in (quartiles or {}).items()
            for name, value in zip(("quartile_1", "median", "quartile_3"), values, strict=True)
        ],
        columns=["ANALYSIS", "STATISTIC", "GROUP", "VALUE"],
    ).assign(LABEL="", UNIT="%")
    for name in ("TEXT", "REFERENCE", "VARIABLE", "LEVEL", "VISIT", "NOTE", "CONVERGED"):
        results[name] = None
    protocol = {
        "simulated": simulated,
        "treatment": "dummy" if dummy else "unblinded",
        "design": make_design(arms),
    }
    labels = {"weeks_0_8": "Weeks 0-8", "full": "Full analysis set"}
    plan = FigurePlan(protocol, tuple(analyses), labels, 0.95)
    return draw(plan, {"adsl": adsl, "adsz": adsz, "results": results})


CHANGES = {"placebo": [10.0, -40.0, 0.0, 250.0], "active": [-100.0, -50.0, 100.0]}
QUARTILES = {"placebo": (-10.0, 5.0, 70.0), "active": (-75.0, -50.0, 25.0)}


def bars(axis):
    return [patch.get_height() for patch in axis.patches]


def test_a_bar_for_every_participant_sorted_and_cut_off_with_a_mark(check_layout):
    drawing = drawn(CHANGES, QUARTILES, simulated=True)
    words = check_layout(drawing.figure)
    placebo, active, strips = drawing.figure.axes
    assert bars(placebo) == [100.0, 10.0, 0.0, -40.0]  # the first of 250
    assert bars(active) == [100.0, -50.0, -100.0]
    marks = [line for line in placebo.lines if line.get_marker() == "^"]
    assert [list(line.get_xdata()) for line in marks] == [[0]]
    assert not [line for line in active.lines if line.get_marker() == "^"]  # exactly +100%
    zero = [line for line in placebo.lines if line.get_marker() == "o" and len(line.get_xdata())]
    assert [list(line.get_xdata()) for line in zero] == [[2]]
    assert "+100%\nor more" in words
    assert "1 with placebo (the largest +250%)" in drawing.caption
    boxes = [(box.get_y(), box.get_y() + box.get_height()) for box in strips.patches]
    assert boxes == [(-10.0, 70.0), (-75.0, 25.0)]  # from the results, not from the bars
    assert "Placebo\nmedian\n5.0%" in words
    assert "median 5.0% (quartiles −10.0% and 70.0%), 1 with a decrease" in drawing.alt


def test_marks_beside_the_bars_are_the_participants():
    strips = drawn(CHANGES, QUARTILES).figure.axes[-1]
    style = arm_styles(make_design()["arms"])["active"]
    line = next(line for line in strips.lines if line.get_color() == style.colour)
    assert sorted(line.get_ydata()) == [-100.0, -50.0, 100.0]
    assert line.get_marker() == style.marker


def test_without_a_summary_the_window_is_that_of_the_primary_analysis(check_layout):
    drawing = drawn(CHANGES, analyses=(PRIMARY,))
    words = check_layout(drawing.figure)
    assert not any("edian" in word for word in words)
    assert not drawing.figure.axes[-1].patches
    assert "quartiles" not in drawing.caption + drawing.alt


def test_who_has_no_percent_change_is_counted():
    drawing = drawn(CHANGES, QUARTILES, extra=2)
    assert "recorded days: 2 with placebo." in drawing.caption
    assert len(bars(drawing.figure.axes[0])) == 4


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"placebo": [5.0], "active": [-5.0], "high": []}, id="few, and an arm empty"),
        pytest.param(
            {arm: list(np.linspace(-100, 300, 300)) for arm in ("placebo", "active", "high")},
            id="many",
        ),
        pytest.param({arm: [0.0] * 9 for arm in ("placebo", "active", "high")}, id="no change"),
    ],
)
def test_three_arms_with_long_names(check_layout, changes):
    quartiles = {
        arm: tuple(np.quantile(own, (0.25, 0.5, 0.75))) for arm, own in changes.items() if own
    }
    drawing = drawn(changes, quartiles, arms=3, simulated=True, dummy=True)
    words = check_layout(drawing.figure)
    assert ("No participants" in words) is (not changes["high"])
    assert [len(bars(axis)) for axis in drawing.figure.axes[:3]] == [
        len(changes[arm]) for arm in ("placebo", "active", "high")
    ]
    assert drawing.caption.endswith("Simulated participants. DUMMY TREATMENT.")


def test_without_any_change_a_sentence_says_so(check_layout):
    drawing = drawn({"placebo": [np.nan], "active": []})
    assert any("No participant has" in word for word in check_layout(drawing.figure))


def test_it_looks_as_it_did():
    assert_looks_like(drawn(CHANGES, QUARTILES, simulated=True).figure, "percent_change")


def test_two_runs_give_the_same_bytes(tmp_path):
    kinds = ("svg", "png", "pdf")
    for name in ("first", "second"):
        figure = drawn(CHANGES, QUARTILES).figure
        save_figure(figure, *(tmp_path / f"{name}.{kind}" for kind in kinds))
    for kind in kinds:
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
        assert first == second
