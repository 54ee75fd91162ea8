import pytest
from seizureflow.figures.covariance import draw
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_plans import make_plan, make_rows


def results(visits=3, role="primary"):
    names = [f"week_{number}" for number in range(1, visits + 1)]
    rows = [{"statistic": "residual_quantile", "level": "0.5", "value": 0.0}]
    rows += [
        {"statistic": "covariance_structure", "text": "us"},
        {"statistic": "residual_skewness", "value": -1.25},
        {"statistic": "residual_largest", "value": 3.5},
        {"statistic": "residual_sd", "value": 0.98},
    ]
    for place, name in enumerate(names):
        rows += [
            {"statistic": "visit_sd", "visit": name, "value": 1 + place / 10},
            {"statistic": "residual_sd", "visit": name, "value": 0.9 + place / 100},
        ]
        rows += [
            {
                "statistic": "visit_correlation",
                "variable": name,
                "level": earlier,
                "value": 1.0 if name == earlier else (-0.6) ** (place - column),
            }
            for column, earlier in enumerate(names[: place + 1])
        ]
    return make_rows(row | {"analysis": "main"} for row in rows).assign(ROLE=role, METHOD="mmrm")


def plan(visits=3, **more):
    return make_plan([], labels={f"week_{n}": f"Week {n}" for n in range(1, visits + 1)}, **more)


def test_cells_and_points_are_those_of_the_rows(check_layout):
    drawing = draw(plan(simulated=True), {"results": results()})
    words = check_layout(drawing.figure)
    matrix, spread, residual = drawing.figure.axes
    at = {text.get_text(): text.get_position() for text in matrix.texts}
    assert at["0.36"] == (0, 2)
    assert [text.get_text() for text in matrix.texts].count("−0.60") == 2
    assert list(spread.lines[0].get_ydata()) == pytest.approx([1.0, 1.1, 1.2])
    points = next(line for line in residual.lines if line.get_marker() == "o")
    assert list(points.get_ydata()) == pytest.approx([0.9, 0.91, 0.92])
    assert "Structure: unstructured." in " ".join(words)
    assert "skewness −1.25" in " ".join(words)
    assert "Correlations from −0.60 to 0.36." in drawing.alt
    assert "1.00 at week 1, 1.10 at week 2 and 1.20 at week 3" in drawing.alt
    assert_looks_like(drawing.figure, "covariance")


@pytest.mark.parametrize("visits", [1, 2, 9, 14])
def test_few_and_many_visits_have_room(check_layout, visits):
    check_layout(draw(plan(visits, dummy=True), {"results": results(visits)}).figure)


def test_without_a_primary_mixed_model_a_sentence_says_so(check_layout):
    drawing = draw(plan(), {"results": results(role="sensitivity")})
    assert "is not a mixed model" in " ".join(check_layout(drawing.figure))
