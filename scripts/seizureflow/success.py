"""The answer of a trial: its primary estimate with its uncertainty against the criterion."""

from __future__ import annotations

import math
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
        arm: Id of the arm.
        label: Its label.
        estimate: Relative change over the reference arm in percent (negative is a reduction), or
            another measure that the analysis estimates.
        lower: Lower limit.
        upper: Upper limit.
        p: Two-sided p-value.
        required_reduction: Reduction that the criterion asks for, percent; None without one.
        met: Whether the estimate reaches it; None without a criterion or an estimate.
        sentence: The answer in words.
    """

    arm: str
    label: str
    estimate: float
    lower: float
    upper: float
    p: float
    required_reduction: float | None
    met: bool | None
    sentence: str


def answer(
    results: pd.DataFrame,
    analysis: str,
    arm: Entry,
    reference: Entry,
    criterion: Entry | None,
    confidence_level: float,
    measure: str = "relative_change",
) -> Answer:
    """Word the answer that an analysis gives for an arm.

    Args:
        results: Table ``results``.
        analysis: Id of the analysis.
        arm: The arm's entry of the protocol.
        reference: The reference arm's entry.
        criterion: Entry ``success_criterion``; None where the trial has none.
        confidence_level: Level of the interval.
        measure: What the analysis estimates, such as ``relative_change`` or ``odds_ratio``; the
            criterion is one of a relative change.
    """
    estimate, lower, upper, p = (
        value_of(results, analysis, statistic, group=arm["id"])
        for statistic in (measure, f"{measure}_lower", f"{measure}_upper", "p_value")
    )
    required = float(criterion["relative_reduction"]) if criterion else None
    judged = required is not None and measure == "relative_change" and not math.isnan(estimate)
    met = bool(estimate <= -float(required or 0)) if judged else None
    on, against = _within_sentence(arm["label"]), _within_sentence(reference["label"])
    if math.isnan(estimate):
        sentence = f"The effect of {on} against {against} could not be estimated."
    elif measure == "odds_ratio":
        limits = f"{rounded(lower, 2)} to {rounded(upper, 2)}"
        sentence = (
            f"The odds of responding on {on} were {rounded(estimate, 2)} times those on {against}"
            f"{_uncertainty(lower, upper, limits, p, confidence_level)}."
        )
    elif measure != "relative_change":
        limits = f"{rounded(lower, 3)} to {rounded(upper, 3)}"
        sentence = (
            f"The {measure.replace('_', ' ')} of {on} against {against} was {rounded(estimate, 3)}"
            f"{_uncertainty(lower, upper, limits, p, confidence_level)}."
        )
    else:
        limits = f"{_signed(lower)} to {_signed(upper)}"
        sentence = (
            f"Seizure frequency on {on} was {_compared(estimate, against)}"
            f"{_uncertainty(lower, upper, f'from {limits}', p, confidence_level)}."
        )
    if required is not None and met is not None:
        sentence += " " + _against_criterion(lower, upper, required, met)
    return Answer(arm["id"], arm["label"], estimate, lower, upper, p, required, met, sentence)


def _within_sentence(label: str) -> str:
    """A capitalised word loses its capital within a sentence, an abbreviation keeps it."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _compared(change: float, against: str) -> str:
    size = rounded(abs(change), 1)
    if float(size) == 0:
        return f"the same as on {against} to a tenth of a percent"
    return f"{size}% {'lower' if change < 0 else 'higher'} than on {against}"


def _uncertainty(lower: float, upper: float, limits: str, p: float, level: float) -> str:
    if math.isnan(lower) or math.isnan(upper):
        return ", with an uncertainty that could not be estimated"
    printed = p_value(p)
    p_words = f"p {printed[0]} {printed[1:]}" if printed.startswith("<") else f"p = {printed}"
    return f" ({100 * level:g}% confidence interval {limits}; {p_words})"


def _signed(change: float) -> str:
    return f"{rounded(abs(change), 1)}% {'lower' if change < 0 else 'higher'}"


def _against_criterion(lower: float, upper: float, required: float, met: bool) -> str:
    head = f"The criterion, a reduction of at least {required:g}%, was {'' if met else 'not '}met"
    if math.isnan(lower) or math.isnan(upper):
        return f"{head}."
    if upper <= -required:
        return f"{head}, and the whole interval lies beyond it."
    if lower > -required:
        tail = "" if lower <= 0 <= upper else _beside_no_effect(upper)
        return f"{head}, and the interval excludes a reduction of that size{tail}."
    if upper >= 0:
        return (
            f"{head}; the interval holds both a reduction of that size and no effect at all, so "
            "these data rule out neither."
        )
    if met:
        return f"{head}; the interval excludes no effect, but not reductions smaller than that."
    return f"{head}; the interval excludes no effect, and a reduction of that size is still in it."


def _beside_no_effect(upper: float) -> str:
    return (
        ", though not a smaller one: no effect is excluded too"
        if upper < 0
        else (": it lies wholly on the side of more seizures")
    )
