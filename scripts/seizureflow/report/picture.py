"""A small picture of the answer: the estimate with its interval, no effect and the criterion."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seizureflow.report.labels import lower_first
from seizureflow.report.values import minus, percent_level
from seizureflow.rounding import rounded
from seizureflow.success import Answer

_MARGIN = 0.08  # of the range, on either side


@dataclass(frozen=True)
class Picture:
    """Positions on a logarithmic axis, in percent of its width.

    Attributes:
        arm: What is compared.
        lower: Lower limit.
        estimate: The estimate.
        upper: Upper limit.
        no_effect: Where the arms are equal.
        criterion: Where the criterion is; None without one.
        criterion_label: The criterion in words.
        text: The picture in words.
    """

    arm: str
    lower: str
    estimate: str
    upper: str
    no_effect: str
    criterion: str | None
    criterion_label: str
    text: str


def picture(given: Answer, confidence_level: float) -> Picture | None:
    """Place an answer that is a relative change; None where it has no finite place.

    Args:
        given: The answer.
        confidence_level: Level of its interval.
    """
    numbers = [given.lower, given.estimate, given.upper]
    if not all(math.isfinite(value) and value > -100 for value in numbers):
        return None
    required = given.required_reduction
    marks = [0.0] if required is None else [0.0, -required]
    places = [math.log1p(value / 100) for value in numbers + marks]
    low, high = min(places), max(places)
    margin = _MARGIN * (high - low) or 1.0
    lower, estimate, upper, *marked = (
        f"{100 * (place - low + margin) / (high - low + 2 * margin):.2f}%" for place in places
    )
    start, change, end = (minus(rounded(value, 1)) for value in numbers)
    words = [
        f"Relative change on {lower_first(given.label)}: {change}%, "
        f"{percent_level(confidence_level)} interval {start}% to {end}%, beside no effect at 0%"
    ]
    if required is not None:
        words.append(f" and the criterion at −{required:g}%")
    return Picture(
        arm=given.label,
        lower=lower,
        estimate=estimate,
        upper=upper,
        no_effect=marked[0],
        criterion=marked[1] if required is not None else None,
        criterion_label="" if required is None else f"−{required:g}%",
        text="".join(words) + ".",
    )
