import pandas as pd
import pytest
from scipy import stats
from seizureflow.figures.residuals import residuals
from seizureflow.figures.style import save_figure
from unit.figures.image_reference import assert_looks_like

COLUMNS = ("residual_quantile", "normal_quantile", "normal_quantile_lower", "normal_quantile_upper")
PROBABILITIES = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


def results(shift=0.2, role="primary", method="mmrm"):
    rows = [
        {"STATISTIC": name, "LEVEL": f"{p:g}", "VALUE": float(stats.norm.ppf(p)) + move}
        for p in PROBABILITIES
        for name, move in zip(COLUMNS, (shift, 0.0, -0.3, 0.3), strict=True)
    ]
    return pd.DataFrame(rows).assign(ANALYSIS="model", ROLE=role, METHOD=method)


def draw(frame, simulated=False, dummy=False):
    return residuals(frame, confidence_level=0.95, simulated=simulated, dummy=dummy)


def test_every_quantile_is_a_point(check_layout):
    figure = draw(results(shift=0.2), simulated=True)
    words = check_layout(figure)
    points = next(line for line in figure.axes[0].lines if line.get_marker() == "o")
    normal = [float(stats.norm.ppf(p)) for p in PROBABILITIES]
    assert points.get_xdata() == pytest.approx(normal)
    assert points.get_ydata() == pytest.approx([value + 0.2 for value in normal])
    assert "Simulated participants" in words
    assert "7 quantiles, from 1% to 99%" in words
    assert "−2" in words


@pytest.mark.parametrize("shift", [-6.0, 0.0, 9.0])
def test_both_axes_show_the_same_and_hold_every_point(check_layout, shift):
    figure = draw(results(shift))
    check_layout(figure)
    (axis,) = figure.axes
    assert axis.get_xlim() == axis.get_ylim()
    low, high = axis.get_ylim()
    for line in axis.lines:
        if line.get_marker() == "o":
            assert low < min(line.get_ydata())
            assert max(line.get_ydata()) < high


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (results(role="sensitivity"), "is not a mixed model for repeated measures"),
        (results(method="ancova").iloc[:0], "is not a mixed model for repeated measures"),
        (results().assign(STATISTIC="note"), "The primary analysis was not computed"),
    ],
)
def test_without_residuals_a_sentence_says_why(check_layout, frame, sentence):
    assert sentence in " ".join(" ".join(check_layout(draw(frame))).split())


def test_the_same_results_give_the_same_bytes(tmp_path):
    kinds = ("svg", "png", "pdf")
    save_figure(draw(results()), *(tmp_path / f"a.{kind}" for kind in kinds))
    save_figure(draw(results().iloc[::-1]), *(tmp_path / f"b.{kind}" for kind in kinds))
    for kind in kinds:
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_it_looks_as_it_should():
    assert_looks_like(draw(results()), "residuals")
