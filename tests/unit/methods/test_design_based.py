"""The design-based methods on small trials, ordinary and degenerate ones."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method, run_method
from seizureflow.option_defaults import with_option_defaults
from seizureflow.problems import AnalysisError

ARMS = ("placebo", "active")
COUNTS = {"placebo": [4, 7, 2, 9, 5, 3], "active": [3, 1, 6, 2, 2, 4]}
RANDOM = ("rerandomisation_test", "bootstrap")
METHODS = (*RANDOM, "outliers")


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def study(counts: dict[str, list[float]], **columns):
    """ADSL and ADSZ with the given counts per 28 days, by arm."""
    rows = [(arm, count) for arm, values in counts.items() for count in values]
    people = pd.DataFrame(rows, columns=["TRT01P", "COUNT"])
    people["USUBJID"] = [f"P{number:02d}" for number in range(len(people))]
    people = people.assign(
        FASFL="Y", RANDFL="Y", LBSFREQ=np.sin(np.arange(len(people))) + 2, **columns
    )
    level = np.log(people["COUNT"] + 0.2)
    parameters = {
        "SZCOUNT": {"AVAL": people["COUNT"].astype(float)},
        "SZDAYS": {"AVAL": 28.0},
        "SZFREQ": {"AVAL": people["COUNT"].astype(float), "PCHG": 0.0},
        "LOGCHG": {"AVAL": level, "CHG": level - 1},
    }
    adsz = pd.concat(
        [
            pd.DataFrame({"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w"} | values)
            for code, values in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people, "adsz": adsz}


def plan(method: str, arms=ARMS, covariates=(), **options):
    """The plan of an analysis, defaults filled in as a protocol's are."""
    analysis = {
        "id": "x",
        "population": "full",
        "method": method,
        "covariates": list(covariates),
        "options": options,
    }
    if method not in ("leave_one_out", "negative_binomial"):
        analysis |= {"endpoint": "LOGCHG", "window": "w"}
    if method == "negative_binomial":
        analysis["window"] = "w"
    filled = with_option_defaults({"analyses": [analysis]})["analyses"][0]
    return {
        "analysis": filled,
        "arms": [{"id": arm, "label": arm.capitalize()} for arm in arms],
        "visits": [],
        "labels": {},
        "frequency_days": 28,
        "confidence_level": 0.95,
        "endpoint_kind": "log_change" if "endpoint" in filled else None,
    } | ({"seed": 7} if method in RANDOM else {})


def run(method: str, data, **given):
    return run_method(method, plan(method, **given), data)


def leave_out(data, repeated="ancova", arms=ARMS, covariates=(), **options):
    given = plan("leave_one_out", arms, repeats="y", **options)
    inner = plan(repeated, arms, covariates)
    return run_method("leave_one_out", given | {"repeated": inner}, data)


def numbers(result) -> dict[tuple[str, str | None], float]:
    return {
        (s.name, s.level or s.group): s.value
        for s in result.statistics
        if s.variable is None or s.level
    }


def assert_no_silent_nan(result) -> None:
    for statistic in result.statistics:
        if statistic.text is None and math.isnan(statistic.value):
            assert statistic.note, statistic.name


@pytest.mark.parametrize("method", METHODS)
def test_the_estimate_is_that_of_the_ancova(method):
    data = study(COUNTS)
    expected = numbers(run("ancova", data, covariates=["LBSFREQ"]))
    name = "difference_all" if method == "outliers" else "difference"
    found = numbers(run(method, data, covariates=["LBSFREQ"]))
    assert found[name, "active"] == pytest.approx(expected["difference", "active"], rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_three_arms_are_each_compared_with_the_reference(method):
    data = study(COUNTS | {"high": [1, 2, 1, 1, 3, 2]})
    found = numbers(run(method, data, arms=(*ARMS, "high")))
    assert {("relative_change", "active"), ("relative_change", "high")} <= set(found)


@pytest.mark.parametrize("method", RANDOM)
def test_the_same_seed_gives_the_same_numbers(method):
    data = study(COUNTS)
    assert run(method, data) == run(method, data)


@pytest.mark.parametrize("method", METHODS)
def test_arms_that_are_too_small_are_refused(method):
    with pytest.raises(AnalysisError, match=r"too few|one participant alone"):
        run(method, study({"placebo": [3], "active": [4]}))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [0, 4])
def test_equal_outcomes_have_an_answer(method, count):
    result = run(method, study({"placebo": [count] * 5, "active": [count] * 5}))
    assert numbers(result)["difference", "active"] == pytest.approx(0, abs=1e-12)
    assert_no_silent_nan(result)


@pytest.mark.parametrize("method", METHODS)
def test_participants_left_out_are_named(method):
    data = study(COUNTS)
    data["adsl"].loc[2, "LBSFREQ"] = np.nan
    notes = run(method, data, covariates=["LBSFREQ"]).notes
    assert "1 of 12 participants left out for want of LBSFREQ: P02." in notes


