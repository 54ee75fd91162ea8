"""The methods for a change of the frequency: options, several arms, and data that admit no answer."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError

METHODS = (
    "ancova",
    "robust_regression",
    "quantile_regression",
    "wilcoxon",
    "van_elteren",
    "rank_ancova",
)
ESTIMATING = ("ancova", "robust_regression", "quantile_regression", "wilcoxon")
ADJUSTING = ("ancova", "robust_regression", "quantile_regression", "rank_ancova")
OUTCOME = {
    "placebo": [0.3, -0.4, 0.9, 0.1, -0.2, 0.5, 0.05, -0.7],
    "active": [-0.9, 0.2, -1.3, -0.3, -0.6, 0.4, -0.5, -1.0],
}


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def datasets(outcome: dict[str, list[float]], **columns):
    """ADSL and ADSZ with the given outcomes, in every variable that an endpoint can be in."""
    rows = [(arm, value) for arm, values in outcome.items() for value in values]
    people = pd.DataFrame(rows, columns=["TRT01P", "Y"])
    people["USUBJID"] = [f"P{number:02d}" for number in range(len(people))]
    spread = np.cos(np.arange(len(people)) * 1.7)
    people = people.assign(
        FASFL="Y", BASE=spread, STRATUM=list("AB") * (len(people) // 2) + ["A"] * (len(people) % 2)
    )
    people = people.assign(**columns)
    parameters = {
        "SZCOUNT": {"AVAL": 5.0},
        "SZDAYS": {"AVAL": 28.0},
        "SZFREQ": {"AVAL": 5.0, "PCHG": people["Y"]},
        "Y": {"AVAL": people["Y"].astype(float), "CHG": people["Y"].astype(float)},
    }
    adsz = pd.concat(
        [
            pd.DataFrame({"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w"} | values)
            for code, values in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people, "adsz": adsz}


def run(name, data, covariates=(), kind="log_change", arms=("placebo", "active"), **options):
    if name == "van_elteren":
        options = {"strata": ["STRATUM"]} | options
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=tuple(Arm(arm, arm.title()) for arm in arms),
        endpoint="Y",
        endpoint_kind=kind,
        window="w",
        covariates=covariates,
        options=options,
    )
    return load_method(name)(spec, data)


def numbers(result, group="active"):
    return {s.name: s.value for s in result.statistics if s.group == group and not s.variable}


def assert_no_silent_gap(result):
    silent = [
        s.name for s in result.statistics if math.isnan(s.value) and not s.note and not s.text
    ]
    assert not silent


def assert_answer_or_reason(reason, *arguments, **options):
    """A result without silent gaps, or the reason why there is none."""
    try:
        result = run(*arguments, **options)
    except AnalysisError:
        with pytest.raises(AnalysisError, match=reason):
            run(*arguments, **options)
    else:
        assert_no_silent_gap(result)


@pytest.mark.parametrize("method", METHODS)
def test_the_sign_is_that_of_the_arm_against_the_reference(method):
    found = numbers(run(method, datasets(OUTCOME)))
    sign = found.get("z", found.get("t"))
    assert sign < 0
    if method in ESTIMATING:
        assert found["difference_lower"] < found["difference"] < found["difference_upper"]
        assert found["difference"] < 0
    turned = {"placebo": OUTCOME["active"], "active": OUTCOME["placebo"]}
    other = numbers(run(method, datasets(turned)))
    assert other["p_value"] == pytest.approx(found["p_value"], rel=1e-6)


@pytest.mark.parametrize("method", ESTIMATING)
def test_log_change_is_also_a_relative_change(method):
    found = numbers(run(method, datasets(OUTCOME)))
    for end in ("", "_lower", "_upper"):
        relative = 100 * math.expm1(found[f"difference{end}"])
        assert found[f"relative_change{end}"] == pytest.approx(relative, rel=1e-12)


@pytest.mark.parametrize("method", ESTIMATING)
@pytest.mark.parametrize(
    ("kind", "words"),
    [("percent_change", "percentage points"), ("seizure_free_days", "days per 28 days")],
)
def test_differences_name_their_unit(method, kind, words):
    result = run(method, datasets(OUTCOME), kind=kind)
    label = next(s.label for s in result.statistics if s.name == "difference")
    assert label.endswith(words)
    assert not any(s.name.startswith("relative_change") for s in result.statistics)


@pytest.mark.parametrize("method", METHODS)
def test_each_arm_is_compared_with_the_reference(method):
    """Rank sum tests look at two arms at a time; the models share what they estimate."""
    data = datasets(OUTCOME | {"high": [value - 0.8 for value in OUTCOME["active"]]})
    result = run(method, data, arms=("placebo", "active", "high"))
    active, high = numbers(result), numbers(result, "high")
    assert high["p_value"] < active["p_value"]
    assert {s.reference for s in result.statistics if s.name == "p_value"} == {"placebo"}
    if method == "wilcoxon":
        alone = numbers(run(method, datasets(OUTCOME)))
        assert alone["p_value"] == active["p_value"]
        assert high["difference"] == pytest.approx(active["difference"] - 0.8, rel=1e-12)


def test_hc3_decides_interval_and_p_where_asked_for():
    data = datasets(OUTCOME)
    model = run("ancova", data, ("BASE",))
    robust = run("ancova", data, ("BASE",), variance="hc3")
    first, second = numbers(model), numbers(robust)
    assert second["difference_se"] == first["difference_se_hc3"] != first["difference_se"]
    for name in ("difference_lower", "difference_upper", "p_value"):
        assert second[name] == first[f"{name}_hc3"] == second[f"{name}_hc3"] != first[name]
    assert second["difference"] == first["difference"]
    assert second["lsmean_se"] != first["lsmean_se"]


def test_hc3_does_not_exist_where_one_participant_determines_a_term():
    data = datasets(OUTCOME, SITE=["A"] * 15 + ["B"])
    found = numbers(run("ancova", data, ("SITE",)))
    assert math.isnan(found["p_value_hc3"])
    assert not math.isnan(found["p_value"])
    assert_no_silent_gap(run("ancova", data, ("SITE",)))
    with pytest.raises(AnalysisError, match="HC3 does not exist"):
        run("ancova", data, ("SITE",), variance="hc3")


def test_wilcoxon_says_which_distribution_it_used():
    tied = {"placebo": [1.0, 2, 2], "active": [2.0, 3, 4]}
    exact = run("wilcoxon", datasets(OUTCOME))
    fallen_back = run("wilcoxon", datasets(tied), method="exact")
    assert "exact distribution" in exact.notes[-1]
    assert "outcomes are tied" in fallen_back.notes[-1]
    corrected = numbers(
        run("wilcoxon", datasets(OUTCOME), method="asymptotic", continuity_correction=True)
    )
    plain = numbers(run("wilcoxon", datasets(OUTCOME), method="asymptotic"))
    assert corrected["p_value"] > plain["p_value"]


def test_probability_of_a_lower_outcome():
    pairs = [(a < b) + (a == b) / 2 for a in OUTCOME["active"] for b in OUTCOME["placebo"]]
    found = numbers(run("wilcoxon", datasets(OUTCOME)))
    assert found["probability_lower"] == pytest.approx(np.mean(pairs), rel=1e-12)


@pytest.mark.parametrize("options", [{}, {"weights": "unweighted"}])
def test_strata_without_both_arms_are_named(options):
    strata = ["A"] * 7 + ["Q"] + ["A"] * 8
    result = run("van_elteren", datasets(OUTCOME, STRATUM=strata), **options)
    assert any("STRATUM Q (1 participant)" in note for note in result.notes)
    assert numbers(result)["strata"] == 1


@pytest.mark.parametrize(
    ("method", "options"),
    [("van_elteren", {}), ("rank_ancova", {"form": "koch", "strata": ["STRATUM"]})],
)
def test_no_stratum_of_both_arms(method, options):
    data = datasets(OUTCOME, STRATUM=["A"] * 8 + ["B"] * 8)
    result = run(method, data, **options)
    assert math.isnan(numbers(result)["p_value"])
    assert_no_silent_gap(result)


@pytest.mark.parametrize("method", ["van_elteren", "rank_ancova"])
def test_strata_that_adsl_lacks_are_named(method):
    with pytest.raises(AnalysisError, match="ADSL has no variable REGION"):
        run(method, datasets(OUTCOME), strata=["REGION"])


def test_a_participant_without_stratum_is_left_out_and_named():
    strata = [None, *list("AB") * 7, "A"]
    result = run("van_elteren", datasets(OUTCOME, STRATUM=strata))
    assert "STRATUM: P00" in result.notes[0]
    assert numbers(result, "placebo")["participants"] == 7


@pytest.mark.parametrize("form", ["conover_iman", "quade", "koch"])
def test_rank_ancova_does_not_depend_on_how_outcome_and_baseline_are_scaled(form):
    data = datasets(OUTCOME)
    stretched = datasets(
        {arm: [math.exp(2 * value) for value in values] for arm, values in OUTCOME.items()},
        BASE=np.exp(data["adsl"]["BASE"]),
    )
    answers = [
        numbers(run("rank_ancova", one, ("BASE",), form=form, strata=["STRATUM"]))
        for one in (data, stretched)
    ]
    assert answers[0] == answers[1]
    assert 0 < answers[0]["p_value"] < 0.1


def test_quade_of_three_arms_has_an_f_test_of_all():
    data = datasets(OUTCOME | {"high": [value - 0.8 for value in OUTCOME["active"]]})
    result = run("rank_ancova", data, ("BASE",), arms=("placebo", "active", "high"), form="quade")
    overall = {s.name: s.value for s in result.statistics if s.group is None}
    assert 0 < overall["f_p"] < numbers(result, "high")["p_value"] * 10
    assert overall["residual_df"] == 21


def test_median_regression_without_covariates_is_the_difference_of_medians():
    result = run("quantile_regression", datasets(OUTCOME))
    medians = {arm: np.median(values) for arm, values in OUTCOME.items()}
    found = numbers(result)
    assert found["difference"] == pytest.approx(medians["active"] - medians["placebo"], abs=1e-6)
    assert numbers(result, "placebo")["adjusted_quantile"] == pytest.approx(
        medians["placebo"], abs=1e-6
    )
    assert any("fits as well" in note for note in result.notes)


@pytest.mark.parametrize("arms", [("placebo", "active", "high"), ("placebo", "high", "active")])
def test_median_regression_of_three_arms_is_the_differences_of_their_medians(arms):
    """Each arm of even size has a range of medians; that of one says nothing of the other's."""
    outcome = {"placebo": [1, 2, 3, 4], "active": [10, 20, 30, 40], "high": [5, 6, 7, 8]}
    result = run("quantile_regression", datasets(outcome), arms=arms)
    assert numbers(result, "active")["difference"] == pytest.approx(25 - 2.5)
    assert numbers(result, "high")["difference"] == pytest.approx(6.5 - 2.5)
    for arm, values in outcome.items():
        adjusted = numbers(result, arm)["adjusted_quantile"]
        assert adjusted == pytest.approx(np.median(values))


