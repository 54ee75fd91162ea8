"""The model matrix built here against formulaic's, and formulas that are left to formulaic."""

import numpy as np
import pandas as pd
import pytest
from formulaic import Formula
from seizureflow.mmrm import DataError, mmrm
from seizureflow.mmrm.design import parse
from seizureflow.mmrm.frame import analysed_rows
from unit.mmrm.simulated import simulated_trial

PLAIN = [
    "y ~ arm",
    "y ~ arm * visit + baseline",
    "y ~ arm * visit * site",
    "y ~ baseline * visit + age:baseline + arm",
    "y ~ site + arm:site + arm",
]
GENERAL = [
    "y ~ 0 + arm:visit",
    "y ~ visit:baseline",
    "y ~ arm * visit + np.log(age)",
    "y ~ arm * visit + bs(age, df=4)",
    "y ~ C(arm, contr.sum) * visit",
]


def rows_of(formula, data):
    return analysed_rows(formula, data, subject="subject", visit="visit", group=None)


@pytest.mark.parametrize("formula", PLAIN + GENERAL)
def test_same_matrix_and_names_as_formulaic(formula):
    data = simulated_trial(arms=3)
    rows = rows_of(formula, data)
    assert rows.design.plain == (formula in PLAIN)
    expected = Formula(formula).rhs.get_model_matrix(data)
    assert list(rows.terms) == [str(name) for name in expected.columns]
    np.testing.assert_array_equal(rows.X, expected.to_numpy(dtype=float))


def test_prediction_reuses_the_spline_of_the_fit():
    data = simulated_trial()
    fit = mmrm("y ~ arm * visit + bs(age, df=4)", data, subject="subject", visit="visit")
    some = data.iloc[5:9]
    # Same arithmetic on a subset of rows; knots recomputed on four rows would differ visibly.
    np.testing.assert_allclose(fit.predict(some), fit.fittedvalues.iloc[5:9], rtol=1e-12)


def test_reference_is_the_first_category_and_text_is_sorted():
    data = simulated_trial()
    data["arm"] = data["arm"].astype(str)
    assert "arm[T.placebo]" in rows_of("y ~ arm", data).terms
    data["arm"] = data["arm"].astype("category").cat.reorder_categories(["placebo", "low"])
    assert "arm[T.low]" in rows_of("y ~ arm", data).terms


def test_pandas_types_do_not_matter():
    data = simulated_trial()
    other = data.assign(
        arm=data["arm"]
        .astype("string")
        .astype("category")
        .cat.reorder_categories(["placebo", "low"]),
        y=data["y"].astype("Float64"),
        age=data["age"].astype("Int64"),
        subject=data["subject"].astype("category"),
        site=data["site"].astype(object),
    )
    formula = "y ~ arm * visit + age + site"
    one, two = (mmrm(formula, d, subject="subject", visit="visit") for d in (data, other))
    assert one.loglik == two.loglik
    other.loc[3, "y"] = pd.NA
    assert mmrm(formula, other, subject="subject", visit="visit").dropped == {"y": 1}


def test_visits_are_ordered_by_their_category():
    """A lag-dependent structure sees the order of the categories, not of text or appearance."""
    data = simulated_trial()
    named = {"week 4": "d", "week 8": "b", "week 12": "c", "week 16": "a"}
    other = data.assign(visit=data["visit"].cat.rename_categories(named))
    options = {"subject": "subject", "visit": "visit", "covariance": "ar1"}
    one, two = mmrm("y ~ arm * visit", data, **options), mmrm("y ~ arm * visit", other, **options)
    assert one.loglik == two.loglik
    assert list(two.visit_covariance.columns) == ["d", "b", "c", "a"]
    three = mmrm("y ~ arm * visit", other.assign(visit=other["visit"].astype(str)), **options)
    assert three.loglik != pytest.approx(one.loglik, abs=0.1)


def test_numeric_visits_are_a_factor():
    data = simulated_trial()
    data["visit"] = data["visit"].cat.codes + 1
    assert "visit[T.2]" in rows_of("y ~ arm * visit", data).terms


def test_transformed_outcome():
    data = simulated_trial()
    data["z"] = np.exp(data["y"])
    fit = mmrm("np.log(z) ~ arm * visit", data, subject="subject", visit="visit")
    plain = mmrm("y ~ arm * visit", data, subject="subject", visit="visit")
    assert fit.loglik == pytest.approx(plain.loglik, rel=1e-12)


@pytest.mark.parametrize("formula", ["y ~ arm +", "y + z ~ arm", "y ~ arm ~ visit"])
def test_formulas_that_are_not_understood(formula):
    with pytest.raises(DataError, match="formula"):
        parse(formula)


def test_formula_without_outcome():
    with pytest.raises(DataError, match="has no outcome"):
        rows_of("~ arm", simulated_trial())
