"""The double false discovery rate of tests that are grouped, as terms are by body system.

A group is looked at where a p-value that stands for it is small among the groups; only tests of
such groups are then looked at, each among its own. Both steps are the procedure of Benjamini and
Hochberg, so that a finding is one in a body system that has findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray


@dataclass(frozen=True)
class DoubleFdr:
    """What the procedure says of tests.

    Attributes:
        groups: The groups, in the order of their first test.
        group_p: Adjusted p-value of each group.
        test_p: Adjusted p-value of each test in the second step.
        p_values: The larger of both: the lowest level of both steps at which a test is flagged.
        flagged: Whether each test is flagged at the levels asked for.
    """

    groups: tuple[str, ...]
    group_p: FloatArray
    test_p: FloatArray
    p_values: FloatArray
    flagged: BoolArray


def benjamini_hochberg(p_values: FloatArray) -> FloatArray:
    """P-values adjusted by the step-up procedure that controls the false discovery rate.

    Args:
        p_values: Shape (tests,).

    Returns:
        The lowest rate at which each is rejected, shape (tests,).

    Source:
        Benjamini & Hochberg, J R Stat Soc B 57 (1995) 289-300.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")[::-1]
    scaled = p_values[order] * count / np.arange(count, 0, -1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return adjusted


def double_fdr(
    p_values: FloatArray,
    groups: Sequence[str],
    group_level: float,
    test_level: float,
    *,
    pooled: bool = False,
) -> DoubleFdr:
    """Adjust p-values of grouped tests, and flag.

    As published in 2004, the smallest p-value stands for a group, and the second step adjusts
    within each group. Pooled (2012), the smallest p-value adjusted within its group stands for a
    group, and the second step adjusts the tests of all groups chosen in the first as one family;
    tests of groups that were not chosen keep what they have within their group. The published
    procedure of 2004 does not hold its levels by itself: the smallest of many p-values is small
    without any effect, and its authors choose the levels by resampling. The smallest adjusted one
    is a valid p-value of its group (Simes).

    Args:
        p_values: Shape (tests,).
        groups: Group of each test.
        group_level: Level of the first step.
        test_level: Level of the second step.
        pooled: Whether the modification of 2012 is used.

    Source:
        Mehrotra & Heyse, Stat Methods Med Res 13 (2004) 227-238; modified by Mehrotra & Adewale,
        Stat Med 31 (2012) 1918-1930.
    """
    names = tuple(dict.fromkeys(groups))
    numbers = np.array([names.index(group) for group in groups], dtype=np.int64)
    within = np.empty(len(p_values))
    for number in range(len(names)):
        own = numbers == number
        within[own] = benjamini_hochberg(p_values[own])
    representing = within if pooled else p_values
    smallest = np.array([representing[numbers == n].min() for n in range(len(names))])
    group_p = benjamini_hochberg(smallest)
    chosen = (group_p <= group_level)[numbers]
    test_p = within.copy()
    if pooled and chosen.any():
        test_p[chosen] = benjamini_hochberg(p_values[chosen])
    largest = np.maximum(group_p[numbers], test_p)
    return DoubleFdr(names, group_p, test_p, largest, chosen & (test_p <= test_level))
