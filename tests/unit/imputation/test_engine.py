"""The parts of the imputation, each against a second road."""

import numpy as np
import pytest
from scipy import stats
from seizureflow.imputation.conditional import fill_in
from seizureflow.imputation.conditional_mean import (
    Recipe,
    conditional_mean_quantities,
    delta_slopes,
    impute_by_conditional_mean,
)
from seizureflow.imputation.linear_analysis import linear_analysis
from seizureflow.imputation.mixed_model import FitError, fit_mixed_model
from seizureflow.imputation.pooling import pool
from seizureflow.imputation.posterior import draw_posterior
from seizureflow.imputation.resampling import bootstrap, jackknife, jackknife_covariance
from seizureflow.imputation.strategies import means_under
from seizureflow.imputation.trial import incomplete_trial
from seizureflow.mmrm import mmrm
from unit.imputation.trials import VISITS, lose, make_spec, study

LATE = lose(lose(study(), ["P01", "P03", "P04"], ["v2", "v3"]), ["P05", "P08"], ["v3"])


def trial_of(data=LATE, keep_unseen=True, **options):
    return incomplete_trial(data, make_spec(**options), keep_unseen=keep_unseen)[0]


OWN = np.array([[1.0, 2.0, 3.0]])
REFERENCE = np.array([[10.0, 30.0, 60.0]])


@pytest.mark.parametrize(
    ("strategy", "departure", "expected"),
    [
        # Carpenter, Roger & Kenward (2013), section 4, with the means above.
        ("MAR", 1, [1, 2, 3]),
        ("J2R", 1, [1, 30, 60]),
        ("CR", 1, [10, 30, 60]),
        ("CIR", 1, [1, 21, 51]),
        ("LMCF", 1, [1, 1, 1]),
        ("CIR", 2, [1, 2, 32]),
        ("LMCF", 2, [1, 2, 2]),
        # Nobody who stayed to the end is touched.
        *((name, 3, [1, 2, 3]) for name in ("MAR", "J2R", "CR", "CIR", "LMCF")),
        # Who was never seen has the means of the reference arm.
        *((name, 0, [10, 30, 60]) for name in ("J2R", "CR", "CIR")),
    ],
)
def test_means_under_each_strategy(strategy, departure, expected):
    found = means_under(strategy, OWN, REFERENCE, np.array([departure]))
    assert found.tolist() == [expected]


def test_an_unknown_strategy_is_refused():
    with pytest.raises(ValueError, match="unknown strategy 'X'"):
        means_under("X", OWN, REFERENCE, np.array([1]))


def test_departure_is_the_visit_after_the_last_seen_and_gaps_do_not_count():
    data = lose(LATE, ["P00"], ["v2"])
    trial = trial_of(lose(data, ["P02"], VISITS))
    departure = dict(zip([f"P{i:02d}" for i in range(24)], trial.departure, strict=True))
    assert [departure[name] for name in ("P00", "P01", "P02", "P05", "P06")] == [3, 1, 0, 2, 3]


SIGMA = np.array([[2.0, 0.8, 0.5], [0.8, 1.5, 0.9], [0.5, 0.9, 1.2]])


def test_conditional_mean_by_the_textbook_formula():
    """Two visits seen: mu_3 + S_3o S_oo^-1 (y_o - mu_o); none seen: the mean."""
    outcome = np.array([[1.0, 2.0, np.nan], [np.nan, np.nan, np.nan], [1.0, np.nan, 0.0]])
    means = np.array([[0.3, 0.1, -0.2]] * 3)
    filled = fill_in(outcome, means[None], SIGMA[None])[0]
    weights = SIGMA[2, :2] @ np.linalg.inv(SIGMA[:2, :2])
    assert filled[0, 2] == pytest.approx(-0.2 + weights @ [0.7, 1.9], rel=1e-12)
    assert filled[1].tolist() == means[1].tolist()
    inner = SIGMA[1, [0, 2]] @ np.linalg.inv(SIGMA[np.ix_([0, 2], [0, 2])])
    assert filled[2, 1] == pytest.approx(0.1 + inner @ [0.7, 0.2], rel=1e-12)


