"""Stratified rank-sum tests: van Elteren's, and that of ranks over all strata."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.ranks.ties import midranks

Weights = Literal["van_elteren", "unweighted"]


@dataclass(frozen=True)
class StratifiedRankSum:
    """A stratified rank-sum test.

    Attributes:
        statistic: Weighted sum over the strata of the rank sum of the first group, less its
            expectation.
        sd: Standard deviation of the statistic under the null hypothesis, corrected for ties.
        z: Their ratio; not a number where nothing varies.
        p_value: Two-sided, from the normal distribution.
        strata: Number of strata in which both groups are, so that they say something.
        silent: The other strata, each with its number of values.
    """

    statistic: float
    sd: float
    z: float
    p_value: float
    strata: int
    silent: dict[Hashable, int]


@dataclass(frozen=True)
class Strata:
    """A division into strata.

    Attributes:
        numbers: For each value the number of its stratum, -1 in a silent one.
        count: How many strata say something of the difference.
        silent: Strata without a value of both groups, each with its number of values.
    """

    numbers: IntArray
    count: int
    silent: dict[Hashable, int]


def divide(first: BoolArray, strata: Sequence[Hashable]) -> Strata:
    """Number the strata in which both groups are.

    Args:
        first: Which values are those of the first group.
        strata: Stratum of each value.
    """
    numbers = np.full(len(strata), -1, dtype=np.int64)
    silent: dict[Hashable, int] = {}
    count = 0
    for stratum in sorted(set(strata), key=str):
        here = np.array([other == stratum for other in strata])
        if first[here].all() or not first[here].any():
            silent[stratum] = int(here.sum())
        else:
            numbers[here] = count
            count += 1
    return Strata(numbers, count, silent)


def stratified_rank_sum(
    values: FloatArray,
    first: BoolArray,
    strata: Sequence[Hashable],
    weights: Weights = "van_elteren",
) -> StratifiedRankSum:
    """Compare two groups by ranks, the groups being exchangeable within strata alone.

    ``van_elteren`` ranks within strata and weights the rank sum of a stratum with n values by
    1 / (n + 1), which is locally most powerful where the difference is the same in all strata.
    ``unweighted`` ranks over all strata and adds up, with expectation and variance given the
    strata; R's ``coin::wilcox_test(outcome ~ arm | stratum)`` does so. It takes differences
    between the strata for information, and is the weaker where they differ much.

    Args:
        values: Outcomes.
        first: Which values are those of the first group.
        strata: Stratum of each value.
        weights: How the strata are weighted.

    Source:
        van Elteren, Bull Int Stat Inst 1960;37:351; Lehmann, Nonparametrics, 1975, 3.3; Hothorn et
        al., Am Stat 2006;60:257.
    """
    division = divide(first, strata)
    scores = np.zeros(len(values))
    informative = division.numbers >= 0
    if weights == "unweighted" and informative.any():
        scores[informative] = midranks(values[informative])
    statistic = variance = 0.0
    for number in range(division.count):
        here = division.numbers == number
        active, size = first[here], int(here.sum())
        if weights == "van_elteren":
            scores[here] = midranks(values[here]) / (size + 1)
        inside, m = scores[here], int(active.sum())
        statistic += float(inside[active].sum() - m * inside.mean())
        variance += m * (size - m) / size * float(inside.var(ddof=1))
    sd = math.sqrt(variance)
    z = statistic / sd if sd > 0 else math.nan
    p_value = 2 * float(distributions.normal.sf(abs(z)))
    return StratifiedRankSum(statistic, sd, z, p_value, division.count, division.silent)
