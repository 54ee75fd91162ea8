"""Times to an event against R.

Expected values: tests/validation/data/time_to_event.json, computed with R's survival (version in the
file) on the times that stand in it.
"""

import json

import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from validation.trial_data import DATA

EXPECTED = json.loads((DATA / "time_to_event.json").read_text())["time_to_event"]
TRIALS = list(EXPECTED)
# Both sides solve the same equations.
SAME_EQUATIONS = 1e-6


def run(name: str, method: str, covariates: tuple[str, ...] = (), **options):
    rows = pd.DataFrame(EXPECTED[name]["data"])
    people = pd.DataFrame(
        {
            "USUBJID": rows["subject"],
            "TRT01P": rows["arm"],
            "FASFL": "Y",
            "STRUCTFL": rows["structural"],
        }
    )
    times = pd.DataFrame(
        {
            "USUBJID": rows["subject"],
            "PARAMCD": "TT",
            "AVAL": rows["time"].astype(float),
            "CNSR": 1 - rows["event"],
            "EVNTDESC": None,
            "CNSDTDSC": None,
        }
    )
    spec = AnalysisSpec(
        id=method,
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm("active", "Active")),
        covariates=covariates,
        options={"parameter": "TT"} | options,
    )
    return load_method(method)(spec, {"adsl": people, "adtte": times})


def value(result, name: str, **which: str) -> float:
    found = [
        statistic.value
        for statistic in result.statistics
        if statistic.name == name and all(getattr(statistic, k) == v for k, v in which.items())
    ]
    assert len(found) == 1, f"{len(found)} statistics are named {name} with {which}"
    return found[0]


@pytest.mark.parametrize("name", TRIALS)
def test_kaplan_meier_is_survfit(name):
    expected = EXPECTED[name]["km"]
    result = run(name, "kaplan_meier", times=sorted({row["time"] for row in expected}))
    for row in expected:
        which = {"group": row["arm"].removeprefix("arm="), "level": str(row["time"])}
        share = value(result, "event_free_percent", **which)
        se = value(result, "event_free_percent_se", **which)
        assert share == pytest.approx(100 * row["surv"], rel=SAME_EQUATIONS)
        assert se == pytest.approx(100 * row["se"], rel=SAME_EQUATIONS)
        step = value(result, "event_free_step", **which)
        assert step == share


@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize(
    ("strata", "expected"), [([], "logrank_chisq"), (["STRUCTFL"], "stratified_logrank_chisq")]
)
def test_logrank_is_survdiff(name, strata, expected):
    result = run(name, "logrank", strata=strata)
    found = value(result, "chi_square", group="active")
    assert found == pytest.approx(EXPECTED[name][expected], rel=SAME_EQUATIONS)


@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_is_coxph(name, ties):
    result = run(name, "cox", ("STRUCTFL",), ties=ties, strata=[])
    terms = {"armactive": "ARM[T.active]", "structural1": "STRUCTFL[T.1]"}
    for row in EXPECTED[name][f"cox_{ties}"]:
        term = terms[row["_row"]]
        for statistic, column in (
            ("coefficient", "coef"),
            ("coefficient_se", "se(coef)"),
            ("coefficient_p", "Pr(>|z|)"),
        ):
            found = value(result, statistic, variable=term)
            assert found == pytest.approx(row[column], rel=SAME_EQUATIONS), (statistic, term)
    arm = EXPECTED[name][f"cox_{ties}"][0]
    assert value(result, "hazard_ratio") == pytest.approx(arm["exp(coef)"], rel=SAME_EQUATIONS)
    assert value(result, "z") == pytest.approx(arm["z"], rel=SAME_EQUATIONS)
    assert result.converged
