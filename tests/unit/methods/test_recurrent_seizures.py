"""The analysis of recurrent seizures, from the diary to its rows."""

import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError

ARMS = (Arm("placebo", "Placebo"), Arm("active", "Active"))
COUNTING = {"seizure_types": [{"id": "motor", "countable": True}], "cluster_count_per_day": 1}


def study(diaries: dict[str, list[str]], **columns):
    """ADSL and diaries by arm: a digit per day, its seizures; "-" is a day without record."""
    people, intervals, seizures = [], [], []
    for arm, rows in diaries.items():
        for row in rows:
            who = f"P{len(people):02d}"
            people.append((who, arm))
            for day, mark in enumerate(row, start=1):
                intervals.append((who, day, day + 1, mark != "-"))
                if mark not in "-0":
                    seizures.append((who, day, int(mark)))
    adsl = pd.DataFrame(people, columns=["USUBJID", "TRT01P"]).assign(FASFL="Y", **columns)
    return {
        "adsl": adsl,
        "intervals": pd.DataFrame(intervals, columns=["USUBJID", "START", "END", "RECORDED"]),
        "seizures": pd.DataFrame(seizures, columns=["USUBJID", "START", "COUNT"]).assign(
            SEIZTYPE="motor", CLUSTER=False
        ),
    }


def run(data, model="andersen_gill", arms=ARMS, covariates=(), max_events=10, window=(1, 9)):
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=arms,
        window="w",
        covariates=covariates,
        options={"model": model, "max_events": max_events},
        window_days=window,
        counting=COUNTING,
    )
    return load_method("recurrent_seizures")(spec, data)


def numbers(result) -> dict[tuple[str, str | None], float]:
    return {(s.name, s.group): s.value for s in result.statistics if s.variable is None}


ORDINARY = {
    "placebo": ["01020010", "1100-210", "00310012", "01010101"],
    "active": ["00010000", "0--11000", "01000100", "00020010"],
}


def test_days_and_seizures_are_counted_on_recorded_days_alone():
    data = study(ORDINARY)
    # A seizure entered for a day that was not recorded is no event.
    extra = pd.DataFrame({"USUBJID": ["P05"], "START": [2], "COUNT": [5]})
    data["seizures"] = pd.concat(
        [data["seizures"], extra.assign(SEIZTYPE="motor", CLUSTER=False)], ignore_index=True
    )
    found = numbers(run(data))
    assert found["days_at_risk", "placebo"] == 31
    assert found["days_at_risk", "active"] == 30
    assert found["days_not_recorded", "active"] == 2
    assert found["seizures", "active"] == 8
    assert found["days_with_seizures", "active"] == 7


def test_with_every_day_recorded_the_hazard_ratio_is_that_of_the_rates():
    """In every risk set are all participants, so that the estimate is the ratio of the totals."""
    diaries = {arm: [row.replace("-", "0") for row in rows] for arm, rows in ORDINARY.items()}
    found = numbers(run(study(diaries)))
    ratio = found["seizures", "active"] / found["seizures", "placebo"]
    assert found["hazard_ratio", "active"] == pytest.approx(ratio, rel=1e-10)
    assert found["relative_change", "active"] == pytest.approx(100 * (ratio - 1), rel=1e-10)


def test_missing_days_are_not_days_without_seizures():
    """Halving the records of one arm at random days changes its rate little; zeros would halve it."""
    rng = np.random.default_rng(4)
    full = {
        arm: ["".join(str(min(c, 9)) for c in rng.poisson(rate, 60)) for _ in range(25)]
        for arm, rate in (("placebo", 0.5), ("active", 0.5))
    }
    holes = ["".join("-" if rng.random() < 0.5 else day for day in row) for row in full["active"]]
    kept = numbers(run(study(full | {"active": holes}), window=(1, 61)))
    zeros = [row.replace("-", "0") for row in holes]
    taken_for_zero = numbers(run(study(full | {"active": zeros}), window=(1, 61)))
    assert kept["hazard_ratio", "active"] == pytest.approx(1, abs=0.15)
    assert taken_for_zero["hazard_ratio", "active"] == pytest.approx(0.5, abs=0.1)


def likelihood(rows, groups, b: float) -> float:
    """Breslow's log likelihood of days (arm, count) in the given risk sets, from its definition."""
    total = 0.0
    for (arm, count), group in zip(rows, groups, strict=True):
        at_risk = [math.exp(b * a) for (a, _), g in zip(rows, groups, strict=True) if g == group]
        total += count * (b * arm - math.log(sum(at_risk)))
    return total


