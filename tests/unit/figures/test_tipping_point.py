import math

import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from seizureflow.figures.tipping_point import draw
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_plans import compared_arms, make_plan, make_rows

DELTAS = {
    "id": "deltas",
    "label": "Missing visits",
    "method": "tipping_point",
    "options": {"threshold_percent": 30},
}
FACTORS = {"id": "factors", "label": "Counts", "method": "tipping_point_count"}
RESPONSES = {"id": "responses", "label": "Responders", "method": "tipping_point_responder"}
# By deltas in the reference arm and the arm compared: change in percent, p. Rows as sorted by name.
CHANGES = {
    ("0", "0"): (-40, 0.01),
    ("0", "1"): (-30.0, 0.04),
    ("0", "2"): (-10, 0.3),
    ("-0.5", "0"): (-35, 0.02),
    ("-0.5", "1"): (-20, 0.06),
    ("-0.5", "2"): (15, 0.2),
}


def rows_of(entry, cells, statistic="relative_change", arms=2, variable=str, level=str):
    return make_rows(
        {
            "analysis": entry["id"],
            "group": arm,
            "statistic": name,
            "variable": variable(reference),
            "level": level(own),
            "value": value,
        }
        for arm in compared_arms(arms)
        for (reference, own), values in cells.items()
        for name, value in zip((statistic, "p_value"), values, strict=True)
    )


def edges(axis, colour):
    return {
        (tuple(line.get_xdata()), tuple(line.get_ydata()))
        for line in axis.lines
        if line.get_color() == colour
    }


def test_cells_are_the_rows_and_lines_lie_where_conclusions_turn(check_layout):
    drawing = draw(make_plan([DELTAS], simulated=True), {"results": rows_of(DELTAS, CHANGES)})
    words = check_layout(drawing.figure)
    axis = drawing.figure.axes[0]
    at = {text.get_text(): text.get_position() for text in axis.texts}
    assert at["−40%\np = 0.010"] == (0, 1)
    assert at["+15%\np = 0.20"] == (2, 0)
    # p passes 0.05 between deltas 1 and 2, in the lower row between 0 and 1, and so between rows.
    assert edges(axis, "#222222") == {
        ((1.5, 1.5), (0.5, 1.5)),
        ((0.5, 0.5), (-0.5, 0.5)),
        ((0.5, 1.5), (0.5, 0.5)),
    }
    # A reduction of exactly 30% reaches 30%.
    assert edges(axis, "#A33B00") == edges(axis, "#222222")
    assert "p below 0.05 in 3 of 6 cells, a reduction of at least 30% in 3" in " ".join(words)
    assert "estimates from −40% to +15%" in drawing.alt
    assert_looks_like(drawing.figure, "tipping_point")


def test_the_pair_that_changes_nothing_is_framed():
    axis = draw(make_plan([DELTAS]), {"results": rows_of(DELTAS, CHANGES)}).figure.axes[0]
    framed = [
        patch.get_xy()
        for patch in axis.patches
        if isinstance(patch, Rectangle) and not patch.get_fill() and patch.get_width() < 1
    ]
    assert framed == [pytest.approx((-0.46, 0.56))]


def test_factors_and_responses_are_read(check_layout):
    factors = rows_of(
        FACTORS,
        {(1.0, 1.0): (-10, 0.5), (1.0, 0.5): (-20, 0.4), (2.0, 1.0): (math.nan, math.nan)},
        variable=lambda factor: f"reference rate × {factor:g}",
        level=lambda factor: f"active rate × {factor:g}",
    )
    responses = rows_of(
        RESPONSES,
        {(0, 2): (0.25, 0.03), (1, 2): (-0.125, 0.4)},
        "risk_difference",
        variable=lambda count: "Responders among the dropouts",
        level=str,
    )
    pairs = iter([(0, 2), (0, 2), (1, 2), (1, 2)])
    responses["LEVEL"] = [f"{r} of 1 on Placebo, {a} of 2 on Active 10 mg" for r, a in pairs]
    shifts = rows_of(RESPONSES, {("0", "-1"): (1.5, 0.3)}, "odds_ratio")
    frame = pd.concat([factors, responses, shifts], ignore_index=True)
    drawing = draw(make_plan([FACTORS, RESPONSES]), {"results": frame})
    words = check_layout(drawing.figure)
    assert {"× 0.5", "× 2", "−20%\np = 0.40", "+25\np = 0.030", "−13\np = 0.40"} <= set(words)
    assert "p below 0.05 in 0 of 2 cells" in " ".join(words)


def test_three_arms_and_many_cells_have_room(check_layout):
    cells = {(str(r), str(a)): (-99 + 40 * r, 0.001) for r in range(5) for a in range(15)}
    frame = rows_of(DELTAS, cells, arms=3)
    drawing = draw(make_plan([DELTAS], arms=3, dummy=True), {"results": frame})
    words = check_layout(drawing.figure)
    assert "Missing visits: Active 20 mg in the evening, titrated" in words


def test_without_cells_a_sentence_says_so(check_layout):
    frame = make_rows([{"analysis": "deltas", "statistic": "note", "text": "Not computed."}])
    words = " ".join(check_layout(draw(make_plan([DELTAS]), {"results": frame}).figure))
    assert "No tipping point analysis has an assumption to vary" in words
