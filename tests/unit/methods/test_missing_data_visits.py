"""Imputation of visits as analyses of the protocol: options, notes, and data that admit no answer."""

import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisResult
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS
from unit.imputation.trials import VISITS, lose, make_spec, study

STRATEGIES = ("MAR", "J2R", "CR", "CIR", "LMCF")
INFERENCES = METHODS["reference_based_imputation"].options["inference"]["enum"]
ACTIVE = [f"P{i:02d}" for i in range(1, 24, 2)]
PLACEBO = [f"P{i:02d}" for i in range(0, 24, 2)]
LATE = lose(lose(study(), ["P01", "P03", "P04"], ["v2", "v3"]), ["P05", "P08"], ["v3"])


def run(method: str, data, seed: int = 0, draws: int | None = None, **options) -> AnalysisResult:
    if draws is not None:
        options["draws"] = draws
    spec = make_spec(**options)
    random = (np.random.default_rng(seed),) if METHODS[method].random else ()
    result = load_method(method)(spec, data, *random)
    no_silent_gap(result)
    return result


def no_silent_gap(result: AnalysisResult) -> None:
    """A number that does not exist says why, or stands beside one that does."""
    explained = {s.group for s in result.statistics if s.note}
    for s in result.statistics:
        assert not math.isnan(s.value) or s.note or s.group in explained, s


def impute(data, **options):
    return run("reference_based_imputation", data, **options)


def numbers(result) -> dict[tuple[str, str | None, str | None], float]:
    return {(s.name, s.group, s.visit): s.value for s in result.statistics if s.variable is None}


EFFECT = ("difference", "active", None)


def test_without_missing_visits_all_strategies_agree_and_say_so():
    results = [impute(study(), strategy=name) for name in STRATEGIES]
    assert len({numbers(result)[EFFECT] for result in results}) == 1
    assert all(any("No outcome is missing" in n for n in result.notes) for result in results)
    assert numbers(results[0])["difference_se", "active", None] > 0


def test_strategies_differ_where_visits_are_missing():
    found = {numbers(impute(LATE, strategy=name))[EFFECT] for name in STRATEGIES}
    assert len(found) == 5


def test_what_was_imputed_is_counted_by_arm():
    found = numbers(impute(LATE))
    assert found["imputed", "active", None] == 5
    assert found["imputed", "placebo", None] == 3
    assert found["imputed_percent", "active", None] == pytest.approx(500 / 36)


def test_gaps_before_the_last_visit_are_missing_at_random():
    data = lose(study(), ["P01"], ["v2"])
    results = [impute(data, strategy=name) for name in STRATEGIES]
    assert len({round(numbers(result)[EFFECT], 12) for result in results}) == 1
    assert any("1 of the 1 missing outcomes" in note for note in results[0].notes)


def test_the_effect_can_be_that_of_the_last_visit():
    found = numbers(impute(LATE, analysis_visits="last"))
    assert found[EFFECT] == pytest.approx(found["difference", "active", "v3"], rel=1e-12)


def test_earlier_visits_inform_the_imputation_and_stay_out_of_the_effect():
    found = numbers(impute(LATE, visits=("v2", "v3"), earlier_visits=["v1"]))
    both = (found["difference", "active", "v2"] + found["difference", "active", "v3"]) / 2
    assert found[EFFECT] == pytest.approx(both, rel=1e-12)
    assert found[EFFECT] != pytest.approx(numbers(impute(LATE, visits=("v2", "v3")))[EFFECT])


def test_an_unknown_earlier_visit_is_named():
    with pytest.raises(AnalysisError, match="nobody has a value of the endpoint at v0"):
        impute(LATE, earlier_visits=["v0"])


@pytest.mark.parametrize("strategy", ["MAR", "J2R", "CR", "CIR"])
def test_participants_without_any_visit_are_imputed(strategy):
    result = impute(lose(LATE, ["P07"], VISITS), strategy=strategy)
    assert numbers(result)["participants", "active", None] == 12
    assert "1 participants have no value at any visit; all of theirs are imputed: P07." in (
        result.notes
    )
    assert not any("left out" in note for note in result.notes)


