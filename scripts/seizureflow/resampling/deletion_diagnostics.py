"""What a least-squares fit says of each participant without fitting it again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray

# A leverage this close to 1 leaves a participant no residual: a term of the model is theirs alone.
_FULL_LEVERAGE = 1 - 1e-10


@dataclass(frozen=True)
class DeletionDiagnostics:
    """One entry per participant; not a number for a participant whose leverage is 1.

    Attributes:
        studentised: Residual over its standard error from the fit without the participant.
        bonferroni_p: Two-sided p of that residual, times the number of participants, at most 1.
        cook: Cook's distance.
    """

    studentised: FloatArray
    bonferroni_p: FloatArray
    cook: FloatArray


def deletion_diagnostics(matrix: FloatArray, outcome: FloatArray) -> DeletionDiagnostics:
    """Give externally studentised residuals, their Bonferroni p, and Cook's distances.

    Args:
        matrix: Design matrix of full rank, with at least two rows more than columns.
        outcome: Outcomes.

    Source:
        Cook & Weisberg, Residuals and Influence in Regression, 1982, 2.2 and 3.1.
    """
    size, terms = matrix.shape
    basis = np.linalg.qr(matrix)[0]
    leverage = (basis**2).sum(axis=1)
    residual = outcome - basis @ (basis.T @ outcome)
    df = size - terms
    variance = float(residual @ residual) / df
    # Residuals that are rounding alone are none.
    if variance <= (1e-13 * max(1.0, float(np.abs(outcome).max()))) ** 2:
        zero = np.zeros(size)
        return DeletionDiagnostics(zero, np.ones(size), zero)
    free = np.where(leverage < _FULL_LEVERAGE, 1 - leverage, np.nan)
    internal = residual / np.sqrt(variance * free)
    remaining = df - internal**2
    # A participant without whom the others fit exactly has an infinite residual.
    with np.errstate(divide="ignore", invalid="ignore"):
        studentised = np.where(
            remaining > 1e-10 * df,
            internal * np.sqrt((df - 1) / remaining),
            np.sign(internal) * np.inf,
        )
    studentised = np.where(np.isnan(free), np.nan, studentised)
    p = 2 * distributions.student_t.sf(np.abs(studentised), df - 1)
    return DeletionDiagnostics(
        studentised=studentised,
        bonferroni_p=np.minimum(1.0, size * p),
        cook=internal**2 * leverage / (free * terms),
    )


def beyond_fences(values: FloatArray, times: float) -> BoolArray:
    """Whether values lie beyond the fences: quartiles and so many interquartile ranges more.

    Source:
        Tukey, Exploratory Data Analysis, 1977, chapter 2.
    """
    low, high = np.quantile(values, [0.25, 0.75])
    reach = times * (high - low)
    return np.asarray((values < low - reach) | (values > high + reach))