@pytest.mark.parametrize("model", ["andersen_gill", "pwp_total_time", "pwp_gap_time"])
@pytest.mark.parametrize("max_events", [2, 10])
def test_risk_sets_are_those_of_the_model(model, max_events):
    """Day by day from the definition of each model; the estimate is where the slope is 0."""
    rows, groups = [], []
    for arm, diaries in ORDINARY.items():
        for diary in diaries:
            before, last = 0, 0
            for day, mark in enumerate(diary, start=1):
                if mark == "-":
                    continue
                stratum = min(before, max_events - 1)
                groups.append(
                    {
                        "andersen_gill": (day,),
                        "pwp_total_time": (day, stratum),
                        "pwp_gap_time": (day - last, stratum),
                    }[model]
                )
                rows.append((float(arm == "active"), int(mark)))
                before += int(mark)
                last = day if int(mark) else last
    result = run(study(ORDINARY), model, max_events=max_events)
    b = numbers(result)["log_hazard_ratio", "active"]
    slope = (likelihood(rows, groups, b + 1e-5) - likelihood(rows, groups, b - 1e-5)) / 2e-5
    assert slope == pytest.approx(0, abs=1e-7)
    fit = numbers(result)["log_likelihood", None]
    assert fit == pytest.approx(likelihood(rows, groups, b), rel=1e-10)


def test_only_conditional_models_are_marked_as_such():
    conditional = " ".join(run(study(ORDINARY), "pwp_total_time").notes)
    marginal = run(study(ORDINARY))
    assert "randomisation does not protect it" in conditional
    assert "randomisation" not in " ".join(marginal.notes)
    assert ("relative_change", "active") not in numbers(run(study(ORDINARY), "pwp_gap_time"))
    assert any("more than one seizure" in note for note in marginal.notes)
    assert any("fewer than 100 participants" in note for note in marginal.notes)


REFUSED = {
    "no seizure in an arm": (
        {"placebo": ["0100", "0010"], "active": ["0000", "0000"]},
        "Active had no seizure on the recorded days",
    ),
    "no seizure at all": (
        {"placebo": ["0000", "0000"], "active": ["0000", "0000"]},
        "Placebo, Active had no seizure",
    ),
    "a single participant": (
        {"placebo": ["0100"], "active": ["0010", "1000"]},
        "Placebo has a sin",
    ),
    "no records in an arm": (
        {"placebo": ["0100", "0010"], "active": ["----", "----"]},
        "no participant of Active has the data it needs",
    ),
    "no day that both recorded": (
        {"placebo": ["01--", "10--"], "active": ["--01", "--10"]},
        "cannot be told apart from the strata or the other terms",
    ),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("case", REFUSED)
def test_data_without_an_answer(case):
    diaries, words = REFUSED[case]
    with pytest.raises(AnalysisError, match=words):
        run(study(diaries))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("diaries", "words"),
    [
        ({"placebo": ["0101", "0101"], "active": ["0001", "0001"]}, "no robust standard error"),
        ({"placebo": ["10--", "10--"], "active": ["0-01", "0-10"]}, "the likelihood grows"),
    ],
)
def test_a_number_that_does_not_exist_has_a_note(diaries, words):
    result = run(study(diaries))
    assert result.converged is False
    assert words in result.notes[-1]
    missing = [s for s in result.statistics if math.isnan(s.value)]
    assert missing
    assert all(s.note for s in missing)


def test_those_without_records_in_the_window_are_named():
    data = study(ORDINARY | {"active": [*ORDINARY["active"], "--------"]})
    assert "left out for want of recorded days in the window: P08." in run(data).notes[0]


def test_covariates_enter_and_three_arms_are_compared():
    diaries = ORDINARY | {"high": ["00000100", "10000000", "00--0010"]}
    data = study(diaries, AGE=[float(age) for age in range(30, 41)])
    arms = (*ARMS, Arm("high", "High dose"))
    result = run(data, arms=arms, covariates=("AGE",))
    found = numbers(result)
    assert found["hazard_ratio_lower", "high"] < found["hazard_ratio", "high"]
    assert {s.variable for s in result.statistics if s.variable} == {
        "ARM[T.active]", "ARM[T.high]", "AGE",
    }  # fmt: skip


def test_a_plan_without_counting_rules_is_a_mistake_of_the_caller():
    spec = AnalysisSpec(id="x", population="full", arms=ARMS, options={"model": "andersen_gill"})
    with pytest.raises(ValueError, match="lacks counting rules"):
        load_method("recurrent_seizures")(spec, study(ORDINARY))
