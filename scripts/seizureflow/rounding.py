"""Rounds numbers for print, in one place: half away from zero, as trial reports do."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, decimals: int) -> str:
    """Write a number with a fixed number of decimals, half rounded away from zero.

    The shortest decimal form of the number is what is rounded, so that 31.25 gives 31.3 and 2.675
    gives 2.68 whatever their binary form. Not-a-number gives a dash.

    >>> rounded(31.25, 1), rounded(-0.005, 2), rounded(-0.001, 2)
    ('31.3', '-0.01', '0.00')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    number = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(abs(number) if number == 0 else number)


def p_value(value: float) -> str:
    """Write a p-value: two decimals from 0.1, three from 0.001, below that ``<0.001``.

    A value that two decimals would show as 0.05 when it is below gets three.
    """
    if math.isnan(value):
        return "–"
    if value < 0.001:
        return "<0.001"
    return rounded(value, 2 if value >= 0.1 else 3)
