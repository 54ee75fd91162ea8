import itertools
import math

import pytest
from seizureflow.figures.forest import forest
from seizureflow.figures.forest_rows import PANELS, axis_ticks
from seizureflow.figures.style import arm_styles, save_figure
from seizureflow.registry import METHODS
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_design, make_results

LABELS = {
    "primary": "ANCOVA of the change",
    "counts": "Negative binomial regression of the counts",
    "logit": "Responders, logistic regression",
    "exact": "Responders, exact test",
}
ANALYSES = [
    ("primary", "primary", "ancova", (-34.55, -54.5, -5.75)),
    ("counts", "sensitivity", "negative_binomial", (-24.5, -43.7, 1.2)),
    ("logit", "secondary", "logistic", (4.5126, 0.8672, 23.48)),
    ("exact", "sensitivity", "fisher_exact", (4.4, 0.77, 46.8)),
]
CRITERION = {"analysis": "primary", "relative_reduction": 31}
COLOUR = arm_styles(make_design()["arms"])["active"].colour


def draw(analyses=ANALYSES, arms=2, criterion=CRITERION, simulated=False, dummy=False):
    design = make_design(arms)
    compared = [arm["id"] for arm in design["arms"] if not arm["reference"]]
    results = make_results(analyses, compared)
    return forest(
        results,
        design["arms"],
        LABELS,
        criterion,
        confidence_level=0.95,
        simulated=simulated,
        dummy=dummy,
    )


def points(axis, colour=COLOUR):
    """Where estimates stand, as ratios."""
    return [
        float(line.get_xdata()[0])
        for line in axis.lines
        if line.get_color() == colour and line.get_marker() not in ("<", ">")
    ]


def test_every_estimate_is_a_point_with_its_numbers(check_layout):
    figure = draw(simulated=True)
    words = check_layout(figure)
    assert points(figure.axes[0]) == pytest.approx([0.6545, 0.755])
    assert points(figure.axes[1]) == pytest.approx([4.5126, 4.4])
    assert "−34.6% (−54.5 to −5.8)" in words  # halves away from zero, with a true minus
    assert "4.51 (0.87 to 23.48)" in words
    assert "Estimate (95% CI)" in words
    assert "Simulated participants" in words
    assert any(word.replace("\n", " ") == "ANCOVA of the change (primary)" for word in words)
    assert "Estimates of all analyses: Active 10 mg against placebo" in words


def test_the_primary_analysis_stands_out(drawn_texts):
    figure = draw()
    bold = [t.get_text() for t in drawn_texts(figure) if t.get_fontweight() == "bold"]
    assert any("(primary)" in text for text in bold)
    assert not any("binomial" in text for text in bold)
    sizes = [line.get_markersize() for line in figure.axes[0].lines if line.get_color() == COLOUR]
    assert sizes[0] > sizes[1]


@pytest.mark.parametrize(("criterion", "shown"), [(CRITERION, True), (None, False)])
def test_the_criterion_is_a_line_of_the_first_panel(check_layout, criterion, shown):
    figure = draw(criterion=criterion)
    assert ("Criterion −31%" in check_layout(figure)) is shown
    at = [
        [line for line in axis.lines if line.get_xdata()[0] == pytest.approx(0.69)]
        for axis in figure.axes[:2]
    ]
    assert [len(lines) for lines in at] == [int(shown), 0]
    for axis in figure.axes[:2]:  # no effect
        assert any(list(line.get_xdata()) == [1, 1] for line in axis.lines)


@pytest.mark.parametrize(
    "values", [None, (math.nan, math.nan, math.nan)], ids=["no rows", "no number"]
)
def test_an_analysis_without_an_answer_is_named(check_layout, values):
    analyses = [ANALYSES[0], ("counts", "sensitivity", "negative_binomial", values)]
    figure = draw(analyses)
    words = check_layout(figure)
    assert "not computed" in words
    assert any("Negative binomial" in word for word in words)
    assert len(points(figure.axes[0])) == 1


def test_nothing_computed_is_drawn_too(check_layout):
    analyses = [(name, role, method, None) for name, role, method, _ in ANALYSES]
    assert check_layout(draw(analyses)).count("not computed") == 4


def test_a_plan_without_comparisons_gives_a_sentence(check_layout):
    words = check_layout(draw([("flow", "descriptive", "participant_flow", None)]))
    assert any("No analysis" in word for word in words)


def test_a_panel_without_rows_is_left_out(check_layout):
    words = check_layout(draw(ANALYSES[:1]))
    assert "Odds ratio of response" not in words