def test_draws_have_the_conditional_mean_and_covariance():
    outcome = np.array([[1.0, np.nan, np.nan]])
    draws = 40_000
    means, sigma = np.zeros((draws, 1, 3)), np.repeat(SIGMA[None], draws, axis=0)
    filled = fill_in(outcome, means, sigma, np.random.default_rng(3))[:, 0, 1:]
    spread = SIGMA[1:, 1:] - np.outer(SIGMA[1:, 0], SIGMA[0, 1:]) / 2.0
    # 4.5 Monte Carlo errors.
    for place in range(2):
        near = 4.5 * np.sqrt(spread[place, place] / draws)
        assert filled[:, place].mean() == pytest.approx(SIGMA[1 + place, 0] / 2, abs=near)
    assert np.cov(filled.T) == pytest.approx(spread, abs=4.5 * 1.5 * np.sqrt(2 / draws))


@pytest.mark.parametrize("structure", ["us", "toeph", "cs"])
def test_the_fit_is_that_of_the_mixed_model(structure):
    data = LATE["adsz"].dropna().merge(LATE["adsl"], on="USUBJID").rename(columns={"TRT01P": "ARM"})
    data["ARM"] = data["ARM"].astype("category").cat.reorder_categories(["placebo", "active"])
    other = mmrm(
        "CHG ~ ARM * AVISIT + LBSFREQ",
        data,
        subject="USUBJID",
        visit="AVISIT",
        covariance=structure,
    )
    trial = trial_of()
    fit = fit_mixed_model(trial, structure)
    beta = dict(zip(trial.terms, fit.beta, strict=True))
    for term, row in other.coefficients.iterrows():
        name = str(term).replace("AVISIT", "VISIT")
        assert beta[name] == pytest.approx(row["estimate"], rel=1e-8, abs=1e-10)
    assert fit.sigma == pytest.approx(np.asarray(other.visit_covariance), rel=1e-8)


def test_where_the_iterations_start_does_not_show():
    trial = trial_of()
    cold = fit_mixed_model(trial, "us")
    other = fit_mixed_model(trial.take(np.arange(2, 24)), "us")
    warm = fit_mixed_model(trial, "us", start=other.theta)
    assert warm.beta == pytest.approx(cold.beta, abs=1e-10)
    assert warm.sigma == pytest.approx(cold.sigma, abs=1e-10)


def test_without_missing_values_estimate_and_jackknife_are_those_of_the_ancova():
    trial = trial_of(study())
    targets = np.full((3, 1), 1 / 3)
    recipe = Recipe("J2R", "us", targets)

    def by_least_squares(part):
        y = part.outcome.mean(1)
        return np.linalg.lstsq(part.analysis_design, y, rcond=None)[0][part.arm_columns]

    estimate = conditional_mean_quantities(trial, recipe)[:1, 0]
    assert estimate == pytest.approx(by_least_squares(trial), rel=1e-10)
    found = jackknife(trial, lambda part: conditional_mean_quantities(part, recipe)[:1, 0])
    everyone = np.arange(24)
    expected = [by_least_squares(trial.take(everyone[everyone != i])) for i in everyone]
    assert found == pytest.approx(np.array(expected), rel=1e-9)
    values = np.array(expected)[:, 0]
    variance = 23 / 24 * ((values - values.mean()) ** 2).sum()
    assert jackknife_covariance(found)[0, 0] == pytest.approx(variance, rel=1e-8)


