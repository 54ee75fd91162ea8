"""The methods for counts on data that admit no answer, or a special one, and what their options mean."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS

METHODS_OF_COUNTS = (
    "negative_binomial", "quasi_poisson", "zero_inflated", "gee", "poisson_mixed", "negative_binomial_mixed",
)  # fmt: skip
BY_VISIT = ("gee", "poisson_mixed", "negative_binomial_mixed")
VISITS = ("v1", "v2", "v3")


def study(
    counts: dict[str, list[list[int]]], days: float = 28.0, **columns
) -> dict[str, pd.DataFrame]:
    """ADSL and ADSZ with the given counts at three visits and over all of them, by arm."""
    rows = [(arm, by_visit) for arm, people in counts.items() for by_visit in people]
    people = pd.DataFrame(
        {"USUBJID": [f"P{i:02d}" for i in range(len(rows))], "TRT01P": [arm for arm, _ in rows]}
    )
    people = people.assign(FASFL="Y", BSCOUNT=10, BSDAYS=28, **columns)
    parts = []
    for number, (_, by_visit) in enumerate(rows):
        known = {v: c for v, c in zip(VISITS, by_visit, strict=False) if c is not None}
        windows = {v: (c, days) for v, c in known.items()} | {
            "w": (sum(known.values()), days * len(known))
        }
        for window, (count, recorded) in windows.items():
            parts += [
                (people["USUBJID"][number], code, window, value)
                for code, value in (
                    ("SZCOUNT", count),
                    ("SZDAYS", recorded),
                    ("SZFREQ", 28 * count / recorded),
                )
            ]
    adsz = pd.DataFrame(parts, columns=["USUBJID", "PARAMCD", "AVISIT", "AVAL"])
    return {"adsl": people, "adsz": adsz.assign(PCHG=0.0)}


def run(method: str, data, covariates: tuple[str, ...] = (), **options):
    arms = data["adsl"]["TRT01P"].unique()
    schemas = METHODS[method].options
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=tuple(
            Arm(arm, arm.title()) for arm in ["placebo", *(a for a in arms if a != "placebo")]
        ),
        window="w",
        covariates=covariates,
        visits=VISITS,
        options={name: schema["default"] for name, schema in schemas.items()} | options,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return load_method(method)(spec, data)


def numbers(result) -> dict[tuple[str, str | None], float]:
    return {
        (s.name, s.group): s.value
        for s in result.statistics
        if s.visit is None and s.variable is None
    }


def assert_nothing_is_silently_missing(result):
    for statistic in result.statistics:
        if statistic.text is None and not math.isfinite(statistic.value):
            known = statistic.note or any(
                "Poisson" in note or "theta" in note for note in result.notes
            )
            assert known, statistic


PLACEBO = [[4, 7, 2], [9, 5, 3], [2, 3, 6], [11, 8, 14], [0, 1, 2], [5, 5, 4], [3, 9, 6], [7, 2, 5]]
ACTIVE = [[3, 1, 2], [0, 2, 1], [6, 4, 5], [1, 1, 0], [2, 2, 4], [8, 5, 7], [0, 0, 1], [3, 2, 3]]
COUNTS = {"placebo": PLACEBO, "active": ACTIVE}


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
def test_every_method_answers_and_compares_each_arm(method):
    high = [[1, 0, 0], [2, 1, 0], [0, 3, 1], [1, 1, 2], [4, 2, 0], [0, 1, 0], [1, 0, 2], [2, 2, 1]]
    result = run(method, study(COUNTS | {"high": high}))
    found = numbers(result)
    totals = {arm: np.sum(people) for arm, people in (COUNTS | {"high": high}).items()}
    for arm in ("active", "high"):
        if method != "zero_inflated":
            # Balanced, without covariates: the rates are the totals, up to the means of random effects.
            ratio = math.log(totals[arm] / totals["placebo"])
            tolerance = 0.35 if method.endswith("_mixed") else 1e-6
            assert found["log_rate_ratio", arm] == pytest.approx(ratio, abs=tolerance)
        change = 100 * math.expm1(found["log_rate_ratio", arm])
        assert found["relative_change", arm] == pytest.approx(change)
        assert found["relative_change_lower", arm] < change < found["relative_change_upper", arm]
    assert_nothing_is_silently_missing(result)


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
def test_an_arm_without_seizures_has_no_rate_ratio(method):
    with pytest.raises(AnalysisError, match="Active had no seizure in the window"):
        run(method, study({"placebo": PLACEBO, "active": [[0, 0, 0]] * 4}))
    with pytest.raises(AnalysisError, match="Placebo, Active had no seizure in the window"):
        run(method, study({"placebo": [[0, 0, 0]] * 3, "active": [[0, 0, 0]] * 4}))


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
def test_a_group_without_seizures_is_refused(method):
    counts = {"placebo": [*PLACEBO, [0, 0, 0]], "active": [*ACTIVE, [0, 0, 0]]}
    flags = (["N"] * 8 + ["Y"]) * 2
    with pytest.raises(AnalysisError, match=r"no finite rate"):
        run(method, study(counts, STRUCTFL=flags), ("STRUCTFL",))


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
def test_an_empty_arm_is_named(method):
    data = study(COUNTS)
    data["adsz"] = data["adsz"][data["adsz"]["USUBJID"] < "P08"]
    with pytest.raises(AnalysisError, match="no participant of Active"):
        run(method, data)


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
def test_covariates_that_say_the_same_are_named(method):
    flags = list("NY") * 8
    data = study(COUNTS, STRUCTFL=flags, COPYFL=flags)
    with pytest.raises(AnalysisError, match=r"COPYFL\[T.Y\] cannot be told apart"):
        run(method, data, ("STRUCTFL", "COPYFL"))


def result_or_refusal(method: str, data):
    """The result, or the sentence that says why there is none."""
    try:
        return run(method, data), ""
    except AnalysisError as error:
        return None, str(error)


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
def test_one_participant_per_arm_is_answered_or_refused(method):
    result, refusal = result_or_refusal(
        method, study({"placebo": [[3, 4, 5]], "active": [[1, 2, 1]]})
    )
    if result is None:
        assert "too few" in refusal
    else:
        assert_nothing_is_silently_missing(result)


@pytest.mark.parametrize("method", METHODS_OF_COUNTS)
@pytest.mark.parametrize("level", [3, 5])
def test_counts_all_equal_are_answered_or_refused(method, level):
    counts = {"placebo": [[5, 5, 5]] * 4, "active": [[level] * 3] * 4}
    result, refusal = result_or_refusal(method, study(counts))
    if result is None:
        assert "fits every count exactly" in refusal
    else:
        assert numbers(result)["rate_ratio", "active"] == pytest.approx(level / 5, rel=1e-6)
        assert_nothing_is_silently_missing(result)
        assert any("no more" in note for note in result.notes)


@pytest.mark.parametrize("method", BY_VISIT)
def test_dropouts_stay_with_the_visits_they_have(method):
    counts = {"placebo": [[4], [9, 5], *PLACEBO[2:]], "active": [[3, 1], [0], *ACTIVE[2:]]}
    result = run(method, study(counts), visit_effect="categorical")
    assert numbers(result)["participants", "placebo"] == 8
    assert result.converged
    assert_nothing_is_silently_missing(result)


@pytest.mark.parametrize("method", BY_VISIT)
def test_a_participant_without_any_visit_is_named(method):
    data = study(COUNTS)
    data["adsz"] = data["adsz"][data["adsz"]["USUBJID"] != "P03"]
    result = run(method, data)
    assert (
        "1 of 16 participants left out for want of recorded days at any visit: P03." in result.notes
    )


@pytest.mark.parametrize("method", BY_VISIT)
def test_a_single_visit_is_answered_or_refused(method):
    counts = {arm: [people[:1] for people in rows] for arm, rows in COUNTS.items()}
    if method == "gee":
        found = numbers(run(method, study(counts)))
        ratio = sum(p[0] for p in ACTIVE) / sum(p[0] for p in PLACEBO)
        assert found["rate_ratio", "active"] == pytest.approx(ratio)
    else:
        with pytest.raises(AnalysisError, match="No participant has two visits"):
            run(method, study(counts))


@pytest.mark.parametrize(
    ("method", "options", "words"),
    [
        ("gee", {"arm_by": ["AGE"]}, "arm_by names AGE, which is not among the covariates"),
        ("gee", {"arm_by_visit": True}, "arm_by_visit needs visit_effect: categorical"),
        ("gee", {"baseline_as_period": True, "arm_by_visit": True, "visit_effect": "categorical"}, "excludes arm_by"),
        ("negative_binomial", {"visit_effect": "last"}, "visit_effect needs rows: visit"),
    ],
)  # fmt: skip
def test_options_that_exclude_each_other_are_named(method, options, words):
    with pytest.raises(AnalysisError, match=words):
        run(method, study(COUNTS), **options)


def test_a_baseline_that_is_an_observation_is_no_covariate():
    data = study(COUNTS, BSFREQ=np.arange(16.0))
    with pytest.raises(AnalysisError, match="BSFREQ cannot be a covariate"):
        run("gee", data, ("BSFREQ",), baseline_as_period=True)


def test_the_baseline_as_a_period_compares_changes():
    """Without covariates and with independence the interaction is a ratio of four totals."""
    data = study(COUNTS)
    data["adsl"]["BSCOUNT"] = np.arange(5, 21)
    found = numbers(run("gee", data, baseline_as_period=True, correlation="independence"))
    before = {"placebo": sum(range(5, 13)), "active": sum(range(13, 21))}
    ratio = (np.sum(ACTIVE) / before["active"]) / (np.sum(PLACEBO) / before["placebo"])
    assert found["rate_ratio", "active"] == pytest.approx(ratio, rel=1e-8)


def test_a_participant_without_a_recorded_baseline_stays_with_the_visits():
    data = study(COUNTS)
    data["adsl"].loc[2, "BSDAYS"] = 0
    result = run("gee", data, baseline_as_period=True)
    assert any("1 participants enter without a baseline" in note for note in result.notes)
    assert numbers(result)["participants", "placebo"] == 8


def test_effects_by_visit_average_to_the_effect():
    result = run("gee", study(COUNTS), visit_effect="categorical", arm_by_visit=True, correlation="independence")  # fmt: skip
    by_visit = [s.value for s in result.statistics if s.name == "log_rate_ratio" and s.visit]
    totals = {arm: np.sum(rows, axis=0) for arm, rows in COUNTS.items()}
    assert by_visit == pytest.approx(np.log(totals["active"] / totals["placebo"]), rel=1e-8)
    assert numbers(result)["log_rate_ratio", "active"] == pytest.approx(np.mean(by_visit))


def test_an_effect_that_differs_with_a_covariate_is_given_at_its_mean():
    ages = np.array([20.0, 30, 40, 50, 60, 70, 80, 90] * 2)
    result = run("quasi_poisson", study(COUNTS, AGE=ages), ("AGE",), arm_by=["AGE"])
    terms = {s.variable: s.value for s in result.statistics if s.name == "coefficient"}
    expected = terms["ARM[T.active]"] + terms["ARM[T.active]:AGE"] * ages.mean()
    assert numbers(result)["log_rate_ratio", "active"] == pytest.approx(expected)
    assert any("at the mean" in note for note in result.notes)


@pytest.mark.parametrize(
    ("effect", "term"),
    [("last", "LASTVIS"), ("linear", "VISITLIN"), ("categorical", "VISIT[T.v3]")],
)
def test_visit_effects_are_terms(effect, term):
    result = run("gee", study(COUNTS), visit_effect=effect, correlation="independence")
    terms = {s.variable: s.value for s in result.statistics if s.name == "coefficient"}
    totals = np.sum(PLACEBO + ACTIVE, axis=0)
    if effect == "last":
        assert terms[term] == pytest.approx(math.log(totals[2] / totals[:2].mean()), rel=1e-8)
    elif effect == "categorical":
        assert terms[term] == pytest.approx(math.log(totals[2] / totals[0]), rel=1e-8)
    else:  # -0.2, 0, 0.2: the likelihood equation of the slope
        means = np.exp(np.array([-0.2, 0, 0.2]) * terms[term])
        fitted = totals.sum() * means / means.sum()
        assert (totals - fitted) @ [-0.2, 0, 0.2] == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("chosen", ["fixed_theta", "full_information", "robust"])
def test_standard_errors_keep_their_names_whichever_is_chosen(chosen):
    found = numbers(run("negative_binomial", study(COUNTS), standard_error=chosen))
    default = numbers(run("negative_binomial", study(COUNTS)))
    names = {"fixed_theta": "", "full_information": "_full", "robust": "_robust"}
    for suffix in names.values():
        name = (f"log_rate_ratio_se{suffix}", "active")
        assert found[name] == pytest.approx(default[name])
    error = found[f"log_rate_ratio_se{names[chosen]}", "active"]
    value = found["log_rate_ratio", "active"]
    assert found["z", "active"] == pytest.approx(value / error)
    upper = math.exp(value + 1.959963984540054 * error)
    assert found["rate_ratio_upper", "active"] == pytest.approx(upper)


def test_small_sample_corrections_take_a_t_distribution():
    data = study(COUNTS)
    plain, corrected = (
        numbers(run("gee", data, standard_error=kind)) for kind in ("sandwich", "mancl_derouen")
    )
    assert ("z", "active") in plain
    assert corrected["log_rate_ratio_df", "active"] == 14
    assert corrected["p_value", "active"] > plain["p_value", "active"]


@pytest.mark.parametrize("method", ["negative_binomial", "quasi_poisson"])
def test_rows_of_a_participant_taken_for_independent_are_said_to_be(method):
    result = run(method, study(COUNTS), rows="visit")
    assert any("taken for independent" in note for note in result.notes)


def test_a_model_without_structural_zeros_says_so():
    result = run("zero_inflated", study(COUNTS))
    plain = numbers(run("negative_binomial", study(COUNTS)))
    assert any("negative binomial regression without them" in note for note in result.notes)
    assert numbers(result)["zero_share_percent", None] == 0
    assert numbers(result)["log_rate_ratio", "active"] == pytest.approx(
        plain["log_rate_ratio", "active"]
    )