@pytest.mark.parametrize(
    ("values", "drawn", "arrows"),
    [
        ((0.0, 0.0, 2.0), 0, ["<"]),
        ((math.inf, 0.4, math.inf), 0, [">"]),
        ((2.0, 0.001, 900.0), 1, ["<", ">"]),
        ((2.0, math.nan, math.nan), 1, []),
    ],
    ids=["zero", "infinite", "very wide", "no interval"],
)
def test_what_lies_beyond_the_axis_is_an_arrow(check_layout, values, drawn, arrows):
    figure = draw([("exact", "sensitivity", "fisher_exact", values)])
    check_layout(figure)
    axis = figure.axes[0]
    assert len(points(axis)) == drawn
    assert [line.get_marker() for line in axis.lines if line.get_marker() in "<>"] == arrows


def test_each_arm_has_its_row(check_layout):
    figure = draw(arms=3)
    words = check_layout(figure)
    assert sum(word.endswith("titrated") for word in words) == len(ANALYSES)
    high = arm_styles(make_design(3)["arms"])["high"].colour
    assert len(points(figure.axes[0])) == len(points(figure.axes[0], high)) == 2


def test_a_fit_that_did_not_converge_is_said_to():
    results = make_results(ANALYSES).assign(CONVERGED=False)
    design = make_design()
    figure = forest(
        results, design["arms"], LABELS, None, confidence_level=0.95, simulated=False, dummy=False
    )
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert all("did not" in label for label in labels)


def test_every_estimate_of_the_registry_has_a_panel():
    measures = {needs.measure(kind) for needs in METHODS.values() for kind in (*needs.endpoint, "")}
    assert set(PANELS) <= measures


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
@pytest.mark.parametrize("reach", [1.7, 3, 10, 70])
def test_ticks_keep_apart_and_hold_no_effect(panel, reach):
    left, right = (-reach, reach) if panel.linear else (1 / reach, reach)
    if panel.linear:
        left, right = max(12 * left, -112), min(12 * right, 112)  # no axis reaches further
    ticks = [panel.ratio(tick) for tick in axis_ticks(panel, left, right)]
    assert panel.no_effect in ticks
    assert len(ticks) >= 3
    if panel.linear:
        gaps = [(b - a) / (right - left) for a, b in itertools.pairwise(ticks)]
    else:
        gaps = [math.log(b / a) / math.log(reach**2) for a, b in itertools.pairwise(ticks)]
    assert min(gaps) > 0.05


def test_rows_stand_under_their_role_and_subgroups_elsewhere(check_layout):
    analyses = [
        ("other", "secondary", "ancova", (-10.0, -40.0, 30.0)),
        ("counts", "sensitivity", "negative_binomial", (-24.5, -43.7, 1.2)),
        ("part", "subgroup", "ancova", (-77.0, -90.0, -50.0)),
        ANALYSES[0],
    ]
    results = make_results(analyses)
    results["ENDPOINT"] = results["ANALYSIS"].map({"other": "LOGFBTC", "primary": "LOGCHG"})
    design = make_design()
    figure = forest(
        results, design["arms"], LABELS, None, confidence_level=0.95, simulated=False, dummy=False
    )
    words = check_layout(figure)
    assert not any("77" in word for word in words)
    assert points(figure.axes[0]) == pytest.approx([0.6545, 0.755, 0.9])
    assert {"Sensitivity", "Other endpoints, seizure types and windows"} <= set(words)


@pytest.mark.parametrize(("unit", "values"), [("%", (12.5, -5, 30)), (None, (0.125, -0.05, 0.3))])
def test_differences_of_shares_are_in_points_whatever_their_unit(check_layout, unit, values):
    analyses = [("risk", "secondary", "risk_difference", values)]
    results = make_results(analyses).assign(UNIT=unit)
    design = make_design()
    figure = forest(
        results, design["arms"], LABELS, None, confidence_level=0.95, simulated=False, dummy=False
    )
    assert "12.5 (−5.0 to 30.0)" in check_layout(figure)
    assert points(figure.axes[0]) == pytest.approx([12.5])
    assert figure.axes[0].get_xscale() == "linear"


def test_two_runs_give_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        save_figure(draw(), *(tmp_path / f"{name}.{kind}" for kind in ("svg", "png", "pdf")))
    for kind in ("svg", "png", "pdf"):
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
        assert first == second


def test_it_looks_as_it_should():
    assert_looks_like(draw(simulated=True), "forest")
