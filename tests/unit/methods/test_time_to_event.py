"""Methods for times to an event: what they say of ordinary data, and of data without an answer."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import time_to_event
from seizureflow.survival.event_times import event_times

METHODS = [name for name, needs in time_to_event.METHODS.items() if needs.parameter]
ARMS = (Arm("placebo", "Placebo"), Arm("active", "Active"))
THREE_ARMS = (*ARMS, Arm("high", "High dose"))


def study(times: dict[str, str], **columns):
    """ADSL and ADTTE with the given days by arm; "+" is censored, "-" is no time at all."""
    rows = [(arm, day) for arm, days in times.items() for day in days.split()]
    days = pd.Series([day for _, day in rows], dtype="str")
    known = days != "-"
    people = pd.DataFrame(
        {
            "USUBJID": [f"P{number:02d}" for number in range(len(rows))],
            "TRT01P": [arm for arm, _ in rows],
            "FASFL": "Y",
        }
        | columns
    )
    censored = days.str.endswith("+")
    adtte = pd.DataFrame(
        {
            "USUBJID": people["USUBJID"],
            "PARAMCD": "TT",
            "AVAL": pd.to_numeric(days.str.rstrip("+").where(known)),
            "CNSR": censored.astype("Int64").where(known),
            "EVNTDESC": pd.Series("Countable seizure 1", days.index).where(known & ~censored),
            "CNSDTDSC": pd.Series("Not evaluable", days.index).where(~known),
        }
    )
    return {"adsl": people, "adtte": adtte}


def spec_of(method: str, arms=ARMS, covariates: tuple[str, ...] = (), **options) -> AnalysisSpec:
    defaults = {
        name: schema["default"]
        for name, schema in time_to_event.METHODS[method].options.items()
        if "default" in schema
    }
    return AnalysisSpec(
        id="x",
        population="full",
        arms=arms,
        covariates=covariates,
        options={"parameter": "TT"} | defaults | options,
        visit_days=(5, 9),
    )


def run(method: str, data, **more):
    return load_method(method)(spec_of(method, **more), data)


def numbers(result) -> dict[tuple[str, str | None], float]:
    return {(s.name, s.group): s.value for s in result.statistics if s.variable is None}


ORDINARY = {"placebo": "1 3 3 4 7 8+ 9", "active": "2 4 5+ 9 9 12+ 14"}
DEGENERATE = {
    "ordinary": ORDINARY,
    "no events": {"placebo": "4+ 9+", "active": "8+ 8+"},
    "no events in the reference": {"placebo": "4+ 9+ 9+", "active": "3 8 9+"},
    "no events in an arm": {"placebo": "3 4 9+", "active": "8+ 9+ 9+"},
    "all on one day": {"placebo": "5 5 5", "active": "5 5"},
    "all on day 1": {"placebo": "1 1", "active": "1 1"},
    "one each": {"placebo": "3", "active": "6"},
    "one each, the second censored first": {"placebo": "3", "active": "2+"},
    "events apart": {"placebo": "1 2 3", "active": "10 11 12"},
    "an arm never at risk": {"placebo": "3 5 9+", "active": "0+ 0+"},
    "nobody at risk": {"placebo": "0+", "active": "0+"},
}


# Method and case -> words of the refusal; all others have an answer.
REFUSED = {
    ("logrank", "no events"): "no participant had the event",
    ("logrank", "nobody at risk"): "no participant had the event",
    ("cox", "no events"): "no participant had the event",
    ("cox", "nobody at risk"): "no participant had the event",
    ("restricted_mean_time", "an arm never at risk"): "nobody of an arm was ever at risk",
    ("restricted_mean_time", "nobody at risk"): "nobody of an arm was ever at risk",
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("method", METHODS)
def test_each_number_exists_or_has_a_note(method, case):
    """A refusal is a sentence; a number that is missing says why."""
    if words := REFUSED.get((method, case)):
        with pytest.raises(AnalysisError, match=f"Analysis x: {words}"):
            run(method, study(DEGENERATE[case]))
        return
    result = run(method, study(DEGENERATE[case]))
    assert result.statistics
    silent = [s.name for s in result.statistics if math.isnan(s.value) and not s.note]
    assert silent == []
    assert not any(math.isinf(s.value) for s in result.statistics)


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_arm_is_named(method):
    with pytest.raises(AnalysisError, match="no participant of Active"):
        run(method, study({"placebo": "3 4", "active": "- -"}))


@pytest.mark.parametrize("method", METHODS)
def test_those_without_a_time_are_named_with_the_reason(method):
    result = run(method, study({"placebo": "3 4 -", "active": "6 9+ 12"}))
    note = "1 of 6 participants left out for want of a time (Not evaluable): P02."
    assert note in result.notes
    assert numbers(result)["participants", "placebo"] == 2


def test_those_never_at_risk_are_named():
    result = run("logrank", study({"placebo": "3 4 0+", "active": "6 9+ 12"}))
    assert result.notes[0].startswith("1 of 6 participants were never at risk")
    assert "P02" in result.notes[0]


def test_grouped_times_are_marked():
    data = study(ORDINARY)
    words = "Countable seizure 3; interval-censored: on one of days 1 to 14"
    data["adtte"].loc[0, "EVNTDESC"] = words
    assert "1 of 11 events are known to a period" in run("kaplan_meier", data).notes[0]


def test_a_covariate_or_stratum_that_is_missing_leaves_its_participant_out():
    data = study(ORDINARY, AGE=[30.0, None] + [40.0] * 12, SEX=["F", "M"] * 6 + [None, "F"])
    people = event_times(data, spec_of("cox", covariates=("AGE",), strata=["SEX"]))
    assert len(people.frame) == 12
    assert [note.split(" of ", 1)[1] for note in people.notes] == [
        "14 participants left out for want of AGE: P01.",
        "14 participants left out for want of SEX: P12.",
    ]
    assert set(people.strata) == {0, 1}


def test_strata_are_combinations():
    data = study(ORDINARY, SEX=["F", "M"] * 7, SITEID=["1"] * 7 + ["2"] * 7)
    people = event_times(data, spec_of("logrank", strata=["SEX", "SITEID"]))
    assert len(set(people.strata)) == 4


def test_strata_of_one_arm_are_counted():
    data = study(ORDINARY, SITEID=["1"] * 5 + ["2"] * 9)
    result = run("logrank", data, strata=["SITEID"])
    assert "1 of 2 strata hold participants of one arm alone: the 5 in them" in result.notes[-1]


def test_the_days_described_are_those_of_the_visits_unless_named():
    at_visits = run("kaplan_meier", study(ORDINARY))
    named = run("kaplan_meier", study(ORDINARY), times=[7])
    for result, days in ((at_visits, {"5", "9"}), (named, {"7"})):
        assert {s.level for s in result.statistics if s.variable == "Day"} == days
    found = {(s.name, s.group): s.value for s in named.statistics if s.variable == "Day"}
    assert found["at_risk", "placebo"] == 3
    assert found["events_until", "placebo"] == 5
    assert found["event_free_percent", "placebo"] == pytest.approx(100 * 2 / 7)
    assert found["censored_before", "active"] == 1


def test_a_curve_of_many_steps_keeps_its_ends():
    days = " ".join(str(day) for day in range(1, 301))
    result = run("kaplan_meier", study({"placebo": days, "active": days}))
    steps = [
        int(s.level)
        for s in result.statistics
        if s.name == "event_free_step" and s.group == "active"
    ]
    assert len(steps) == 100
    assert (steps[0], steps[-1]) == (1, 300)
    assert "Of the 300 steps of the curve of Active 100 are given." in result.notes
    assert len(result.statistics) < 700


def test_each_step_has_the_limits_of_the_share_that_day():
    result = run("kaplan_meier", study(ORDINARY), times=[1, 3, 9])
    found = {(s.name, s.group, s.variable, s.level): s for s in result.statistics}
    for end in ("", "_lower", "_upper"):
        for day in ("1", "3"):
            step = found[f"event_free_step{end}", "placebo", "step", day].value
            assert step == found[f"event_free_percent{end}", "placebo", "Day", day].value
    last = found["event_free_step_lower", "placebo", "step", "9"]
    assert math.isnan(last.value)
    assert last.note == "A share of 0% has no limits."


def test_days_of_censoring_are_given_for_the_marks_of_a_plot():
    times = {"placebo": "3 8+ 8+ 9", "active": "2 5+ 12+"}
    result = run("kaplan_meier", study(times))
    marks = {(s.group, s.level): s.value for s in result.statistics if s.name == "curve_censored"}
    assert marks == {("placebo", "8"): 2, ("active", "5"): 1, ("active", "12"): 1}
    many = " ".join(f"{day}+" for day in range(1, 301))
    result = run("kaplan_meier", study({"placebo": many, "active": many}))
    assert "Of the 300 days of censoring of Active 100 are given." in result.notes


def test_fewer_events_than_expected_is_a_negative_z():
    found = numbers(run("logrank", study(ORDINARY)))
    assert found["z", "active"] == pytest.approx(-math.sqrt(found["chi_square", "active"]))
    assert found["observed", "active"] < found["expected", "active"]
    swapped = dict(zip(ORDINARY, reversed(ORDINARY.values()), strict=True))
    assert numbers(run("logrank", study(swapped)))["z", "active"] > 0


def test_without_events_there_is_nothing_to_compare():
    for method in ("logrank", "cox"):
        with pytest.raises(AnalysisError, match="no participant had the event while observed"):
            run(method, study(DEGENERATE["no events"]))


@pytest.mark.parametrize("case", ["no events in an arm", "no events in the reference"])
def test_an_arm_without_events_has_no_hazard_ratio_but_a_log_rank_test(case):
    result = run("cox", study(DEGENERATE[case]))
    assert result.converged is False
    assert "The log-rank test stands" in result.notes[-1]
    assert math.isnan(numbers(result)["hazard_ratio", "active"])
    assert numbers(result)["events", "placebo"] >= 0
    assert 0 < numbers(run("logrank", study(DEGENERATE[case])))["p_value", "active"] < 1


def test_three_arms_are_each_compared_and_all_together():
    data = study(ORDINARY | {"high": "6 8 9+ 15 16+"})
    found = numbers(run("logrank", data, arms=THREE_ARMS))
    alone = numbers(run("logrank", study(ORDINARY)))
    assert found["chi_square", "active"] == pytest.approx(alone["chi_square", "active"])
    assert found["df", None] == 2
    cox = numbers(run("cox", data, arms=THREE_ARMS))
    assert cox["hazard_ratio", "high"] < cox["hazard_ratio", "active"] < 1


def test_a_third_arm_without_events_leaves_the_others_compared():
    data = study(ORDINARY | {"high": "6+ 8+ 9+"})
    result = run("cox", data, arms=THREE_ARMS)
    found, alone = numbers(result), numbers(run("cox", study(ORDINARY)))
    assert found["hazard_ratio", "active"] == pytest.approx(alone["hazard_ratio", "active"])
    assert math.isnan(found["hazard_ratio", "high"])
    assert result.converged
    assert any("without events (High dose)" in note for note in result.notes)


def test_a_covariate_that_the_strata_hold_is_named():
    data = study(ORDINARY, SEX=["F", "M"] * 7)
    with pytest.raises(AnalysisError, match=r"SEX\[T.M\] cannot be told apart from the strata"):
        run("cox", data, covariates=("SEX",), strata=["SEX"])


def test_a_covariate_that_parts_events_from_others_has_no_finite_hazard_ratio():
    """In every risk set the one with the event has the highest value."""
    data = study(
        {"placebo": "1 3 8+", "active": "2 4 9+"}, AGE=[60.0, 40.0, 20.0, 50.0, 30.0, 20.0]
    )
    result = run("cox", data, covariates=("AGE",))
    assert result.converged is False
    assert "the value of AGE" in result.notes[-1]


def test_few_events_for_the_terms_are_marked():
    assert run("cox", study(ORDINARY)).notes == ()
    data = study(ORDINARY, AGE=[3.0, 9.0, 4.0, 1.0, 8.0, 2.0, 7.0] * 2)
    assert "Events: 11; terms of the model: 2." in run("cox", data, covariates=("AGE",)).notes[-1]


def test_the_restricted_mean_stops_where_a_curve_does():
    result = run("restricted_mean_time", study(ORDINARY))
    found = numbers(result)
    assert found["until", None] == 14  # all of the placebo arm had the event; active is known to 14
    assert found["difference", "active"] == pytest.approx(
        found["restricted_mean", "active"] - found["restricted_mean", "placebo"]
    )
    assert "fewer than 50 participants" in result.notes[-1]


def test_the_restricted_mean_is_not_extended_beyond_the_data():
    with pytest.raises(
        AnalysisError, match=r"in Active nobody was observed to day 20.*until: 14 or"
    ):
        run("restricted_mean_time", study(ORDINARY | {"active": "2 4 14+"}), until=20)


def test_other_parameters_and_populations_do_not_enter():
    data = study(ORDINARY)
    other = data["adtte"].assign(PARAMCD="OTHER", AVAL=99.0)
    wider = {"adsl": data["adsl"].assign(FASFL=["N"] + ["Y"] * 13)}
    wider["adtte"] = pd.concat([other, data["adtte"]], ignore_index=True)
    spec = spec_of("logrank")
    assert len(event_times(wider, spec).frame) == 13
    assert event_times(wider, spec).times.max() == 14
    assert len(event_times(wider, replace(spec, options={"parameter": "OTHER"})).frame) == 13