def test_ls_means_average_the_predictions_over_all_participants():
    trial = trial_of(study(), covariates=("LBSFREQ", "SEX"))
    targets = np.eye(3)
    quantities = linear_analysis(trial).quantities(trial.outcome[None], targets)[0]
    beta = np.linalg.lstsq(trial.analysis_design, trial.outcome[:, 0], rcond=None)[0]
    for arm in (0, 1):
        design = trial.analysis_design.copy()
        design[:, trial.arm_columns[0]] = arm
        assert quantities[1 + arm, 0] == pytest.approx((design @ beta).mean(), rel=1e-10)
    assert quantities[0] == pytest.approx(quantities[2] - quantities[1], rel=1e-9)


def test_an_arm_that_nobody_stayed_in_can_be_imputed_by_reference_alone():
    active = [f"P{i:02d}" for i in range(1, 24, 2)]
    trial = trial_of(lose(study(), active, ["v3"]))
    fit = fit_mixed_model(trial, "us")
    filled = impute_by_conditional_mean(trial, fit, "J2R")
    assert np.isfinite(filled).all()
    with pytest.raises(FitError, match="MAR needs at v3 cannot be estimated"):
        impute_by_conditional_mean(trial, fit, "MAR")


def test_a_stratum_lost_by_a_resample_does_not_stop_it():
    """One participant alone is in a category; without them its column is zero."""
    data = study()
    data["adsl"] = data["adsl"].assign(SEX=["F"] + ["M"] * 23)
    trial = trial_of(lose(data, ["P05"], ["v3"]), covariates=("LBSFREQ", "SEX"))
    recipe = Recipe("MAR", "us", np.eye(3))
    without = conditional_mean_quantities(trial.take(np.arange(1, 24)), recipe)
    plain = trial_of(lose(data, ["P05"], ["v3"])).take(np.arange(1, 24))
    assert without == pytest.approx(conditional_mean_quantities(plain, recipe), abs=1e-8)


def test_quantities_are_linear_in_the_deltas():
    """Adding 0.7 to what was imputed in the active arm, by hand."""
    trial = trial_of()
    targets = np.eye(3)
    filled = impute_by_conditional_mean(trial, fit_mixed_model(trial, "us"), "MAR")
    analysis = linear_analysis(trial)
    before = analysis.quantities(filled[None], targets)[0]
    shifted = filled + 0.7 * (~trial.observed & (trial.arm == 1)[:, None])
    after = analysis.quantities(shifted[None], targets)[0]
    assert after - before == pytest.approx(0.7 * delta_slopes(trial, targets)[1], abs=1e-12)


def test_a_cumulative_delta_grows_with_the_visits():
    trial = trial_of(lose(study(), ["P01"], ["v2", "v3"]))
    targets = np.eye(3)
    once = delta_slopes(trial, targets)[1]
    more = delta_slopes(trial, targets, cumulative=True)[1]
    assert more[:, 1] == pytest.approx(once[:, 1])
    assert more[:, 2] == pytest.approx(2 * once[:, 2])


def test_gaps_before_the_last_visit_get_no_delta():
    trial = trial_of(lose(study(), ["P01"], ["v2"]))
    assert not delta_slopes(trial, np.eye(3)).any()


def test_rubin_s_rules_by_hand():
    """W = 1, B = 1, T = 1 + 4/3; lost 4/7; Barnard & Rubin with 10 complete-data df."""
    found = pool(np.array([1.0, 2.0, 3.0]), np.ones(3), 10)
    assert found.estimate == 2.0
    assert found.se == pytest.approx(np.sqrt(7 / 3))
    assert found.lost == pytest.approx(4 / 7)
    old, observed = 2 / (4 / 7) ** 2, 11 / 13 * 10 * 3 / 7
    assert found.df == pytest.approx(1 / (1 / old + 1 / observed))
    assert found.monte_carlo_error == pytest.approx(np.sqrt(1 / 3))


def test_rubin_s_rules_without_anything_missing():
    found = pool(np.full(5, 0.3), np.full(5, 0.04), 20)
    assert found.se == pytest.approx(0.2)
    assert found.lost == 0
    assert found.df == pytest.approx(21 / 23 * 20)


