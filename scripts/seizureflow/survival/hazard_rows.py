"""The rows of a result that hold hazard ratios, with their limits and tests."""

from __future__ import annotations

import math

from seizureflow import distributions
from seizureflow.analysis import AnalysisSpec, Statistic

_LABELS = {
    "log_hazard_ratio": "Log hazard ratio",
    "log_hazard_ratio_se": "Standard error of the log hazard ratio",
    "hazard_ratio": "Hazard ratio",
    "hazard_ratio_lower": "Lower limit of the hazard ratio",
    "hazard_ratio_upper": "Upper limit of the hazard ratio",
    "z": "z statistic",
    "p_value": "p",
}


def hazard_ratio_rows(log_ratio: float, se: float, arm: str, spec: AnalysisSpec) -> list[Statistic]:
    """Hazard ratio of an arm against the reference, with Wald interval and test.

    Args:
        log_ratio: Its logarithm.
        se: Standard error of the logarithm, above 0.
        arm: The arm.
        spec: The analysis.
    """
    quantile = float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
    values = (
        log_ratio,
        se,
        math.exp(log_ratio),
        math.exp(log_ratio - quantile * se),
        math.exp(log_ratio + quantile * se),
        log_ratio / se,
        2 * float(distributions.normal.sf(abs(log_ratio / se))),
    )
    return [
        Statistic(name, label, value, group=arm, reference=spec.reference.id)
        for (name, label), value in zip(_LABELS.items(), values, strict=True)
    ]


def no_hazard_ratio(arm: str, spec: AnalysisSpec, note: str) -> list[Statistic]:
    """The same rows where no finite hazard ratio exists.

    Args:
        arm: The arm.
        spec: The analysis.
        note: Why there is none.
    """
    return [
        Statistic(name, label, group=arm, reference=spec.reference.id, note=note)
        for name, label in _LABELS.items()
    ]
