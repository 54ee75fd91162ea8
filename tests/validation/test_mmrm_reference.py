"""Every reference fit of R's mmrm 0.3.18 and emmeans, and how far R stops from the optimum.

R stops iterating where the criterion's relative change is small, up to 3e-3 standard errors of
theta short of the optimum; estimates that are near zero then differ by up to 1e-3 relative. So the
comparison is made in two steps:

- at R's own covariance estimate both sides evaluate the same closed-form equations, and everything
  (log-likelihood, coefficients, standard errors, degrees of freedom, LS means, contrasts) agrees
  to 1e-9 relative or better;
- from there one Newton step of this implementation lands on its own optimum, whose likelihood is
  higher by the amount the step predicts.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from seizureflow.mmrm import MMRM, mmrm
from seizureflow.mmrm.estimate import estimates_at
from seizureflow.mmrm.inference import ADJUSTMENT
from seizureflow.mmrm.likelihood import Likelihood
from seizureflow.mmrm.optimise import Optimum
from seizureflow.mmrm.patterns import compress
from seizureflow.mmrm.standardise import standardise
from seizureflow.mmrm.structures import covariance_structure
from validation.mmrm_data import arguments, r_name, reference, trial

CASES = list(reference())
# Both sides evaluate the same equations at the same covariance: rounding only. The covariance was
# written with 15 digits.
SAME = 1e-9
# Distance R may stop from the optimum, in standard errors of a coefficient, and relative for
# standard errors. Measured: at most 1.1e-4 and 4.5e-5.
STOPPING = 2e-4


@cache
def fit(case: str) -> MMRM:
    return mmrm(**arguments(case))


@cache
def criterion(case: str):
    """Standardised data and likelihood of a fit, and theta of R's covariance estimate."""
    own = fit(case)
    standard = standardise(compress(own._layout, own._rows.X, own._rows.y[None]), own._rows.terms)
    structure = covariance_structure(own.specification.covariance, len(own._rows.visits))
    likelihood = Likelihood(standard.data, structure, reml=own.specification.reml)
    sigma = np.array(reference()[case]["visit_covariance"]) / standard.scale[0] ** 2
    theta = structure.start(sigma[None])
    # The structure reproduces R's matrix, so theta is R's parameter.
    np.testing.assert_allclose(structure.covariance(theta)[0], sigma, rtol=1e-9, atol=1e-12)
    return standard, likelihood, theta


@cache
def fit_at_r(case: str) -> MMRM:
    """The same inference with R's covariance estimate in place of the maximiser."""
    own = fit(case)
    standard, likelihood, theta = criterion(case)
    optimum = Optimum(theta, np.array([True]), np.array([0]), np.array([0.0]), [""])
    at = estimates_at(standard, likelihood, optimum, ADJUSTMENT.get(own.specification.df))
    return MMRM(own.specification, own._rows, own._layout, at, own.attempts)


def close(ours, theirs, rtol=SAME, atol=1e-11):
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol, atol)


def by_r_name(table: pd.DataFrame, names) -> pd.DataFrame:
    table = table.copy()
    table.index = [r_name(term) for term in table.index]
    return table.loc[[r_name(name) for name in names]]