@pytest.mark.parametrize("statistic", ["ancova", "difference_in_means", "rank_sum"])
def test_randomisation_test_with_blocks(statistic):
    """Arms that alternate in blocks of 2, all better on active: of 2^6 assignments 2 are so."""
    dates = pd.to_datetime("2020-01-01") + pd.to_timedelta(
        [*range(0, 12, 2), *range(1, 13, 2)], unit="D"
    )
    data = study({"placebo": [9, 8, 7, 9, 8, 7], "active": [1, 2, 3, 1, 2, 3]}, RANDDT=dates)
    result = run("rerandomisation_test", data, statistic=statistic, block_size=2)
    found = numbers(result)
    assert found["p_value", "active"] == pytest.approx(2 / 64)
    assert found["arrangements_used", "active"] == 64
    assert any("All 64 assignments" in note for note in result.notes)
    assert found["difference_upper", "active"] < 0


def test_blocks_that_do_not_fit_are_noted():
    dates = pd.to_datetime("2020-01-01") + pd.to_timedelta(
        [0, 1, 2, 5, 6, 7, 3, 4, 8, 9, 10, 11], unit="D"
    )
    result = run("rerandomisation_test", study(COUNTS, RANDDT=dates), block_size=4)
    assert any("complete blocks have other numbers by arm" in note for note in result.notes)


def test_a_stratum_of_one_participant_keeps_its_arm():
    strata = ["A"] * 11 + ["B"]
    result = run("rerandomisation_test", study(COUNTS, STRAT1R=strata), strata=["STRAT1R"])
    # 6 placebo and 5 active participants are left: 462 assignments.
    assert numbers(result)["arrangements_used", "active"] == math.comb(11, 5)


def test_strata_in_which_nothing_can_be_exchanged_are_refused():
    data = study(COUNTS, STRAT1R=["A"] * 6 + ["B"] * 6)
    with pytest.raises(AnalysisError, match="no other assignment of Active and Placebo"):
        run("rerandomisation_test", data, strata=["STRAT1R"])


def test_randomised_participants_without_data_keep_their_place():
    data = study(COUNTS)
    data["adsl"].loc[[0, 11], "FASFL"] = "N"
    result = run("rerandomisation_test", data, permutations=1000)
    assert numbers(result)["participants", "active"] == 5
    assert numbers(result)["arrangements_used", "active"] == math.comb(12, 6)
    assert any("2 of 12 randomised participants are not analysed" in n for n in result.notes)


def test_few_assignments_leave_the_interval_open():
    result = run("rerandomisation_test", study({"placebo": [9, 8], "active": [1, 2]}))
    found = numbers(result)
    assert found["relative_change_lower", "active"] == -100
    assert math.isinf(found["relative_change_upper", "active"])
    assert any("the interval has no end on that side" in note for note in result.notes)


@pytest.mark.parametrize(
    "statistic", ["mean_difference", "median_difference", "ratio_of_means", "ratio_of_medians"]
)
def test_bootstrap_statistics(statistic):
    values = [np.array(COUNTS[arm], dtype=float) for arm in ("active", "placebo")]
    logs = [np.log(value + 0.2) for value in values]
    expected = {
        "mean_difference": logs[0].mean() - logs[1].mean(),
        "median_difference": np.median(logs[0]) - np.median(logs[1]),
        "ratio_of_means": np.log(values[0].mean() / values[1].mean()),
        "ratio_of_medians": np.log(np.median(values[0]) / np.median(values[1])),
    }[statistic]
    found = numbers(run("bootstrap", study(COUNTS), statistic=statistic))
    assert found["difference", "active"] == pytest.approx(expected, rel=1e-12)
    assert found["relative_change", "active"] == pytest.approx(100 * np.expm1(expected))
    assert found["difference_lower", "active"] < expected < found["difference_upper", "active"]


def test_bootstrap_of_a_ratio_without_seizures_in_an_arm():
    data = study({"placebo": [4, 5, 6], "active": [0, 0, 0]})
    with pytest.raises(AnalysisError, match="an arm has no seizures"):
        run("bootstrap", data, statistic="ratio_of_means")


def test_bootstrap_of_which_many_samples_have_no_estimate():
    data = study({"placebo": [4, 5, 6], "active": [0, 0, 3]})
    with pytest.raises(AnalysisError, match="bootstrap samples admit no estimate"):
        run("bootstrap", data, statistic="ratio_of_means")


def test_bootstrap_without_bca_interval():
    """Medians of the smallest values: no sample can be below the estimate."""
    data = study({"placebo": [9, 9, 9, 9, 9], "active": [1, 1, 1, 1, 8]})
    result = run("bootstrap", data, statistic="median_difference")
    assert_no_silent_nan(result)


