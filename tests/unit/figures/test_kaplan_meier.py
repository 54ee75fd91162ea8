import math
from pathlib import Path

import pandas as pd
import pytest
from seizureflow.figures import kaplan_meier_safety
from seizureflow.figures.kaplan_meier import draw
from seizureflow.figures.plans import figure_analyses
from seizureflow.protocol import load_protocol
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_plans import make_plan, make_rows
from unit.figures.small_studies import make_design

ROOT = Path(__file__).parents[3]
ENTRY = {"id": "curves", "label": "Time to the event", "method": "kaplan_meier"}
STEPS = {10: (80, 50, 95), 20: (60, 30, 80), 40: (0, math.nan, math.nan)}


def results(arms=("placebo", "active"), steps=None, analysis="curves", longest=45.0):
    steps = STEPS if steps is None else steps
    rows = []
    for arm in arms:
        own = {"analysis": analysis, "group": arm}
        for name, value in (("longest", longest), ("participants", 10), ("events", 4)):
            rows.append(own | {"statistic": name, "value": value})
        rows.append(own | {"statistic": "median", "value": 20.5 if steps else math.nan})
        for day, values in steps.items():
            for end, value in zip(("", "_lower", "_upper"), values, strict=True):
                rows.append(
                    own
                    | {"statistic": f"event_free_step{end}", "variable": "step"}
                    | {"level": f"{day}", "value": value}
                )
        rows.append(
            own | {"statistic": "curve_censored", "variable": "censored", "level": "15", "value": 2}
        )
        rows += [
            own | {"statistic": "at_risk", "variable": "Day", "level": day, "value": count}
            for day, count in (("15", 8), ("30", 5), ("31", 4))
        ]
    return make_rows(rows)


def lines(axis, marker="None"):
    return [line for line in axis.lines if line.get_marker() == marker]


def test_curve_marks_and_participants_at_risk_are_those_of_the_rows(check_layout):
    drawing = draw(make_plan([ENTRY], simulated=True), {"results": results()})
    words = check_layout(drawing.figure)
    axis, table = drawing.figure.axes
    curve = next(line for line in lines(axis) if line.get_linewidth() == 2)
    assert list(curve.get_xdata()) == [0, 10, 20, 40, 45]
    assert list(curve.get_ydata()) == [100, 80, 60, 0, 0]
    assert [(list(m.get_xdata()), list(m.get_ydata())) for m in lines(axis, "|")] == [
        ([15], [80]),
        ([15], [80]),
    ]
    assert words.count("8") == words.count("5") == 2
    assert table.get_xlim() == axis.get_xlim()
    assert "4 of 10 with the event, median 20.5 days" in drawing.alt
    assert_looks_like(drawing.figure, "kaplan_meier")


def test_ticks_that_would_touch_are_left_out():
    axis = draw(make_plan([ENTRY]), {"results": results()}).figure.axes[0]
    assert list(axis.get_xticks()) == [0, 15, 30]


def test_an_axis_that_does_not_begin_at_0_says_so(check_layout):
    frame = results(steps={10: (95, 85, 99)})
    words = check_layout(draw(make_plan([ENTRY]), {"results": frame}).figure)
    assert "Free of the event\n(from 80% on)" in words


@pytest.mark.parametrize("steps", [{}, {10: (0, math.nan, math.nan)}])
def test_curves_without_events_or_limits_are_drawn(check_layout, steps):
    drawing = draw(make_plan([ENTRY]), {"results": results(steps=steps)})
    check_layout(drawing.figure)
    assert ("median not reached" in drawing.alt) is not bool(steps)


def test_an_arm_without_a_curve_has_dashes(check_layout):
    words = check_layout(draw(make_plan([ENTRY]), {"results": results(arms=["active"])}).figure)
    assert words.count("–") == 2


def test_three_arms_of_two_analyses_with_long_labels_have_room(check_layout):
    long = ENTRY | {"id": "long", "label": "Time to an event with a name of many words, " * 4}
    arms = [arm["id"] for arm in make_design(3)["arms"]]
    frame = pd.concat([results(arms, analysis="long"), results(arms)], ignore_index=True)
    check_layout(draw(make_plan([long, ENTRY], arms=3, dummy=True), {"results": frame}).figure)


def test_without_a_curve_a_sentence_says_so(check_layout):
    frame = make_rows([{"analysis": "curves", "statistic": "note", "text": "Not computed."}])
    drawing = kaplan_meier_safety.draw(make_plan([ENTRY]), {"results": frame})
    assert "No curve was computed" in " ".join(check_layout(drawing.figure))
    assert drawing.title == "Time to safety events"


def test_safety_analyses_have_a_figure_of_their_own():
    protocol = load_protocol(ROOT / "studies/opus", ROOT / "schemas")
    curves = [entry for entry in protocol.analyses if entry["method"] == "kaplan_meier"]
    found = {
        name: figure_analyses(protocol, name) for name in ("kaplan_meier", "kaplan_meier_safety")
    }
    assert found["kaplan_meier"] == [entry for entry in curves if entry["role"] != "safety"] != []
    assert found["kaplan_meier_safety"] == [e for e in curves if e["role"] == "safety"] != []