@pytest.mark.parametrize("case", CASES)
def test_log_likelihood_is_r_s_or_better(case):
    theirs = reference()[case]["loglik"]
    ours = fit(case).loglik
    # Not below by more than rounding of a sum of some hundred terms; not above by more than
    # R's stopping rule leaves.
    assert ours >= theirs - 1e-13 * abs(theirs)
    assert ours <= theirs + 1e-7 * abs(theirs)
    close(fit(case).aic, reference()[case]["aic"], rtol=1e-7)
    close(fit(case).bic, reference()[case]["bic"], rtol=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_same_numbers_at_r_s_covariance(case):
    theirs, ours = reference()[case], fit_at_r(case)
    close(ours.loglik, theirs["loglik"], rtol=1e-12)
    table = theirs["coefficients"]
    coefficients = by_r_name(ours.coefficients, table["term"])
    close(coefficients["estimate"], table["Estimate"])
    close(coefficients["se"], table["Std. Error"])
    close(coefficients["df"], table["df"])
    close(coefficients["t"], table["t value"], rtol=1e-8)
    close(coefficients["p"], table["Pr(>|t|)"], rtol=1e-8)
    covariance = by_r_name(ours.coefficient_covariance, table["term"]).T
    close(by_r_name(covariance, table["term"]), theirs["coefficient_covariance"])
    check_means_and_contrasts(ours, theirs, SAME, SAME, 1e-8)


@pytest.mark.parametrize("case", CASES)
def test_own_optimum_is_where_r_s_was_heading(case):
    theirs, ours = reference()[case], fit(case)
    table = theirs["coefficients"]
    coefficients = by_r_name(ours.coefficients, table["term"])
    distance = (coefficients["estimate"].to_numpy() - table["Estimate"]) / table["Std. Error"]
    assert np.abs(distance).max() < STOPPING
    close(coefficients["se"], table["Std. Error"], rtol=STOPPING)
    # The tolerance; R differentiates numerically, which is not what limits it here.
    close(coefficients["df"], table["df"], rtol=1e-3)
    check_means_and_contrasts(ours, theirs, None, STOPPING, 1e-3)


@pytest.mark.parametrize("case", CASES)
def test_one_newton_step_from_r_s_covariance_lands_on_the_optimum(case):
    standard, likelihood, theta = criterion(case)
    one = np.arange(1)
    at = likelihood.evaluate(theta, one)
    derivatives = likelihood.derivatives(at, one)
    step = -np.linalg.solve(derivatives.information[0], derivatives.gradient[0])
    decrement = -derivatives.gradient[0] @ step
    optimum = fit(case).theta.copy()
    scales = likelihood.structure.n_scales
    optimum[:scales] -= np.log(standard.scale[0])
    distance = (theta[0] + step - optimum) / np.sqrt(np.diag(fit(case).theta_covariance))
    # Newton's error is quadratic in R's distance, which is below 3e-3 standard errors of theta.
    assert np.abs(distance).max() < 1e-5
    assert decrement < 2e-5
    # A quadratic gains half the decrement; rounding of -2 l limits the comparison.
    gain = 2.0 * (fit(case).loglik - reference()[case]["loglik"])
    assert gain == pytest.approx(decrement / 2.0, rel=1e-2, abs=1e-11)


def check_means_and_contrasts(ours, theirs, rtol, se_rtol, df_rtol):
    """LS means and contrasts; with ``rtol=None`` estimates are compared in standard errors."""

    def check(table, expected, name):
        se = np.asarray(expected["SE"], float)
        if rtol is None:
            gap = (table["estimate"].to_numpy() - expected[name]) / se
            assert np.abs(gap).max() < STOPPING
        else:
            close(table["estimate"], expected[name], rtol, 1e-11)
        close(table["se"], se, se_rtol)
        close(table["df"], expected["df"], df_rtol)
        for own, r in (("lower", "lower.CL"), ("upper", "upper.CL")):
            gap = (table[own].to_numpy() - expected[r]) / se
            assert np.abs(gap).max() < (1e-8 if rtol else 5 * STOPPING)

    for weights in ("equal", "proportional"):
        expected = theirs[f"lsmeans_by_visit_{weights}_weights"]
        means = ours.lsmeans("arm", by="visit", weights=weights)
        assert [str(v) for v in means.index.get_level_values("arm")] == expected["arm"]
        assert [str(v) for v in means.index.get_level_values("visit")] == expected["visit"]
        check(means, expected, "emmean")
    check(ours.lsmeans("arm"), theirs["lsmeans_averaged"], "emmean")
    check(ours.contrast("arm", "placebo", by="visit"), sorted_contrasts(theirs), "estimate")
    averaged = ours.contrast("arm", reference="placebo", average_over="visit")
    check(averaged, theirs["contrast_averaged"], "estimate")
    close(averaged["p"], theirs["contrast_averaged"]["p.value"], 1e-8 if rtol else 1e-3)
    last = list(ours.visit_covariance.index[-3:])
    window = ours.contrast("arm", reference="placebo", average_over="visit", visits=last)
    check(window, theirs["contrast_last_three_visits"], "estimate")


def sorted_contrasts(theirs):
    """R's merge() left the contrasts by visit in its own order; put visits, then arms, in order."""
    table = pd.DataFrame(theirs["contrast_by_visit"])
    levels = list(dict.fromkeys(theirs["lsmeans_averaged"]["arm"]))
    table["arm"] = table["contrast"].str.removesuffix(f" - {levels[0]}").map(levels.index)
    table["visit"] = table["visit"].astype(int)
    return table.sort_values(["visit", "arm"]).to_dict("list")


def test_progabide_baseline_is_the_published_copy():
    # Thall and Vail (1990), table 2: patient 104, placebo, counts 5 3 3 3, baseline 11.
    data = trial("progabide")
    assert data.loc[data["subject"] == 104, "count"].tolist() == [5, 3, 3, 3]
    assert data["subject"].nunique() == 59
