"""The mixed model as an analysis of the protocol; its numbers are checked in tests/validation."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError

VISITS = ("week_4", "week_8", "week_12")


def study(per_arm: int = 12, visits=VISITS, seed: int = 1) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    people = pd.DataFrame({"USUBJID": [f"P{number:02d}" for number in range(2 * per_arm)]})
    people["TRT01P"] = ["placebo", "active"] * per_arm
    people = people.assign(FASFL="Y", LBSFREQ=rng.normal(2, 0.5, len(people)))
    person = rng.normal(0, 0.5, len(people))
    frames = [
        people[["USUBJID"]].assign(
            PARAMCD="LOGCHG", AVISIT=visit, CHG=person + rng.normal(0, 0.5, len(people))
        )
        for visit in visits
    ]
    return {"adsl": people, "adsz": pd.concat(frames, ignore_index=True)}


def run(data, covariance=("us",), by_visit=(), visits=VISITS):
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm("active", "Active")),
        endpoint="LOGCHG",
        window="w",
        covariates=("LBSFREQ",),
        visits=visits,
        options={
            "covariance": list(covariance),
            "df": "kenward-roger-linear",
            "covariates_by_visit": list(by_visit),
        },
    )
    return load_method("mmrm")(spec, data)


def values(result, name: str, group: str | None = "active") -> dict[str | None, float]:
    return {s.visit: s.value for s in result.statistics if s.name == name and s.group == group}


def test_the_average_gives_each_visit_the_same_weight():
    found = values(run(study()), "difference")
    by_visit = [found[visit] for visit in VISITS]
    assert found[None] == pytest.approx(np.mean(by_visit), rel=1e-12)


def test_relative_change_is_the_transformed_difference():
    result = run(study())
    for end in ("", "_lower", "_upper"):
        difference = values(result, f"difference{end}")[None]
        change = values(result, f"relative_change{end}")
        assert change == {None: pytest.approx(100 * np.expm1(difference), rel=1e-12)}


def test_complete_data_without_covariates_by_visit_estimate_the_difference_of_means():
    """Complete data, covariate balanced by construction: LS means differ as the means do."""
    data = study()
    data["adsl"]["LBSFREQ"] = np.repeat(np.linspace(1, 3, 12), 2)
    merged = data["adsz"].merge(data["adsl"], on="USUBJID")
    means = merged.groupby(["AVISIT", "TRT01P"])["CHG"].mean().unstack()
    found = values(run(data), "difference")
    for visit in VISITS:
        expected = means.loc[visit, "active"] - means.loc[visit, "placebo"]
        assert found[visit] == pytest.approx(expected, rel=1e-9)


def test_only_the_visits_of_the_window_enter():
    data = study()
    later = data["adsz"]["AVISIT"] == "week_4"
    data["adsz"].loc[later, "CHG"] += 100
    found = values(run(data, visits=VISITS[1:]), "difference")
    assert set(found) == {None, *VISITS[1:]}
    assert abs(found[None]) < 5


def test_a_participant_without_any_visit_is_named_and_one_with_some_stays():
    data = study()
    adsz = data["adsz"]
    gone = (adsz["USUBJID"] == "P00") | ((adsz["USUBJID"] == "P02") & (adsz["AVISIT"] == "week_8"))
    data["adsz"] = adsz[~gone]
    result = run(data)
    assert values(result, "participants", "placebo") == {None: 11}
    assert "P00" in result.notes[0]
    assert "P02" not in result.notes[0]


def test_a_fall_back_is_noted():
    """Two visits that are the same cannot have an unstructured covariance."""
    data = study()
    adsz = data["adsz"]
    same = adsz[adsz["AVISIT"] == "week_4"].assign(AVISIT="week_8")
    data["adsz"] = pd.concat([adsz[adsz["AVISIT"] != "week_8"], same])
    result = run(data, covariance=("us", "cs"))
    used = next(s.text for s in result.statistics if s.name == "covariance_structure")
    assert used == "cs"
    words = "Covariance between visits: compound symmetry, after these failed: unstructured ("
    assert any(words in note for note in result.notes)


def test_what_cannot_be_fitted_says_why():
    data = study()
    data["adsl"]["LBSFREQ"] = 1.0
    with pytest.raises(AnalysisError, match=r"(?s)Analysis x: .*LBSFREQ"):
        run(data)


def test_covariates_may_act_at_each_visit():
    terms = {s.variable for s in run(study(), by_visit=("LBSFREQ",)).statistics if s.variable}
    assert any("LBSFREQ" in term and "VISIT" in term for term in terms)
