"""The methods that set an estimate against a margin, on small trials and invented results."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.option_defaults import with_option_defaults
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS
from seizureflow.registry.threshold import METHODS as THRESHOLD

HISTORY = {"mean": 21.1, "sd": 10.0, "source": "invented"}


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def options_of(method: str, **given):
    entry = {"id": "x", "method": method, "options": given}
    filled = with_option_defaults({"analyses": [entry]})["analyses"][0]["options"]
    for name, value in filled.items():
        assert not list(Draft202012Validator(METHODS[method].options[name]).iter_errors(value))
    return filled


def spec_of(method: str, arms=("placebo", "active"), kind=None, covariates=(), **options):
    return AnalysisSpec(
        id="x",
        population="full",
        arms=tuple(Arm(arm, arm.capitalize()) for arm in arms),
        endpoint=None if kind is None else "ENDP",
        window="w",
        covariates=covariates,
        endpoint_kind=kind,
        options=options_of(method, **options),
    )


def read(method: str, arms=("placebo", "active"), estimate=-0.42, se=0.2258, df=55.0, **options):
    rows = [
        {"GROUP": arm, "STATISTIC": name, "VALUE": value}
        for arm in arms[1:]
        for name, value in (
            ("relative_change", 100 * math.expm1(estimate)),
            ("difference", estimate),
            ("difference_se", se),
            ("difference_df", df),
        )
    ]
    results = pd.DataFrame(rows).assign(ANALYSIS="main", VARIABLE=None, LEVEL=None, VISIT=None)
    spec = spec_of(method, arms, analysis="main", **options)
    return load_method(method)(spec, {"results_main": results})


def found(result) -> dict[tuple, float]:
    return {(s.name, s.variable or s.group, s.level): s.value for s in result.statistics}


@pytest.mark.parametrize("method", THRESHOLD)
def test_defaults_are_valid_and_options_are_described(method):
    for schema in THRESHOLD[method].options.values():
        assert schema["description"]
        if "default" in schema:
            assert not list(Draft202012Validator(schema).iter_errors(schema["default"]))


def test_margin_of_the_progabide_trial():
    """Difference -0.42014, SE 0.2258, df 55.06: t = (-0.42014 + 0.37106) / 0.2258 = -0.2173."""
    numbers = found(read("superiority_by_margin", estimate=-0.42014, df=55.06, margins=[31, 0]))
    assert numbers["t", "margin", "31%"] == pytest.approx(-0.2173, abs=1e-4)
    # Published two-sided p of no effect: 0.0682.
    assert numbers["beyond_p", "margin", "0%"] == pytest.approx(0.0682 / 2, abs=5e-5)
    assert numbers["margin_confidence", "margin", "0%"] == pytest.approx(93.18, abs=0.01)
    assert numbers["power", "true_reduction", "0%"] == pytest.approx(0.025)
    assert numbers["power_to_reach", "true_reduction", "31%"] == pytest.approx(0.5)


def test_posterior_of_the_flat_prior_is_the_confidence_distribution():
    result = read("posterior_threshold", likelihood="t", reductions=[31])
    margin = found(read("superiority_by_margin", margins=[31]))
    numbers = found(result)
    expected = 1 - margin["beyond_p", "margin", "31%"]
    assert numbers["posterior_probability", "flat", "31%"] == pytest.approx(expected, abs=1e-9)
    mean = next(s for s in result.statistics if s.name == "relative_change_mean")
    assert math.isnan(mean.value)
    assert "does not exist" in mean.note


def test_a_sceptic_is_between_no_effect_and_the_estimate():
    numbers = found(read("posterior_threshold"))
    flat, sceptical = (numbers["relative_change", prior, None] for prior in ("flat", "sceptical"))
    assert flat == pytest.approx(100 * math.expm1(-0.42))
    # Both have about the same precision, so the posterior mean is about half the estimate.
    weight = 0.2258**-2 / (0.2258**-2 + 0.225591**-2)
    assert sceptical == pytest.approx(100 * math.expm1(-0.42 * weight), abs=1e-4)


def test_the_density_is_given_on_a_grid_common_to_the_priors():
    result = read("posterior_threshold", reductions=[0, 31])
    points = [s for s in result.statistics if s.name == "curve_posterior_density"]
    grids = {
        prior: [float(s.level.rstrip("%")) for s in points if s.variable == prior]
        for prior in ("flat", "sceptical", "enthusiastic")
    }
    assert grids["flat"] == grids["sceptical"] == grids["enthusiastic"]
    assert {0.0, 31.0} <= set(grids["flat"])
    # The density of the log ratio at its mean, times 1 / (100 - 31).
    flat = next(s for s in points if s.variable == "flat" and s.level == "31%")
    z = (math.log(0.69) + 0.42) / 0.2258
    assert flat.value == pytest.approx(math.exp(-z * z / 2) / 0.2258 / 69 / math.sqrt(2 * math.pi))


@pytest.mark.parametrize("method", ["superiority_by_margin", "posterior_threshold"])
def test_each_arm_is_judged(method):
    given = {"margins": [31]} if method == "superiority_by_margin" else {}
    result = read(method, arms=("placebo", "low", "high"), **given)
    assert {s.group for s in result.statistics} == {"low", "high"}


@pytest.mark.parametrize("method", ["superiority_by_margin", "posterior_threshold"])
@pytest.mark.parametrize(("estimate", "se"), [(math.nan, 0.2), (-0.4, math.nan), (0.0, 0.0)])
def test_an_analysis_without_an_estimate_is_named(method, estimate, se):
    given = {"margins": [31]} if method == "superiority_by_margin" else {}
    with pytest.raises(AnalysisError, match="The analysis main has no"):
        read(method, estimate=estimate, se=se, **given)


def study(outcomes: dict[str, list[float]], column: str):
    people = pd.DataFrame(
        [(arm, value) for arm, values in outcomes.items() for value in values],
        columns=["TRT01P", "VALUE"],
    )
    people["USUBJID"] = [f"P{number:02d}" for number in range(len(people))]
    people = people.assign(FASFL="Y", AGE=40 + 10 * np.sin(np.arange(len(people))))
    parameters = {
        "SZCOUNT": {"AVAL": 5.0},
        "SZDAYS": {"AVAL": 28.0},
        "SZFREQ": {"AVAL": 5.0, "PCHG": 0.0},
        "ENDP": {column: people["VALUE"].astype(float)},
    }
    adsz = pd.concat(
        [
            pd.DataFrame({"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w"} | values)
            for code, values in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people, "adsz": adsz}


def responders(counts: dict[str, tuple[int, int]], **options):
    outcomes = {arm: [1] * k + [0] * (n - k) for arm, (k, n) in counts.items()}
    spec = spec_of("robust_map", tuple(counts), "responder", historical=HISTORY, **options)
    return load_method("robust_map")(spec, study(outcomes, "AVAL"))


def test_responders_with_and_without_history():
    numbers = found(responders({"placebo": (6, 34), "active": (10, 32)}))
    # History and this trial's placebo arm agree, so that the vague component loses weight.
    assert numbers["vague_weight", "placebo", None] < 0.2
    with_it, without = (
        numbers["risk_difference_upper", place, None]
        - numbers["risk_difference_lower", place, None]
        for place in ("active", "without_history")
    )
    assert with_it < without
    assert numbers["risk_difference", "active", None] == pytest.approx(10 / 32 - 6 / 34, abs=0.02)


def test_a_vague_prior_alone_is_no_history():
    numbers = found(responders({"placebo": (6, 34), "active": (10, 32)}, robust_weight=1))
    for name in ("posterior_probability", "risk_difference", "odds_ratio_upper"):
        assert numbers[name, "active", None] == pytest.approx(
            numbers[name, "without_history", None]
        )


@pytest.mark.parametrize(
    "counts",
    [
        {"placebo": (0, 34), "active": (0, 32)},
        {"placebo": (34, 34), "active": (32, 32)},
        {"placebo": (0, 1), "active": (1, 1)},
        {"placebo": (6, 34), "low": (5, 30), "high": (12, 31)},
    ],
    ids=["no responders", "responders alone", "one participant per arm", "three arms"],
)
def test_any_counts_have_an_answer(counts):
    result = responders(counts)
    for statistic in result.statistics:
        assert math.isfinite(statistic.value), statistic
    assert {s.group for s in result.statistics} == set(counts)
    by_arm = found(result)
    for arm in list(counts)[1:]:
        assert -1 < by_arm["risk_difference_lower", arm, None] < 1


def test_the_prior_and_its_source_are_noted():
    notes = " ".join(responders({"placebo": (6, 34), "active": (10, 32)}).notes)
    assert "0.8 x Beta(3.30, 12.35) + 0.2 x Beta(1, 1)" in notes
    assert "(invented)" in notes
    assert "another endpoint" in notes


def test_responder_rates_take_no_covariates():
    spec = spec_of("robust_map", kind="responder", covariates=("AGE",), historical=HISTORY)
    with pytest.raises(AnalysisError, match="without covariates"):
        load_method("robust_map")(spec, study({"placebo": [1, 0], "active": [1, 0]}, "AVAL"))


def test_an_effective_sample_size_that_may_not_exist_says_so():
    history = {"mean": 5, "sd": 10, "source": "invented"}
    spec = spec_of("robust_map", kind="responder", historical=history)
    result = load_method("robust_map")(spec, study({"placebo": [1, 0], "active": [1, 0]}, "AVAL"))
    size = next(s for s in result.statistics if s.name == "prior_participants_elir")
    assert math.isnan(size.value)
    assert "may not exist" in size.note


CHANGES = {
    "placebo": [-0.1, -0.3, 0.2, -0.4, -0.2, 0.1, -0.5],
    "active": [-0.9, -0.2, -0.6, -1.4, -0.7, -0.1],
}


def log_change(outcomes, history=None, **options):
    history = {"mean": -16.7, "sd": 10.3, "source": "invented"} | (history or {})
    spec = spec_of(
        "robust_map", tuple(outcomes), "log_change", ("AGE",), historical=history, **options
    )
    return load_method("robust_map")(spec, study(outcomes, "CHG"))


def test_log_change_without_borrowing_is_the_ancova():
    data = study(CHANGES, "CHG")
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm("active", "Active")),
        endpoint="ENDP",
        window="w",
        covariates=("AGE",),
        endpoint_kind="log_change",
    )
    ancova = {s.name: s.value for s in load_method("ancova")(spec, data).statistics if s.reference}
    numbers = found(log_change(CHANGES, robust_weight=1, vague_sd=1e4))
    assert numbers["difference", "active", None] == pytest.approx(ancova["difference"], abs=1e-6)
    spread = (
        numbers["difference_upper", "active", None] - numbers["difference_lower", "active", None]
    )
    assert spread == pytest.approx(2 * 1.959964 * ancova["difference_se"], rel=1e-5)


def test_history_of_a_larger_placebo_response_shrinks_the_effect():
    little = found(log_change(CHANGES, {"mean": 0.0, "sd": 3.0}))
    large = found(log_change(CHANGES, {"mean": -40.0, "sd": 3.0}))
    assert little["relative_change", "active", None] < large["relative_change", "active", None]
    assert little["exceeds_31", "active", None] > large["exceeds_31", "active", None]


def test_log_change_of_three_arms():
    result = log_change(CHANGES | {"high": [-1.1, -0.8, -1.6]})
    assert {s.group for s in result.statistics if s.reference} == {"active", "high"}
    assert sum(s.name == "vague_weight" for s in result.statistics) == 1


@pytest.mark.parametrize(
    ("outcomes", "history", "message"),
    [
        (CHANGES, {"mean": -100.0}, "has no logarithm"),
        ({"placebo": [0.5], "active": [0.1, 0.4]}, {}, "3 participants are too few for 3"),
        ({"placebo": [0.5] * 4, "active": [0.5] * 4}, {}, "without residual variance"),
    ],
)
def test_log_changes_that_admit_no_answer(outcomes, history, message):
    with pytest.raises(AnalysisError, match=message):
        log_change(outcomes, history)
