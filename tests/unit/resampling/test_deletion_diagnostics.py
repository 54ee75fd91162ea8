"""Residuals and distances against statsmodels, and against fits without each participant."""

import numpy as np
import pytest
from seizureflow.resampling.deletion_diagnostics import beyond_fences, deletion_diagnostics
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence

RNG = np.random.default_rng(9)
MATRIX = np.column_stack([np.ones(14), np.arange(14) % 2, RNG.normal(size=14)])
OUTCOME = RNG.normal(size=14) + np.where(np.arange(14) == 3, 6, 0)


def test_diagnostics_are_those_of_statsmodels():
    found = deletion_diagnostics(MATRIX, OUTCOME)
    fit = OLS(OUTCOME, MATRIX).fit()
    expected = OLSInfluence(fit)
    assert found.studentised == pytest.approx(expected.resid_studentized_external, rel=1e-9)
    assert found.cook == pytest.approx(expected.cooks_distance[0], rel=1e-9)
    bonferroni = fit.outlier_test(method="bonferroni")[:, 2]
    assert found.bonferroni_p == pytest.approx(bonferroni, rel=1e-9)


def test_a_participant_with_a_term_of_their_own_has_no_residual():
    alone = np.column_stack([MATRIX, np.arange(14) == 5])
    found = deletion_diagnostics(alone, OUTCOME)
    assert np.flatnonzero(np.isnan(found.studentised)).tolist() == [5]
    assert np.isnan(found.cook[5])


def test_the_one_participant_off_an_exact_fit_is_infinitely_far():
    outcome = MATRIX @ [1.0, 2.0, 3.0]
    outcome[4] += 1
    found = deletion_diagnostics(MATRIX, outcome)
    assert np.isinf(found.studentised[4])
    assert found.bonferroni_p[4] == 0


def test_an_exact_fit_has_no_residuals():
    found = deletion_diagnostics(MATRIX, MATRIX @ [1.0, 2.0, 3.0])
    assert not found.studentised.any()
    assert (found.bonferroni_p == 1).all()


def test_fences():
    """Quartiles 2 and 4 of 1 to 5: with 10 in place of 5 they are 2 and 4 still, fences -1 and 7."""
    assert beyond_fences(np.array([1.0, 2, 3, 4, 10]), 1.5).tolist() == [False] * 4 + [True]
    assert not beyond_fences(np.array([1.0, 2, 3, 4, 7]), 1.5).any()
    assert not beyond_fences(np.full(6, 2.0), 1.5).any()
