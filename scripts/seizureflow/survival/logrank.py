"""The log-rank test of two or more groups, stratified where asked."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray, IntArray

# Variances below this share of the events are rounding: the group never was at risk with another.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class LogRank:
    """Result of the test.

    Attributes:
        observed: Events, by group.
        expected: Events expected were the hazards equal, by group.
        chi_square: The statistic; not a number where nothing can be compared.
        df: Its degrees of freedom.
        p: Two-sided p.
    """

    observed: FloatArray
    expected: FloatArray
    chi_square: float
    df: int
    p: float


def logrank(
    times: FloatArray, happened: BoolArray, group: IntArray, stratum: IntArray, groups: int
) -> LogRank:
    """Test whether the hazards of the groups are equal.

    Observed and expected events, and their hypergeometric variances, are added up over the strata.

    Args:
        times: Days to the event or to censoring, shape (n,).
        happened: Whether it was the event, shape (n,).
        group: Number of the group, from 0, shape (n,).
        stratum: Number of the stratum, from 0, shape (n,).
        groups: How many groups there are.

    Source:
        Mantel, Cancer Chemotherapy Reports 1966; Klein & Moeschberger, Survival Analysis, 2nd ed.,
        7.3 and 7.5.
    """
    observed, expected = np.zeros(groups), np.zeros(groups)
    variance = np.zeros((groups, groups))
    for number in np.unique(stratum):
        own = stratum == number
        parts = _moments(times[own], happened[own], group[own], groups)
        observed, expected = observed + parts[0], expected + parts[1]
        variance = variance + parts[2]
    compared = np.diag(variance) > _ROUNDING * max(observed.sum(), 1.0)
    df = int(compared.sum()) - 1
    if df < 1:
        return LogRank(observed, expected, math.nan, 0, math.nan)
    difference = (observed - expected)[compared][1:]
    solved = np.linalg.lstsq(variance[np.ix_(compared, compared)][1:, 1:], difference, rcond=None)
    chi_square = float(difference @ solved[0])
    return LogRank(
        observed, expected, chi_square, df, float(distributions.chi_square.sf(chi_square, df))
    )


def _moments(
    times: FloatArray, happened: BoolArray, group: IntArray, groups: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Observed events, expected ones and their covariance, of one stratum."""
    days = np.unique(times[happened])
    at_risk = np.empty((len(days), groups))
    events = np.empty((len(days), groups))
    for number in range(groups):
        own = np.sort(times[group == number])
        at_risk[:, number] = len(own) - np.searchsorted(own, days)
        own = np.sort(times[(group == number) & happened])
        events[:, number] = np.searchsorted(own, days, "right") - np.searchsorted(own, days)
    total, all_events = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / total[:, None]
    # With one participant at risk the event is certain to be his or hers: no variance.
    spread = all_events * (total - all_events) / np.maximum(total - 1, 1)
    variance = np.diag((spread[:, None] * share).sum(axis=0)) - share.T @ (spread[:, None] * share)
    return events.sum(axis=0), (all_events[:, None] * share).sum(axis=0), variance
