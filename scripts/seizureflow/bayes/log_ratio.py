"""Reads the log ratio that another analysis estimated, with its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from seizureflow.problems import AnalysisError
from seizureflow.results import value_of

# Names of log ratios of seizure frequencies, the first that is there being taken.
_LOG_RATIOS = ("difference", "log_rate_ratio")


@dataclass(frozen=True)
class LogRatio:
    """Estimate of a log ratio of seizure frequencies of an arm and the reference.

    Attributes:
        value: The estimate; negative is a reduction.
        se: Its standard error.
        df: Degrees of freedom of the standard error; infinite where it is taken as known.
    """

    value: float
    se: float
    df: float


def read_log_ratio(results: pd.DataFrame, analysis: str, arm: str) -> LogRatio:
    """Find the estimate of an arm in the results of an analysis.

    Args:
        results: Table ``results`` of the analysis.
        analysis: Its id.
        arm: Id of the arm.

    Raises:
        AnalysisError: The analysis has no log ratio of seizure frequencies, or none was estimated.
    """
    if math.isnan(value_of(results, analysis, "relative_change", group=arm)):
        raise AnalysisError(
            f"The analysis {analysis} has no relative change of the seizure frequency for {arm} "
            "that could be judged. Name one that estimated it."
        )
    for name in _LOG_RATIOS:
        value = value_of(results, analysis, name, group=arm)
        se = value_of(results, analysis, f"{name}_se", group=arm)
        if not math.isnan(value) and se > 0:
            df = value_of(results, analysis, f"{name}_df", group=arm)
            if math.isnan(df):
                df = value_of(results, analysis, "residual_df")
            return LogRatio(value, se, df if df > 0 else math.inf)
    raise AnalysisError(
        f"The analysis {analysis} has no log ratio with a standard error for {arm}. Name one that "
        "has."
    )


def log_ratio_of(reduction: float) -> float:
    """Log ratio that is a reduction in percent.

    >>> round(log_ratio_of(31), 4)
    -0.3711
    """
    return math.log1p(-reduction / 100)
