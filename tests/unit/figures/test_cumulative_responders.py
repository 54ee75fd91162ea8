import itertools

import pandas as pd
import pytest
from seizureflow.figures.cumulative_responders import draw
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_plans import make_plan, make_rows
from unit.figures.small_studies import make_design

ENTRY = {"id": "curve", "label": "Responders by reduction", "method": "cumulative_responders"}
CUTS = (0, 25, 50, 75, 90, 100)
SHARES = {"placebo": (60, 40, 20, 10, 5, 0), "active": (80, 60, 40, 30, 10, 5), "high": (70,) * 6}


def results(arms=2, analysis="curve"):
    return make_rows(
        {
            "analysis": analysis,
            "statistic": f"responders_percent{end}",
            "group": arm["id"],
            "variable": "Reduction of at least",
            "level": f"{cut}%",
            "value": min(max(SHARES[arm["id"]][place] + shift, 0), 100),
        }
        for arm in make_design(arms)["arms"]
        for (place, cut), (end, shift) in itertools.product(
            enumerate(CUTS), (("", 0), ("_lower", -9.95), ("_upper", 11))
        )
    )


def stepped(axis):
    """The heights of the lines by their colour's order of drawing."""
    return [list(line.get_ydata()) for line in axis.lines if line.get_drawstyle() == "steps-pre"]


def test_every_share_is_a_step_and_the_marked_ones_are_written(check_layout):
    drawing = draw(make_plan([ENTRY], simulated=True), {"results": results()})
    words = check_layout(drawing.figure)
    assert stepped(drawing.figure.axes[0]) == [list(SHARES["placebo"]), list(SHARES["active"])]
    assert "40.0% (30.1 to 51.0)" in words
    assert "0.0% (0.0 to 11.0)" in words
    assert "Simulated participants" in words
    assert "of active 10 mg 40.0% reach 50%, 30.0% reach 75%" in drawing.alt
    assert drawing.caption.endswith("Simulated participants.")
    assert_looks_like(drawing.figure, "cumulative_responders")


def test_a_step_stands_at_the_share_of_the_next_reduction():
    """More than 25% and up to 50% asked for: as many reach it as reach 50%, or more."""
    axis = draw(make_plan([ENTRY]), {"results": results()}).figure.axes[0]
    line = next(line for line in axis.lines if line.get_drawstyle() == "steps-pre")
    assert list(line.get_xdata()) == list(CUTS)


def test_three_arms_of_two_analyses_have_room(check_layout):
    second = ENTRY | {"id": "second", "label": "A second analysis of other participants"}
    frame = pd.concat([results(3), results(3, "second")], ignore_index=True)
    words = check_layout(draw(make_plan([ENTRY, second], arms=3), {"results": frame}).figure)
    assert "A second analysis of other participants" in words


def test_an_arm_without_a_curve_has_dashes(check_layout):
    frame = results()
    words = check_layout(
        draw(make_plan([ENTRY]), {"results": frame[frame["GROUP"] == "active"]}).figure
    )
    assert words.count("–") == 4


@pytest.mark.parametrize("dummy", [False, True])
def test_without_a_curve_a_sentence_says_so(check_layout, dummy):
    note = make_rows([{"analysis": "curve", "statistic": "note", "text": "Not computed."}])
    drawing = draw(make_plan([ENTRY], dummy=dummy), {"results": note})
    words = " ".join(check_layout(drawing.figure))
    assert "were not computed" in words
    assert ("DUMMY TREATMENT" in words) is dummy
