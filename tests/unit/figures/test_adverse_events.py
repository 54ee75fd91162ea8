import math

import pandas as pd
import pytest
from seizureflow.figures.adverse_events import draw
from seizureflow.figures.style import house_style
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_plans import compared_arms, make_plan, make_rows
from unit.figures.small_studies import make_design

SUMMARY = {"id": "counts", "label": "c", "method": "adverse_event_summary", "population": "safe"}
COMPARED = {
    "id": "differences",
    "label": "d",
    "method": "adverse_event_differences",
    "population": "safe",
}
# By level: percent of the reference arm, of the others, difference with limits as shares, flagged.
EVENTS = {
    "Nervous system disorders / Headache": (20, 30, (0.1, -0.05, 0.25), 0),
    "Gastrointestinal disorders / Nausea": (10, 40, (0.3, 0.12, 0.8), 1),
    "Investigations / Weight $up$ <b>much</b>": (5, 5, (0.0, -0.1, 0.1), 0),
    "Injuries / Fall": (15, 5, (-0.1, -0.2, 0.02), 0),
    "Nervous system disorders / Fall": (5, 4, (-0.01, math.nan, math.nan), 0),
}


def results(events=None, arms=2, compared=True):
    rows = []
    for level, (reference, other, values, flagged) in (events or EVENTS).items():
        own = {"variable": "term", "level": level}
        for arm in make_design(arms)["arms"]:
            share = reference if arm["reference"] else other
            rows.append(
                own
                | {"analysis": "counts", "statistic": "participants_with_event_percent"}
                | {"group": arm["id"], "value": share, "unit": "%"}
            )
        for arm in compared_arms(arms) if compared else ():
            place = own | {"analysis": "differences", "group": arm}
            rows += [
                place | {"statistic": f"risk_difference{end}", "value": value}
                for end, value in zip(("", "_lower", "_upper"), values, strict=True)
            ]
            rows.append(place | {"statistic": "flagged", "value": flagged})
    return make_rows(rows)


def draw_of(frame, analyses=(SUMMARY, COMPARED), **more):
    return draw(make_plan(analyses, **more), {"results": frame})


def test_shares_and_differences_are_those_of_the_rows(check_layout):
    drawing = draw_of(results(), simulated=True)
    with house_style():
        words = check_layout(drawing.figure)
    shares, differences = drawing.figure.axes
    marks = {line.get_marker(): [] for line in shares.lines}
    for line in shares.lines:
        marks[line.get_marker()].append(float(line.get_xdata()[0]))
    assert marks == {"o": [10, 20, 5, 5, 15], "s": [40, 30, 5, 4, 5]}
    points = [float(m.get_xdata()[0]) for m in differences.lines if m.get_marker() == "s"]
    assert points == pytest.approx([30, 10, 0, -1, -10])
    assert [m.get_marker() for m in differences.lines].count(">") == 1  # 80 is beyond the axis
    labels = [text.get_text() for text in shares.get_yticklabels()]
    assert labels == [
        "Nausea *",
        "Headache",
        "Weight $up$ <b>much</b>",
        "Nervous system disorders / Fall",
        "Injuries / Fall",
    ]
    assert "30.0 (12.0 to 80.0)" in words
    assert "−1.0 (– to –)" in words
    assert "Nausea: 10.0% of placebo, 40.0% of active 10 mg." in drawing.alt
    assert "flagged by the double false discovery rate" in " ".join(words)
    assert_looks_like(drawing.figure, "adverse_events")


def test_the_most_frequent_are_shown_and_the_others_counted(check_layout):
    events = {f"S / Term {n:02d}": (n, n, (0.01 * n, 0, 0.5), 0) for n in range(1, 26)}
    drawing = draw_of(results(events, arms=3), arms=3, dummy=True)
    with house_style():
        words = check_layout(drawing.figure)
    assert "Term 06" in words
    assert "Term 05" not in words
    assert "The 20 most frequent terms; 5 less frequent not shown." in words


def test_marks_of_arms_with_one_share_lie_side_by_side():
    axis = draw_of(results()).figure.axes[0]
    heights = {line.get_ydata()[0] for line in axis.lines if float(line.get_xdata()[0]) == 5}
    assert len(heights) == 4


def test_without_a_comparison_the_shares_stand_alone(check_layout):
    drawing = draw_of(results(compared=False), [SUMMARY])
    with house_style():
        check_layout(drawing.figure)
    assert len(drawing.figure.axes) == 1
    assert "excess" not in drawing.caption
    assert "risk differences" not in drawing.alt


def test_terms_that_were_not_compared_say_so(check_layout):
    frame = results()
    rare = (frame["ANALYSIS"] == "differences") & (frame["LEVEL"] == "Injuries / Fall")
    with house_style():
        assert "not compared" in check_layout(draw_of(frame[~rare]).figure)


def test_the_summary_of_the_participants_compared_is_taken():
    frame = results()
    other = SUMMARY | {"id": "others", "population": "all"}
    wrong = frame[frame["ANALYSIS"] == "counts"].assign(ANALYSIS="others", VALUE=99.0)
    drawing = draw_of(pd.concat([frame, wrong], ignore_index=True), [other, SUMMARY, COMPARED])
    assert "99" not in drawing.alt


def test_without_terms_a_sentence_says_so(check_layout):
    frame = make_rows([{"analysis": "counts", "statistic": "note", "text": "Not computed."}])
    assert "No adverse event was counted" in " ".join(check_layout(draw_of(frame).figure))
