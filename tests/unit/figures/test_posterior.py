import numpy as np
import pandas as pd
import pytest
from seizureflow.figures.posterior import draw
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_plans import compared_arms, make_plan, make_rows

ENTRY = {"id": "bayes", "label": "Posterior", "method": "posterior_threshold", "options": {}}
GRID = np.arange(-40.0, 81.0, 4.0)
CRITERION = {"success_criterion": {"relative_reduction": 20}}


def results(arms=2, analysis="bayes", priors=("flat", "sceptical")):
    rows = []
    for arm in compared_arms(arms):
        for number, prior in enumerate(priors):
            own = {"analysis": analysis, "group": arm, "variable": prior}
            density = np.exp(-(((GRID - 20 * number - 10) / 20) ** 2)) / 35
            rows += [
                own | {"statistic": "curve_posterior_density", "level": f"{at:g}%", "value": value}
                for at, value in zip(GRID, density, strict=True)
            ]
            rows += [
                own | {"statistic": "posterior_probability", "level": level, "value": value}
                for level, value in (("0%", 0.8), ("20%", 0.31), ("50%", 0.0004))
            ]
            rows += [
                own | {"statistic": f"relative_change{end}", "value": value}
                for end, value in (("", -10), ("_lower", -39), ("_upper", 90))
            ]
    return make_rows(rows)


def test_density_and_dark_area_are_those_of_the_rows(check_layout):
    drawing = draw(make_plan([ENTRY], simulated=True, **CRITERION), {"results": results()})
    words = check_layout(drawing.figure)
    axis = drawing.figure.axes[0]
    curve = next(line for line in axis.lines if len(line.get_xdata()) == len(GRID))
    assert list(curve.get_xdata()) == list(GRID)
    dark = axis.collections[1].get_paths()[0].vertices
    assert (dark[:, 0].min(), dark[:, 0].max()) == (20, 80)
    shown = "more than 0%: 0.800\nmore than 20%: 0.310\nmore than 50%: <0.001"
    assert words.count(shown) == 2
    assert {"Flat prior", "Sceptical prior"} <= set(words)
    assert "more than 20%: 0.310" in drawing.alt
    assert "exceeds 20%" in drawing.caption
    assert_looks_like(drawing.figure, "posterior")


def test_a_limit_beyond_the_axis_is_an_arrow():
    axis = draw(make_plan([ENTRY]), {"results": results()}).figure.axes[0]
    arrows = [line for line in axis.lines if line.get_marker() in ("<", ">")]
    assert [(line.get_marker(), line.get_xdata()[0]) for line in arrows] == [("<", -40)]


@pytest.mark.parametrize("entries", [{}, {"success_criterion": {"relative_reduction": 31}}])
def test_without_the_probability_of_the_criterion_the_area_of_any_reduction_is_dark(entries):
    drawing = draw(make_plan([ENTRY], **entries), {"results": results()})
    dark = drawing.figure.axes[0].collections[1].get_paths()[0].vertices
    assert dark[:, 0].min() == 0
    assert "exceeds 0%" in drawing.caption


def test_arms_and_analyses_are_named_where_there_are_several(check_layout):
    second = ENTRY | {"id": "second", "label": "Other"}
    frame = pd.concat([results(3), results(3, "second", ["own"])], ignore_index=True)
    priors = {"options": {"priors": [{"id": "own", "label": "A prior of our own making"}]}}
    drawing = draw(make_plan([ENTRY, second | priors], arms=3, dummy=True), {"results": frame})
    words = [word.replace("\n", " ") for word in check_layout(drawing.figure)]
    assert "Flat prior Active 10 mg Posterior" in words
    assert "A prior of our own making Active 10 mg Other" in words


def test_without_a_density_a_sentence_says_so(check_layout):
    frame = make_rows([{"analysis": "bayes", "statistic": "note", "text": "Not computed."}])
    drawing = draw(make_plan([ENTRY]), {"results": frame})
    assert "No posterior was computed" in " ".join(check_layout(drawing.figure))
