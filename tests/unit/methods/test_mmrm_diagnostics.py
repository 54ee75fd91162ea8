"""What the results say of the residuals and the covariance of a mixed model."""

import math

import numpy as np
import pytest
from scipy import stats
from seizureflow.methods.mmrm import _quantiles
from unit.report.study import protocol, results_of


def rows(statistic):
    frame = results_of(protocol())
    return frame[(frame["ANALYSIS"] == "primary") & (frame["STATISTIC"] == statistic)]


def by_name(values, level=0.95):
    found = {}
    for statistic in _quantiles(np.asarray(values, dtype=float), level):
        found.setdefault(statistic.name, {})[statistic.level] = statistic.value
    return found


def test_quantiles_of_a_normal_sample_are_normal():
    size = 1001
    found = by_name(stats.norm.ppf((np.arange(size) + 0.5) / size))
    assert len(found["residual_quantile"]) == 41
    for level, value in found["residual_quantile"].items():
        # between two order statistics the quantile is linear, the normal's is not
        assert value == pytest.approx(found["normal_quantile"][level], abs=1e-3)


def test_limits_are_those_of_the_middle_order_statistic():
    """The median of n values, n odd: Beta((n + 1) / 2, (n + 1) / 2), as order statistics have."""
    found = by_name(np.arange(11), level=0.9)
    half = stats.beta(6, 6)
    assert found["normal_quantile"]["0.5"] == pytest.approx(0, abs=1e-15)
    for end, probability in (("lower", 0.05), ("upper", 0.95)):
        expected = stats.norm.ppf(half.ppf(probability))
        assert found[f"normal_quantile_{end}"]["0.5"] == pytest.approx(expected)
    assert found["residual_quantile"]["0.5"] == 5


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_few_residuals_have_no_extreme_quantiles(size):
    found = by_name(np.arange(size))
    assert "0.5" in found["normal_quantile"]
    assert all(0.5 / size <= float(p) <= 1 - 0.5 / size for p in found["normal_quantile"])
    assert all(math.isfinite(v) for values in found.values() for v in values.values())


def test_residuals_have_a_standard_deviation_at_every_visit_and_over_all():
    visits = ["week_12", "week_16", "week_20", "week_24"]
    assert [v for v in rows("residual_sd")["VISIT"] if isinstance(v, str)] == visits
    assert rows("residual_sd")["VISIT"].isna().sum() == 1


def test_standard_deviations_are_the_roots_of_the_variances():
    covariance = rows("visit_covariance")
    variances = covariance[covariance["VARIABLE"] == covariance["LEVEL"]]["VALUE"]
    np.testing.assert_allclose(rows("visit_sd")["VALUE"] ** 2, variances, rtol=1e-14)


def test_no_row_is_about_a_participant():
    people = {f"P{number:02d}" for number in range(16)}
    frame = results_of(protocol())
    frame = frame[(frame["ANALYSIS"] == "primary") & (frame["STATISTIC"] != "note")]
    assert not people & set(frame[["VARIABLE", "LEVEL", "GROUP", "VISIT"]].to_numpy().ravel())