def test_posterior_of_a_single_complete_visit_has_its_closed_form():
    """Flat prior on coefficients, inverse Wishart(3, s2) on the variance: a scaled t for each.

    With v = 3 + n - p degrees of freedom and scale S = s2 + RSS, a coefficient has variance
    S / (v - 2) (X'X)^-1 and the residual variance the mean S / (v - 2).
    """
    trial = trial_of(study(visits=("v1",)), visits=("v1",))
    fit = fit_mixed_model(trial, "us")
    draws = 20_000
    found = draw_posterior(trial, fit, draws, np.random.default_rng(2), chain_length=15)
    X, y = trial.design[:, 0], trial.outcome[:, 0]
    n, p = X.shape
    beta = np.linalg.lstsq(X, y, rcond=None)[0]
    scale = fit.sigma[0, 0] + ((y - X @ beta) ** 2).sum()
    df = 3 + n - p
    variance = scale / (df - 2) * np.diag(np.linalg.inv(X.T @ X))
    near = 4.5 * np.sqrt(variance / draws)
    assert (np.abs(found.beta.mean(0) - beta) < near).all()
    assert found.beta.var(0) == pytest.approx(variance, rel=0.06)
    expected = stats.invgamma(df / 2, scale=scale / 2)
    assert found.sigma.mean() == pytest.approx(
        expected.mean(), abs=4.5 * expected.std() / np.sqrt(draws)
    )
    assert np.quantile(found.sigma, 0.9) == pytest.approx(expected.ppf(0.9), rel=0.03)


def test_posterior_of_the_covariance_of_complete_visits():
    """Three visits, all effects by visit: inverse Wishart with n - p + m + 2 degrees of freedom."""
    trial = trial_of(study(), covariates_by_visit=["LBSFREQ"])
    fit = fit_mixed_model(trial, "us")
    draws = 4000
    found = draw_posterior(trial, fit, draws, np.random.default_rng(4), chain_length=15)
    X = trial.analysis_design
    residual = trial.outcome - X @ np.linalg.lstsq(X, trial.outcome, rcond=None)[0]
    scale = fit.sigma + residual.T @ residual
    df = len(X) - X.shape[1] + 3 + 2
    mean = scale / (df - 3 - 1)
    assert found.sigma.mean(0) == pytest.approx(mean, abs=4.5 * found.sigma.std(0).max() / 63)
    expected = stats.invwishart(df, scale).var()
    assert found.sigma.var(0) == pytest.approx(np.asarray(expected), rel=0.2)


def test_longer_chains_draw_from_the_same_distribution():
    """With a quarter missing, the chain has forgotten its start: means agree within 4.5 errors."""
    trial = trial_of()
    fit = fit_mixed_model(trial, "us")
    short = draw_posterior(trial, fit, 500, np.random.default_rng(5))
    long = draw_posterior(trial, fit, 500, np.random.default_rng(6), chain_length=240)
    for one, other in ((short.beta, long.beta), (short.sigma, long.sigma)):
        error = np.sqrt((one.var(0) + other.var(0)) / 500)
        assert (np.abs(one.mean(0) - other.mean(0)) < 4.5 * error).all()


def test_bootstrap_resamples_within_arms_and_counts_failures():
    trial = trial_of()
    seen = []

    def statistic(part):
        seen.append(np.bincount(part.arm).tolist())
        if len(seen) == 2:
            raise FitError("no")
        return np.array([part.outcome[0, 0]])

    found = bootstrap(trial, statistic, 5, np.random.default_rng(0))
    assert set(map(tuple, seen)) == {(12, 12)}
    assert (len(found.values), found.failed) == (5, 1)


def test_a_bootstrap_that_keeps_failing_stops():
    def statistic(part):
        raise FitError("never")

    with pytest.raises(FitError, match="bootstrap samples have no answer: never"):
        bootstrap(trial_of(), statistic, 5, np.random.default_rng(0))
