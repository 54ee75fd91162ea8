import numpy as np
import pandas as pd
import pytest
from seizureflow.figures.specification_curve import specification_curve
from seizureflow.figures.style import save_figure
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_design

ANCOVA, COUNTS = "ANCOVA", "Negative binomial"


def table(size=12, **changes):
    """Specifications with estimates of -40, -37, ... in another order than that of the plan."""
    estimate = -40.0 + 3 * np.arange(size)[::-1]
    number = np.arange(1, size + 1)
    frame = pd.DataFrame(
        {
            "SPECIFICATION": number,
            "MODEL": np.where(number % 3 == 0, COUNTS, ANCOVA),
            "OFFSET": np.where(number % 3 == 0, None, "0.2 to both"),
            "WINDOW": np.where(number % 2 == 0, "Weeks 0-8", "Weeks 8-24"),
            "BASELINE": "Whole baseline",
            "COVARIATES": np.where(
                number < 5, "Log baseline seizure frequency + Structural cause", "None"
            ),
            "POPULATION": "Full analysis set",
            "MISSING": "Recorded days alone",
            "OUTLIERS": "As they are",
            "STATUS": "computed",
            "ISPRIMARY": number == 1,
            "ESTIMATE": estimate,
            "LOWER": estimate - 20,
            "UPPER": estimate + 25,
        }
    )
    return frame.assign(**changes)


def results(levels=(("Model", ANCOVA, -20.04), ("Model", COUNTS, 1.5))):
    rows = [("mean_relative_change", variable, level, value) for variable, level, value in levels]
    rows += [
        ("permutation_p_median", None, None, 0.0249),
        ("permutation_p_threshold", None, None, 0.5),
    ]
    frame = pd.DataFrame(rows, columns=["STATISTIC", "VARIABLE", "LEVEL", "VALUE"])
    return frame.assign(ANALYSIS="curve", GROUP="active", VISIT=None)


def draw(specifications=None, simulated=False, dummy=False):
    return specification_curve(
        table() if specifications is None else specifications,
        results(),
        make_design()["arms"],
        31,
        confidence_level=0.95,
        simulated=simulated,
        dummy=dummy,
    )


def points(axis):
    """Estimates by place, as ratios, of both kinds of interval."""
    lines = [line for line in axis.lines if line.get_marker() in ("o", "s")]
    pairs = [pair for line in lines for pair in zip(*line.get_data(), strict=True)]
    return [ratio for _, ratio in sorted(pairs)]


def test_estimates_stand_in_their_order(check_layout):
    figure = draw()
    words = check_layout(figure)
    expected = sorted(1 + table()["ESTIMATE"] / 100)
    assert points(figure.axes[0]) == pytest.approx(expected)
    assert "95% interval includes 0%" in words
    assert "95% interval excludes 0%" in words
    assert "−20.0%" in words  # the mean of the specifications by ANCOVA
    note = (
        next(word for word in words if word.startswith("12 specifications"))
        .replace("\n", " ")
        .replace("\xa0", " ")
    )
    assert "a median effect as large has p = 0.025" in note


def test_the_primary_is_marked_at_its_place():
    figure = draw()
    diamonds = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    assert [float(line.get_xdata()[0]) for line in diamonds] == [11]  # its estimate is the highest
    assert float(diamonds[0].get_ydata()[0]) == pytest.approx(0.93)
    labels = [text.get_text() for text in figure.axes[1].get_yticklabels()]
    marked = next(line for line in figure.axes[1].lines if line.get_marker() == "D")
    assert [labels[int(height)] for height in marked.get_ydata()] == [
        ANCOVA,
        "Weeks 8-24",
        "Log baseline seizure frequency + Structural cause",
    ]


def test_choices_with_one_level_are_left_out_and_rows_say_who_has_a_level():
    axis = draw().axes[1]
    labels = [text.get_text() for text in axis.get_yticklabels()]
    assert labels == [
        "Model",
        ANCOVA,
        COUNTS,
        "Window",
        "Weeks 8-24",
        "Weeks 0-8",
        "Covariates",
        "Log baseline seizure frequency + Structural cause",
        "None",
    ]
    covered = {}
    for collection in axis.collections:
        for path in collection.get_paths():
            box = path.get_extents()
            if box.height > 0.5:
                row = labels[round((box.y0 + box.y1) / 2)]
                covered[row] = covered.get(row, 0) + round(box.width)
    assert covered == {
        ANCOVA: 8,
        COUNTS: 4,
        "Weeks 8-24": 6,
        "Weeks 0-8": 6,
        "Log baseline seizure frequency + Structural cause": 4,
        "None": 8,
    }


def test_no_effect_and_the_criterion_are_lines(check_layout):
    figure = draw()
    flat = [line.get_ydata() for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    heights = [float(y[0]) for y in flat if y[0] == y[1]]
    assert pytest.approx(0.69) in heights
    assert 1.0 in heights
    assert "criterion\n−31%" in check_layout(figure)


def test_a_primary_that_was_not_computed_is_not_marked():
    frame = table()
    frame.loc[0, ["STATUS", "ESTIMATE"]] = ["failed", np.nan]
    figure = draw(frame)
    assert not [line for line in figure.axes[0].lines if line.get_marker() == "D"]


def test_without_a_specification_it_says_so(check_layout):
    words = check_layout(draw(table().assign(STATUS="failed"), simulated=True))
    assert any("No specification was computed" in word for word in words)


@pytest.mark.parametrize("size", [1, 900])
def test_few_and_many(check_layout, size):
    estimate = np.linspace(-60, 30, size)
    frame = table(size, ESTIMATE=estimate, LOWER=-99.9, UPPER=4000.0)
    check_layout(draw(frame, simulated=True))


def test_the_same_bytes_each_time(tmp_path):
    for name in ("one", "two"):
        save_figure(draw(), *(tmp_path / f"{name}.{kind}" for kind in ("svg", "png", "pdf")))
    for end in ("svg", "png", "pdf"):
        assert (tmp_path / f"one.{end}").read_bytes() == (tmp_path / f"two.{end}").read_bytes()


def test_it_looks_as_it_should():
    assert_looks_like(draw(simulated=True), "specification_curve")
