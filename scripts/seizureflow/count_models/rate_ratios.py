"""Treatment effects of count models as statistics: rate ratios with Wald intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisSpec, Statistic
from seizureflow.array_types import FloatArray
from seizureflow.count_models.count_design import CountDesign
from seizureflow.methods.common_statistics import coefficient_statistics, relative_change
from seizureflow.problems import AnalysisError

# Beyond it, a ratio is no number that anything can be concluded from.
_LARGEST_LOG_RATIO = 300.0


@dataclass(frozen=True)
class Estimates:
    """Coefficients of a fit with the covariance that inference rests on.

    Attributes:
        coefficients: One per column of the design matrix.
        covariance: Of the coefficients.
        words: What the standard error rests on, for labels.
        df: Degrees of freedom of the t distribution; infinite for the normal one.
    """

    coefficients: FloatArray
    covariance: FloatArray
    words: str
    df: float = math.inf


def rate_ratio_statistics(
    estimates: Estimates, design: CountDesign, spec: AnalysisSpec
) -> list[Statistic]:
    """Rate ratio of each arm against the reference, and by visit where it differs by visit."""
    statistics: list[Statistic] = []
    for arm, contrast in design.effects.items():
        statistics += _compare(estimates, contrast, arm, None, spec)
    for (arm, visit), contrast in design.visit_effects.items():
        statistics += _compare(estimates, contrast, arm, visit, spec)
    return statistics


def term_statistics(estimates: Estimates, matrix: pd.DataFrame) -> list[Statistic]:
    """Coefficient, standard error and p of every term."""
    errors = np.sqrt(np.diag(estimates.covariance))
    p_values = 2 * distributions.student_t.sf(np.abs(estimates.coefficients / errors), estimates.df)
    columns = matrix.columns
    return coefficient_statistics(
        pd.Series(estimates.coefficients, index=columns),
        pd.Series(errors, index=columns),
        pd.Series(p_values, index=columns),
    )


def alternative_interval(
    name: str, estimates: Estimates, design: CountDesign, spec: AnalysisSpec
) -> list[Statistic]:
    """Standard error by another covariance, and the rate ratio with the interval that it gives.

    Args:
        name: Suffix of the names of the statistics.
        estimates: Coefficients with the other covariance.
        design: The design.
        spec: The analysis.
    """
    statistics = []
    for arm, contrast in design.effects.items():
        value, error, lower, upper = _interval(estimates, contrast, spec)
        statistics += [
            Statistic(f"{key}_{name}{end}", label, number, group=arm, reference=spec.reference.id)
            for key, end, label, number in (
                ("log_rate_ratio_se", "", _error_label(estimates), error),
                ("rate_ratio", "", f"Rate ratio ({estimates.words})", math.exp(value)),
                ("rate_ratio", "_lower", "Lower limit of the rate ratio", math.exp(lower)),
                ("rate_ratio", "_upper", "Upper limit of the rate ratio", math.exp(upper)),
            )
        ]
    return statistics


def standard_error_statistics(
    name: str, estimates: Estimates, design: CountDesign, spec: AnalysisSpec
) -> list[Statistic]:
    """Standard error of the log rate ratio by a covariance, under a name of its own."""
    return [
        Statistic(
            name,
            _error_label(estimates),
            math.sqrt(contrast @ estimates.covariance @ contrast),
            group=arm,
            reference=spec.reference.id,
        )
        for arm, contrast in design.effects.items()
    ]


def _error_label(estimates: Estimates) -> str:
    return f"Standard error of the log rate ratio ({estimates.words})"


def _interval(
    estimates: Estimates, contrast: FloatArray, spec: AnalysisSpec
) -> tuple[float, float, float, float]:
    value = float(contrast @ estimates.coefficients)
    error = math.sqrt(contrast @ estimates.covariance @ contrast)
    half = float(distributions.student_t.ppf((1 + spec.confidence_level) / 2, estimates.df)) * error
    if not abs(value) + half < _LARGEST_LOG_RATIO:
        raise AnalysisError(
            f"Analysis {spec.id}: the counts do not determine the rate ratio. Remove a covariate, "
            "or join its categories."
        )
    return value, error, value - half, value + half


def _compare(
    estimates: Estimates, contrast: FloatArray, arm: str, visit: str | None, spec: AnalysisSpec
) -> list[Statistic]:
    value, error, lower, upper = _interval(estimates, contrast, spec)
    ratio = value / error
    finite = math.isfinite(estimates.df)
    numbers = [
        ("log_rate_ratio", "Log rate ratio", value),
        ("log_rate_ratio_se", _error_label(estimates), error),
        ("log_rate_ratio_lower", "Lower limit of the log rate ratio", lower),
        ("log_rate_ratio_upper", "Upper limit of the log rate ratio", upper),
        ("rate_ratio", "Rate ratio", math.exp(value)),
        ("rate_ratio_lower", "Lower limit of the rate ratio", math.exp(lower)),
        ("rate_ratio_upper", "Upper limit of the rate ratio", math.exp(upper)),
        ("t" if finite else "z", "t statistic" if finite else "z statistic", ratio),
        ("p_value", "p", 2 * float(distributions.student_t.sf(abs(ratio), estimates.df))),
    ]
    if finite:
        numbers.insert(-1, ("log_rate_ratio_df", "Degrees of freedom", estimates.df))
    statistics = [
        Statistic(name, label, number, group=arm, reference=spec.reference.id, visit=visit)
        for name, label, number in numbers
    ]
    if visit is None:
        statistics += relative_change(value, lower, upper, arm, spec)
    return statistics
