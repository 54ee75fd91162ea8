"""Refuses models that the data cannot carry, in words for the reader of the report."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.problems import AnalysisError

_EXACT = 1e-20


def refuse_too_few(analysis: str, participants: int, coefficients: int) -> None:
    """Refuse a model with as many coefficients as participants, or more.

    Raises:
        AnalysisError: There are too few participants.
    """
    if participants <= coefficients:
        raise AnalysisError(
            f"Analysis {analysis}: {participants} participants are too few for "
            f"{coefficients} coefficients."
        )


def refuse_exact_fit(analysis: str, outcome: FloatArray, residuals: FloatArray) -> None:
    """Refuse data that the model fits without error, so that nothing tells how certain it is.

    Raises:
        AnalysisError: No residual variance is left.
    """
    size = float(np.mean(outcome**2))
    if float(np.mean(residuals**2)) <= _EXACT * max(size, 1e-300):
        alike = np.ptp(outcome) == 0
        why = "All participants have the same outcome" if alike else "The model fits every outcome"
        raise AnalysisError(
            f"Analysis {analysis}: {why}, so that no variance is left to judge a difference by."
        )
