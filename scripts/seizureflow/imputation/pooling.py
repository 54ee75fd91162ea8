"""Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray


@dataclass(frozen=True)
class Pooled:
    """Estimates pooled over imputed data sets.

    Attributes:
        estimate: (...) means.
        se: (...) square roots of the total variance.
        df: (...) degrees of freedom of Barnard & Rubin.
        lost: (...) share of the total variance that is due to what is missing.
        monte_carlo_error: (...) standard error of the estimate that is due to the finite number of
            imputations.
    """

    estimate: FloatArray
    se: FloatArray
    df: FloatArray
    lost: FloatArray
    monte_carlo_error: FloatArray


def pool(estimates: FloatArray, variances: FloatArray, complete_df: float) -> Pooled:
    """Pool by Rubin's rules, with the degrees of freedom of Barnard & Rubin.

    Args:
        estimates: (M, ...) estimates in M imputed data sets; M is at least 2.
        variances: (M, ...) their variances had nothing been missing.
        complete_df: Degrees of freedom had nothing been missing.

    Source:
        Barnard & Rubin (1999), Biometrika 86, 948-955.
    """
    draws = len(estimates)
    within = variances.mean(0)
    between = estimates.var(0, ddof=1)
    # Equal estimates leave a variance of rounding, which is none.
    between = np.where(between <= 1e-24 * within, 0.0, between)
    inflated = (1 + 1 / draws) * between
    total = within + inflated
    lost = np.divide(inflated, total, out=np.zeros_like(total), where=total > 0)
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - lost)
    # (M - 1) / lost^2 is infinite where nothing is lost; its inverse is not.
    df = 1 / (lost**2 / (draws - 1) + 1 / observed)
    return Pooled(estimates.mean(0), np.sqrt(total), df, lost, np.sqrt(between / draws))
