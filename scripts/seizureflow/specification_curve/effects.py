"""Effects of treatment on the log frequency, of many arrangements of the arms at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray


@dataclass(frozen=True)
class Effects:
    """Log ratios of the frequency, one per arrangement of the arms.

    Attributes:
        log_ratio: Shape (R,); not a number where there is none.
        se: Standard errors, shape (R,).
        df: Degrees of freedom of the t distribution, shape (R,); infinite for the normal.
        converged: Shape (R,).
    """

    log_ratio: FloatArray
    se: FloatArray
    df: FloatArray
    converged: BoolArray

    def p_values(self) -> FloatArray:
        """Two-sided p of no effect."""
        ratio = self.log_ratio / np.where(self.se > 0, self.se, np.nan)
        return np.asarray(2 * distributions.student_t.sf(np.abs(ratio), self.df))

    def limits(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Limits of the confidence intervals."""
        reach = distributions.student_t.ppf((1 + level) / 2, self.df) * self.se
        return self.log_ratio - reach, self.log_ratio + reach


def design_columns(covariates: pd.DataFrame) -> FloatArray:
    """Intercept and covariates; one that is no number as indicators of all but the first value.

    Args:
        covariates: One row per participant.

    Returns:
        Shape (n, q).
    """
    columns = [np.ones(len(covariates))]
    for name in covariates:
        values = covariates[name]
        if pd.api.types.is_numeric_dtype(values):
            columns.append(values.to_numpy(dtype=np.float64))
        else:
            levels = sorted(values.unique())[1:]
            columns += [(values == level).to_numpy(dtype=np.float64) for level in levels]
    return np.column_stack(columns)
