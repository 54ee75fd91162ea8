import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.figures.drawing import FigurePlan
from seizureflow.figures.log_frequency import draw as log_frequency_figure
from seizureflow.figures.log_frequency import log_frequency
from seizureflow.figures.style import arm_styles, save_figure
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_adsl, make_design

KINDS = ("svg", "png", "pdf")
ENDPOINTS = [
    {
        "id": "LOGCHG",
        "label": "Change in log seizure frequency",
        "kind": "log_change",
        "post_offset": 0.2,
        "baseline_offset": 0.0,
    }
]


def make_adsz(adsl, visits):
    rows = [
        {
            "USUBJID": person,
            "PARAMCD": parameter,
            "AVISIT": visit["id"],
            "CHG": math.sin(number + visit["week"]),
        }
        for number, person in enumerate(adsl["USUBJID"])
        for visit in visits
        for parameter in ("LOGCHG", "SZFREQ")
    ]
    return pd.DataFrame(rows)


def summary(design, means):
    """Results of the summary by visit; ``means`` by arm, one per visit."""
    rows = [
        {"VISIT": visit["id"], "GROUP": arm, "STATISTIC": statistic, "VALUE": value}
        for arm, values in means.items()
        for visit, mean in zip(design["visits"], values, strict=True)
        for statistic, value in (
            ("participants", 0.0 if math.isnan(mean) else 5.0),
            ("mean", mean),
            ("mean_lower", mean - 0.3),
            ("mean_upper", mean + 0.3),
        )
    ]
    return pd.DataFrame(rows).assign(
        ANALYSIS="by_visit",
        METHOD="summary_by_visit",
        ROLE="descriptive",
        ENDPOINT="LOGCHG",
        POPULATION="full",
    )


def model(design, means, role="primary", endpoint="LOGCHG"):
    """Results of a mixed model; ``means`` by arm, one per visit, the first visits not modelled."""
    modelled = len(next(iter(means.values())))
    rows = summary({"visits": design["visits"][-modelled:]}, means)
    rows = rows[rows["STATISTIC"] != "participants"]
    return rows.assign(
        STATISTIC=rows["STATISTIC"].str.replace("mean", "lsmean"),
        ANALYSIS="model",
        METHOD="mmrm",
        ROLE=role,
        ENDPOINT=endpoint,
    )


def draw(design, results, sizes=None, simulated=False, adsz=None, endpoints=ENDPOINTS, dummy=False):
    adsl = make_adsl(sizes or {"placebo": 5, "active": 5})
    return log_frequency(
        adsl,
        make_adsz(adsl, design["visits"]) if adsz is None else adsz,
        results,
        design,
        endpoints,
        confidence_level=0.95,
        simulated=simulated,
        dummy=dummy,
    )


def lines_of(axis, design, arm):
    colour = arm_styles(design["arms"])[arm].colour
    lines = [line for line in axis.lines if line.get_color() == colour]
    thin = [line for line in lines if line.get_linewidth() < 1]
    return thin, [line for line in lines if line.get_linewidth() >= 2]


def test_means_and_participants_are_those_of_the_data(check_layout):
    design = make_design(weeks=(4, 8, 12))
    means = {"placebo": [-0.1, -0.2, -0.3], "active": [-0.5, -0.6, -0.7]}
    figure = draw(design, summary(design, means), simulated=True)
    words = check_layout(figure)
    assert {"Week 4", "Week 12", "Placebo", "Active 10 mg", "Simulated participants"} <= set(words)
    assert "Observed mean, with 95% interval" in words
    assert words.count("5") == 6  # participants by visit and arm
    assert "0%" in words
    for arm, values in means.items():
        thin, (mean,) = lines_of(figure.axes[0], design, arm)
        assert len(thin) == 5
        assert list(mean.get_ydata()) == values
        assert np.allclose(mean.get_xdata(), [4, 8, 12], atol=0.2)
    styles = [
        mean.get_linestyle() for arm in means for mean in lines_of(figure.axes[0], design, arm)[1]
    ]
    assert styles == ["-", "--"]


@pytest.mark.parametrize(
    ("weeks", "sizes", "means"),
    [
        pytest.param((4,), None, {"placebo": [0.1], "active": [-0.1]}, id="one visit"),
        pytest.param(
            (4, 8),
            {"placebo": 5},
            {"placebo": [0.1, 0.2], "active": [math.nan, math.nan]},
            id="an arm without data",
        ),
        pytest.param(
            (4, 8), None, {"placebo": [0.1, math.nan], "active": [0.1, 0.4]}, id="a visit without"
        ),
        pytest.param(
            tuple(range(2, 42, 2)),
            None,
            {"placebo": [0.1] * 20, "active": [-3.0] * 20},
            id="many visits",
        ),
    ],
)
def test_degenerate_results_are_drawn(check_layout, weeks, sizes, means):
    design = make_design(weeks=weeks)
    words = check_layout(draw(design, summary(design, means), sizes))
    assert (words.count("0") >= len(weeks)) is (sizes == {"placebo": 5})


MEANS = {"placebo": [-0.1, -0.2, -0.3], "active": [-0.5, -0.6, -0.7]}