def test_under_lmcf_participants_without_any_visit_have_no_last_mean_and_are_left_out():
    result = impute(lose(LATE, ["P07"], VISITS), strategy="LMCF")
    assert numbers(result)["participants", "active", None] == 11
    assert any("left out" in note and "P07" in note for note in result.notes)


def test_participants_without_a_covariate_are_named():
    data = LATE | {"adsl": LATE["adsl"].copy()}
    data["adsl"].loc[2, "LBSFREQ"] = np.nan
    result = impute(data)
    assert numbers(result)["participants", "placebo", None] == 11
    assert any("P02" in note for note in result.notes)


def test_an_arm_that_all_leave_needs_a_reference():
    data = lose(study(), ACTIVE, ["v3"])
    assert math.isfinite(numbers(impute(data, strategy="J2R"))["difference_se", "active", None])
    assert math.isfinite(numbers(impute(data, strategy="LMCF"))[EFFECT])
    with pytest.raises(AnalysisError, match="the means that MAR needs at v3 cannot be estimated"):
        impute(data, strategy="MAR")


def test_a_reference_arm_that_all_leave_is_no_reference():
    data = lose(study(), PLACEBO, ["v3"])
    with pytest.raises(AnalysisError, match="the means that J2R needs at v3 cannot be estimated"):
        impute(data, strategy="J2R")


def test_a_visit_that_nobody_attended_is_named():
    with pytest.raises(AnalysisError, match="nobody has a value of the endpoint at v3"):
        impute(lose(study(), [*ACTIVE, *PLACEBO], ["v3"]))


def test_an_arm_without_any_value_is_named():
    with pytest.raises(AnalysisError, match="no participant of Active"):
        impute(lose(study(), ACTIVE, VISITS))


