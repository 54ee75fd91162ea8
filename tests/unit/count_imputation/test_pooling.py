"""Pooling by Rubin's rules and by bootstrap and imputation, against closed forms."""

import math

import numpy as np
import pytest
from scipy import stats
from seizureflow.count_imputation.pooling import Pooled, bootstrapped, rubin


def test_rubins_rules_by_hand():
    """Estimates 1, 2, 3: B = 1, W = 2, T = 2 + 4/3, r = 2/3, df = 2 (1 + 3/2)^2 = 12.5."""
    pooled = rubin(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert pooled.estimate == 2
    assert pooled.se == pytest.approx(math.sqrt(10 / 3), rel=1e-14)
    assert pooled.df == pytest.approx(12.5, rel=1e-14)
    assert pooled.missing_information == pytest.approx((4 / 3) / (10 / 3), rel=1e-14)
    assert pooled.monte_carlo_se == pytest.approx(math.sqrt(1 / 3), rel=1e-14)
    reach = math.sqrt(10 / 3) * stats.t.ppf(0.975, 12.5)
    assert pooled.limits(0.95) == pytest.approx((2 - reach, 2 + reach), rel=1e-14)
    assert pooled.p_value == pytest.approx(2 * stats.t.sf(2 / math.sqrt(10 / 3), 12.5), rel=1e-12)


def test_equal_data_sets_leave_the_complete_data_inference():
    pooled = rubin(np.full(5, 0.7), np.full(5, 0.04))
    assert pooled.se == pytest.approx(0.2, rel=1e-14)
    assert math.isinf(pooled.df)
    assert pooled.missing_information == 0
    assert pooled.p_value == pytest.approx(2 * stats.norm.sf(3.5), rel=1e-12)
    assert pooled.limits(0.95)[1] == pytest.approx(0.7 + 0.2 * stats.norm.ppf(0.975), rel=1e-12)


def test_bootstrap_and_imputation_by_hand():
    """Three samples of two: means 1, 3, 5; MSB = 2 x 4 = 8, MSW = (0.5 + 2 + 0.5) / 3 = 1.

    Variance (1 + 1/3) (8 - 1) / 2 + 1 / 6 = 29/6; degrees of freedom from the variances of the two
    mean squares, (4/6 x 8)^2 / 2 + 1 / (3 x 4 x 1).
    """
    pooled = bootstrapped(np.array([[0.5, 1.5], [2.0, 4.0], [4.5, 5.5]]))
    assert pooled.estimate == pytest.approx(3, rel=1e-14)
    assert pooled.se**2 == pytest.approx(29 / 6, rel=1e-14)
    df = (29 / 6) ** 2 / ((16 / 3) ** 2 / 2 + 1 / 12)
    assert df < 3  # so that it is raised to 3, as in bootImpute and rbmi
    assert pooled.df == 3


def test_degrees_of_freedom_of_many_samples():
    estimates = np.add.outer(np.linspace(-1, 1, 101), np.array([-0.3, 0.3]))
    pooled = bootstrapped(estimates)
    msb, msw = 2 * np.linspace(-1, 1, 101).var(ddof=1), 2 * 0.09
    first, second = 102 / 202 * msb, msw / 2
    assert pooled.se**2 == pytest.approx(first - second, rel=1e-12)
    spread = first**2 / 100 + msw**2 / (101 * 4)
    assert pooled.df == pytest.approx((first - second) ** 2 / spread, rel=1e-12)


def test_samples_that_differ_by_imputation_alone_share_one_variance():
    """Means of all samples are equal: the variance of the mean of six numbers."""
    estimates = np.array([[-1.0, 1.0], [-2.0, 2.0], [-3.0, 3.0]])
    pooled = bootstrapped(estimates)
    assert pooled.se**2 == pytest.approx(28 / 5 / 6, rel=1e-14)


def test_bootstrap_recovers_known_components():
    """Variance 0.09 between samples and 0.25 within: (1 + 1/B) 0.09 + 0.25 / (2 B)."""
    rng = np.random.default_rng(1)
    number = 20_000
    estimates = rng.normal(0, 0.3, (number, 1)) + rng.normal(0, 0.5, (number, 2))
    # The relative standard error of the component is about 3%.
    assert bootstrapped(estimates).se ** 2 == pytest.approx(0.09, rel=0.1)


def test_limits_and_p_of_a_normal_estimate_agree():
    pooled = Pooled(estimate=0.5, se=0.25, df=math.inf)
    lower, _ = pooled.limits(1 - pooled.p_value)
    assert lower == pytest.approx(0, abs=1e-12)
