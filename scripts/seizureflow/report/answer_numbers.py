"""Finds in the sentence of the answer the numbers that it states, so that each keeps its row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from seizureflow.displays.values import Cell, Number, Result
from seizureflow.rounding import p_value, rounded


def with_numbers(sentence: str, rows: Iterable[Result | None]) -> Cell:
    """Split a sentence at the numbers of rows of the results.

    Args:
        sentence: The answer in words, see :func:`seizureflow.success.answer`.
        rows: The rows that it states, in its order: the estimate, its limits and p; None for one
            that there is not.

    Returns:
        The sentence in pieces. A number that is not found as it would be printed stays words.
    """
    pieces: list[str | Number] = []
    rest = sentence
    for row in rows:
        place, text = _first(rest, row)
        if row is None or not text:
            continue
        pieces += [rest[:place], Number(text, repr(row.value), row.identity)]
        rest = rest[place + len(text) :]
    return (*pieces, rest)


def _first(text: str, row: Result | None) -> tuple[int, str]:
    """Where the number of a row stands first, and how it is written there."""
    if row is None or math.isnan(row.value):
        return 0, ""
    for before, printed, after in _writings(row):
        place = text.find(f"{before}{printed}{after}")
        if place >= 0:
            return place + len(before), printed
    return 0, ""


def _writings(row: Result) -> Iterator[tuple[str, str, str]]:
    """Ways in which a sentence may write a number, with the words around it."""
    value = row.value
    if row.statistic.startswith("p_value"):
        printed = p_value(value)
        yield "p\u00a0=\u00a0", printed, ")"
        yield "p\u00a0", f"{printed[0]}\u00a0{printed[1:]}", ")"
        return
    if row.statistic.startswith("relative_change"):
        way = "lower" if value < 0 else "higher"
        for before in ("was ", "from ", "to "):
            yield before, f"{rounded(abs(value), 1)}% {way}", ""
        return
    places = (("were ", " times"), ("was ", " ("), ("interval ", " to "), (" to ", ";"))
    for decimals in (2, 3):
        for before, after in places:
            yield before, rounded(value, decimals), after