def test_kernel_interval_is_wald_s():
    found = numbers(run("quantile_regression", datasets(OUTCOME), interval="kernel"))
    width = 1.959963984540054 * found["difference_se"]
    assert found["difference_upper"] - found["difference"] == pytest.approx(width, rel=1e-9)
    assert found["z"] == pytest.approx(found["difference"] / found["difference_se"], rel=1e-12)


def test_robust_regression_is_not_decided_by_one_participant():
    outlying = OUTCOME | {"active": [*OUTCOME["active"][:-1], 40.0]}
    robust = {
        norm: numbers(run("robust_regression", datasets(outlying), norm=norm))["difference"]
        for norm in ("huber", "tukey")
    }
    plain = numbers(run("ancova", datasets(outlying)))["difference"]
    assert robust["tukey"] < robust["huber"] < 0 < plain


# ---- data that admit no answer ----

EQUAL = {"placebo": [0.5] * 6, "active": [0.5] * 6}


@pytest.mark.parametrize("method", ["wilcoxon", "van_elteren"])
@pytest.mark.parametrize("options", [{}, {"method": "exact"}])
def test_all_outcomes_the_same(method, options):
    options = options if method == "wilcoxon" else {}
    result = run(method, datasets(EQUAL), **options)
    assert math.isnan(numbers(result)["p_value"])
    assert_no_silent_gap(result)


