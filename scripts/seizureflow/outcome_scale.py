"""The unit in which differences of an outcome are given, by kind of endpoint."""

from __future__ import annotations

from dataclasses import dataclass

from seizureflow.analysis import AnalysisSpec


@dataclass(frozen=True)
class OutcomeScale:
    """Unit of an outcome and of differences of it.

    Attributes:
        unit: Unit of the values, where it is printed with each.
        words: Unit of a difference, in words that a label can end with.
    """

    unit: str | None
    words: str


def outcome_scale(spec: AnalysisSpec) -> OutcomeScale:
    """Give the unit of the outcome of an analysis.

    Args:
        spec: The analysis.
    """
    if spec.endpoint_kind == "percent_change":
        return OutcomeScale("%", "percentage points")
    if spec.endpoint_kind == "seizure_free_days":
        return OutcomeScale(None, f"days per {spec.frequency_days} days")
    if spec.endpoint_kind == "responder":
        return OutcomeScale(None, "responder 1, other 0")
    return OutcomeScale(None, "log scale")
