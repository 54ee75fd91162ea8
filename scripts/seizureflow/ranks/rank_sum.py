"""Wilcoxon rank-sum test of two groups, with the Hodges-Lehmann shift and its limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.ranks.null_distribution import lower_tail
from seizureflow.ranks.ties import has_ties, midranks, tie_groups

Method = Literal["auto", "exact", "asymptotic"]

# As R: from this size of a group on, "auto" takes the normal approximation.
_LARGE = 50


@dataclass(frozen=True)
class RankSumTest:
    """A rank-sum test.

    Attributes:
        u: Mann-Whitney statistic of the first group: pairs in which its value is the higher one,
            ties counting half.
        z: Standardised U of the normal approximation, not a number without variance.
        p_value: Two-sided.
        exact: Whether p and limits come from the exact distribution.
        shift: Hodges-Lehmann estimate: median of all differences first minus second.
        lower: Lower limit of the shift.
        upper: Upper limit of the shift.
        level_reached: Whether the limits have the level asked for; where the groups are too small
            they are the least and the largest of the differences, whose level is lower.
    """

    u: float
    z: float
    p_value: float
    exact: bool
    shift: float
    lower: float
    upper: float
    level_reached: bool


def rank_sum_test(
    first: FloatArray,
    second: FloatArray,
    confidence_level: float = 0.95,
    method: Method = "auto",
    continuity_correction: bool = False,
) -> RankSumTest:
    """Compare two groups by the ranks of their values.

    The limits are order statistics of the differences: exact ones as Bauer (1972); those of the
    normal approximation solve ``(U(d) - m n / 2) / sigma = z`` for the shift d, as R's
    ``wilcox.test`` does, where sigma is corrected for the ties within the groups. (R stops near
    the root, and takes for its estimate a root of ``U(d) = m n / 2``, any number between the two
    middle differences; here it is their mean.)

    Args:
        first: Values of the first group, at least one.
        second: Values of the second group, in the same unit, at least one.
        confidence_level: Level of the limits.
        method: ``auto`` is exact where both groups have fewer than 50 values and no two values
            are the same, else the normal approximation. ``exact`` is asymptotic with ties.
        continuity_correction: Of the normal approximation.

    Source:
        Wilcoxon (1945); Hodges & Lehmann, Ann Math Statist 1963;34:598; Bauer, J Am Stat Assoc
        1972;67:687; Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed., ch. 4.
    """
    m, n = len(first), len(second)
    together = np.concatenate([first, second])
    tied = has_ties(together)
    u = float(midranks(together)[:m].sum()) - m * (m + 1) / 2
    exact = not tied and (method == "exact" or (method == "auto" and max(m, n) < _LARGE))
    correction = 0.5 if continuity_correction and not exact else 0.0
    z = _standardised(u - m * n / 2, rank_sum_sd(together, m), correction)
    p_value = _exact_p(u, m, n) if exact else 2 * float(distributions.normal.sf(abs(z)))
    differences = np.sort(np.subtract.outer(first, second), axis=None)
    if exact:
        place = _exact_place(m, n, confidence_level)
    else:
        inner = (tie_groups(first), tie_groups(second) + m)
        quantile = float(distributions.normal.ppf((1 + confidence_level) / 2))
        spread = quantile * _sd_of_groups(np.concatenate(inner), m, n) + correction
        place = math.ceil(m * n / 2 - spread)
    at = max(place, 1)
    return RankSumTest(
        u=u,
        z=z,
        p_value=min(p_value, 1.0),
        exact=exact,
        shift=float(np.median(differences)),
        lower=float(differences[at - 1]),
        upper=float(differences[m * n - at]),
        level_reached=place >= 1,
    )


def rank_sum_sd(values: FloatArray, first: int) -> float:
    """Standard deviation of the rank sum under the null hypothesis, corrected for ties.

    Args:
        values: All values.
        first: Size of the first group.
    """
    return _sd_of_groups(tie_groups(values), first, len(values) - first)


def _sd_of_groups(groups: np.ndarray, m: int, n: int) -> float:
    sizes = np.unique(groups, return_counts=True)[1].astype(np.float64)
    total = m + n
    if total < 2:
        return 0.0
    ties = float(np.sum(sizes**3 - sizes)) / (total * (total - 1))
    return math.sqrt(max(m * n / 12 * (total + 1 - ties), 0.0))


def _standardised(distance: float, sd: float, correction: float) -> float:
    if sd == 0:
        return math.nan
    corrected = max(abs(distance) - correction, 0.0) if correction else abs(distance)
    return math.copysign(corrected / sd, distance)


def _exact_p(u: float, m: int, n: int) -> float:
    tail = lower_tail(m, n)
    smaller = round(min(u, m * n - u))
    return min(2 * tail[smaller], 1.0)


def _exact_place(m: int, n: int, confidence_level: float) -> int:
    """The k for which the k-th difference from either end is a limit; 0 where there is none."""
    alpha = 1 - confidence_level
    return sum(probability <= alpha / 2 for probability in lower_tail(m, n))
