"""Tail areas and quantiles against scipy.stats, which calls the same functions: agreement by
construction, but for the limits that each handles by itself."""

import numpy as np
import pytest
from scipy import stats
from seizureflow import distributions

VALUES = np.array([-np.inf, -40.0, -9.0, -1.3, 0.0, 1e-9, 0.7, 9.0, 40.0, np.inf, np.nan])
PROBABILITIES = np.array([0.0, 1e-300, 1e-9, 0.025, 0.5, 0.975, 1 - 1e-16, 1.0, np.nan])
DEGREES = [0.5, 1, 2.5, 7, 63.7, 1e6, np.inf, 0, -1, np.nan]
# At infinite degrees of freedom scipy.stats takes another road to the normal distribution.
TOLERANCE = 1e-13

NORMAL = [("cdf", VALUES), ("sf", VALUES), ("pdf", VALUES), ("ppf", PROBABILITIES)]
STUDENT = [("cdf", VALUES), ("sf", VALUES), ("ppf", PROBABILITIES)]
CHI_SQUARE = [("sf", VALUES), ("ppf", PROBABILITIES)]


def assert_same(found, expected):
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=0)


@pytest.mark.parametrize(("name", "points"), NORMAL)
def test_normal(name, points):
    assert_same(
        getattr(distributions.normal, name)(points),
        getattr(stats.norm, name)(points),
    )


@pytest.mark.parametrize("df", DEGREES)
@pytest.mark.parametrize(("name", "points"), STUDENT)
def test_student_t(name, points, df):
    found = getattr(distributions.student_t, name)(points, df)
    assert_same(found, getattr(stats.t, name)(points, df))


@pytest.mark.parametrize("df", [df for df in DEGREES if df != np.inf])
@pytest.mark.parametrize(("name", "points"), CHI_SQUARE)
def test_chi_square(name, points, df):
    found = getattr(distributions.chi_square, name)(points, df)
    assert_same(found, getattr(stats.chi2, name)(points, df))


@pytest.mark.parametrize("residual_df", [3, 20.5, 1e7, 0])
@pytest.mark.parametrize("df", [1, 4, 0])
def test_f_ratio(df, residual_df):
    assert_same(
        distributions.f_ratio.sf(VALUES, df, residual_df), stats.f.sf(VALUES, df, residual_df)
    )


def test_f_ratio_with_infinite_residual_degrees_is_chi_square_over_its_own():
    assert_same(distributions.f_ratio.sf(2.5, 3, np.inf), stats.chi2.sf(7.5, 3))


def test_beta():
    assert_same(
        distributions.beta.ppf(PROBABILITIES, 3.5, 2), stats.beta.ppf(PROBABILITIES, 3.5, 2)
    )


def test_a_single_value_gives_a_single_value():
    assert float(distributions.student_t.sf(2.0, np.inf)) == pytest.approx(0.02275013194817921)