def test_the_means_are_those_of_the_primary_model_where_there_is_one(check_layout):
    design = make_design(weeks=(4, 8, 12))
    fitted = {"placebo": [-0.4, -0.5], "active": [-0.8, -0.9]}
    results = pd.concat([summary(design, MEANS), model(design, fitted)])
    figure = draw(design, results)
    words = check_layout(figure)
    assert "LS mean of the primary mixed model, with 95% interval" in words
    assert any("The model is of week 8 and week 12." in word for word in words)
    for arm, values in fitted.items():
        thin, (mean,) = lines_of(figure.axes[0], design, arm)
        assert list(mean.get_ydata())[1:] == values
        assert np.isnan(mean.get_ydata()[0])  # no mean of a visit that is not in the model
        assert all(len(line.get_ydata()) == 3 for line in thin)  # participants at all visits
    assert words.count("5") == 6


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"role": "sensitivity"}, id="not primary"),
        pytest.param({"endpoint": "FREEDAYS"}, id="not of the log frequency"),
    ],
)
def test_other_models_are_not_shown(check_layout, other):
    design = make_design(weeks=(4, 8, 12))
    results = pd.concat([model(design, MEANS, **other), summary(design, MEANS)])
    assert "Observed mean, with 95% interval" in check_layout(draw(design, results))


def test_a_model_that_was_not_computed_gives_way_to_observed_means(check_layout):
    design = make_design(weeks=(4, 8, 12))
    failed = model(design, MEANS).assign(VALUE=np.nan)
    results = pd.concat([failed, summary(design, MEANS)])
    assert "Observed mean, with 95% interval" in check_layout(draw(design, results))


def test_the_words_say_which_means_and_give_the_last():
    design = make_design(weeks=(4, 8, 12))
    protocol = {"simulated": True, "treatment": "unblinded", "design": design}
    plan = FigurePlan(protocol | {"endpoints": ENDPOINTS}, (), {}, 0.95)
    adsl = make_adsl({"placebo": 5, "active": 5})
    data = {
        "adsl": adsl,
        "adsz": make_adsz(adsl, design["visits"]),
        "results": model(design, MEANS),
    }
    drawing = log_frequency_figure(plan, data)
    assert "LS mean of the primary mixed model" in drawing.alt
    assert "At week 12: placebo −0.30 (−0.60 to 0.00)" in drawing.alt
    assert "active 10 mg −0.70 (−1.00 to −0.40)" in drawing.alt


def test_it_looks_as_it_did():
    design = make_design(weeks=(4, 8, 12))
    assert_looks_like(draw(design, model(design, MEANS), simulated=True), "log_frequency")


def test_three_arms(check_layout):
    design = make_design(arms=3)
    means = {"placebo": [0.0, 0.1], "active": [-0.2, -0.3], "high": [-0.8, -0.9]}
    figure = draw(design, summary(design, means), {"placebo": 3, "active": 3, "high": 3})
    check_layout(figure)
    markers = {lines_of(figure.axes[0], design, arm)[1][0].get_marker() for arm in means}
    assert len(markers) == 3


def test_a_missed_visit_breaks_the_line_of_a_participant():
    design = make_design(weeks=(4, 8, 12))
    adsl = make_adsl({"placebo": 5, "active": 5})
    adsz = make_adsz(adsl, design["visits"])
    adsz = adsz[~((adsz["USUBJID"] == "placebo-1") & (adsz["AVISIT"] == "week_8"))]
    results = summary(design, {"placebo": [0.0] * 3, "active": [0.0] * 3})
    figure = draw(design, results, adsz=adsz)
    thin, _ = lines_of(figure.axes[0], design, "placebo")
    assert [np.isnan(line.get_ydata()).tolist() for line in thin].count([False, True, False]) == 1


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        (lambda full: full[:0], "has no analysis of the change by visit"),
        (lambda full: full.assign(VALUE=np.nan), "was not computed"),
    ],
)
def test_without_the_analysis_a_sentence_says_so(check_layout, results, sentence):
    design = make_design()
    full = summary(design, {"placebo": [0.0, 0.0], "active": [0.0, 0.0]})
    assert any(sentence in word for word in check_layout(draw(design, results(full))))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.0, 0.2, "0.2 is added to frequencies after baseline"),
        (0.2, 0.2, "0.2 is added to every frequency"),
        (0.0, 0.0, None),
    ],
)
def test_the_offset_is_named(check_layout, before, after, words):
    design = make_design()
    results = summary(design, {"placebo": [0.0, 0.0], "active": [0.0, 0.0]})
    endpoint = ENDPOINTS[0] | {"baseline_offset": before, "post_offset": after}
    shown = " ".join(check_layout(draw(design, results, endpoints=[endpoint])))
    assert (words or "added") in shown or words is None
    assert ("added" in shown) is (words is not None)


def test_two_runs_give_the_same_bytes(tmp_path):
    design = make_design()
    results = summary(design, {"placebo": [0.0, 0.1], "active": [-0.5, -0.6]})
    for name in ("first", "second"):
        save_figure(draw(design, results), *(tmp_path / f"{name}.{kind}" for kind in KINDS))
    for kind in KINDS:
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
        assert first == second
