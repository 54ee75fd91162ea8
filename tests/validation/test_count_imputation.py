"""Operating characteristics of imputed counts over simulated trials.

Under jump to reference the estimate varies less from trial to trial than Rubin's rules say, and the
bootstrap says how much (Keene et al. 2014; von Hippel & Bartlett 2021, section 6). The bounds below are
three standard errors wide for the number of trials, around what theory says.
"""

import math

import numpy as np
import pytest
from seizureflow.count_imputation.imputation import (
    Assumption,
    estimate_by_bootstrap,
    estimate_by_rubin,
)
from seizureflow.streams import Streams
from unit.count_imputation.simulated_trial import simulate_trial

TRIALS = 200


def simulated(strategy: str, ratio: float = 1.0) -> np.ndarray:
    """Estimate, variance and p by Rubin's rules, then by bootstrap, one row per trial."""
    rows = []
    assumption = Assumption(strategy, np.ones(2))
    for seed in range(TRIALS):
        trial = simulate_trial(np.random.default_rng(1000 + seed), ratio=ratio)
        streams = Streams.of(np.random.default_rng(seed))
        by_rules = estimate_by_rubin(trial, assumption, 20, "normal", streams.branch("rules"))
        sampled = estimate_by_bootstrap(trial, assumption, 50, 2, streams.branch("bootstrap"))
        rows.append(
            [
                value
                for pooled in (by_rules.pooled[0], sampled.pooled[0])
                for value in (pooled.estimate, pooled.se**2, pooled.p_value)
            ]
        )
    return np.array(rows)


def level_bound(level: float = 0.05) -> float:
    return 3 * math.sqrt(level * (1 - level) / TRIALS)


# Standard error of the ratio of a mean variance to that of so many estimates.
VARIANCE_BOUND = 3 * math.sqrt(2 / TRIALS)


@pytest.mark.slow
def test_at_random_both_variances_hold_the_level():
    rows = simulated("mar")
    for column in (0, 3):
        empirical = rows[:, column].var(ddof=1)
        assert abs(rows[:, column].mean()) < 3 * math.sqrt(empirical / TRIALS)
        assert rows[:, column + 1].mean() / empirical == pytest.approx(1, abs=VARIANCE_BOUND)
        assert (rows[:, column + 2] < 0.05).mean() == pytest.approx(0.05, abs=level_bound())


@pytest.mark.slow
def test_jump_to_reference_is_conservative_by_rubins_rules_and_not_by_the_bootstrap():
    rows = simulated("j2r")
    by_rules = rows[:, 1].mean() / rows[:, 0].var(ddof=1)
    sampled = rows[:, 4].mean() / rows[:, 3].var(ddof=1)
    assert by_rules > 1.5
    assert sampled == pytest.approx(1, abs=VARIANCE_BOUND)
    assert (rows[:, 2] < 0.05).mean() < 0.05 - level_bound() / 2
    assert (rows[:, 5] < 0.05).mean() == pytest.approx(0.05, abs=level_bound())


@pytest.mark.slow
def test_at_random_estimates_the_ratio_that_holds_and_intervals_cover_it():
    rows = simulated("mar", ratio=0.6)
    for column in (0, 3):
        spread = rows[:, column].std(ddof=1)
        assert rows[:, column].mean() == pytest.approx(
            math.log(0.6), abs=3 * spread / math.sqrt(TRIALS)
        )
        covered = np.abs(rows[:, column] - math.log(0.6)) < 1.97 * np.sqrt(rows[:, column + 1])
        assert covered.mean() == pytest.approx(0.95, abs=level_bound())
