"""What is refused, and what the refusal says."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.mmrm import (
    ConvergenceError,
    DataError,
    IdentifiabilityError,
    MMRMError,
    MMRMWarning,
    OptionError,
    RankDeficientError,
    mmrm,
)
from unit.mmrm.simulated import simulated_trial

COLUMNS = {"subject": "subject", "visit": "visit"}
FORMULA = "y ~ arm * visit + baseline"


def test_missing_column_is_named():
    with pytest.raises(DataError, match="'weight'"):
        mmrm("y ~ arm + weight", simulated_trial(), **COLUMNS)


def test_aliased_terms_are_named_with_what_they_depend_on():
    data = simulated_trial()
    data["twice"] = 2 * data["baseline"]
    with pytest.raises(RankDeficientError, match="twice: depends on baseline") as caught:
        mmrm("y ~ arm * visit + baseline + twice", data, **COLUMNS)
    assert caught.value.aliased == ("twice",)


def test_empty_cell_is_named():
    data = simulated_trial()
    data = data[~((data["arm"] == "low") & (data["visit"] == "week 16"))]
    with pytest.raises(RankDeficientError, match="is zero in every row") as caught:
        mmrm(FORMULA, data, **COLUMNS)
    assert caught.value.aliased == ("arm[T.low]:visit[T.week 16]",)


def test_duplicate_rows_are_named():
    data = simulated_trial()
    data = pd.concat([data, data.iloc[[7]]])
    row = data.iloc[7]
    with pytest.raises(DataError, match=f"{row['subject']} at {row['visit']}"):
        mmrm(FORMULA, data, **COLUMNS)


def unlinked():
    """No subject has both week 8 and week 16."""
    data = simulated_trial(missing=0.0)
    odd = data["subject"].str[1:].astype(int) % 4 < 2
    gone = (odd & (data["visit"] == "week 8")) | (~odd & (data["visit"] == "week 16"))
    return data[~gone]


@pytest.mark.parametrize("structure", ["us"])
def test_visit_pair_that_no_subject_has_is_named(structure):
    message = "visits week 8 and week 16: no subject has both"
    with pytest.raises(IdentifiabilityError, match=message) as caught:
        mmrm(FORMULA, unlinked(), covariance=structure, **COLUMNS)
    assert caught.value.visit_pairs == (("week 8", "week 16"),)


@pytest.mark.parametrize("structure", ["toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh"])
def test_structures_that_bridge_the_missing_pair_fit(structure):
    assert mmrm(FORMULA, unlinked(), covariance=structure, **COLUMNS).converged


def test_one_visit_per_subject_identifies_no_correlation():
    data = simulated_trial(missing=0.0).drop_duplicates("subject")
    data["visit"] = np.resize(["a", "b", "c"], len(data))
    with pytest.raises(IdentifiabilityError, match="visits a and b"):
        mmrm("y ~ arm + visit", data, covariance="cs", **COLUMNS)


def test_group_without_a_visit_is_named():
    data = simulated_trial()
    data = data[~((data["arm"] == "low") & (data["visit"] == "week 16"))]
    with pytest.raises(IdentifiabilityError, match="visit week 16: no subject in group low"):
        mmrm("y ~ arm + visit", data, group="arm", **COLUMNS)


def test_visit_that_the_design_fits_exactly_is_named():
    data = simulated_trial()
    data = data[(data["visit"] != "week 16") | (data["subject"] == "S004")]
    message = "visit week 16: the design fits its 1 rows exactly"
    for structure in ("us", "ar1h"):
        with pytest.raises(IdentifiabilityError, match=message):
            mmrm("y ~ arm + visit", data, covariance=structure, **COLUMNS)
    assert mmrm("y ~ arm + visit", data, covariance="ar1", **COLUMNS).converged


def test_visit_without_variation_is_named():
    data = simulated_trial(missing=0.0)
    data["y"] = data["y"].where(data["visit"] != "week 8", 1.5)
    with pytest.raises(ConvergenceError, match="visits week 8 have hardly any residual variance"):
        mmrm("y ~ arm * visit", data, **COLUMNS)


@pytest.mark.parametrize("ratio", [1e-3, 1e3])
def test_visits_of_very_different_scale_converge(ratio):
    data = simulated_trial()
    data["y"] = data["y"] * np.where(data["visit"] == "week 8", ratio, 1.0)
    fit = mmrm("y ~ arm * visit", data, **COLUMNS)
    plain = mmrm("y ~ arm * visit", simulated_trial(), **COLUMNS)
    # Change of variable at one visit of an unstructured covariance, design saturated by visit;
    # conditioning costs the square of the ratio.
    np.testing.assert_allclose(
        fit.coefficients["df"].iloc[:2], plain.coefficients["df"].iloc[:2], rtol=1e-6
    )


def test_singular_likelihood_is_reported_with_its_distance():
    data = simulated_trial(subjects=5, missing=0.0)
    with pytest.raises(ConvergenceError, match="becomes singular") as caught:
        mmrm("y ~ arm + visit", data, **COLUMNS)
    (attempt,) = caught.value.attempts
    assert not attempt.converged
    assert attempt.iterations > 5
    assert "standard errors from an optimum" in attempt.message
    assert "are nearly linearly dependent" in attempt.message


def test_too_few_iterations_say_how_far_they_got():
    with pytest.raises(ConvergenceError, match=r"iterations ran out; stopped .* standard errors"):
        mmrm(FORMULA, simulated_trial(), max_iterations=2, **COLUMNS)


def test_fall_back_records_every_attempt():
    data = simulated_trial(subjects=5, missing=0.0)
    with pytest.warns(MMRMWarning, match="fitted with covariance cs"):
        fit = mmrm("y ~ arm + visit", data, covariance=("us", "cs"), **COLUMNS)
    assert [(a.structure, a.converged) for a in fit.attempts] == [("us", False), ("cs", True)]
    assert "us was tried before" in fit.summary()
    with pytest.warns(MMRMWarning, match="no subject has both"):
        fit = mmrm(FORMULA, unlinked(), covariance=["us", "toeph"], **COLUMNS)
    assert fit.specification.covariance == "toeph"


def test_infinite_values_are_refused_and_missing_ones_counted():
    data = simulated_trial()
    data.loc[3, "baseline"] = np.inf
    with pytest.raises(DataError, match=r"'baseline' has 1 infinite values, the first in row 3"):
        mmrm(FORMULA, data, **COLUMNS)
    data.loc[3, "baseline"] = np.nan
    data.loc[[3, 5], "y"] = np.nan
    data["arm"] = data["arm"].where(data.index != 9)
    fit = mmrm(FORMULA, data, **COLUMNS)
    assert fit.dropped == {"arm": 1, "baseline": 1, "y": 2}
    assert fit.nobs == len(data) - 3
    complete = mmrm(FORMULA, data.dropna(), **COLUMNS)
    assert fit.loglik == complete.loglik


def test_outcome_without_residual_variation():
    data = simulated_trial()
    data["y"] = 3 + 2 * data["baseline"]
    with pytest.raises(DataError, match="exact linear function"):
        mmrm(FORMULA, data, **COLUMNS)


def test_outcome_that_is_text():
    data = simulated_trial()
    data["y"] = data["y"].astype(str)
    with pytest.raises(DataError, match="'y' is not numeric"):
        mmrm(FORMULA, data, **COLUMNS)


def test_text_visits_in_misleading_order_are_refused():
    data = simulated_trial()
    data["visit"] = data["visit"].astype(str)
    with pytest.raises(DataError, match="perhaps week 4, week 8, week 12, week 16"):
        mmrm(FORMULA, data, **COLUMNS)


def test_group_that_changes_within_a_subject():
    data = simulated_trial()
    data["phase"] = np.where(data["visit"] == "week 4", "early", "late")
    with pytest.raises(DataError, match="must be constant within 'subject'"):
        mmrm(FORMULA, data, group="phase", **COLUMNS)


def test_no_complete_row():
    data = simulated_trial()
    data["y"] = np.nan
    with pytest.raises(DataError, match="no row is complete"):
        mmrm(FORMULA, data, **COLUMNS)


def test_more_coefficients_than_rows():
    data = simulated_trial(subjects=2, missing=0.0)
    with pytest.raises(MMRMError, match=r"8 rows cannot carry 8 coefficients|rank"):
        mmrm("y ~ arm * visit", data, **COLUMNS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"covariance": "un"}, "choose one of us, toep"),
        ({"covariance": ()}, "is empty"),
        ({"df": "kr"}, "choose one of satterthwaite"),
        ({"vcov": "hc3"}, "choose model, cr0"),
        ({"df": "kenward-roger", "reml": False}, "under REML only"),
        ({"df": "kenward-roger-linear", "vcov": "cr2"}, "adjusts the model-based"),
        ({"level": 95}, "between 0 and 1"),
    ],
)
def test_options_that_are_unknown_or_clash(options, message):
    with pytest.raises(OptionError, match=message):
        mmrm(FORMULA, simulated_trial(), **COLUMNS, **options)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda fit: fit.lsmeans("dose"), "it has: arm, site, visit"),
        (lambda fit: fit.lsmeans("baseline"), "not a categorical column"),
        (lambda fit: fit.lsmeans("arm", weights="cells"), "choose one of equal, proportional"),
        (lambda fit: fit.contrast("arm", "sham"), "no level 'sham'"),
        (lambda fit: fit.contrast("arm", "placebo", visits=["week 8"]), "say by='visit'"),
        (
            lambda fit: fit.contrast("arm", "placebo", average_over="visit", visits=["week 9"]),
            "no level 'week 9'",
        ),
        (lambda fit: fit.contrast("arm", "placebo", by="visit", average_over="visit"), "both kept"),
        (lambda fit: fit.lsmeans("arm", by="arm"), "named twice"),
        (lambda fit: fit.lsmeans("arm", at={"age": 3.0}), "not a numeric column of the model"),
        (lambda fit: fit.test([1.0, 2.0]), "one column for each"),
        (lambda fit: fit.test({"slope": 1.0}), "unknown terms 'slope'"),
        (lambda fit: fit.test(np.zeros(len(fit.terms))), "not all zero"),
        (lambda fit: fit.test(np.ones((2, len(fit.terms)))), "linearly dependent"),
        (lambda fit: fit.predict(pd.DataFrame({"arm": ["placebo"]})), "no column 'baseline'"),
    ],
)
def test_questions_the_fit_cannot_answer(ask, message):
    fit = mmrm("y ~ arm * visit + baseline + site", simulated_trial(), **COLUMNS)
    with pytest.raises(MMRMError, match=message):
        ask(fit)


def test_prediction_at_an_unknown_level():
    fit = mmrm(FORMULA, simulated_trial(), **COLUMNS)
    new = simulated_trial(arms=3)
    with pytest.raises(DataError, match="level 'high', which the model lacks"):
        fit.predict(new)