@pytest.mark.parametrize("method", ADJUSTING)
def test_models_of_outcomes_that_are_all_the_same(method):
    with pytest.raises(AnalysisError, match=r"same outcome|are the same"):
        run(method, datasets(EQUAL))


@pytest.mark.parametrize("form", ["quade", "koch"])
def test_ranks_that_are_all_the_same(form):
    result = run("rank_ancova", datasets(EQUAL), ("BASE",), form=form)
    assert math.isnan(numbers(result)["p_value"])
    assert_no_silent_gap(result)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sizes", [(1, 1), (1, 3), (2, 2), (3, 1)])
def test_tiny_arms_have_an_answer_or_a_reason(method, sizes):
    tiny = {arm: OUTCOME[arm][:size] for arm, size in zip(OUTCOME, sizes, strict=True)}
    assert_answer_or_reason("too few|exactly", method, datasets(tiny))


@pytest.mark.parametrize("form", ["conover_iman", "quade", "koch"])
@pytest.mark.parametrize("sizes", [(1, 1), (1, 3), (2, 2)])
def test_rank_ancova_of_tiny_arms(form, sizes):
    tiny = {arm: OUTCOME[arm][:size] for arm, size in zip(OUTCOME, sizes, strict=True)}
    why = "too few|no variance|cannot be told apart"
    assert_answer_or_reason(why, "rank_ancova", datasets(tiny), ("BASE",), form=form)