@pytest.mark.parametrize("inference", INFERENCES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_single_visit(strategy, inference):
    data = lose(study(visits=("v1",)), ["P03"], ["v1"])
    found = numbers(impute(data, visits=("v1",), strategy=strategy, inference=inference))
    assert found["difference_se", "active", None] > 0


def test_an_arm_of_one_participant_has_an_estimate_without_error():
    data = study()
    chosen = data["adsl"]["USUBJID"].isin([*PLACEBO, "P01"])
    data["adsl"] = data["adsl"][chosen]
    data["adsz"] = data["adsz"][data["adsz"]["USUBJID"].isin([*PLACEBO, "P01"])]
    result = impute(lose(data, ["P02"], ["v3"]))
    found = numbers(result)
    assert math.isfinite(found[EFFECT])
    assert math.isnan(found["difference_se", "active", None])
    notes = {s.note for s in result.statistics if s.name == "difference_se"}
    assert all(
        note.startswith("No standard error: with one participant left out") for note in notes
    )
    with pytest.raises(AnalysisError, match="with one participant left out"):
        run("tipping_point", lose(data, ["P02"], ["v3"]))


def test_too_few_participants():
    data = study(per_arm=1)
    with pytest.raises(AnalysisError, match="2 participants are too few for 2 coefficients"):
        impute(data, covariates=())


def test_a_covariance_that_needs_another_is_replaced_and_said():
    """Visits v1 and v3 are never seen together."""
    data = lose(lose(study(), ACTIVE[:6] + PLACEBO[:6], ["v3"]), ACTIVE[6:] + PLACEBO[6:], ["v1"])
    with pytest.raises(AnalysisError, match="cannot be imputed"):
        impute(data)
    result = impute(data, covariance=["us", "cs"])
    assert any("compound symmetry" in n and "after others failed" in n for n in result.notes)
    with pytest.raises(AnalysisError, match="posterior draws need an unstructured covariance"):
        impute(data, covariance=["us", "cs"], inference="bayesian")


def test_equal_values_have_no_model():
    data = study()
    data["adsz"]["CHG"] = 1.0
    with pytest.raises(AnalysisError, match="cannot be imputed"):
        impute(lose(data, ["P01"], ["v3"]))


@pytest.mark.parametrize("method", ["reference_based_imputation", "tipping_point"])
def test_three_arms_are_each_compared_with_the_reference(method):
    arms = ("placebo", "low", "high")
    data = lose(study(arms=arms), ["P01", "P05", "P04"], ["v3"])
    found = numbers(run(method, data, arms=arms))
    for arm in arms[1:]:
        assert found["difference_se", arm, None] > 0


@pytest.mark.parametrize("inference", INFERENCES)
def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(inference):
    one, again, other = (numbers(impute(LATE, inference=inference, seed=s)) for s in (1, 1, 2))
    assert one == again
    assert (one == other) == (inference == "conditional_mean_jackknife")


@pytest.mark.parametrize("inference", ["bayesian", "approximate_bayesian"])
def test_multiple_imputation_names_both_errors(inference):
    result = impute(LATE, inference=inference)
    found = numbers(result)
    jackknife = numbers(impute(LATE))
    assert found["difference_se_jackknife", "active", None] == pytest.approx(
        jackknife["difference_se", "active", None], rel=1e-12
    )
    assert found["difference_conditional_mean", "active", None] == pytest.approx(
        jackknife[EFFECT], rel=1e-12
    )
    assert found["difference_df", "active", None] < 21
    assert any("information-anchored" in note and "jackknife" in note for note in result.notes)


def test_bootstrap_and_jackknife_errors_are_near_each_other():
    """24 participants, 400 samples: both within 20% of each other."""
    one = numbers(impute(LATE, inference="conditional_mean_bootstrap", bootstrap_samples=400))
    other = numbers(impute(LATE))
    key = ("difference_se", "active", None)
    assert one[key] == pytest.approx(other[key], rel=0.2)
    assert one[EFFECT] == other[EFFECT]


def cells(result, name: str) -> dict[tuple[str | None, str | None], float]:
    return {(s.variable, s.level): s.value for s in result.statistics if s.name == name}


def test_tipping_without_deltas_is_the_imputation_itself():
    tipping, plain = run("tipping_point", LATE, strategy="MAR"), impute(LATE, strategy="MAR")
    for name in ("difference", "difference_se", "difference_upper", "p_value", "relative_change"):
        key = (name, "active", None)
        assert numbers(tipping)[key] == pytest.approx(numbers(plain)[key], rel=1e-9)
    assert cells(tipping, "p_value")["0", "0"] == pytest.approx(numbers(plain)["p_value", *key[1:]])


def test_every_pair_of_deltas_has_its_cell():
    found = cells(run("tipping_point", LATE, strategy="MAR"), "relative_change")
    pairs = {(r, a) for r in ("0", "0.5") for a in ("0", "0.5", "1", "2")}
    assert set(found) == {(None, None), *pairs}
    # Worse in the active arm is worse for it, worse in the reference arm better.
    assert found["0", "1"] > found["0", "0"] > found["0.5", "0"]


STRONG = lose(lose(study(effect=-0.9), ["P01", "P03", "P07"], ["v2", "v3"]), ["P04"], ["v3"])


def test_the_conclusion_turns_at_the_delta_that_is_given():
    options = {"strategy": "MAR", "threshold_percent": 40}
    result = run("tipping_point", STRONG, deltas_active=[0, 5], **options)
    found = numbers(result)
    turn = found["tipping_delta", "active", None]
    there = cells(run("tipping_point", STRONG, deltas_active=[turn], **options), "p_value")
    assert there["0", f"{turn:g}"] == pytest.approx(0.05, rel=1e-9)
    assert found["tipping_delta_change", "active", None] == pytest.approx(100 * math.expm1(turn))
    reached = found["threshold_delta", "active", None]
    there = cells(
        run("tipping_point", STRONG, deltas_active=[reached], **options), "relative_change"
    )
    assert there["0", f"{reached:g}"] == pytest.approx(-40, rel=1e-9)
    assert any("It crosses that level at a delta of" in note for note in result.notes)


def test_a_conclusion_that_never_turns_is_said_plainly():
    result = run("tipping_point", STRONG, strategy="MAR", deltas_active=[0, 0.01])
    assert math.isnan(numbers(result)["tipping_delta", "active", None])
    assert any("No delta in this arm between 0 and 0.01 turns this." in n for n in result.notes)


def test_nobody_missing_leaves_nothing_to_tip():
    result = run("tipping_point", study(effect=-0.9))
    assert any("Nothing is imputed after leaving in Active" in note for note in result.notes)
    assert len(set(cells(result, "relative_change").values())) == 1


def with_events(data, participants):
    adsl = data["adsl"].copy()
    adsl.loc[adsl["USUBJID"].isin(participants), "COMPLFL"] = "N"
    return {**data, "adsl": adsl}


def by_window(data):
    """One row per participant in the window, as the methods of the whole window read it."""
    mean = data["adsz"].groupby("USUBJID", as_index=False)["CHG"].mean()
    frames = [
        mean.assign(PARAMCD=code, AVISIT="w", AVAL=1.0, PCHG=0.0)
        for code in ("LOGCHG", "SZCOUNT", "SZDAYS", "SZFREQ")
    ]
    adsz = pd.concat(frames, ignore_index=True)
    gone = adsz["CHG"].isna()
    adsz.loc[gone, ["AVAL", "PCHG"]] = np.nan
    return {**data, "adsz": adsz}


COMPOSITES = ("composite_rank", "trimmed_means")
WHOLE = by_window(study())


def compose(method, data, **options):
    covariates = ("LBSFREQ", "SEX") if method == "composite_rank" else ()
    return run(method, data, covariates=covariates, draws=200, **options)


@pytest.mark.parametrize("method", COMPOSITES)
def test_an_event_counts_as_the_worst_whatever_was_seen(method):
    before = numbers(compose(method, WHOLE))
    after = numbers(compose(method, with_events(WHOLE, ["P01", "P03"])))
    name = "better" if method == "composite_rank" else "kept"
    assert after[name, "active", None] < before[name, "active", None]


@pytest.mark.parametrize("method", COMPOSITES)
def test_an_event_without_an_outcome_stays_and_others_are_left_out(method):
    data = with_events(by_window(lose(study(), ["P01", "P03"], VISITS)), ["P01"])
    result = compose(method, data)
    assert numbers(result)["participants", "active", None] == 11
    assert any("1 participants with the event enter all the same" in n for n in result.notes)
    assert any("P03" in note for note in result.notes)


@pytest.mark.parametrize("method", COMPOSITES)
def test_everybody_with_the_event_in_both_arms(method):
    result = compose(method, with_events(WHOLE, [*ACTIVE, *PLACEBO]))
    found = numbers(result)
    if method == "composite_rank":
        assert found["better", "active", None] == 0.5
    else:
        assert math.isnan(found[EFFECT])


@pytest.mark.parametrize("method", COMPOSITES)
def test_a_whole_arm_with_the_event(method):
    found = numbers(compose(method, with_events(WHOLE, ACTIVE)))
    if method == "composite_rank":
        assert found["better", "active", None] == 0
        assert found["p_value", "active", None] < 0.001
    else:
        assert math.isnan(found[EFFECT])


@pytest.mark.parametrize("method", COMPOSITES)
def test_tiny_arms_and_equal_values(method):
    data = {**WHOLE, "adsl": WHOLE["adsl"].head(2)}
    compose(method, data)
    data = {**WHOLE, "adsz": WHOLE["adsz"].assign(CHG=0.5)}
    compose(method, data)


@pytest.mark.parametrize("method", COMPOSITES)
def test_a_study_without_the_flag_says_so(method):
    with pytest.raises(AnalysisError, match="has no variable DONEFL"):
        compose(method, WHOLE, completion_flag="DONEFL")


def test_three_arms_of_worst_ranks():
    arms = ("placebo", "low", "high")
    data = with_events(by_window(study(arms=arms)), ["P01"])
    for method in COMPOSITES:
        found = numbers(compose(method, data, arms=arms))
        assert 0 <= found["p_value", "low", None] <= 1
        assert 0 <= found["p_value", "high", None] <= 1
