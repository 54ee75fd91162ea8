"""Small changes of words: dashes, capitals within a sentence, lists, days in words."""

from __future__ import annotations

import re

from seizureflow.displays.values import minus
from seizureflow.study_days import interval_length


def dashed(text: str) -> str:
    """Write a hyphen between numbers as an en dash.

    >>> dashed("Weeks 8-24")
    'Weeks 8–24'
    """
    return re.sub(r"(?<=\d)-(?=\d)", "–", text)


def lower_first(label: str) -> str:
    """A label within a sentence: a capitalised word loses its capital, an abbreviation keeps it.

    >>> lower_first("Placebo"), lower_first("LEV 500 mg"), lower_first("0.2 added")
    ('placebo', 'LEV 500 mg', '0.2 added')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def upper_first(text: str) -> str:
    """A phrase at the start of a sentence."""
    return text[:1].upper() + text[1:]


def days_in_words(days: list[int]) -> str:
    """A half-open interval of study days with its last day and its length.

    >>> days_in_words([-42, 1]), days_in_words([57, 169])
    ('days −42 to −1 (42 days)', 'days 57 to 168 (112 days)')
    """
    start, end = days
    last = end - 1 if end != 1 else -1
    length = interval_length(start, end)
    return f"days {minus(str(start))} to {minus(str(last))} ({count_of(length, 'day')})"


def count_of(count: int, noun: str) -> str:
    """A count with its noun.

    >>> count_of(1, "day"), count_of(2, "day")
    ('1 day', '2 days')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(items: list[str], last: str = "and") -> str:
    """Items in words.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
