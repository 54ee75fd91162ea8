"""Covariates derived by the plan, and analysis sets that name participants."""

import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.adsl import baseline_and_covariates, derive_adsl
from seizureflow.derived_covariates import derive_covariate
from seizureflow.specification.adsl_by_plan import planned_variables

VALUES = pd.Series([4.0, 40.0, 0.0, np.nan], index=list("ABCD"))
ALL = pd.Series(True, index=VALUES.index)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"transform": "log"}, [math.log(4), math.log(40), math.nan, math.nan]),
        ({"transform": "log", "divide_by": 4}, [0, math.log(10), math.nan, math.nan]),
        ({"transform": "log", "divide_by": 4, "centre": True}, [-math.log(10) / 2, math.log(10) / 2, math.nan, math.nan]),
        ({"transform": "identity", "divide_by": 8}, [0.5, 5, 0, math.nan]),
        ({"transform": "identity", "centre": True}, [4 - 44 / 3, 40 - 44 / 3, -44 / 3, math.nan]),
    ],
)  # fmt: skip
def test_numbers_are_transformed(entry, expected):
    found = derive_covariate(VALUES, entry, ALL)
    assert found.to_list() == pytest.approx(expected, nan_ok=True)
    assert list(found.index) == list(VALUES.index)


def test_the_mean_is_that_of_those_named():
    named = pd.Series([True, False, True, True], index=VALUES.index)
    found = derive_covariate(VALUES, {"transform": "identity", "centre": True}, named)
    assert found["B"] == 40 - 2


def test_bounds_give_flags():
    assert derive_covariate(VALUES, {"at_least": 4}, ALL).to_list() == ["Y", "Y", "N", "N"]


PLAN = {
    "treatment": "unblinded",
    "baseline": [-28, 1],
    "diary": {"frequency_days": 28, "minimum_recorded_days": 1},
    "strata": [],
    "labels": {},
    "derived_covariates": [
        {"id": "LOGBS", "label": "", "variable": "BSCOUNT", "transform": "log", "centre": True}
    ],
    "analysis_sets": [
        {"id": "without_b", "label": "", "requires": ["randomised"], "where": [{"variable": "USUBJID", "none_of": ["207"]}]}
    ],
    "completed_value": "completed",
}  # fmt: skip


def tables():
    people = pd.DataFrame(
        {"USUBJID": ["101", "207", "300"], "RFDT": pd.NaT, "SITEID": "1", "AGE": 40.0}
    )
    counts = {"101": 2, "207": 8, "300": 500}
    daily = pd.DataFrame(
        [(name, -28, 1, 28, count) for name, count in counts.items()],
        columns=["USUBJID", "START", "END", "DAYS", "COUNT"],
    )
    return people, daily


def test_adsl_centres_over_the_randomised_and_leaves_out_by_name():
    people, daily = tables()
    treatment = pd.DataFrame({"USUBJID": ["101", "207"], "ARMCD": ["a", "b"]})
    none = pd.DataFrame(columns=["USUBJID", "CRITERION", "LABEL", "FOUND", "EXPECTED", "MET"])
    adsl, _ = derive_adsl("s", people, treatment, daily, none, {}, PLAN)
    assert adsl["LOGBS"].to_list() == pytest.approx(np.log([2, 8, 500]) - math.log(4))
    assert adsl["WITHOUFL"].to_list() == ["Y", "N", "N"]


def test_before_randomisation_the_mean_is_over_all():
    people, daily = tables()
    found = baseline_and_covariates(people, daily, PLAN)
    assert found["LOGBS"].mean() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("entry", "derivation"),
    [
        ({"transform": "log", "divide_by": 4}, "ln(BSCOUNT / 4); missing where BSCOUNT is missing or not above 0."),
        ({"transform": "log", "centre": True}, "ln(BSCOUNT), less its mean over all randomised participants; missing where BSCOUNT is missing or not above 0."),
        ({"transform": "identity", "divide_by": 0.5}, "BSCOUNT / 0.5; missing where BSCOUNT is missing."),
    ],
)  # fmt: skip
def test_the_derivation_is_in_words(entry, derivation):
    protocol = {
        "domains": {"participants": {}},
        "design": {},
        "derived_covariates": [{"id": "X", "label": "L", "variable": "BSCOUNT"} | entry],
        "analysis_sets": [],
    }
    (variable,) = planned_variables(protocol)
    assert (variable.kind, variable.derivation) == ("float", derivation)
    assert variable.source == "ADSL.BSCOUNT"
    assert variable.codelist == ()
