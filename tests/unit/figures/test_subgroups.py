import math

import pandas as pd
import pytest
from seizureflow.figures.subgroups import subgroups
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_design

LABELS = {
    "SEX": "Sex",
    "FLAG": "A label of a variable that is so long that it takes two lines here",
}
OVERALL = (None, None, (-30.04, -50, -2))
GROUPS = [
    ("SEX", "F", (-20, -50, 28)),
    ("SEX", "M", (-40, -65, 3)),
    ("FLAG", "Y", (math.nan,) * 3),
    ("FLAG", "N", (-25, -99.9, 9000)),
]


def results(estimates=(OVERALL, *GROUPS), measure="relative_change", arms=2):
    compared = [arm["id"] for arm in make_design(arms)["arms"] if not arm["reference"]]
    rows = []
    for variable, level, values in estimates:
        rows += [
            ("participants", arm["id"], variable, level, 17) for arm in make_design(arms)["arms"]
        ]
        for end, value in zip(("", "_lower", "_upper"), values, strict=True):
            rows += [(measure + end, arm, variable, level, value) for arm in compared]
    rows += [("interaction_p", arm, "SEX", None, 0.0404) for arm in compared]
    rows += [("interaction_p", arm, "FLAG", None, math.nan) for arm in compared]
    frame = pd.DataFrame(rows, columns=["STATISTIC", "GROUP", "VARIABLE", "LEVEL", "VALUE"])
    return frame.assign(ANALYSIS="subgroups", VISIT=None)


def draw(given=None, arms=2, simulated=False, dummy=False):
    return subgroups(
        results(arms=arms) if given is None else given,
        make_design(arms)["arms"],
        LABELS,
        confidence_level=0.95,
        simulated=simulated,
        dummy=dummy,
    )


def points(axis, size):
    return [
        float(line.get_xdata()[0])
        for line in axis.lines
        if line.get_markersize() == size and line.get_marker() not in ("None", "<", ">")
        and len(line.get_xdata()) == 1
    ]  # fmt: skip


def test_every_subgroup_is_a_point_beside_that_of_all(check_layout):
    figure = draw(simulated=True)
    words = check_layout(figure)
    assert points(figure.axes[0], 9) == pytest.approx([0.6996])
    arrowless = [0.8, 0.6, 0.75]
    assert set(arrowless) <= {round(value, 4) for value in points(figure.axes[0], 6)}
    assert "−30.0% (−50.0 to −2.0)" in words
    assert "not computed" in words
    assert "interaction p = 0.040" in words
    assert words.count("17 / 17") == 5
    for word in ("All participants", "Sex", "Female", "Male", "Yes", "No"):
        assert word in words


def test_the_estimate_of_all_is_a_line():
    axis = draw().axes[0]
    upright = [
        float(line.get_xdata()[0])
        for line in axis.lines
        if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1]
    ]
    assert upright == pytest.approx([1, 0.6996])


def test_odds_ratios_have_their_own_scale(check_layout):
    given = results([(None, None, (2, 1.1, 3.5)), ("SEX", "F", (1.5, 0.5, 4))], "odds_ratio")
    words = check_layout(draw(given))
    assert "Odds ratio of response" in words
    assert "2.00 (1.10 to 3.50)" in words


def test_three_arms_have_a_row_each(check_layout):
    words = [word.replace("\n", " ") for word in check_layout(draw(arms=3))]
    for arm in make_design(3)["arms"]:
        if arm["reference"]:
            continue
        assert f"Female, {arm['label']}" in words
        assert any(
            word.startswith("interaction ") and f"{arm['label']}: p = 0.040" in word
            for word in words
        )


def test_without_an_estimate_it_says_so(check_layout):
    words = check_layout(draw(results([])))
    assert any("gave no estimate" in word for word in words)


def test_it_looks_as_it_should():
    assert_looks_like(draw(simulated=True), "subgroups")
