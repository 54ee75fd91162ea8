"""Exact null distribution of the Mann-Whitney statistic without ties."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from math import comb


@cache
def mann_whitney_counts(first: int, second: int) -> tuple[int, ...]:
    """Number of arrangements in which U is 0, 1, ..., ``first * second``.

    They are the coefficients of the Gaussian binomial coefficient, that is of
    ``prod_i (1 - q^(second + i)) / (1 - q^i)`` over i = 1, ..., first (Andrews, The Theory of
    Partitions, ch. 3), in whole numbers.

    Args:
        first: Size of the first group.
        second: Size of the second group.
    """
    size = first * second + 1
    counts = [1] + [0] * (size - 1)
    for i in range(1, first + 1):
        for power in range(size - 1, second + i - 1, -1):
            counts[power] -= counts[power - second - i]
        for power in range(i, size):
            counts[power] += counts[power - i]
    return tuple(counts)


def lower_tail(first: int, second: int) -> list[float]:
    """Probability that U is at most 0, 1, ..., ``first * second`` if the groups do not differ."""
    total = comb(first + second, first)
    return [count / total for count in accumulate(mann_whitney_counts(first, second))]
