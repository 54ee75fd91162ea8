"""Where a conclusion turns, when what was imputed is made worse step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray


@dataclass(frozen=True)
class LinearEffect:
    """A difference from the reference arm as a linear function of two deltas.

    ``difference = terms @ (1, delta in the reference arm, delta in the active arm)``.

    Attributes:
        terms: (3,) difference without deltas, and its slopes.
        covariance: (3, 3) of the terms over repeated trials.
    """

    terms: FloatArray
    covariance: FloatArray

    def difference(self, in_reference: float, in_active: float) -> float:
        """The difference at two deltas."""
        return float(self.terms @ np.array([1.0, in_reference, in_active]))

    def se(self, in_reference: float, in_active: float) -> float:
        """Its standard error."""
        at = np.array([1.0, in_reference, in_active])
        return math.sqrt(max(float(at @ self.covariance @ at), 0.0))

    def p_value(self, in_reference: float, in_active: float) -> float:
        """Its two-sided p from the normal distribution; NaN without a standard error."""
        se = self.se(in_reference, in_active)
        if not se > 0:
            return math.nan
        return 2 * float(
            distributions.normal.sf(abs(self.difference(in_reference, in_active)) / se)
        )

    def turns_significance(
        self, in_reference: float, alpha: float, within: Sequence[float]
    ) -> float | None:
        """The delta in the active arm, nearest to none, at which p crosses a level.

        ``difference^2 - quantile^2 variance`` is quadratic in the delta, so its roots are exact.

        Args:
            in_reference: Delta in the reference arm.
            alpha: The level.
            within: The deltas between whose least and greatest it is looked for.

        Returns:
            The delta, None where p does not cross the level.
        """
        quantile = float(distributions.normal.ppf(1 - alpha / 2))
        constant = np.array([1.0, in_reference, 0.0])
        step = np.array([0.0, 0.0, 1.0])
        form = np.outer(self.terms, self.terms) - quantile**2 * self.covariance
        coefficients = [step @ form @ step, 2 * constant @ form @ step, constant @ form @ constant]
        return _nearest(_quadratic_roots(*map(float, coefficients)), within)

    def reaches(
        self, difference: float, in_reference: float, within: Sequence[float]
    ) -> float | None:
        """The delta in the active arm at which the difference takes a value; None outside."""
        slope = float(self.terms[2])
        if slope == 0:
            return None
        return _nearest([(difference - self.difference(in_reference, 0.0)) / slope], within)


def _quadratic_roots(a: float, b: float, c: float) -> list[float]:
    """Real roots of ``a x^2 + b x + c`` where it changes sign."""
    if a == 0:
        return [] if b == 0 else [-c / b]
    inside = b * b - 4 * a * c
    if not inside > 0:
        return []
    # The form that does not subtract numbers that are nearly equal.
    half = -(b + math.copysign(math.sqrt(inside), b)) / 2
    return [half / a] if half == 0 else [half / a, c / half]


def _nearest(roots: Sequence[float], within: Sequence[float]) -> float | None:
    low, high = min(*within, 0.0), max(*within, 0.0)
    inside = [root for root in roots if low <= root <= high]
    return min(inside, key=abs) if inside else None
