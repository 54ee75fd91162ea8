"""The batched fits: each row is the fit of its own arrangement, and those of statsmodels."""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from seizureflow.specification_curve.count_models import negative_binomial, quasi_poisson
from seizureflow.specification_curve.linear import least_squares
from seizureflow.specification_curve.permutations import permuted_arms


def made_up(size=40, rows=12, seed=2):
    rng = np.random.default_rng(seed)
    others = np.column_stack([np.ones(size), rng.normal(size=size), rng.integers(0, 2, size)])
    treated = permuted_arms(np.arange(size) % 2 == 0, np.zeros(size, dtype=int), rows, rng)
    exposure = np.log(rng.uniform(1, 4, size))
    mean = np.exp(1 + 0.5 * others[:, 1] - 0.4 * treated[0] + exposure)
    count = rng.negative_binomial(1.2, 1.2 / (1.2 + mean)).astype(float)
    return count, exposure, others, treated


def test_least_squares_is_that_of_statsmodels():
    _, exposure, others, treated = made_up()
    fits = least_squares(exposure, others, treated)
    robust = least_squares(exposure, others, treated, hc3=True)
    for row, arm in enumerate(treated):
        fit = sm.OLS(exposure, np.column_stack([others, arm])).fit()
        assert fits.log_ratio[row] == pytest.approx(fit.params[-1], rel=1e-9)
        assert fits.se[row] == pytest.approx(fit.bse[-1], rel=1e-9)
        assert fits.p_values()[row] == pytest.approx(fit.pvalues[-1], rel=1e-9)
        assert robust.se[row] == pytest.approx(fit.HC3_se[-1], rel=1e-9)
        lower, upper = fits.limits(0.95)
        assert (lower[row], upper[row]) == pytest.approx(fit.conf_int()[-1], rel=1e-9)


def test_quasi_poisson_is_that_of_statsmodels():
    count, exposure, others, treated = made_up()
    fits = quasi_poisson(count, exposure, others, treated)
    for row, arm in enumerate(treated):
        model = sm.GLM(
            count, np.column_stack([others, arm]), sm.families.Poisson(), offset=exposure
        )
        fit = model.fit(scale="X2", tol=1e-14, use_t=True)
        assert fits.log_ratio[row] == pytest.approx(fit.params[-1], rel=1e-9)
        assert fits.se[row] == pytest.approx(fit.bse[-1], rel=1e-9)
        assert fits.p_values()[row] == pytest.approx(fit.pvalues[-1], rel=1e-8)


def test_negative_binomial_is_at_the_maximum_of_the_likelihood():
    """The gradient of statsmodels' likelihood in coefficients and 1 / theta is zero there."""
    count, exposure, others, treated = made_up()
    fits = negative_binomial(count, exposure, others, treated)
    assert fits.converged.all()
    for row, arm in enumerate(treated):
        model = sm.NegativeBinomial(count, np.column_stack([others, arm]), offset=exposure)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rough = model.fit(disp=0, method="bfgs", maxiter=1000)
            fit = model.fit(rough.params, disp=0, method="newton", maxiter=100, tol=1e-14)
        assert fits.log_ratio[row] == pytest.approx(fit.params[-2], rel=1e-8)


@pytest.mark.parametrize("fit", [quasi_poisson, negative_binomial])
def test_a_batch_is_a_loop(fit):
    count, exposure, others, treated = made_up()
    together = fit(count, exposure, others, treated)
    for row in range(len(treated)):
        alone = fit(count, exposure, others, treated[row : row + 1])
        assert together.log_ratio[row] == pytest.approx(alone.log_ratio[0], rel=1e-11)
        assert together.se[row] == pytest.approx(alone.se[0], rel=1e-11)


def test_counts_without_overdispersion_reach_the_poisson_limit():
    count, exposure, others, treated = np.full(20, 6.0), np.zeros(20), np.ones((20, 1)), None
    treated = permuted_arms(
        np.arange(20) < 10, np.zeros(20, dtype=int), 3, np.random.default_rng(1)
    )
    fits = negative_binomial(count, exposure, others, treated)
    assert fits.converged.all()
    assert fits.log_ratio == pytest.approx(np.zeros(3), abs=1e-12)
    assert fits.se == pytest.approx(np.full(3, np.sqrt(2 / 60)))  # 60 seizures in each arm


def test_an_arm_without_seizures_has_no_ratio():
    count = np.array([0.0] * 5 + [3.0, 2, 4, 1, 6])
    treated = np.array([[1.0] * 5 + [0.0] * 5, [1.0, 0] * 5])
    fits = negative_binomial(count, np.zeros(10), np.ones((10, 1)), treated)
    assert np.isnan(fits.log_ratio[0])
    assert np.isfinite(fits.log_ratio[1])


def test_permutations_keep_the_strata_and_move_the_arms():
    strata = np.array([0] * 7 + [1] * 12 + [2])
    treated = np.arange(20) % 3 == 0
    arms = permuted_arms(treated, strata, 50, np.random.default_rng(4))
    for stratum in (0, 1, 2):
        own = arms[:, strata == stratum].sum(axis=1)
        assert (own == treated[strata == stratum].sum()).all()
    assert (arms != treated).any(axis=1).mean() > 0.9
    # Each participant of a stratum is as likely as another to be treated: 5 of 12, within 4 errors.
    share = permuted_arms(treated, strata, 4000, np.random.default_rng(5)).mean(axis=0)[7]
    expected = treated[strata == 1].mean()
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 4000))
