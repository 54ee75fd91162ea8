"""Tail areas and quantiles of the normal, t, chi-square, F and beta distributions.

Thin names over :mod:`scipy.special`, which :mod:`scipy.stats` itself calls. Every step that has a
p-value needs them, and importing :mod:`scipy.stats` for them alone takes as long as the analysis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special


class normal:  # noqa: N801 - a name for functions, used as scipy.stats.norm is
    """The standard normal distribution."""

    @staticmethod
    def cdf(x: Any) -> Any:
        """Probability of a value of at most x."""
        return special.ndtr(x)

    @staticmethod
    def sf(x: Any) -> Any:
        """Probability of a value above x."""
        return special.ndtr(-np.asarray(x, dtype=np.float64))

    @staticmethod
    def ppf(probability: Any) -> Any:
        """Quantile at a probability."""
        return special.ndtri(probability)

    @staticmethod
    def pdf(x: Any) -> Any:
        """Density at x."""
        return np.exp(-(np.asarray(x, dtype=np.float64) ** 2) / 2.0) / np.sqrt(2 * np.pi)


class student_t:  # noqa: N801
    """Student's t distribution; with infinite degrees of freedom the normal one."""

    @staticmethod
    def cdf(x: Any, df: Any) -> Any:
        """Probability of a value of at most x."""
        return _where_degrees(df, special.stdtr(_finite(df), x), special.ndtr(x))

    @staticmethod
    def sf(x: Any, df: Any) -> Any:
        """Probability of a value above x."""
        return student_t.cdf(-np.asarray(x, dtype=np.float64), df)

    @staticmethod
    def ppf(probability: Any, df: Any) -> Any:
        """Quantile at a probability."""
        exact = special.stdtrit(_finite(df), probability)
        exact = np.where(np.asarray(probability) == 0, -np.inf, exact)  # stdtrit gives +inf there
        return _where_degrees(df, exact, special.ndtri(probability))


class chi_square:  # noqa: N801
    """The chi-square distribution."""

    @staticmethod
    def sf(x: Any, df: Any) -> Any:
        """Probability of a value above x."""
        return _where_degrees(df, special.chdtrc(df, np.maximum(x, 0.0)), np.nan)

    @staticmethod
    def ppf(probability: Any, df: Any) -> Any:
        """Quantile at a probability."""
        return _where_degrees(df, 2 * special.gammaincinv(np.asarray(df) / 2, probability), np.nan)


class f_ratio:  # noqa: N801
    """The F distribution; with infinite residual degrees of freedom chi-square over its own."""

    @staticmethod
    def sf(x: Any, df: Any, residual_df: Any) -> Any:
        """Probability of a ratio above x."""
        finite = special.fdtrc(df, _finite(residual_df), np.maximum(x, 0.0))
        with np.errstate(invalid="ignore"):  # no degrees of freedom times an infinite ratio
            at_infinity = chi_square.sf(np.asarray(x) * df, df)
        return _where_degrees(residual_df, finite, at_infinity)


class beta:  # noqa: N801
    """The beta distribution."""

    @staticmethod
    def ppf(probability: Any, a: Any, b: Any) -> Any:
        """Quantile at a probability."""
        return special.betaincinv(a, b, probability)


def _finite(df: Any) -> Any:
    """Degrees of freedom, those without a t distribution of their own replaced."""
    return np.where(np.isfinite(df) & (np.asarray(df) > 0), df, 1.0)


def _where_degrees(df: Any, value: Any, at_infinity: Any) -> Any:
    """A value where degrees of freedom are positive, another where infinite, else not-a-number."""
    df = np.asarray(df, dtype=np.float64)
    found = np.where(np.isinf(df), at_infinity, value)
    found = np.where(df > 0, found, np.nan)
    return found[()]
