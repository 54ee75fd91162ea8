"""Bootstrap intervals against scipy on the same resamples, and the constants in closed form."""

import numpy as np
import pytest
from scipy import stats
from seizureflow.resampling.bca import (
    acceleration_constant,
    bias_correction,
    bootstrap_intervals,
)
from seizureflow.resampling.bootstrap_samples import draw_samples, weights_of
from seizureflow.resampling.statistics import STATISTICS, TwoArms, leave_one_out

RNG = np.random.default_rng(21)
ARM = np.array([1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0])
OUTCOME = RNG.gamma(2, size=11)
AGE = RNG.normal(size=11)
TRIAL = TwoArms(OUTCOME, OUTCOME, ARM, np.column_stack([np.ones(11), ARM, AGE]), 1)
SCIPY = {
    "mean_difference": lambda x, y, axis: x.mean(axis) - y.mean(axis),
    "median_difference": lambda x, y, axis: np.median(x, axis) - np.median(y, axis),
    "ratio_of_means": lambda x, y, axis: np.log(x.mean(axis) / y.mean(axis)),
    "ratio_of_medians": lambda x, y, axis: np.log(np.median(x, axis) / np.median(y, axis)),
}


@pytest.mark.parametrize("name", SCIPY)
@pytest.mark.parametrize("method", ["BCa", "percentile"])
def test_intervals_are_those_of_scipy_on_the_same_replicates(name, method):
    expected = stats.bootstrap(
        (OUTCOME[ARM == 1], OUTCOME[ARM == 0]),
        SCIPY[name],
        n_resamples=999,
        method=method,
        rng=np.random.default_rng(4),
        vectorized=True,
    )
    statistic = STATISTICS[name]
    estimate = float(statistic(TRIAL, np.arange(11)[None, :])[0])
    acceleration = acceleration_constant(leave_one_out(statistic, TRIAL), ARM)
    found = bootstrap_intervals(estimate, expected.bootstrap_distribution, acceleration, 0.95)
    limits = found.bca if method == "BCa" else found.percentile
    interval = expected.confidence_interval
    assert limits == pytest.approx((interval.low, interval.high), rel=1e-10)


@pytest.mark.parametrize("name", SCIPY)
def test_own_replicates_agree_with_scipys_in_distribution(name):
    samples = draw_samples(ARM, 4000, np.random.default_rng(6))
    own = STATISTICS[name](TRIAL, samples)
    other = stats.bootstrap(
        (OUTCOME[ARM == 1], OUTCOME[ARM == 0]),
        SCIPY[name],
        n_resamples=4000,
        rng=np.random.default_rng(7),
        vectorized=True,
    )
    # Four standard errors of a standard deviation of 4000 replicates, with room for long tails.
    assert own.std() == pytest.approx(other.standard_error, rel=0.06)


def test_acceleration_of_a_mean_is_a_sixth_of_its_skewness():
    """Efron 1987, section 7: skewness / (6 sqrt(n)) for the mean of one sample."""
    values = RNG.gamma(1, size=15)
    left_out = (values.sum() - values) / 14
    found = acceleration_constant(left_out, np.zeros(15, dtype=int))
    assert found == pytest.approx(stats.skew(values) / (6 * np.sqrt(15)), rel=1e-10)


@pytest.mark.parametrize("value", [2.0, 0.1, -0.7, 1 / 3])
@pytest.mark.parametrize("size", [6, 10, 22])
def test_acceleration_is_0_where_nobody_matters(value, size):
    """As with medians in the middle of ties; the mean of equal values may differ from them."""
    assert acceleration_constant(np.full(size, value), np.arange(size) % 2) == 0


def test_bias_correction_counts_half_of_the_ties():
    replicates = np.array([0.0, 1, 2, 2, 2, 3, 4, 5])  # 2 below 2, 3 tied with it, of 8
    assert bias_correction(2, replicates) == pytest.approx(stats.norm.ppf(3.5 / 8))


def test_ties_of_the_bias_correction_are_told_up_to_rounding():
    """Of values that are 0 or 1 before the logarithm many samples have the estimate itself."""
    outcome = np.log(np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1]) + 0.2) - 1
    trial = TwoArms(outcome, outcome, ARM, TRIAL.matrix, 1)
    mean_difference, samples = STATISTICS["mean_difference"], draw_samples(ARM, 2000, RNG)
    replicates = mean_difference(trial, samples)
    estimate = float(mean_difference(trial, np.arange(11)[None, :])[0])
    # In whole numbers: participants with a seizure, times the size of the other arm.
    some = outcome[samples] > -1
    whole = 6 * some[:, ARM == 1].sum(axis=1) - 5 * some[:, ARM == 0].sum(axis=1)
    own = 6 * (outcome[ARM == 1] > -1).sum() - 5 * (outcome[ARM == 0] > -1).sum()
    wanted = stats.norm.ppf((whole < own).mean() + (whole == own).mean() / 2)
    assert bias_correction(estimate, replicates) == pytest.approx(wanted, rel=1e-10)


def test_without_bias_and_acceleration_bca_is_the_percentile_interval():
    replicates = np.linspace(-1, 1, 2001)
    found = bootstrap_intervals(0.0, replicates, 0.0, 0.9)
    assert found.bca == pytest.approx(found.percentile, abs=1e-9)


def test_no_bca_interval_where_all_replicates_lie_on_one_side():
    found = bootstrap_intervals(5.0, np.linspace(0, 1, 100), 0.1, 0.95)
    assert np.isnan(found.bca).all()
    assert np.isfinite(found.percentile).all()


def test_samples_keep_the_sizes_of_the_arms():
    samples = draw_samples(ARM, 50, np.random.default_rng(1))
    assert (ARM[samples].sum(axis=1) == ARM.sum()).all()
    assert (weights_of(samples, 11).sum(axis=1) == 11).all()


def test_adjusted_difference_is_that_of_fitting_each_sample():
    samples = draw_samples(ARM, 40, np.random.default_rng(2))
    found = STATISTICS["ancova"](TRIAL, samples)
    expected = [
        np.linalg.lstsq(TRIAL.matrix[row], OUTCOME[row], rcond=None)[0][1] for row in samples
    ]
    assert found == pytest.approx(expected, rel=1e-8)


def test_a_sample_of_one_value_has_no_adjusted_difference():
    samples = np.array([[0] * 5 + [1] * 6])  # two participants alone: age is aliased with the arm
    assert np.isnan(STATISTICS["ancova"](TRIAL, samples)).all()


@pytest.mark.parametrize("name", STATISTICS)
def test_leaving_one_out_is_estimating_without_them(name):
    found = leave_one_out(STATISTICS[name], TRIAL)
    for person in range(11):
        kept = np.delete(np.arange(11), person)
        order = kept[np.argsort(ARM[kept], kind="stable")]
        assert found[person] == pytest.approx(STATISTICS[name](TRIAL, order[None, :])[0])


def test_ratios_without_seizures_in_an_arm_are_no_numbers():
    silent = TwoArms(OUTCOME, np.where(ARM == 1, 0.0, 3.0), ARM, TRIAL.matrix, 1)
    assert np.isnan(STATISTICS["ratio_of_means"](silent, np.arange(11)[None, :])).all()
