"""Imputation of counts as methods of the plan: what they report, and data that admit no answer."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS

METHOD_NAMES = ("count_imputation", "tipping_point_count")
COUNTS = {"placebo": [24, 17, 9, 30, 12, 21, 15, 8], "active": [6, 13, 4, 18, 9, 3, 11, 7]}
LENGTH = 112


def study(counts=None, last_days=None, gaps: int = 0, **columns):
    """ADSL, ADSZ and intervals: days [1, 113) of which each participant's first are recorded.

    Args:
        counts: Seizures on recorded days, by arm.
        last_days: Last recorded day by participant's number; the others were seen to the end.
        gaps: Days 2, 3, ... that were not recorded, for participants seen to the end.
    """
    last_days = last_days or {}
    rows = [(arm, count) for arm, values in (counts or COUNTS).items() for count in values]
    people = pd.DataFrame(rows, columns=["TRT01P", "COUNT"])
    people["USUBJID"] = [f"P{number:02d}" for number in range(len(people))]
    last = pd.Series([last_days.get(number, LENGTH) for number in people.index])
    people["COMPLFL"] = np.where(last == LENGTH, "Y", "N")
    people = people.assign(FASFL="Y", LBSFREQ=np.linspace(1, 2, len(people)), **columns)
    recorded = last - gaps * (last == LENGTH)
    adsz = pd.concat(
        [
            pd.DataFrame(
                {
                    "USUBJID": people["USUBJID"],
                    "PARAMCD": code,
                    "AVISIT": "w",
                    "AWLO": 1,
                    "AWHI": LENGTH + 1,
                    "AVAL": values.astype(float),
                }
            )
            for code, values in (("SZCOUNT", people["COUNT"]), ("SZDAYS", recorded))
        ],
        ignore_index=True,
    )
    intervals = pd.DataFrame(
        {"USUBJID": people["USUBJID"], "START": 1, "END": last + 1, "RECORDED": last > 0}
    )
    return {"adsl": people, "adsz": adsz, "intervals": intervals}


def run(method, data, covariates=(), arms=("placebo", "active"), seed=1, **options):
    schemas = METHODS[method].options
    defaults = {name: schema["default"] for name, schema in schemas.items()}
    small = (
        {"draws": 20, "bootstrap_samples": 40} if method == "count_imputation" else {"draws": 10}
    )
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=tuple(Arm(arm, arm.capitalize()) for arm in arms),
        window="w",
        covariates=covariates,
        options=defaults | small | options,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return load_method(method)(spec, data, np.random.default_rng(seed))


def numbers(result, **which):
    return {
        (s.name, s.group): s.value
        for s in result.statistics
        if all(getattr(s, name) == value for name, value in which.items())
    }


def assert_no_silent_nan(result):
    assert not [s for s in result.statistics if math.isnan(s.value) and not s.note]


LEFT = {1: 60, 3: 30, 9: 70, 11: 50}


@pytest.mark.parametrize("strategy", ["mar", "j2r", "cr"])
def test_both_variances_are_named_and_the_option_chooses(strategy):
    data = study(last_days=LEFT, gaps=4)
    by_rules = numbers(run("count_imputation", data, strategy=strategy))
    sampled = numbers(
        run("count_imputation", data, strategy=strategy, variance="repeated_sampling")
    )
    for found, name in ((by_rules, "rubin"), (sampled, "repeated_sampling")):
        se = found["log_rate_ratio_se", "active"]
        assert se == found[f"log_rate_ratio_se_{name}", "active"]
        assert found["log_rate_ratio", "active"] == found[f"log_rate_ratio_{name}", "active"]
        assert found["p_value", "active"] == found[f"p_value_{name}", "active"]
        change = found["relative_change", "active"]
        assert change == pytest.approx(100 * (found["rate_ratio", "active"] - 1), rel=1e-12)
        assert found["relative_change_lower", "active"] < change
        assert found["relative_change_upper", "active"] > change
    both = [name for name in by_rules if name[0].endswith(("_rubin", "_repeated_sampling"))]
    assert {name: by_rules[name] for name in both} == {name: sampled[name] for name in both}


def test_time_is_accounted_for():
    result = run("count_imputation", study(last_days=LEFT, gaps=4))
    found = numbers(result)
    # Placebo: six with 108 of 112 days, one with 60, one with 30; 52 + 82 days after the end.
    assert found["recorded_share", "placebo"] == pytest.approx(100 * 738 / 896, rel=1e-12)
    assert found["missing_between_share", "placebo"] == pytest.approx(100 * 24 / 896, rel=1e-12)
    assert found["missing_after_share", "placebo"] == pytest.approx(100 * 134 / 896, rel=1e-12)
    assert found["left_early", "placebo"] == 2
    assert found["seizures", "active"] == sum(COUNTS["active"])
    assert_no_silent_nan(result)


def test_reference_based_variance_is_explained_and_only_there():
    data = study(last_days=LEFT)
    words = "larger than the variance of the estimate over repeated trials"
    assert any(words in note for note in run("count_imputation", data, strategy="j2r").notes)
    assert not any(words in note for note in run("count_imputation", data, strategy="mar").notes)
    assert not run("count_imputation", study(), strategy="j2r").notes


def test_nothing_missing_is_the_plain_negative_binomial_regression():
    data = study()
    data["adsz"] = pd.concat(
        [
            data["adsz"],
            data["adsz"][data["adsz"]["PARAMCD"] == "SZCOUNT"].assign(
                PARAMCD="SZFREQ", PCHG=0.0, AVAL=1.0
            ),
        ]
    )
    spec = AnalysisSpec("x", "full", (Arm("placebo", ""), Arm("active", "")), window="w")
    plain = load_method("negative_binomial")(spec, data)
    wanted = {s.name: s.value for s in plain.statistics if s.group == "active"}
    found = numbers(run("count_imputation", data, strategy="j2r"))
    for name in ("log_rate_ratio", "log_rate_ratio_se", "relative_change_upper", "p_value"):
        assert found[name, "active"] == pytest.approx(wanted[name], rel=1e-6), name


def test_a_participant_who_left_before_the_window_stays_in():
    result = run("count_imputation", study(COUNTS | {"active": [0, *COUNTS["active"]]}, {8: 0}))
    assert numbers(result)["participants", "active"] == 9
    assert_no_silent_nan(result)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_three_arms_are_each_compared_with_the_reference(method):
    counts = COUNTS | {"high": [2, 6, 3, 4, 1, 8, 5, 2]}
    data = study(counts, LEFT | {18: 40})
    result = run(method, data, arms=("placebo", "active", "high"))
    compared = {s.group for s in result.statistics if s.name == "relative_change"}
    assert compared == {"active", "high"}
    assert len(result.statistics) < 300
    assert_no_silent_nan(result)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_equal_seeds_give_equal_results(method):
    data = study(last_days=LEFT)
    first, again, other = (run(method, data, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_bootstrapped_parameters():
    result = run("count_imputation", study(last_days=LEFT), parameters="bootstrap")
    assert_no_silent_nan(result)


def test_the_map_has_a_row_per_pair_and_its_turning_points():
    result = run(
        "tipping_point_count", study(last_days=LEFT), multipliers=[1, 4], threshold_percent=31
    )
    cells = {(s.variable, s.level) for s in result.statistics if s.level}
    assert cells == {
        (f"reference rate × {a}", f"active rate × {b}") for a in (1, 4) for b in (1, 4)
    }
    # A halved rate in the active arm is lost as its unseen days get worse.
    turned = numbers(result, variable="Only the compared arms vary")
    assert 1 < turned["tipping_significance", "active"] < 4
    assert 1 < turned["tipping_threshold", "active"] < 4
    kept = [s for s in result.statistics if s.variable == "Only the reference arm varies"]
    assert [math.isnan(s.value) for s in kept] == [True, True]
    assert kept[0].note.endswith("significant at 1, and so from 1 to 4.")
    assert_no_silent_nan(result)


# Half of the active arm leaves after 30 to 50 days.
MANY = {
    "placebo": [12, 31, 44, 27, 52, 19, 36, 40, 23, 33, 48, 29, 38, 25, 42, 30],
    "active": [7, 4, 9, 12, 5, 8, 3, 6, 15, 24, 19, 11, 28, 17, 22, 14],
}
HALF_LEFT = {16 + place: 30 + 3 * place for place in range(8)}


def turning(multipliers) -> dict[str, float]:
    """Multiplier at which significance turns, by path."""
    data = study(MANY, HALF_LEFT)
    result = run("tipping_point_count", data, multipliers=multipliers, draws=40)
    return {s.variable: s.value for s in result.statistics if s.name == "tipping_significance"}


def test_significance_turns_where_a_fine_grid_of_multipliers_says():
    """p is far from linear in the log multiplier; the limit that passes 0 is not."""
    fine = turning([float(factor) for factor in np.geomspace(0.5, 8, 81)])
    coarse = turning([0.5, 1, 1.5, 3])
    for path in ("Only the compared arms vary", "All arms vary alike"):
        assert coarse[path] == pytest.approx(fine[path], rel=0.05), path


def test_a_reduction_that_becomes_an_increase_between_two_multipliers_turns_in_between():
    """p is below its level at both; the conclusions are opposite."""
    result = run("tipping_point_count", study(MANY, HALF_LEFT), multipliers=[1, 16], draws=40)
    at = {
        level: numbers(result, variable="reference rate × 1", level=f"active rate × {level}")
        for level in (1, 16)
    }
    assert at[1]["p_value", "active"] < 0.05 > at[16]["p_value", "active"]
    assert at[1]["relative_change", "active"] < 0 < at[16]["relative_change", "active"]
    assert 1 < turning([1, 16])["Only the compared arms vary"] < 16


def test_no_threshold_has_no_turning_point():
    result = run("tipping_point_count", study(last_days=LEFT), multipliers=[2])
    assert not [s for s in result.statistics if s.name == "tipping_threshold"]


# Data that admit no answer, with what is said of them.
ZEROS = [0] * 8
EVERY_ACTIVE = dict.fromkeys(range(8, 16), 0)
REFUSED = {
    "no seizures at all": (study({"placebo": ZEROS, "active": ZEROS}, LEFT), "had no seizure"),
    "none in an arm": (study(COUNTS | {"active": ZEROS}, LEFT), "Active had no seizure"),
    "an arm left before the window": (
        study(COUNTS | {"active": ZEROS}, EVERY_ACTIVE),
        "no day of the window was recorded in Active",
    ),
    "an empty arm": (study(COUNTS | {"active": []}), "no participant of Active"),
}


@pytest.mark.parametrize("method", METHOD_NAMES)
@pytest.mark.parametrize("name", REFUSED)
def test_data_without_an_answer(method, name):
    data, words = REFUSED[name]
    with pytest.raises(AnalysisError, match=words):
        run(method, data)


def test_nobody_left_so_there_is_nothing_to_vary():
    with pytest.raises(AnalysisError, match="followed to the end of the window"):
        run("tipping_point_count", study(gaps=5))


def test_an_unknown_arm_among_the_multipliers():
    with pytest.raises(
        AnalysisError, match=r'names "activ", which is no arm. Did you mean "active"'
    ):
        run("count_imputation", study(last_days=LEFT), multipliers={"activ": 2})


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_covariates_that_say_the_same_are_named(method):
    flags = list("NY") * 8
    data = study(last_days=LEFT, STRUCTFL=flags, COPYFL=flags)
    with pytest.raises(AnalysisError, match=r"COPYFL\[T.Y\] cannot be told apart"):
        run(method, data, ("STRUCTFL", "COPYFL"))


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_a_covariate_value_without_seizures(method):
    counts = {arm: [0, *values[1:]] for arm, values in COUNTS.items()}
    flags = ["Y", *"NNNNNNN"] * 2
    with pytest.raises(AnalysisError, match=r"Analysis x: .* has no finite maximum"):
        run(method, study(counts, LEFT, STRUCTFL=flags), ("STRUCTFL",))


def test_an_arm_in_which_one_participant_had_seizures():
    """Many resamples leave that one out: no number is better than one from the rest."""
    counts = COUNTS | {"active": [9, *ZEROS[1:]]}
    with pytest.raises(AnalysisError, match="admit no finite rate ratio, too many"):
        run("count_imputation", study(counts, LEFT))


@pytest.mark.parametrize("strategy", ["mar", "j2r", "cr"])
def test_everybody_leaves(strategy):
    everybody = {number: 20 + 5 * number for number in range(16)}
    result = run("count_imputation", study(last_days=everybody), strategy=strategy)
    assert numbers(result)["left_early", "active"] == 8
    assert_no_silent_nan(result)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_equal_counts_have_no_frailties(method):
    counts = {"placebo": [12] * 6, "active": [8] * 6}
    result = run(method, study(counts, {1: 60, 8: 60}))
    assert any("no more variable than Poisson counts" in note for note in result.notes)
    assert_no_silent_nan(result)


def test_a_shape_that_is_hardly_determined_is_held():
    counts = {"placebo": [12, 9, 16, 11, 7, 15], "active": [8, 5, 12, 9, 4, 11]}
    result = run("count_imputation", study(counts, {1: 60, 8: 60}))
    assert any("it is held at its estimate in all draws" in note for note in result.notes)
    assert_no_silent_nan(result)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_tiny_arms(method):
    data = study({"placebo": [5, 9], "active": [4, 6]}, {1: 60, 3: 50})
    assert_no_silent_nan(run(method, data))


def test_participants_left_out_are_named():
    data = study(last_days=LEFT)
    data["adsl"].loc[2, "LBSFREQ"] = np.nan
    result = run("count_imputation", data, ("LBSFREQ",))
    assert "1 of 16 participants left out for want of LBSFREQ: P02." in result.notes
    assert numbers(result)["participants", "placebo"] == 7


def test_a_study_without_disposition_says_how_time_was_told_apart():
    data = study(last_days=LEFT)
    data["adsl"] = data["adsl"].drop(columns="COMPLFL")
    result = run("count_imputation", data)
    assert any("does not say who completed" in note for note in result.notes)
