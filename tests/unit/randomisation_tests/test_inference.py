"""p-values and limits against brute force, exact tests of scipy, and the definition of a limit."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from seizureflow.randomisation_tests.arrangements import Arrangements, arrange, list_arrangements
from seizureflow.randomisation_tests.inference import as_extreme, invert_shift, p_value
from seizureflow.randomisation_tests.rank_shift import RankedTrial, rank_inference
from seizureflow.randomisation_tests.shift_effects import shift_effects

RNG = np.random.default_rng(5)
ACTIVE = np.array([1.0, 0, 0, 1, 1, 0, 1, 0])
BLOCK = np.array([0, 0, 0, 0, 1, 1, 1, 1])
OUTCOME = RNG.normal(size=8) - 1.1 * ACTIVE
AGE = RNG.normal(size=8)
ONES = np.ones((8, 1))
ADJUSTED = np.column_stack([np.ones(8), AGE])


def coefficient(outcome, active, covariates) -> float:
    return np.linalg.lstsq(np.column_stack([covariates, active]), outcome, rcond=None)[0][-1]


def brute_force_p(tau: float, covariates, arranged) -> float:
    free = OUTCOME - tau * ACTIVE
    observed = abs(coefficient(free, ACTIVE, covariates))
    others = [abs(coefficient(free, row, covariates)) for row in arranged]
    return np.mean([other >= observed - 1e-9 for other in others])


@pytest.mark.parametrize("covariates", [ONES, ADJUSTED], ids=["means", "ancova"])
def test_exact_p_is_that_of_fitting_every_arrangement(covariates):
    arranged = list_arrangements(ACTIVE, BLOCK)
    assert len(arranged) == 36
    found = invert_shift(shift_effects(OUTCOME, covariates, ACTIVE, arranged), True, 0.9)
    assert found.p == pytest.approx(brute_force_p(0, covariates, arranged), abs=1e-12)
    assert found.p_se == 0
    assert found.estimate == pytest.approx(coefficient(OUTCOME, ACTIVE, covariates), rel=1e-12)


@pytest.mark.parametrize("covariates", [ONES, ADJUSTED], ids=["means", "ancova"])
def test_limits_are_where_the_test_begins_to_reject(covariates):
    arranged = list_arrangements(ACTIVE, BLOCK)
    found = invert_shift(shift_effects(OUTCOME, covariates, ACTIVE, arranged), True, 0.8)
    for limit, outwards in ((found.lower, -1), (found.upper, 1)):
        assert brute_force_p(limit - outwards * 1e-6, covariates, arranged) > 0.2
        assert brute_force_p(limit + outwards * 1e-6, covariates, arranged) <= 0.2


def test_limits_of_drawn_arrangements_count_the_actual_one():
    rng = np.random.default_rng(8)
    active = (np.arange(20) % 2).astype(float)
    outcome = rng.normal(size=20) - active
    arranged = arrange(active, np.zeros(20, dtype=int), 999, rng).active
    effects = shift_effects(outcome, np.ones((20, 1)), active, arranged)
    found = invert_shift(effects, False, 0.95)

    def p_of(tau: float) -> float:
        observed = effects.observed - tau
        return p_value(as_extreme(effects.effect - tau * effects.overlap, observed), False)[0]

    assert p_of(found.lower + 1e-6) > 0.05 >= p_of(found.lower - 1e-6)
    assert p_of(found.upper - 1e-6) > 0.05 >= p_of(found.upper + 1e-6)
    assert found.p == p_of(0)


def test_difference_in_means_is_the_permutation_test_of_scipy():
    active = ACTIVE == 1
    expected = stats.permutation_test(
        (OUTCOME[active], OUTCOME[~active]),
        lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
        permutation_type="independent",
        n_resamples=np.inf,
        vectorized=True,
    )
    arranged = list_arrangements(ACTIVE, np.zeros(8, dtype=int))
    found = invert_shift(shift_effects(OUTCOME, ONES, ACTIVE, arranged), True, 0.95)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-12)


def test_a_binary_outcome_gives_fishers_exact_test():
    """With arms of equal size tables are as improbable as their difference is large."""
    active = np.repeat([1.0, 0.0], 6)
    outcome = np.array([1.0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0])
    arranged = list_arrangements(active, np.zeros(12, dtype=int))
    found = invert_shift(shift_effects(outcome, np.ones((12, 1)), active, arranged), True, 0.95)
    assert found.p == pytest.approx(stats.fisher_exact([[4, 2], [1, 5]]).pvalue, abs=1e-12)


def ranked(outcome, active, block, covariates, analysed=None) -> RankedTrial:
    arranged = list_arrangements(active, block)
    known = np.ones(len(active), dtype=bool) if analysed is None else analysed
    arrangements = Arrangements(arranged, True, len(arranged))
    return RankedTrial(outcome, covariates, active, known, block, arrangements)


def test_rank_sum_is_the_exact_wilcoxon_test_with_the_estimate_of_hodges_and_lehmann():
    found = rank_inference(ranked(OUTCOME, ACTIVE, np.zeros(8, dtype=int), ONES), 0.95)
    x, y = OUTCOME[ACTIVE == 1], OUTCOME[ACTIVE == 0]
    assert found.p == pytest.approx(stats.mannwhitneyu(x, y, method="exact").pvalue, abs=1e-12)
    pairs = np.subtract.outer(x, y).ravel()
    assert found.estimate == pytest.approx(np.median(pairs), abs=1e-9)


def test_rank_limits_are_ordered_pairwise_differences():
    """The exact interval of a shift (Hollander & Wolfe, Nonparametric Statistical Methods, 4.3).

    With two arms of 4 the smallest two-sided p are 2/70 and 4/70, so at 10% the rank sums of
    U = 0 and U = 1 are rejected, and the limits are the second of the 16 differences from each end.
    """
    found = rank_inference(ranked(OUTCOME, ACTIVE, np.zeros(8, dtype=int), ONES), 0.9)
    pairs = np.sort(np.subtract.outer(OUTCOME[ACTIVE == 1], OUTCOME[ACTIVE == 0]).ravel())
    assert found.lower == pytest.approx(pairs[1], abs=1e-8)
    assert found.upper == pytest.approx(pairs[-2], abs=1e-8)


def test_rank_sums_of_residuals_are_those_of_brute_force():
    trial = ranked(OUTCOME, ACTIVE, BLOCK, ADJUSTED)
    residual = OUTCOME - ADJUSTED @ np.linalg.lstsq(ADJUSTED, OUTCOME, rcond=None)[0]
    ranks = stats.rankdata(residual)
    sums = []
    for first in combinations(range(4), 2):
        for second in combinations(range(4, 8), 2):
            sums.append(ranks[[*first, *second]].sum())
    centre = np.mean(sums)
    observed = abs(ranks[ACTIVE == 1].sum() - centre)
    expected = np.mean([abs(value - centre) >= observed - 1e-9 for value in sums])
    assert rank_inference(trial, 0.9).p == pytest.approx(expected, abs=1e-12)


def test_a_participant_without_outcome_keeps_the_place_and_adds_nothing():
    """Member 3 of a block of 4 has no outcome: of 6 arrangements, 3 leave 1 active, 3 leave 2."""
    active, known = np.array([1.0, 1, 0, 0]), np.array([True, True, True, False])
    outcome = np.array([-5.0, 0.0, 1.0])
    trial = ranked(outcome, active, np.zeros(4, dtype=int), np.ones((3, 1)), known)
    # Centred ranks -1, 0, 1, and 0 for the one without: the actual sum, -1, is one of four that
    # are as far from 0 (those with one of participants 0 and 2, and not both).
    assert rank_inference(trial, 0.9).p == pytest.approx(4 / 6)


def test_an_arrangement_that_is_a_covariate_is_undefined_and_counts_as_extreme():
    covariates = np.column_stack([np.ones(4), [1.0, 0, 1, 0]])
    active = np.array([1.0, 1, 0, 0])
    arranged = list_arrangements(active, np.zeros(4, dtype=int))
    effects = shift_effects(np.array([5.0, 5.1, 0.2, 0.1]), covariates, active, arranged)
    found = invert_shift(effects, True, 0.5)
    assert found.undefined == 2
    assert found.p == pytest.approx(4 / 6)


def test_too_few_arrangements_reject_no_shift():
    active = np.array([1.0, 1, 0, 0])
    arranged = list_arrangements(active, np.zeros(4, dtype=int))
    effects = shift_effects(np.array([9.0, 8, 1, 2]), np.ones((4, 1)), active, arranged)
    found = invert_shift(effects, True, 0.95)
    assert found.p == pytest.approx(2 / 6)
    assert (found.lower, found.upper) == (-math.inf, math.inf)


def test_the_monte_carlo_p_never_is_zero_and_has_its_error():
    p, error = p_value(np.zeros(999, dtype=bool), False)
    assert p == 1 / 1000
    assert error == pytest.approx(math.sqrt(p * (1 - p) / 999))


def test_drawn_p_agrees_with_the_exact_one_within_its_error():
    rng = np.random.default_rng(3)
    active, block = np.tile([1.0, 0.0], 7), np.zeros(14, dtype=int)
    outcome = rng.normal(size=14) + 0.6 * active
    covariates = np.ones((14, 1))

    def p_by(permutations: int) -> tuple[float, float]:
        arrangements = arrange(active, block, permutations, rng)
        effects = shift_effects(outcome, covariates, active, arrangements.active)
        found = invert_shift(effects, arrangements.complete, 0.95)
        return found.p, found.p_se

    exact, drawn = p_by(3432), p_by(2000)
    assert exact[1] == 0
    assert drawn[0] == pytest.approx(exact[0], abs=4 * drawn[1])
