"""Rank comparisons and trimmed means against scipy, pair counts and enumeration."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from seizureflow.imputation.worst_rank import (
    compare_ranks,
    rank_ancova,
    trimmed_difference,
    worst_ranked,
)

REFERENCE = np.array([0.1, -0.3, 0.4, 0.0, np.inf, np.inf, -0.2])
ACTIVE = np.array([-0.5, -0.3, -0.9, 0.2, np.inf, -0.4])


def test_wilcoxon_is_that_of_scipy():
    other = stats.mannwhitneyu(ACTIVE, REFERENCE, use_continuity=False, method="asymptotic")
    found = compare_ranks(REFERENCE, ACTIVE)
    assert found.p == pytest.approx(other.pvalue, rel=1e-12)
    assert found.z < 0


def test_the_probability_counts_pairs():
    pairs = [(a < r) + 0.5 * (a == r) for a in ACTIVE for r in REFERENCE]
    found = compare_ranks(REFERENCE, ACTIVE)
    assert found.better == pytest.approx(np.mean(pairs), rel=1e-12)


def test_outcomes_that_differ_by_rounding_alone_are_ties():
    """A third less is a third less, whether of 3, 6 or 15; the logarithms differ in the last digit."""
    base = np.array([3.0, 6.0, 7.0, 10.0, 12.0, 15.0, 3.0, 6.0])
    ratio = np.array([2 / 3, 2 / 3, 1.0, 0.5, 0.5, 2 / 3, 2.0, 1.0])
    change = np.log(base * ratio) - np.log(base)
    exact = np.round(np.log(ratio), 9)
    assert len(np.unique(change)) > len(np.unique(exact))
    active = np.array([True, False, True, False, True, False, True, False])
    found, expected = (compare_ranks(x[~active], x[active]) for x in (change, exact))
    assert found == expected
    none = np.empty((8, 0))
    assert rank_ancova(change, active, none) == rank_ancova(exact, active, none)


def test_the_error_of_the_probability_is_near_that_of_resamples():
    rng = np.random.default_rng(1)
    reference, active = rng.normal(0, 1, 60), rng.normal(-0.4, 1, 60)
    drawn = [
        compare_ranks(rng.choice(reference, 60), rng.choice(active, 60)).better for _ in range(800)
    ]
    assert compare_ranks(reference, active).better_se == pytest.approx(np.std(drawn), rel=0.1)


def test_equal_outcomes_have_no_z():
    found = compare_ranks(np.ones(4), np.ones(5))
    assert np.isnan(found.z)
    assert found.better == 0.5


def test_rank_ancova_is_an_anova_of_residuals():
    rng = np.random.default_rng(2)
    outcome = np.concatenate([REFERENCE, ACTIVE])
    active = np.arange(13) >= 7
    covariate = stats.rankdata(rng.normal(size=13))
    slope = stats.linregress(covariate, stats.rankdata(outcome))
    residual = stats.rankdata(outcome) - slope.intercept - slope.slope * covariate
    expected = stats.f_oneway(residual[active], residual[~active]).pvalue
    assert rank_ancova(outcome, active, covariate[:, None]) == pytest.approx(expected, rel=1e-9)


def test_worst_ranks_replace_what_was_seen():
    found = worst_ranked(np.array([-2.0, np.nan, 0.5]), np.array([True, True, False]))
    assert found.tolist() == [np.inf, np.inf, 0.5]


def test_adaptive_trimming_by_hand():
    """Two of 7 against one of 6: two leave the reference arm, 12/7, that is two, the active one."""
    found = trimmed_difference(REFERENCE, ACTIVE, None, 200, np.random.default_rng(0))
    assert found.kept == (5, 4)
    expected = np.mean([-0.9, -0.5, -0.4, -0.3]) - np.mean([0.1, -0.3, 0.4, 0.0, -0.2])
    assert found.difference == pytest.approx(expected, rel=1e-12)


def test_a_fixed_share_must_hold_the_events():
    found = trimmed_difference(REFERENCE, ACTIVE, 0.5, 100, np.random.default_rng(0))
    assert found.kept == (3, 3)
    assert found.difference == pytest.approx(-0.6 - np.mean([-0.3, -0.2, 0.0]))
    short = trimmed_difference(REFERENCE, ACTIVE, 0.1, 100, np.random.default_rng(0))
    assert np.isnan(short.difference)
    assert np.isnan(short.p)


def test_p_of_the_permutations_is_near_that_of_all_of_them():
    reference, active = np.array([0.4, 0.1, 0.9, np.inf]), np.array([-0.6, -0.1, 0.2, -0.9])
    both = np.concatenate([reference, active])

    def difference(chosen):
        rest = np.delete(both, chosen)
        own = both[list(chosen)]
        leave = max(np.isinf(rest).sum(), np.isinf(own).sum())
        return np.sort(own)[: 4 - leave].mean() - np.sort(rest)[: 4 - leave].mean()

    observed = difference((4, 5, 6, 7))
    everything = [abs(difference(c)) >= abs(observed) - 1e-12 for c in combinations(range(8), 4)]
    found = trimmed_difference(reference, active, None, 20_000, np.random.default_rng(3))
    assert found.difference == pytest.approx(observed)
    assert found.p == pytest.approx(np.mean(everything), abs=4.5 * np.sqrt(0.25 / 20_000))


def test_without_events_the_difference_is_that_of_means_and_its_error_the_usual_one():
    rng = np.random.default_rng(4)
    reference, active = rng.normal(0, 1, 40), rng.normal(-1, 1, 40)
    found = trimmed_difference(reference, active, None, 4000, rng)
    assert found.difference == pytest.approx(active.mean() - reference.mean())
    expected = np.sqrt(active.var() / 40 + reference.var() / 40)
    assert found.se == pytest.approx(expected, rel=0.05)
