"""Stratified rank tests by enumeration of all divisions within the strata."""

import math
from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats
from seizureflow.ranks.covariance import quade_comparison, randomisation_covariance
from seizureflow.ranks.rank_sum import rank_sum_test
from seizureflow.ranks.stratified import stratified_rank_sum
from seizureflow.ranks.ties import midranks

VALUES = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0])
STRATA = ["a"] * 5 + ["b"] * 4 + ["c"] * 2
FIRST = np.array([1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0], dtype=bool)
COVARIATES = np.array([[2.0, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4], [0.0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0]]).T


def divisions(first, strata):
    """Every division with the same number of the first group in each stratum."""
    places = [np.flatnonzero(np.array(strata) == stratum) for stratum in sorted(set(strata))]
    for chosen in product(*(combinations(p, int(first[p].sum())) for p in places)):
        division = np.zeros(len(first), dtype=bool)
        division[[place for group in chosen for place in group]] = True
        yield division


@pytest.mark.parametrize("weights", ["van_elteren", "unweighted"])
def test_moments_are_those_over_all_divisions(weights):
    test = stratified_rank_sum(VALUES, FIRST, STRATA, weights)
    all_of_them = [
        stratified_rank_sum(VALUES, division, STRATA, weights).statistic
        for division in divisions(FIRST, STRATA)
    ]
    assert len(all_of_them) == 10 * 6 * 2
    assert np.mean(all_of_them) == pytest.approx(0, abs=1e-12)
    assert test.sd == pytest.approx(np.std(all_of_them), rel=1e-12)
    assert test.z == test.statistic / test.sd


def test_statistic_of_van_elteren_by_hand():
    """The sum over strata of (rank sum - expectation) / (n + 1)."""
    ranks = [midranks(VALUES[:5]), midranks(VALUES[5:9]), midranks(VALUES[9:])]
    assert ranks[0][[0, 2]].sum() == 7
    assert ranks[1][[0, 2]].sum() == 7
    by_hand = (7 - 6) / 6 + (7 - 5) / 5 + (1 - 1.5) / 3
    assert stratified_rank_sum(VALUES, FIRST, STRATA).statistic == pytest.approx(by_hand, rel=1e-12)


def test_one_stratum_is_the_rank_sum_test():
    one = stratified_rank_sum(VALUES, FIRST, ["all"] * len(VALUES))
    other = rank_sum_test(VALUES[FIRST], VALUES[~FIRST], method="asymptotic")
    assert one.z == pytest.approx(other.z, rel=1e-12)
    assert one.p_value == pytest.approx(other.p_value, rel=1e-12)


@pytest.mark.parametrize("weights", ["van_elteren", "unweighted"])
def test_a_stratum_of_one_group_contributes_nothing(weights):
    more = stratified_rank_sum(
        np.append(VALUES, [100.0, 4.5, 3.5]),
        np.append(FIRST, [True, False, False]),
        [*STRATA, "alone", "same", "same"],
        weights,
    )
    test = stratified_rank_sum(VALUES, FIRST, STRATA, weights)
    assert (more.statistic, more.sd) == (test.statistic, test.sd)
    assert more.silent == {"alone": 1, "same": 2}
    assert more.strata == 3


def test_no_stratum_of_both_groups():
    test = stratified_rank_sum(np.array([1.0, 2.0]), np.array([True, False]), ["a", "b"])
    assert test.strata == 0
    assert math.isnan(test.p_value)


@pytest.mark.parametrize("weights", ["mantel_haenszel", "sample_size"])
def test_randomisation_covariance_is_that_over_all_divisions(weights):
    """Over all divisions, the adjusted difference has expectation 0 and exactly the variance given.

    The slopes depend on the covariance over divisions alone, so that they are the same in each.
    """
    answer = randomisation_covariance(VALUES, COVARIATES, FIRST, STRATA, weights, [True, False])
    all_of_them = [
        randomisation_covariance(VALUES, COVARIATES, division, STRATA, weights, [True, False])
        for division in divisions(FIRST, STRATA)
    ]
    differences = [one.difference for one in all_of_them]
    raw = [one.unadjusted for one in all_of_them]
    assert np.mean(differences) == pytest.approx(0, abs=1e-12)
    assert answer.se == pytest.approx(np.std(differences), rel=1e-9)
    assert answer.unadjusted_se == pytest.approx(np.std(raw), rel=1e-12)
    assert answer.se < answer.unadjusted_se
    assert answer.chi_square == pytest.approx((answer.difference / answer.se) ** 2, rel=1e-9)


def test_without_covariates_koch_is_van_elteren():
    answer = randomisation_covariance(VALUES, np.empty((len(VALUES), 0)), FIRST, STRATA)
    test = stratified_rank_sum(VALUES, FIRST, STRATA)
    assert answer.chi_square == pytest.approx(test.z**2, rel=1e-12)
    assert answer.p_value == pytest.approx(test.p_value, rel=1e-12)


def test_a_covariate_that_does_not_vary_within_strata_changes_nothing():
    constant = np.array([[1.0] * 5 + [2.0] * 4 + [3.0] * 2]).T
    answer = randomisation_covariance(VALUES, constant, FIRST, STRATA)
    without = randomisation_covariance(VALUES, constant[:, :0], FIRST, STRATA)
    assert answer.chi_square == pytest.approx(without.chi_square, rel=1e-12)


def test_a_covariate_that_is_the_outcome_leaves_no_variance():
    answer = randomisation_covariance(VALUES, VALUES[:, None], FIRST, STRATA)
    assert math.isnan(answer.p_value)


def test_quade_is_the_analysis_of_variance_of_residuals():
    """Residuals by numpy's polyfit, F by scipy."""
    groups = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1])
    ranks, covariate = midranks(VALUES), midranks(COVARIATES[:, 0])
    slope, intercept = np.polyfit(covariate, ranks, 1)
    residuals = ranks - intercept - slope * covariate
    other = stats.f_oneway(*(residuals[groups == group] for group in range(3)))
    found = quade_comparison(ranks, covariate[:, None], groups)
    assert (found.f, found.f_p) == pytest.approx((other.statistic, other.pvalue), rel=1e-9)
    assert found.df == 8


def test_quade_of_two_groups_is_student_s_t():
    ranks = midranks(VALUES)
    found = quade_comparison(ranks, np.empty((len(ranks), 0)), FIRST.astype(np.int64))
    other = stats.ttest_ind(ranks[FIRST], ranks[~FIRST])
    assert found.differences[0] / found.standard_errors[0] == pytest.approx(other.statistic)
    assert found.f == pytest.approx(other.statistic**2)
    assert found.f_p == pytest.approx(other.pvalue)


def test_quade_without_variance_within_groups():
    found = quade_comparison(
        np.array([1.5, 1.5, 3.5, 3.5]), np.empty((4, 0)), np.array([0, 0, 1, 1])
    )
    assert math.isnan(found.f)
    assert found.differences[0] == 2
