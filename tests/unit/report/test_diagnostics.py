"""The diagnostics of a mixed model in the report."""

import pytest
from seizureflow.displays.diagnostics import diagnostics
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results
from unit.report.study import protocol, report, results_of


def texts(cell):
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)


def of(plan, frame):
    entry = next(a for a in plan["analyses"] if a["id"] == "primary")
    return diagnostics(Results(frame), entry, Labels(plan, {}), "95%")


def test_the_matrices_are_laid_out_as_such():
    correlations, covariances = of(protocol(), results_of(protocol())).matrices
    visits = ["Week 12", "Week 16", "Week 20", "Week 24"]
    for table in (correlations, covariances):
        assert [texts(column) for column in table.columns] == visits
        assert [row.heading for row in table.rows] == visits
        filled = [[bool(cell) for cell in row.cells] for row in table.rows]
        assert filled == [[column <= row for column in range(4)] for row in range(4)]
    (deviation,) = correlations.rows[2].cells[2]
    (variance,) = covariances.rows[2].cells[2]
    assert float(deviation.exact) ** 2 == pytest.approx(float(variance.exact))


def test_the_covariance_used_is_named_with_those_that_failed():
    frame = results_of(protocol())
    first = dict(of(protocol(), frame).facts)
    assert texts(first["Covariance used"]) == "Unstructured (us), the plan's first choice"
    fell_back = frame.assign(TEXT=frame["TEXT"].mask(frame["TEXT"] == "us", "ar1h"))
    words = texts(dict(of(protocol(), fell_back).facts)["Covariance used"])
    assert words == (
        "Heterogeneous AR(1) (ar1h), tried before and failed: unstructured and heterogeneous "
        "Toeplitz"
    )


def test_the_residual_figure_stands_with_the_primary_mixed_model_alone(tmp_path):
    plan = protocol()
    page, _ = report(plan, tmp_path)
    assert ("figure", "figure-residuals") in page.attributes("id")
    plan["analyses"] = [
        a | ({"role": "secondary"} if a["id"] == "primary" else {}) for a in plan["analyses"]
    ]
    page, _ = report(plan, tmp_path)
    assert ("figure", "figure-residuals") not in page.attributes("id")
    assert "Diagnostics" in page.visible
