"""Statistics that several methods report in the same words."""

from __future__ import annotations

import math

import pandas as pd

from seizureflow.analysis import AnalysisRows, AnalysisSpec, Statistic

# Beyond it, the exponential is no number of the machine.
_LARGEST_LOG_RATIO = 700.0
_TOO_LARGE = "Infinite: these data set no bound to the change on this side."


def participants_by_arm(rows: AnalysisRows, spec: AnalysisSpec) -> list[Statistic]:
    """Number of participants analysed, by arm."""
    sizes = rows.frame.drop_duplicates("USUBJID")["ARM"].value_counts()
    return [
        Statistic("participants", "Participants analysed", float(sizes[arm.id]), group=arm.id)
        for arm in spec.arms
    ]


def relative_change(
    log_ratio: float,
    lower: float,
    upper: float,
    arm: str,
    spec: AnalysisSpec,
    note: str | None = None,
) -> list[Statistic]:
    """A log ratio and its limits as percent change relative to the reference arm.

    Args:
        log_ratio: The estimate; NaN, as a limit, where there is none.
        lower: Its lower limit.
        upper: Its upper limit.
        arm: The arm compared.
        spec: The analysis.
        note: What a reader must know of them; why one is missing or infinite.
    """
    return [
        Statistic(
            name,
            label,
            _percent(value),
            group=arm,
            reference=spec.reference.id,
            unit="%",
            note=note or (_TOO_LARGE if value > _LARGEST_LOG_RATIO else None),
        )
        for name, label, value in (
            ("relative_change", "Relative change", log_ratio),
            ("relative_change_lower", "Lower limit of the relative change", lower),
            ("relative_change_upper", "Upper limit of the relative change", upper),
        )
    ]


def _percent(log_ratio: float) -> float:
    return math.inf if log_ratio > _LARGEST_LOG_RATIO else 100 * math.expm1(log_ratio)


def coefficient_statistics(
    estimates: pd.Series, standard_errors: pd.Series, p_values: pd.Series
) -> list[Statistic]:
    """Estimate, standard error and p of every model term."""
    statistics = []
    for term in estimates.index:
        for name, label, values in (
            ("coefficient", "Coefficient", estimates),
            ("coefficient_se", "Standard error of the coefficient", standard_errors),
            ("coefficient_p", "p of the coefficient", p_values),
        ):
            statistics.append(Statistic(name, label, float(values[term]), variable=str(term)))
    return statistics


def responder_counts(rows: AnalysisRows, spec: AnalysisSpec) -> list[Statistic]:
    """Participants, responders and their percentage, by arm."""
    statistics = participants_by_arm(rows, spec)
    for arm in spec.arms:
        outcome = rows.frame.loc[rows.frame["ARM"] == arm.id, "OUTCOME"]
        statistics += [
            Statistic("responders", "Responders", float(outcome.sum()), group=arm.id),
            Statistic(
                "responders_percent",
                "Responders",
                float(100 * outcome.sum() / len(outcome)),
                group=arm.id,
                unit="%",
            ),
        ]
    return statistics
