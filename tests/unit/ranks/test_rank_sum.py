"""The rank-sum test by enumeration, by scipy and by a textbook."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from seizureflow.ranks.null_distribution import lower_tail, mann_whitney_counts
from seizureflow.ranks.rank_sum import rank_sum_test
from seizureflow.ranks.ties import has_ties, midranks

# Hollander, Wolfe & Chicken, example 4.1 (Leppanen): permeability of membranes at term and at
# 12-26 weeks; R's ?wilcox.test has the same. W = 35, one-sided p 0.1272; two-sided 0.2544.
AT_TERM = np.array([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
EARLY = np.array([1.15, 0.88, 0.90, 0.74, 1.21])


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 4), (3, 3), (4, 2), (3, 5)])
def test_counts_are_those_of_all_arrangements(m, n):
    seen = [0] * (m * n + 1)
    for chosen in combinations(range(m + n), m):
        seen[sum(chosen) - m * (m - 1) // 2] += 1
    assert list(mann_whitney_counts(m, n)) == seen


def test_counts_of_large_groups_are_exact():
    counts = mann_whitney_counts(49, 48)
    assert sum(counts) == math.comb(97, 49)
    assert counts == counts[::-1]
    assert lower_tail(49, 48)[-1] == 1


def test_textbook_example():
    test = rank_sum_test(AT_TERM, EARLY)
    assert test.exact
    assert test.u == 35
    assert test.p_value == pytest.approx(0.2544, abs=5e-5)
    assert test.shift == pytest.approx(0.305, abs=5e-4)


@pytest.mark.parametrize("method", ["exact", "asymptotic"])
@pytest.mark.parametrize("correct", [False, True])
def test_scipy_gives_the_same_p(method, correct):
    generator = np.random.default_rng(5)
    first, second = generator.normal(0, 1, 9), generator.normal(0.7, 1, 12)
    if method == "asymptotic":
        first, second = first.round(1), second.round(1)
        assert has_ties(np.concatenate([first, second]))
    other = stats.mannwhitneyu(first, second, method=method, use_continuity=correct)
    test = rank_sum_test(first, second, method=method, continuity_correction=correct)
    assert test.u == other.statistic
    assert test.p_value == pytest.approx(other.pvalue, rel=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_exact_limits_hold_the_shifts_that_the_exact_test_does_not_reject(level):
    """By definition: just inside a limit the test of that shift keeps it, just outside it does not."""
    test = rank_sum_test(AT_TERM, EARLY, level)

    def p(shift):
        return rank_sum_test(AT_TERM - shift, EARLY, method="exact").p_value

    for limit, inwards in ((test.lower, 1), (test.upper, -1)):
        assert p(limit + inwards * 1e-6) > 1 - level
        assert p(limit - inwards * 1e-6) <= 1 - level


@pytest.mark.parametrize("correct", [False, True])
def test_asymptotic_limits_hold_the_shifts_that_the_test_does_not_reject(correct):
    generator = np.random.default_rng(11)
    first, second = generator.normal(0, 1, 14), np.repeat(generator.normal(0, 1, 8), 2)
    test = rank_sum_test(first, second, 0.95, "asymptotic", correct)

    def p(shift):
        return rank_sum_test(first - shift, second, 0.95, "asymptotic", correct).p_value

    for limit, inwards in ((test.lower, 1), (test.upper, -1)):
        assert p(limit + inwards * 1e-6) > 0.05
        assert p(limit - inwards * 1e-6) <= 0.05


def test_limits_move_with_a_shift_and_turn_with_the_sign():
    test, moved = rank_sum_test(AT_TERM, EARLY), rank_sum_test(AT_TERM + 2, EARLY)
    turned = rank_sum_test(EARLY, AT_TERM)
    assert (moved.lower, moved.upper) == pytest.approx((test.lower + 2, test.upper + 2), abs=1e-12)
    assert (turned.lower, turned.shift, turned.upper) == (-test.upper, -test.shift, -test.lower)


def test_groups_too_small_for_the_level_say_so():
    test = rank_sum_test(np.array([1.0, 2.0]), np.array([3.0, 5.0]))
    assert not test.level_reached
    assert (test.lower, test.upper) == (-4.0, -1.0)


def test_nothing_varies():
    test = rank_sum_test(np.ones(3), np.ones(4))
    assert math.isnan(test.p_value)
    assert math.isnan(test.z)
    assert (test.lower, test.shift, test.upper) == (0, 0, 0)


def test_exact_is_not_taken_with_ties():
    assert not rank_sum_test(np.array([1.0, 2.0]), np.array([2.0, 3.0]), method="exact").exact


def test_values_that_differ_by_rounding_errors_are_tied():
    values = np.array([100 * (14 - 28) / 28, -50 - 1e-13, -50.0, 3.0])
    assert list(midranks(values)) == [2, 2, 2, 4]
    assert list(midranks(np.array([0.0, 0.0]))) == [1.5, 1.5]
    assert list(midranks(np.array([1e-15, 0.0]) * 1e-3)) == [2, 1]
