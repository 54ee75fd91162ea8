"""Who moves a comparison, and whose absence changes the conclusion."""

import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisResult, Statistic
from seizureflow.problems import AnalysisError
from seizureflow.resampling.compared_estimates import Comparison, comparisons
from seizureflow.resampling.left_out import influence, named, units_of


def comparison(**values: float) -> Comparison:
    return Comparison({name: Statistic(name, name, value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("values", "measure", "name", "additive"),
    [
        ({"difference": -0.4, "relative_change": -33.0}, "relative_change", "difference", -0.4),
        ({"log_odds_ratio": 0.7, "odds_ratio": 2.0}, "odds_ratio", "log_odds_ratio", 0.7),
        ({"odds_ratio": 2.0}, "odds_ratio", "odds_ratio", math.log(2)),
        ({"difference": 3.0}, "difference", "difference", 3.0),
    ],
)
def test_the_estimate_is_found_by_its_name(values, measure, name, additive):
    found = comparison(**values)
    assert (found.measure, found.additive_name) == (measure, name)
    assert found.additive == pytest.approx(additive)


@pytest.mark.parametrize("values", [{}, {"odds_ratio": 0.0}, {"p_value": 0.3}])
def test_what_is_no_estimate_is_no_number(values):
    assert math.isnan(comparison(**values).additive)


def test_comparisons_are_those_of_arms_over_the_whole_window():
    given = {"group": "active", "reference": "placebo"}
    result = AnalysisResult(
        (
            Statistic("difference", "", 1.0, **given),
            Statistic("difference", "", 2.0, visit="week_4", **given),
            Statistic("difference", "", 3.0, variable="AGE", **given),
            Statistic("lsmean", "", 4.0, group="active"),
        )
    )
    assert comparisons(result)["active"].value("difference") == 1.0


def test_influence():
    whole = comparison(difference=-0.5, p_value=0.03)
    without = {
        "P1": comparison(difference=-0.4, p_value=0.06),
        "P2": comparison(difference=-0.8, p_value=0.01),
        "P3": comparison(difference=-0.5, p_value=0.05),
        "P4": comparison(difference=math.nan, p_value=math.nan),
    }
    found = influence(whole, without, 0.05)
    assert found.units == ("P1", "P2", "P3")
    assert found.shifts == pytest.approx([0.1, -0.3, 0.0])
    assert found.most_influential(2) == ["P2", "P1"]
    assert found.changed == ("P1", "P3")


def test_no_influence_without_an_estimate():
    assert influence(comparison(), {"P1": comparison(difference=1.0)}, 0.05) is None
    assert influence(comparison(difference=1.0), {"P1": comparison()}, 0.05) is None


def test_without_a_p_value_no_conclusion_changes():
    found = influence(comparison(difference=1.0), {"P1": comparison(difference=2.0)}, 0.05)
    assert found.changed is None


PEOPLE = pd.DataFrame({"USUBJID": ["A", "B", "C"], "SITEID": ["1", "2", None]})


def test_participants_without_a_site_have_no_unit():
    assert units_of(PEOPLE, "site").to_dict() == {"A": "1", "B": "2"}
    assert units_of(PEOPLE, "participant").tolist() == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("sites", "message"),
    [
        (["1", "1", "1"], "All participants belong to one site, 1"),
        ([np.nan] * 3, "ADSL has no SITEID"),
        (None, "ADSL has no SITEID"),
    ],
)
def test_what_cannot_be_left_out_is_said(sites, message):
    people = PEOPLE.drop(columns="SITEID") if sites is None else PEOPLE.assign(SITEID=sites)
    with pytest.raises(AnalysisError, match=message):
        units_of(people, "site")


def test_many_names_are_cut():
    assert named(["a", "b", "c"], 2) == "a, b ..."
    assert named(["a", "b"], 2) == "a, b"