@pytest.mark.parametrize("method", METHODS)
def test_arms_that_do_not_overlap(method):
    apart = {"placebo": [5.0, 6, 7, 8, 6.5], "active": [-5.0, -6, -7, -8, -6.4]}
    result = run(method, datasets(apart))
    assert_no_silent_gap(result)
    assert numbers(result)["p_value"] < 0.1


@pytest.mark.parametrize("method", METHODS)
def test_an_arm_without_participants_is_named(method):
    with pytest.raises(AnalysisError, match="no participant of Active"):
        run(method, datasets({"placebo": [1.0, 2, 3], "active": []}))


@pytest.mark.parametrize("method", ADJUSTING)
def test_covariates_that_say_the_same_are_named(method):
    data = datasets(OUTCOME, COPY=list("AB") * 8)
    with pytest.raises(AnalysisError, match="cannot be told apart"):
        run(method, data, ("STRATUM", "COPY"))


@pytest.mark.parametrize("method", ESTIMATING)
def test_most_outcomes_are_the_same(method):
    """As seizure-free days are where nobody has any."""
    data = datasets({"placebo": [0.0] * 7 + [3.0], "active": [0.0] * 6 + [2.0, 5.0]})
    why = "Too many outcomes are the same"
    assert_answer_or_reason(why, method, data, kind="seizure_free_days")


@pytest.mark.parametrize("method", ["wilcoxon", "van_elteren", "rank_ancova"])
def test_responders_can_be_ranked(method):
    data = datasets({"placebo": [0.0] * 6 + [1.0, 1.0], "active": [0.0] * 3 + [1.0] * 5})
    result = run(method, data, kind="responder")
    assert 0 < numbers(result)["p_value"] < 0.5
