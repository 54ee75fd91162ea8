"""Draws of missing counts: their distribution, and the algebra of the strategies by hand."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats
from seizureflow.count_imputation.strategies import (
    Rates,
    Seen,
    Uniforms,
    draw_missing_counts,
    impute_after,
    impute_between,
)

DRAWS = 40_000


def column(value: float) -> np.ndarray:
    return np.full((DRAWS, 1), value)


@pytest.mark.parametrize(
    ("counts", "seen", "missing", "theta"),
    [(7, 4.0, 6.0, 2.0), (0, 3.0, 2.0, 0.5), (0, 0.0, 5.0, 1.5), (40, 10.0, 1.0, 300.0)],
)
def test_missing_counts_follow_the_conjugate_negative_binomial(counts, seen, missing, theta):
    """Size theta + y, mean missing (theta + y) / (theta + seen): closed form, all probabilities."""
    rng = np.random.default_rng(1)
    drawn = draw_missing_counts(
        column(counts),
        column(seen),
        column(missing),
        column(theta),
        *rng.random((2, DRAWS, 1)),
    )
    size, mean = theta + counts, missing * (theta + counts) / (theta + seen)
    law = stats.nbinom(size, size / (size + mean))
    # Five standard errors; the variance of a sample variance from the fourth moment.
    assert drawn.mean() == pytest.approx(mean, abs=5 * law.std() / math.sqrt(DRAWS))
    kurtosis = float(law.stats("k"))
    spread = law.var() * math.sqrt((kurtosis + 2) / DRAWS)
    assert drawn.var() == pytest.approx(law.var(), abs=5 * spread)
    values = np.arange(int(law.ppf(0.999)) + 1)
    shares = np.array([(drawn == value).mean() for value in values])
    wanted = law.pmf(values)
    assert (np.abs(shares - wanted) < 5 * np.sqrt(wanted / DRAWS) + 1e-4).all()


def test_the_posterior_is_that_of_participants_who_had_the_same_count():
    """Without the formula: simulate frailties and both counts, and keep who had 5 seizures."""
    rng = np.random.default_rng(2)
    theta, seen, missing, counts = 1.5, 4.0, 3.0, 5
    frailty = rng.gamma(theta, 1 / theta, 400_000)
    later = rng.poisson(frailty * missing)[rng.poisson(frailty * seen) == counts]
    drawn = draw_missing_counts(
        column(counts), column(seen), column(missing), column(theta), *rng.random((2, DRAWS, 1))
    )
    error = math.sqrt(later.var() / len(later) + drawn.var() / DRAWS)
    assert drawn.mean() == pytest.approx(later.mean(), abs=5 * error)
    assert drawn.var() == pytest.approx(later.var(), rel=0.08)


def test_without_frailties_counts_are_poisson():
    rng = np.random.default_rng(3)
    uniforms = rng.random((DRAWS, 1))
    drawn = draw_missing_counts(
        column(9), column(2.0), column(3.0), column(math.inf), rng.random((DRAWS, 1)), uniforms
    )
    assert (drawn == stats.poisson.ppf(uniforms, 3.0)).all()


def test_a_large_shape_approaches_the_limit_of_none():
    uniforms = np.random.default_rng(4).random((2, DRAWS, 1))
    near = draw_missing_counts(column(9), column(2.0), column(3.0), column(1e9), *uniforms)
    limit = draw_missing_counts(column(9), column(2.0), column(3.0), column(math.inf), *uniforms)
    assert (near != limit).mean() < 1e-3


# Two participants, both of the active arm; the second has missing days while under follow-up.
SEEN = Seen(
    counts=np.array([[6.0, 2.0]]),
    recorded=np.array([[2.0, 1.0]]),
    between=np.array([[0.0, 0.5]]),
    after=np.array([[1.0, 2.0]]),
)
THETA, OWN, REFERENCE = 2.0, 3.0, 5.0
# By hand, of the first: frailty (2 + 6) / (2 + 3 x 2) = 1, as in reference (2 + 6) / (2 + 5 x 2) = 2/3;
# one unit of time missing. Of the second, with 1 seizure imputed in between: (2 + 3) / (2 + 3 x 1.5)
# = 10/13, as in reference (2 + 3) / (2 + 5 x 1.5) = 10/19; two units missing.
BY_HAND = {
    "mar": (3 * 1 * 1, 3 * 2 * 10 / 13),
    "j2r": (5 * 1 * 1, 5 * 2 * 10 / 13),
    "cr": (5 * 1 * 2 / 3, 5 * 2 * 10 / 19),
}


@pytest.mark.parametrize("strategy", BY_HAND)
@pytest.mark.parametrize("multiplier", [1.0, 1.7])
def test_strategies_by_hand(strategy, multiplier):
    rng = np.random.default_rng(5)
    uniforms = Uniforms.draw(DRAWS, 2, rng)
    rates = Rates(np.full((DRAWS, 2), OWN), np.full((DRAWS, 2), REFERENCE), column(THETA))
    between = np.tile([0.0, 1.0], (DRAWS, 1))
    drawn = impute_after(SEEN, between, rates, strategy, multiplier, uniforms)
    error = drawn.std(axis=0) / math.sqrt(DRAWS)
    wanted = multiplier * np.array(BY_HAND[strategy])
    assert (np.abs(drawn.mean(axis=0) - wanted) < 5 * error).all()


def test_missing_days_under_follow_up_are_imputed_at_random_and_only_where_there_are_any():
    uniforms = Uniforms.draw(DRAWS, 2, np.random.default_rng(6))
    rates = Rates(np.full((DRAWS, 2), OWN), np.full((DRAWS, 2), REFERENCE), column(THETA))
    drawn = impute_between(SEEN, rates, uniforms)
    assert (drawn[:, 0] == 0).all()
    # (2 + 2) / (2 + 3 x 1) x 3 x 0.5
    error = drawn[:, 1].std() / math.sqrt(DRAWS)
    assert drawn[:, 1].mean() == pytest.approx(1.2, abs=5 * error)


def test_seizures_never_fall_where_the_multiplier_rises():
    uniforms = Uniforms.draw(2000, 2, np.random.default_rng(7))
    rates = Rates(np.full((2000, 2), OWN), np.full((2000, 2), REFERENCE), np.full((2000, 1), THETA))
    drawn = [
        impute_after(SEEN, np.zeros((2000, 2)), rates, "mar", multiplier, uniforms)
        for multiplier in (0.5, 1.0, 1.1, 3.0)
    ]
    for lower, higher in itertools.pairwise(drawn):
        assert (higher >= lower).all()
        assert (higher > lower).any()
