"""An estimated log ratio against a margin: tests, confidence, and what a replicate would give."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seizureflow import distributions
from seizureflow.bayes.log_ratio import LogRatio


@dataclass(frozen=True)
class MarginTest:
    """Two one-sided tests of a margin.

    Attributes:
        t: Estimate less margin over the standard error; negative is beyond the margin.
        beyond_p: One-sided p of the hypothesis that the reduction is no larger than the margin.
        short_p: One-sided p of the hypothesis that it is no smaller.
        confidence: Highest level, percent, at which the two-sided interval leaves the margin out.
    """

    t: float
    beyond_p: float
    short_p: float
    confidence: float


def margin_test(estimate: LogRatio, margin: float) -> MarginTest:
    """Test a margin by the t distribution, or the normal one where the df are infinite.

    Args:
        estimate: The estimate.
        margin: Log ratio of the margin.
    """
    t = (estimate.value - margin) / estimate.se
    beyond = float(distributions.student_t.cdf(t, estimate.df))
    short = float(distributions.student_t.sf(t, estimate.df))
    return MarginTest(t, beyond, short, 100 * (1 - 2 * min(beyond, short)))


def estimate_reaches(true: float, se: float, margin: float) -> float:
    """Probability that an estimate lies at or beyond a margin, given the true log ratio.

    Args:
        true: True log ratio.
        se: Standard error of the estimate.
        margin: Log ratio of the margin.
    """
    return float(distributions.normal.cdf((margin - true) / se))


def significance(true: float, se: float, level: float) -> float:
    """Probability of an interval wholly below no effect, given the true log ratio.

    Args:
        true: True log ratio.
        se: Standard error of the estimate.
        level: Confidence level of the two-sided interval.
    """
    return float(distributions.normal.cdf(-distributions.normal.ppf((1 + level) / 2) - true / se))


@dataclass(frozen=True)
class Replicate:
    """Probabilities of what another trial of the same size would show.

    Attributes:
        reaches_if_true: Its estimate is at or beyond the margin, if the true effect is the
            estimate of this one.
        reaches: The same, averaged over what this trial leaves possible.
        significant_if_true: Its interval is wholly below no effect, if the true effect is the
            estimate of this one.
        significant: The same, averaged over what this trial leaves possible.
    """

    reaches_if_true: float
    reaches: float
    significant_if_true: float
    significant: float


def replicate(estimate: LogRatio, margin: float, level: float) -> Replicate:
    """Predict another trial with the same standard error, by normal distributions.

    What this trial leaves possible is its normal posterior under a flat prior; the estimate of
    the other trial then has a variance twice that of this one's.

    Args:
        estimate: The estimate.
        margin: Log ratio of the margin.
        level: Confidence level of the intervals.

    Source:
        Goodman, Statistics in Medicine 1992; 11: 875-879; O'Hagan, Stevens & Campbell,
        Pharmaceutical Statistics 2005; 4: 187-201 (assurance).
    """
    limit = -float(distributions.normal.ppf((1 + level) / 2)) * estimate.se
    spread = math.sqrt(2) * estimate.se
    return Replicate(
        reaches_if_true=estimate_reaches(estimate.value, estimate.se, margin),
        reaches=estimate_reaches(estimate.value, spread, margin),
        significant_if_true=significance(estimate.value, estimate.se, level),
        significant=float(distributions.normal.cdf((limit - estimate.value) / spread)),
    )
