"""Reading an estimate, and judging it against a margin."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from seizureflow.bayes.log_ratio import LogRatio, log_ratio_of, read_log_ratio
from seizureflow.bayes.margins import estimate_reaches, margin_test, replicate, significance
from seizureflow.problems import AnalysisError


def results(**values: float) -> pd.DataFrame:
    """Results of an analysis; what is named ``fit_`` is of the whole analysis."""
    rows = [
        {
            "STATISTIC": name.removeprefix("fit_"),
            "GROUP": None if "fit_" in name else "active",
            "VALUE": value,
        }
        for name, value in values.items()
    ]
    return pd.DataFrame(rows).assign(ANALYSIS="main", VARIABLE=None, LEVEL=None, VISIT=None)


FOUND = {"relative_change": -33.0, "difference": -0.4, "difference_se": 0.2}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (FOUND | {"difference_df": 40.0, "fit_residual_df": 60.0}, LogRatio(-0.4, 0.2, 40)),
        (FOUND | {"fit_residual_df": 60.0}, LogRatio(-0.4, 0.2, 60)),
        (FOUND, LogRatio(-0.4, 0.2, math.inf)),
        (
            {"relative_change": -20.0, "log_rate_ratio": -0.2, "log_rate_ratio_se": 0.1},
            LogRatio(-0.2, 0.1, math.inf),
        ),
    ],
)
def test_the_estimate_is_found(values, expected):
    assert read_log_ratio(results(**values), "main", "active") == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"difference": -3.0, "difference_se": 1.0}, "main has no relative change"),
        ({"relative_change": math.nan}, "main has no relative change"),
        ({"relative_change": -33.0, "rate_ratio": 0.67}, "no log ratio with a standard error"),
        (FOUND | {"difference_se": 0.0}, "no log ratio with a standard error"),
    ],
)
def test_what_cannot_be_judged_is_said(values, message):
    with pytest.raises(AnalysisError, match=message):
        read_log_ratio(results(**values), "main", "active")


def test_an_analysis_without_results_is_named():
    empty = results(**FOUND).iloc[:0]
    with pytest.raises(AnalysisError, match="main has no relative change"):
        read_log_ratio(empty, "main", "active")


ESTIMATE = LogRatio(-0.55, 0.18, 57)
MARGIN = log_ratio_of(31)


def test_the_test_of_no_reduction_is_half_the_two_sided_p():
    found = margin_test(ESTIMATE, 0.0)
    two_sided = 2 * stats.t.sf(0.55 / 0.18, 57)
    assert found.beyond_p == pytest.approx(two_sided / 2, rel=1e-12)
    assert found.beyond_p + found.short_p == pytest.approx(1)


def test_at_its_confidence_the_interval_ends_at_the_margin():
    found = margin_test(ESTIMATE, MARGIN)
    quantile = stats.t.ppf((1 + found.confidence / 100) / 2, 57)
    assert ESTIMATE.value + quantile * ESTIMATE.se == pytest.approx(MARGIN, rel=1e-9)
    short = margin_test(LogRatio(-0.1, 0.18, 57), MARGIN)
    quantile = stats.t.ppf((1 + short.confidence / 100) / 2, 57)
    assert -0.1 - quantile * 0.18 == pytest.approx(MARGIN, rel=1e-9)


def test_an_estimate_at_the_margin_is_a_coin_toss():
    at = LogRatio(MARGIN, 0.2, math.inf)
    found = replicate(at, MARGIN, 0.95)
    assert margin_test(at, MARGIN).confidence == pytest.approx(0)
    assert (found.reaches_if_true, found.reaches) == (0.5, 0.5)


def test_replication_power_of_a_just_significant_result_is_a_half():
    """Goodman 1992: a repetition of a trial with p = 0.05 is significant with probability 0.5."""
    just = LogRatio(-stats.norm.ppf(0.975) * 0.2, 0.2, math.inf)
    found = replicate(just, MARGIN, 0.95)
    assert found.significant_if_true == pytest.approx(0.5)
    assert found.significant == pytest.approx(0.5)


def test_predictions_are_what_simulated_replicates_show():
    rng = np.random.default_rng(31)
    true = rng.normal(ESTIMATE.value, ESTIMATE.se, size=200_000)
    again = rng.normal(true, ESTIMATE.se)
    found = replicate(ESTIMATE, MARGIN, 0.95)
    limit = -stats.norm.ppf(0.975) * ESTIMATE.se
    # Standard errors of the shares are below 0.0012.
    assert found.reaches == pytest.approx((again <= MARGIN).mean(), abs=0.005)
    assert found.significant == pytest.approx((again < limit).mean(), abs=0.005)


def test_power_under_no_effect_is_the_one_sided_level():
    assert significance(0.0, 0.2, 0.95) == pytest.approx(0.025)
    assert estimate_reaches(0.0, 0.2, MARGIN) == pytest.approx(stats.norm.cdf(MARGIN / 0.2))