def test_leave_one_out_names_who_moves_the_estimate():
    counts = {"placebo": [4, 7, 2, 9, 5, 3], "active": [3, 1, 6, 2, 2, 90]}
    data = study(counts)
    result = leave_out(data, shown=2)
    found = {s.name: s for s in result.statistics if s.variable is None}
    assert found["most_influential"].text == "P11"
    without = study({**counts, "active": counts["active"][:-1]})
    expected = numbers(run("ancova", without))
    assert numbers(result)["difference", "P11"] == pytest.approx(expected["difference", "active"])
    assert numbers(result)["p_value", "P11"] == pytest.approx(expected["p_value", "active"])
    listed = {s.level for s in result.statistics if s.variable == "left_out"}
    assert len(listed) == 2
    assert found["relative_change_smallest"].value <= found["relative_change_of_all"].value


def test_leave_one_site_out():
    data = study(COUNTS, SITEID=list("AAABBBAABBBC"))
    result = leave_out(data, unit="site")
    assert numbers(result)["units", "active"] == 3
    counts = {"placebo": [4, 7, 2], "active": [3, 1, 4]}
    expected = numbers(run("ancova", study(counts)))["difference", "active"]
    assert numbers(result)["difference", "B"] == pytest.approx(expected)


def test_sites_that_hold_an_arm_are_reported():
    data = study(COUNTS, SITEID=list("AAAAAABBBBBB"))
    with pytest.raises(AnalysisError, match="gives no estimate of Active against Placebo"):
        leave_out(data, unit="site")
    data = study(COUNTS, SITEID=list("AAAAAABBBBCC"))
    result = leave_out(data, unit="site")
    assert numbers(result)["units", "active"] == 2
    assert any("no estimate without site A" in note for note in result.notes)


def test_one_site_cannot_be_left_out():
    with pytest.raises(AnalysisError, match="All participants belong to one site, A"):
        leave_out(study(COUNTS, SITEID="A"), unit="site")


def test_conclusions_that_hang_on_one_participant_are_counted():
    data = study({"placebo": [9, 8, 7, 9, 8], "active": [1, 2, 3, 1, 60]})
    result = leave_out(data, "ancova")
    changed = next(s for s in result.statistics if s.name == "conclusions_changed")
    assert changed.value == 1
    assert "P09" in changed.note


def test_leaving_out_counts():
    result = leave_out(study(COUNTS), "negative_binomial")
    assert numbers(result)["units", "active"] == 12
    assert_no_silent_nan(result)


def test_leaving_out_of_three_arms():
    data = study(COUNTS | {"high": [1, 2, 1, 1, 3, 2]})
    result = leave_out(data, arms=(*ARMS, "high"), shown=3)
    assert {s.group for s in result.statistics} == {"active", "high"}


def test_an_analysis_that_has_no_answer_says_so_itself():
    with pytest.raises(AnalysisError, match="Active had no seizure in the window"):
        leave_out(study({"placebo": [3, 4, 2], "active": [0, 0, 0]}), "negative_binomial")


OUTLYING = {"placebo": [4, 7, 5, 8, 5, 6, 4, 7], "active": [3, 4, 6, 5, 4, 4, 3, 400]}


@pytest.mark.parametrize("rule", ["studentised", "tukey", "cook"])
def test_outliers_are_named_and_left_out(rule):
    result = run("outliers", study(OUTLYING), rule=rule)
    assert {s.level for s in result.statistics if s.variable == "outlier"} == {"P15"}
    rest = study({**OUTLYING, "active": OUTLYING["active"][:-1]})
    expected = numbers(run("ancova", rest))
    found = numbers(result)
    for name in ("difference", "difference_se", "difference_lower", "relative_change", "p_value"):
        assert found[name, "active"] == pytest.approx(expected[name, "active"], rel=1e-9)
    assert any("does not hold its level" in note for note in result.notes)


def test_nobody_stands_out_beyond_a_wide_cut():
    result = run("outliers", study(OUTLYING), cut=1000)
    found = numbers(result)
    assert found["outliers", "active"] == 0
    assert found["difference", "active"] == found["difference_all", "active"]
    assert any("Nobody does" in note for note in result.notes)


def test_leaving_out_a_whole_arm_has_no_comparison():
    data = study({"placebo": [4, 7, 5, 9, 5, 6], "active": [3, 4]})
    result = run("outliers", data, rule="cook", cut=1e-9)
    difference = next(s for s in result.statistics if s.name == "difference")
    assert math.isnan(difference.value)
    assert difference.note == "Without those who stand out an arm is empty."
    assert_no_silent_nan(result)


def test_fences_are_drawn_around_the_endpoint_where_it_is_no_logarithm():
    data = study(OUTLYING)
    base = plan("outliers", rule="tukey")
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=(Arm("placebo", "P"), Arm("active", "A")),
        endpoint="PCT",
        window="w",
        endpoint_kind="percent_change",
        options=base["analysis"]["options"],
    )
    percent = data["adsz"][data["adsz"]["PARAMCD"] == "SZFREQ"].assign(PARAMCD="PCT")
    data["adsz"] = pd.concat([data["adsz"], percent], ignore_index=True)
    result = load_method("outliers")(spec, data)
    assert {s.level for s in result.statistics if s.variable == "outlier"} == {"P15"}
    assert "relative_change" not in {s.name for s in result.statistics}
