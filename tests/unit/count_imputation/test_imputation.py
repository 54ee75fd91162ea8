"""Estimates from imputed data against the model of the observed data."""

import dataclasses
import math

import numpy as np
import pytest
from seizureflow.count_imputation.imputation import (
    Assumption,
    estimate_by_bootstrap,
    estimate_by_rubin,
)
from seizureflow.count_imputation.parameters import imputation_fit, posterior_draws, resampled_rows
from seizureflow.count_imputation.regression import fit_counts
from seizureflow.streams import Streams
from unit.count_imputation.simulated_trial import simulate_trial

ONES = np.ones(2)


def streams(seed: int) -> Streams:
    return Streams.of(np.random.default_rng(seed))


def observed(trial):
    """Estimate and standard error by the model of recorded time, with its logarithm as offset."""
    fit = fit_counts(trial.counts[None], trial.recorded[None], trial.matrix)
    return fit.coefficients[0, 1], math.sqrt(fit.covariance[0, 1, 1])


@pytest.mark.parametrize("strategy", ["mar", "j2r", "cr"])
def test_with_nothing_missing_every_strategy_is_the_plain_regression(strategy):
    trial = simulate_trial(np.random.default_rng(1), leaving=0.0, ratio=0.7)
    pooled = estimate_by_rubin(trial, Assumption(strategy, ONES), 5, "normal", streams(1)).pooled[0]
    estimate, se = observed(trial)
    assert pooled.estimate == pytest.approx(estimate, rel=1e-12)
    assert pooled.se == pytest.approx(se, rel=1e-12)
    assert math.isinf(pooled.df)


@pytest.mark.parametrize("how", ["normal", "bootstrap"])
def test_at_random_agrees_with_the_model_of_the_observed_counts(how):
    """Both are consistent for the same thing; they differ by how imputed data are weighted."""
    trial = simulate_trial(np.random.default_rng(2), per_arm=400, leaving=0.3, ratio=0.7)
    pooled = estimate_by_rubin(trial, Assumption("mar", ONES), 200, how, streams(2)).pooled[0]
    estimate, se = observed(trial)
    assert pooled.estimate == pytest.approx(estimate, abs=4 * pooled.monte_carlo_se)
    assert pooled.monte_carlo_se < se / 10
    assert pooled.se == pytest.approx(se, rel=0.03)


def test_jump_to_reference_shrinks_the_effect_by_the_time_in_the_arm():
    """With many participants: rate ratio 1 - (1 - 0.5) x (share of the active arm's time seen)."""
    rng = np.random.default_rng(3)
    trial = simulate_trial(rng, per_arm=20_000, leaving=0.5, ratio=0.5)
    pooled = estimate_by_rubin(trial, Assumption("j2r", ONES), 4, "normal", streams(3)).pooled[0]
    seen = trial.recorded[trial.arms == 1].sum() / trial.length[trial.arms == 1].sum()
    # Three standard errors of the trial itself.
    assert math.exp(pooled.estimate) == pytest.approx(1 - 0.5 * seen, abs=0.02)


def test_copy_reference_lies_between_at_random_and_jump_to_reference():
    trial = simulate_trial(np.random.default_rng(4), per_arm=3000, leaving=0.5, ratio=0.5)
    mar, copied, jumped = (
        estimate_by_rubin(trial, Assumption(s, ONES), 10, "normal", streams(4)).pooled[0].estimate
        for s in ("mar", "cr", "j2r")
    )
    assert mar < copied < jumped < 0


def test_a_multiplier_acts_on_its_arm_alone():
    trial = simulate_trial(np.random.default_rng(5))
    plain, doubled = (
        estimate_by_rubin(trial, Assumption("mar", factors), 100, "normal", streams(5))
        for factors in (ONES, np.array([1.0, 2.0]))
    )
    assert doubled.imputed[0] == plain.imputed[0]
    assert doubled.imputed[1] == pytest.approx(2 * plain.imputed[1], rel=0.01)
    assert doubled.pooled[0].estimate > plain.pooled[0].estimate


def test_posterior_draws_have_the_moments_of_the_fit():
    trial = simulate_trial(np.random.default_rng(6), per_arm=40)
    fit = imputation_fit(trial)
    drawn = posterior_draws(fit, 50_000, np.random.default_rng(6))
    assert np.cov(drawn.coefficients.T) == pytest.approx(fit.covariance[0], rel=0.05)
    logs = np.log(drawn.theta[:, 0])
    assert logs.mean() == pytest.approx(math.log(fit.theta[0]), abs=0.01)
    assert logs.std() == pytest.approx(fit.log_alpha_se[0], rel=0.02)
    assert abs(np.corrcoef(logs, drawn.coefficients[:, 1])[0, 1]) < 0.02


def test_resampling_keeps_the_arms():
    trial = simulate_trial(np.random.default_rng(7), per_arm=9)
    rows = resampled_rows(trial, 50, np.random.default_rng(7))
    assert (trial.arms[rows] == trial.arms).all()
    assert len(np.unique(rows)) == trial.size


def test_equal_seeds_give_equal_numbers_and_others_do_not():
    trial = simulate_trial(np.random.default_rng(8))
    first, again, other = (
        estimate_by_bootstrap(trial, Assumption("j2r", ONES), 20, 2, streams(seed)).pooled[0]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_the_order_of_participants_does_not_matter_to_what_is_known():
    trial = simulate_trial(np.random.default_rng(9), leaving=0.0)
    order = np.random.default_rng(1).permutation(trial.size)
    names = (
        "counts",
        "recorded",
        "between",
        "after",
        "length",
        "matrix",
        "reference_matrix",
        "arms",
    )
    shuffled = dataclasses.replace(trial, **{name: getattr(trial, name)[order] for name in names})
    assert observed(shuffled) == pytest.approx(observed(trial), rel=1e-10)
