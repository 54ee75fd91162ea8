"""LS means, contrasts, residuals, predictions and text of a fit."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.mmrm import mmrm
from unit.mmrm.simulated import simulated_trial

COLUMNS = {"subject": "subject", "visit": "visit"}


@pytest.fixture(scope="module")
def fit():
    return mmrm("y ~ arm * visit + baseline + site", simulated_trial(arms=3), **COLUMNS)


def test_lsmeans_are_averages_of_predictions_on_the_grid(fit):
    data = simulated_trial(arms=3)
    grid = pd.DataFrame(
        [
            {"arm": arm, "visit": visit, "site": site, "baseline": data["baseline"].mean()}
            for arm in data["arm"].cat.categories
            for visit in data["visit"].cat.categories
            for site in "ABC"
        ]
    )
    grid["mean"] = fit.predict(grid)
    equal = fit.lsmeans("arm", by="visit")["estimate"]
    assert equal.index.names == ["arm", "visit"]
    shares = data["site"].value_counts(normalize=True)
    for (arm, visit), cell in grid.groupby(["arm", "visit"]):
        assert equal[arm, visit] == pytest.approx(cell["mean"].mean(), rel=1e-12)
        weighted = np.average(cell["mean"], weights=shares[cell["site"]])
        proportional = fit.lsmeans("arm", by="visit", weights="proportional")["estimate"]
        assert proportional[arm, visit] == pytest.approx(weighted, rel=1e-12)
    at = fit.lsmeans("arm", at={"baseline": data["baseline"].mean() + 1.0})["estimate"]
    gain = at - fit.lsmeans("arm")["estimate"]
    np.testing.assert_allclose(gain, fit.params["baseline"], rtol=1e-9)


def test_contrasts_are_differences_of_means(fit):
    means = fit.lsmeans("arm", by="visit")["estimate"].unstack("visit")
    contrast = fit.contrast("arm", reference="low", by="visit")["estimate"].unstack("visit")
    assert list(contrast.index) == ["placebo", "high"]
    pd.testing.assert_frame_equal(
        contrast, means.loc[["placebo", "high"]] - means.loc["low"], check_exact=False
    )
    window = ["week 8", "week 16"]
    averaged = fit.contrast("arm", reference="low", average_over="visit", visits=window)
    np.testing.assert_allclose(averaged["estimate"], contrast[window].mean(axis=1), rtol=1e-12)
    kept = fit.contrast("arm", reference="low", by="visit", visits=window)
    np.testing.assert_allclose(kept["estimate"], contrast[window].to_numpy().T.ravel(), rtol=1e-12)
    assert list(averaged.columns) == ["estimate", "se", "df", "t", "p", "lower", "upper"]


def test_window_is_the_linear_hypothesis_it_says(fit):
    effect = fit.contrast("arm", "placebo", average_over="visit").loc["low"]
    weights = {"arm[T.low]": 1.0}
    weights |= {f"arm[T.low]:visit[T.week {w}]": 0.25 for w in (8, 12, 16)}
    pd.testing.assert_series_equal(effect, fit.test(weights), check_names=False, rtol=1e-9)


def test_intervals_follow_their_level(fit):
    wide, narrow = fit.conf_int(0.99), fit.conf_int(0.5)
    assert (wide["lower"] < narrow["lower"]).all()
    assert fit.conf_int().equals(fit.conf_int(0.95))


def test_residuals_and_predictions():
    data = simulated_trial().sample(frac=1.0, random_state=1)
    fit = mmrm("y ~ arm * visit + baseline", data, **COLUMNS)
    assert fit.resid.index.equals(data.index)
    np.testing.assert_allclose(fit.fittedvalues + fit.resid, data["y"], rtol=1e-13)
    np.testing.assert_allclose(fit.predict(data), fit.fittedvalues, rtol=1e-13)
    sd = np.sqrt(np.diag(fit.visit_covariance))[data["visit"].cat.codes]
    np.testing.assert_allclose(fit.resid_pearson, fit.resid / sd, rtol=1e-12)
    # r'V^{-1}r of REML equals n - p at the optimum (the scale's score equation).
    assert (fit.resid_normalised**2).sum() == pytest.approx(fit.nobs - len(fit.terms), rel=1e-6)
    blank = data.copy()
    blank.loc[blank.index[0], "baseline"] = np.nan
    assert fit.predict(blank).isna().sum() == 1


def test_visit_tables_are_labelled():
    fit = mmrm("y ~ arm * visit", simulated_trial(), group="arm", **COLUMNS)
    assert fit.visit_covariance.shape == (8, 4)
    assert fit.visit_covariance.index.names == ["arm", "visit"]
    np.testing.assert_allclose(np.diag(fit.visit_correlation.loc["low"]), 1.0, rtol=1e-12)
    assert list(fit.visit_covariance.columns) == ["week 4", "week 8", "week 12", "week 16"]


def test_groups_fit_apart_when_nothing_is_shared():
    """With every effect by arm, one covariance per arm is two separate fits."""
    data = simulated_trial()
    both = mmrm("y ~ arm * visit", data, group="arm", **COLUMNS)
    apart = [mmrm("y ~ visit", d, **COLUMNS) for _, d in data.groupby("arm", observed=True)]
    # The coding of arm by visit against two codings by visit has determinant one.
    assert both.loglik == pytest.approx(sum(f.loglik for f in apart), rel=1e-10)
    np.testing.assert_allclose(
        both.visit_covariance.loc["low"], apart[1].visit_covariance, rtol=1e-6
    )


def test_summary_shows_the_fit(fit):
    text = fit.summary()
    assert "covariance us of visit within subject" in text
    assert f"{fit.loglik:.6f}" in text
    assert "arm[T.high]:visit[T.week 16]" in text
    assert "60 subjects" in text
    assert "loglik" in repr(fit)


def test_ml_and_information_criteria():
    fit = mmrm("y ~ arm * visit", simulated_trial(), reml=False, covariance="ar1", **COLUMNS)
    assert fit.aic == pytest.approx(-2 * fit.loglik + 4)
    assert fit.bic == pytest.approx(-2 * fit.loglik + 2 * np.log(60))


def test_fits_are_identical_when_repeated():
    data = simulated_trial()
    one, two = (mmrm("y ~ arm * visit", data, **COLUMNS) for _ in range(2))
    assert one.coefficients.equals(two.coefficients)
