"""How many dropouts must have responded otherwise to turn the conclusion of a comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from seizureflow import distributions
from seizureflow.array_types import FloatArray, IntArray


@dataclass(frozen=True)
class KnownAndMissing:
    """Known responders and participants of two arms, and how many have no known outcome."""

    responders: int
    known: int
    missing: int
    reference_responders: int
    reference_known: int
    reference_missing: int


@dataclass(frozen=True)
class Assignments:
    """The comparison under every assignment of responses to those without a known outcome.

    Rows are responders among the missing of the reference arm, columns those of the arm.

    Attributes:
        differences: Risk of the arm less that of the reference arm.
        p_values: Two-sided p of the test.
        conclusions: 1 where the arm is better and p below alpha, -1 where it is worse, else 0.
        start: Row and column where the missing of each arm respond like its known participants, to
            the nearest whole number.
        tipped: Row and column of the conclusion other than at ``start`` that is reached by the
            fewest changed responses; None where all conclusions are the same.
    """

    differences: FloatArray
    p_values: FloatArray
    conclusions: IntArray
    start: tuple[int, int]
    tipped: tuple[int, int] | None

    @property
    def departure(self) -> int | None:
        """Number of changed responses at ``tipped``."""
        if self.tipped is None:
            return None
        return abs(self.tipped[0] - self.start[0]) + abs(self.tipped[1] - self.start[1])


def try_assignments(counts: KnownAndMissing, test: str, alpha: float) -> Assignments:
    """Compare two arms under every assignment of responses to the missing.

    Args:
        counts: What is known of both arms; each has a known outcome.
        test: ``fisher`` (exact) or ``chi_square`` (Pearson's, without correction).
        alpha: Significance level.

    Source:
        Yan, Lee & Li, J Biopharm Stat 19 (2009) 1085-1098; Liublinskaya & Rubin, Stat Med 33 (2014)
        4170-4185.
    """
    responders = counts.responders + np.arange(counts.missing + 1)
    reference = counts.reference_responders + np.arange(counts.reference_missing + 1)
    size = counts.known + counts.missing
    reference_size = counts.reference_known + counts.reference_missing
    shares, others = np.meshgrid(responders, reference)
    differences = shares / size - others / reference_size
    function = _fisher if test == "fisher" else _chi_square
    p_values = np.array(
        [[function(int(y), size, int(z), reference_size) for y in responders] for z in reference]
    )
    conclusions = np.where(p_values < alpha, np.sign(differences), 0).astype(np.int64)
    start = (
        _expected(counts.reference_responders, counts.reference_known, counts.reference_missing),
        _expected(counts.responders, counts.known, counts.missing),
    )
    return Assignments(differences, p_values, conclusions, start, _nearest(conclusions, start))


def _expected(responders: int, known: int, missing: int) -> int:
    return round(missing * responders / known)


def _nearest(conclusions: IntArray, start: tuple[int, int]) -> tuple[int, int] | None:
    turned = np.argwhere(conclusions != conclusions[start])
    if not len(turned):
        return None
    distance = np.abs(turned - np.array(start)).sum(axis=1)
    row, column = turned[int(distance.argmin())]
    return int(row), int(column)


def _fisher(y: int, n: int, z: int, m: int) -> float:
    return float(stats.fisher_exact(np.array([[y, n - y], [z, m - z]])).pvalue)


def _chi_square(y: int, n: int, z: int, m: int) -> float:
    both = y + z
    if both in (0, n + m):
        return 1.0
    pooled = both / (n + m)
    statistic = (y / n - z / m) ** 2 / (pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(distributions.chi_square.sf(statistic, 1))
