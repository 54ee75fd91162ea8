"""Words the numbers of many rows as few ranges."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

MOST_RANGES = 50


def row_ranges(numbers: Iterable[int] | np.ndarray, most: int = MOST_RANGES) -> str:
    """Word row numbers as ranges, such as ``3, 4, 7-12``.

    Args:
        numbers: The numbers, in any order; repeats count once.
        most: Number of ranges (single numbers included) after which rows are only counted.

    Returns:
        The ranges in ascending order. Two neighbours are two numbers, three or more a range. What
        exceeds ``most`` is worded as the count of the remaining rows: ``3, 7 and 120 more``.
    """
    given = numbers if isinstance(numbers, np.ndarray) else np.fromiter(numbers, dtype=np.int64)
    values = np.sort(given)
    values = values[np.diff(values, prepend=values[:1] - 1) > 0]
    firsts = np.flatnonzero(np.diff(values, prepend=values[:1] - 2) > 1)
    ends = np.append(firsts, len(values))[1:]
    parts: list[str] = []
    worded = 0
    for first, end in zip(firsts[:most].tolist(), ends[:most].tolist(), strict=True):
        run = values[first:end]
        pieces = [str(number) for number in run] if len(run) < 3 else [f"{run[0]}-{run[-1]}"]
        if len(parts) + len(pieces) > most:
            break
        parts += pieces
        worded = end
    rest = len(values) - worded
    return ", ".join(parts) + (f" and {rest} more" if rest else "")
