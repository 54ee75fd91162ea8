"""A small picture of the answer: the estimate with its interval, no effect and the criterion."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seizureflow.displays.values import minus, percent_level
from seizureflow.displays.words import lower_first
from seizureflow.rounding import rounded
from seizureflow.success import Answer

_MARGIN = 0.17  # of the range, on either side: room for half a label on a phone


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


def pictures(answers: Sequence[Answer], confidence_level: float) -> list[Picture]:
    """Place answers that are relative changes on one axis; one without a finite place is left out.

    Args:
        answers: The answers.
        confidence_level: Level of their intervals.
    """
    placed = [given for given in answers if all(map(_has_place, _numbers(given)))]
    places = [math.log1p(value / 100) for given in placed for value in _marks(given)]
    if not places:
        return []
    low, high = min(places), max(places)
    margin = _MARGIN * (high - low) or 1.0

    def position(value: float) -> str:
        share = (math.log1p(value / 100) - low + margin) / (high - low + 2 * margin)
        return f"{100 * share:.2f}%"

    return [_picture(given, position, percent_level(confidence_level)) for given in placed]


def _numbers(given: Answer) -> tuple[float, float, float]:
    return given.lower, given.estimate, given.upper


def _has_place(change: float) -> bool:
    return math.isfinite(change) and change > -100


def _marks(given: Answer) -> list[float]:
    """Everything that the axis must hold."""
    required = given.required_reduction
    return [*_numbers(given), 0.0, *([] if required is None else [-required])]


def _picture(given: Answer, position: Callable[[float], str], level: str) -> Picture:
    start, change, end = (minus(rounded(value, 1)) for value in _numbers(given))
    text = (
        f"Relative change on {lower_first(given.label)}: {change}%, {level} interval {start}% to "
        f"{end}%, beside no effect at 0%"
    )
    required = given.required_reduction
    mark = "" if required is None else f"−{required:g}%"
    return Picture(
        arm=given.label,
        lower=position(given.lower),
        estimate=position(given.estimate),
        upper=position(given.upper),
        no_effect=position(0.0),
        criterion=None if required is None else position(-required),
        criterion_label=mark,
        text=text + (f" and the criterion at {mark}." if mark else "."),
    )
