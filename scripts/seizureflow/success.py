"""The answer of a trial: its primary estimate with its uncertainty against the criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.results import value_of
from seizureflow.rounding import p_value, rounded

Entry = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The primary result of one arm against the reference.

    Attributes:
        arm: Label of the arm.
        estimate: Relative change over the reference arm, percent (negative is a reduction).
        lower: Lower limit.
        upper: Upper limit.
        p: Two-sided p-value.
        required_reduction: Reduction that the criterion asks for, percent; None without one.
        met: Whether the estimate reaches it; None without a criterion or an estimate.
        sentence: The answer in words.
    """

    arm: str
    estimate: float
    lower: float
    upper: float
    p: float
    required_reduction: float | None
    met: bool | None
    sentence: str


def answer(
    results: pd.DataFrame, analysis: str, arm: Entry, reference: Entry, criterion: Entry | None
) -> Answer:
    """Word the answer that an analysis gives for an arm.

    Args:
        results: Table ``results``.
        analysis: Id of the analysis; its method gives ``relative_change``.
        arm: The arm's entry of the protocol.
        reference: The reference arm's entry.
        criterion: Entry ``success_criterion``; None where the trial has none.
    """
    estimate, lower, upper, p = (
        value_of(results, analysis, statistic, group=arm["id"])
        for statistic in (
            "relative_change",
            "relative_change_lower",
            "relative_change_upper",
            "p_value",
        )
    )
    required = float(criterion["relative_reduction"]) if criterion else None
    met = None if required is None or estimate != estimate else bool(estimate <= -required)
    sentence = _sentence(arm["label"], reference["label"].lower(), estimate, lower, upper, p)
    if required is not None and met is not None:
        sentence += " " + _against_criterion(lower, upper, required, met)
    return Answer(arm["label"], estimate, lower, upper, p, required, met, sentence)


def _sentence(
    arm: str, reference: str, estimate: float, lower: float, upper: float, p: float
) -> str:
    if estimate != estimate:
        return f"The effect of {arm} against {reference} could not be estimated."
    direction = "lower" if estimate < 0 else "higher"
    return (
        f"Seizure frequency on {arm} was {rounded(abs(estimate), 1)}% {direction} than on "
        f"{reference} (95% confidence interval from {_signed(lower)} to {_signed(upper)}; "
        f"p = {p_value(p)})."
    ).replace("p = <", "p < ")


def _signed(change: float) -> str:
    return f"{rounded(abs(change), 1)}% {'lower' if change < 0 else 'higher'}"


def _against_criterion(lower: float, upper: float, required: float, met: bool) -> str:
    head = f"The criterion of a reduction of at least {required:g}% was {'' if met else 'not '}met"
    holds_threshold, holds_null = lower <= -required <= upper, lower <= 0 <= upper
    if holds_threshold and holds_null:
        return (
            f"{head}; the interval holds both that reduction and no effect at all, so these data "
            "rule out neither."
        )
    if holds_threshold:
        return (
            f"{head}; the interval excludes no effect, but holds reductions smaller and larger "
            "than the criterion."
        )
    if upper < -required:
        return f"{head}, and the whole interval lies beyond it."
    return f"{head}, and the interval excludes a reduction of that size."
