"""Every figure says so where its arms are dummy ones."""

import xml.etree.ElementTree as ET

import pytest
from seizureflow.figures.style import save_figure
from unit.figures import (
    test_diary_heatmap,
    test_exposure,
    test_forest,
    test_log_frequency,
    test_participant_flow,
    test_percent_change,
    test_recording_compliance,
    test_residuals,
    test_specification_curve,
    test_subgroups,
)
from unit.figures.small_studies import make_adsl, make_design

TITLE = "{http://purl.org/dc/elements/1.1/}title"


def heatmap(**options):
    adsl = make_adsl({"placebo": 3, "active": 2})
    intervals = test_diary_heatmap.daily(adsl["USUBJID"])
    counts = test_diary_heatmap.seizures(("placebo-1", 1, "focal", 1))
    return test_diary_heatmap.draw(adsl, intervals, counts, **options)


def by_visit(means, **options):
    design = make_design()
    results = test_log_frequency.summary(design, means)
    return test_log_frequency.draw(design, results, **options)


FIGURES = {
    "heatmap": heatmap,
    "forest": test_forest.draw,
    "forest of three arms": lambda **options: test_forest.draw(arms=3, **options),
    "nothing to compare": lambda **options: test_forest.draw(
        [("flow", "descriptive", "participant_flow", None)], **options
    ),
    "change by visit": lambda **options: by_visit(
        {"placebo": [0.0, 0.1], "active": [-0.5, -0.6]}, **options
    ),
    "residuals": lambda **options: test_residuals.draw(test_residuals.results(), **options),
    "no residuals": lambda **options: test_residuals.draw(
        test_residuals.results(role="secondary"), **options
    ),
    "specification curve": test_specification_curve.draw,
    "subgroups": test_subgroups.draw,
    "participant flow": lambda **options: test_participant_flow.two_arms(**options).figure,
    "percent change": lambda **options: (
        test_percent_change.drawn(
            test_percent_change.CHANGES, test_percent_change.QUARTILES, **options
        ).figure
    ),
    "exposure": lambda **options: test_exposure.drawn(**options).figure,
    "recording": lambda **options: test_recording_compliance.drawn(**options).figure,
    "no subgroups": lambda **options: test_subgroups.draw(test_subgroups.results([]), **options),
}


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize("name", FIGURES)
def test_the_stamp_and_the_title_say_dummy_treatment(check_layout, tmp_path, name, simulated):
    figure = FIGURES[name](simulated=simulated, dummy=True)
    words = check_layout(figure)  # the stamp covers nothing that is written
    assert words.count("DUMMY TREATMENT") == 1
    assert figure.get_suptitle().startswith("DUMMY TREATMENT: ")
    assert ("Simulated participants" in words) is simulated
    save_figure(figure, *(tmp_path / f"figure.{kind}" for kind in ("svg", "png", "pdf")))
    assert ET.parse(tmp_path / "figure.svg").find(f".//{TITLE}").text.startswith("DUMMY TREATMENT:")


@pytest.mark.parametrize("name", FIGURES)
def test_the_stamp_lies_on_no_data(name):
    figure = FIGURES[name](simulated=True, dummy=True)
    figure.canvas.draw()
    stamp = next(text for text in figure.texts if text.get_text() == "DUMMY TREATMENT")
    box = stamp.get_bbox_patch().get_window_extent()
    assert all(axis.get_window_extent().y1 < box.y0 for axis in figure.axes)


@pytest.mark.parametrize("name", FIGURES)
def test_true_arms_have_no_stamp(drawn_texts, name):
    words = [text.get_text() for text in drawn_texts(FIGURES[name](simulated=True, dummy=False))]
    assert not any("dummy" in word.lower() for word in words)
