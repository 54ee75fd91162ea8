"""Responses assigned to dropouts and imputed with shifted odds, and cumulative curves."""

from itertools import product

import numpy as np
import pytest
from scipy import special, stats
from seizureflow.proportions.cumulative import area_between
from seizureflow.proportions.logistic_fit import fit_logistic
from seizureflow.proportions.shifted_imputation import impute_shifted
from seizureflow.proportions.tipping_point import KnownAndMissing, try_assignments

COUNTS = KnownAndMissing(14, 24, 3, 5, 26, 2)


@pytest.mark.parametrize("test", ["fisher", "chi_square"])
def test_every_assignment_is_tested(test):
    found = try_assignments(COUNTS, test, 0.05)
    assert found.p_values.shape == (3, 4)
    for row, column in product(range(3), range(4)):
        table = np.array([[14 + column, 13 - column], [5 + row, 23 - row]])
        expected = (
            stats.fisher_exact(table).pvalue
            if test == "fisher"
            else stats.chi2_contingency(table, correction=False).pvalue
        )
        assert found.p_values[row, column] == pytest.approx(expected, rel=1e-10)
        assert found.differences[row, column] == pytest.approx((14 + column) / 27 - (5 + row) / 28)


def test_the_nearest_turn_is_the_fewest_changed_responses():
    """Brute force over all assignments of a comparison that turns."""
    counts = KnownAndMissing(12, 24, 4, 5, 26, 4)
    found = try_assignments(counts, "fisher", 0.05)
    assert found.start == (round(4 * 5 / 26), round(4 * 12 / 24))
    turned = [
        abs(row - found.start[0]) + abs(column - found.start[1])
        for row, column in product(range(5), range(5))
        if (found.p_values[row, column] < 0.05) != (found.p_values[found.start] < 0.05)
    ]
    assert found.departure == min(turned)
    assert found.conclusions[found.tipped] != found.conclusions[found.start]


def test_a_conclusion_that_nothing_turns():
    found = try_assignments(KnownAndMissing(10, 30, 1, 10, 30, 1), "fisher", 0.05)
    assert found.tipped is None
    assert found.departure is None


def test_all_alike_have_p_1():
    found = try_assignments(KnownAndMissing(0, 5, 1, 0, 6, 0), "chi_square", 0.05)
    assert found.p_values[0, 0] == 1


def people(missing: int = 20, size: int = 120, seed: int = 5):
    rng = np.random.default_rng(seed)
    arm = np.arange(size) % 2
    matrix = np.column_stack([np.ones(size), arm, rng.normal(size=size)])
    outcome = (rng.random(size) < special.expit(-0.4 + 1.0 * arm)).astype(float)
    outcome[rng.choice(size, missing, replace=False)] = np.nan
    return outcome, matrix


def shifted(outcome, matrix, deltas, imputations=200, arms=None):
    chosen = matrix[:, 1] == 1 if arms is None else arms
    return impute_shifted(
        outcome, matrix, chosen, deltas, [1], imputations, 0.95, np.random.default_rng(9)
    )


def test_without_missing_outcomes_it_is_the_regression_itself():
    outcome, matrix = people(missing=0)
    fit, (pooled,) = fit_logistic(outcome, matrix), shifted(outcome, matrix, [0.0]).pooled
    assert pooled[0].estimate == pytest.approx(fit.coefficients[1], rel=1e-9)
    assert pooled[0].se == pytest.approx(np.sqrt(fit.covariance[1, 1]), rel=1e-9)
    assert pooled[0].p_value == pytest.approx(
        2 * stats.norm.sf(abs(fit.coefficients[1]) / pooled[0].se), rel=1e-8
    )


def test_an_endless_shift_makes_every_dropout_a_non_responder_or_a_responder():
    outcome, matrix = people()
    everyone = np.ones(len(outcome), dtype=bool)
    found = shifted(outcome, matrix, [-60.0, 60.0], imputations=5, arms=everyone)
    for (pooled,), response in zip(found.pooled, (0.0, 1.0), strict=True):
        fit = fit_logistic(np.where(np.isnan(outcome), response, outcome), matrix)
        assert pooled.estimate == pytest.approx(fit.coefficients[1], rel=1e-8)
        assert pooled.se == pytest.approx(np.sqrt(fit.covariance[1, 1]), rel=1e-8)


def test_without_a_shift_it_agrees_with_the_known_responses_alone():
    """Missing at random with the covariates in both models: the same estimate but for the draws."""
    outcome, matrix = people()
    known = ~np.isnan(outcome)
    fit = fit_logistic(outcome[known], matrix[known])
    ((pooled,),) = shifted(outcome, matrix, [0.0], imputations=500).pooled
    se = np.sqrt(fit.covariance[1, 1])
    assert pooled.estimate == pytest.approx(fit.coefficients[1], abs=0.1 * se)
    assert pooled.se == pytest.approx(se, rel=0.1)


def test_the_effect_falls_with_the_shift_of_the_arm():
    estimates = [pooled.estimate for (pooled,) in shifted(*people(), [1, 0, -1, -2, -4]).pooled]
    assert estimates == sorted(estimates, reverse=True)


def test_separated_known_responses_are_penalised():
    outcome, matrix = people()
    outcome[(matrix[:, 1] == 0) & ~np.isnan(outcome)] = 0
    found = shifted(outcome, matrix, [0.0], imputations=10)
    assert found.firth
    assert np.isfinite(found.pooled[0][0].estimate)


def test_area_is_the_integral_between_the_curves():
    rng = np.random.default_rng(8)
    arm, reference = rng.normal(40, 50, 30), rng.normal(20, 60, 25)
    cuts = np.linspace(-20, 100, 120001)
    shares = [(values[:, None] >= cuts).mean(axis=0) for values in (np.sort(arm), reference)]
    found = area_between(arm, reference, -20.0, 0.95)
    assert found.area == pytest.approx(np.trapezoid(shares[0] - shares[1], cuts), abs=5e-3)
    welch = stats.ttest_ind(
        np.clip(arm, -20, 100), np.clip(reference, -20, 100), equal_var=False
    ).confidence_interval(0.95)
    assert (found.interval.lower, found.interval.upper) == pytest.approx(tuple(welch), rel=1e-9)


@pytest.mark.parametrize("values", [[50.0], [0.0, 0.0]])
def test_an_area_without_variance_has_no_interval(values):
    found = area_between(np.array(values), np.array([0.0, 0.0]), 0.0, 0.95)
    assert np.isnan(found.interval.lower)
