"""The Mantel-Haenszel odds ratio over strata, its test and the homogeneity of the strata."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.proportions.strata import StratifiedCounts


@dataclass(frozen=True)
class MantelHaenszel:
    """Common odds ratio over strata.

    Attributes:
        odds_ratio: Mantel-Haenszel estimate; 0 or infinite where a cell is empty in all strata,
            not a number where both of its sums are.
        log_odds_ratio_se: Standard error of its logarithm (Robins, Breslow & Greenland); not a
            number where the estimate is not finite and positive.
        chi_square: Cochran-Mantel-Haenszel statistic; not a number where no stratum has both arms
            and both outcomes.
        p_value: Of that statistic, 1 degree of freedom.
        homogeneity: Breslow-Day statistic with Tarone's correction; not a number where the common
            odds ratio is not finite and positive, or one stratum alone is informative.
        homogeneity_df: Informative strata less 1.
        homogeneity_p: Of the homogeneity statistic.
    """

    odds_ratio: float
    log_odds_ratio_se: float
    chi_square: float
    p_value: float
    homogeneity: float
    homogeneity_df: int
    homogeneity_p: float


def mantel_haenszel(counts: StratifiedCounts, *, correction: bool = False) -> MantelHaenszel:
    """Estimate the common odds ratio and test it.

    Args:
        counts: Counts by stratum; strata with one arm, or with one outcome, add nothing.
        correction: Whether to subtract 1/2 from the absolute deviation (continuity correction).

    Source:
        Mantel & Haenszel (1959); variance: Robins, Breslow & Greenland, Biometrics 42 (1986)
        311-323; homogeneity: Breslow & Day (1980), equation 4.30, with the correction of Tarone,
        Biometrika 72 (1985) 91-95.
    """
    kept = counts.where(counts.has_both_arms)
    a, c = kept.responders, kept.reference_responders
    b, d = kept.participants - a, kept.reference_participants - c
    total = kept.participants + kept.reference_participants
    r, s = a * d / total, b * c / total
    ratio = _ratio(float(r.sum()), float(s.sum()))
    chi_square = _test(a, kept, total, correction)
    homogeneity, df = _homogeneity(a, kept, ratio)
    return MantelHaenszel(
        ratio,
        _standard_error(r, s, (a + d) / total, (b + c) / total, ratio),
        chi_square,
        float(distributions.chi_square.sf(chi_square, 1)),
        homogeneity,
        df,
        float(distributions.chi_square.sf(homogeneity, df)) if df > 0 else math.nan,
    )


def _ratio(numerator: float, denominator: float) -> float:
    if denominator == 0:
        return math.nan if numerator == 0 else math.inf
    return numerator / denominator


def _standard_error(
    r: FloatArray, s: FloatArray, p: FloatArray, q: FloatArray, ratio: float
) -> float:
    if not 0 < ratio < math.inf:
        return math.nan
    sum_r, sum_s = r.sum(), s.sum()
    variance = (
        (p * r).sum() / (2 * sum_r**2)
        + (p * s + q * r).sum() / (2 * sum_r * sum_s)
        + (q * s).sum() / (2 * sum_s**2)
    )
    return math.sqrt(variance)


def _test(
    responders: FloatArray, counts: StratifiedCounts, total: FloatArray, correction: bool
) -> float:
    both = counts.responders + counts.reference_responders
    expected = counts.participants * both / total
    # A stratum of one participant has no variance: 0/0 without the guard.
    variance = (
        counts.participants
        * counts.reference_participants
        * both
        * (total - both)
        / (total**2 * np.maximum(total - 1, 1))
    )
    if variance.sum() == 0:
        return math.nan
    deviation = abs(float((responders - expected).sum()))
    # As R's mantelhaen.test: a deviation smaller than the correction is not corrected.
    deviation -= 0.5 if correction and deviation >= 0.5 else 0.0
    return deviation**2 / float(variance.sum())


def _homogeneity(
    responders: FloatArray, counts: StratifiedCounts, ratio: float
) -> tuple[float, int]:
    """Breslow and Day's statistic with Tarone's correction, and its degrees of freedom."""
    n1, n0 = counts.participants, counts.reference_participants
    both = counts.responders + counts.reference_responders
    informative = (both > 0) & (both < n1 + n0)
    df = int(informative.sum()) - 1
    if not 0 < ratio < math.inf or df < 1:
        return math.nan, df
    n1, n0, both = n1[informative], n0[informative], both[informative]
    expected = _expected(n1, n0, both, ratio)
    variance = 1 / (
        1 / expected + 1 / (n1 - expected) + 1 / (both - expected) + 1 / (n0 - both + expected)
    )
    deviation = responders[informative] - expected
    statistic = (deviation**2 / variance).sum() - deviation.sum() ** 2 / variance.sum()
    return float(statistic), df


def _expected(n1: FloatArray, n0: FloatArray, both: FloatArray, ratio: float) -> FloatArray:
    """Responders of the arm that give each stratum the common odds ratio, with its margins."""
    if abs(ratio - 1) < 1e-12:
        return n1 * both / (n1 + n0)
    linear = n0 - both + ratio * (n1 + both)
    root = np.sqrt(linear**2 - 4 * (ratio - 1) * ratio * n1 * both)
    # The smaller root of the quadratic, in the form that keeps its digits.
    return 2 * ratio * n1 * both / (linear + root)
