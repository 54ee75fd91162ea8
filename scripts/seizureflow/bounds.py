"""Bounds that the protocol puts on a value: of a criterion, a covariate or an analysis set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the plan is checked without loading pandas
    import pandas as pd

Entry = dict[str, Any]

COMPARISONS = {
    "at_least": ("at least", lambda values, limit: values >= limit),
    "at_most": ("at most", lambda values, limit: values <= limit),
    "more_than": ("more than", lambda values, limit: values > limit),
    "less_than": ("less than", lambda values, limit: values < limit),
}
LISTS = {"one_of": "one of", "none_of": "none of"}

BOUNDS = (*COMPARISONS, *LISTS)


def within(values: pd.Series[Any], entry: Mapping[str, Any]) -> pd.Series[Any]:
    """Whether values keep all bounds of an entry; a missing value keeps none.

    Args:
        values: Numbers, or text where the bounds are ``one_of`` or ``none_of``.
        entry: Any of :data:`BOUNDS`, each with its limit.
    """
    kept = values.notna()
    compared = without_rounding_errors(values) if values.dtype.kind == "f" else values
    for name, (_, compare) in COMPARISONS.items():
        if name in entry:
            kept &= compare(compared, entry[name]).fillna(False).astype(bool)
    for name in LISTS:
        if name in entry:
            among = _among(values, entry[name])
            kept &= among if name == "one_of" else ~among
    return kept.astype(bool)


def without_rounding_errors(values: pd.Series[Any]) -> pd.Series[Any]:
    """Computed values as they are compared with a bound: to ten decimal places.

    2.1 / 0.7 is a little more than 3 to a computer, and a change from 36.7 to 37.8 less than 1.1.
    """
    return values.round(10)


def _among(values: pd.Series[Any], allowed: Sequence[Any]) -> pd.Series[Any]:
    """Whether values are among those of a list; text, such as a site, may be digits in either."""
    if values.dtype.kind == "O":
        return values.astype("str").isin([str(value) for value in allowed])
    return values.isin([float(value) for value in allowed if is_number(value)])


def is_number(value: Any) -> bool:
    """Whether a value of a list is a number, written as one or as text."""
    try:
        float(value)
    except ValueError:
        return False
    return True


def bounds_in_words(entry: Mapping[str, Any]) -> str:
    """Say the bounds of an entry.

    >>> bounds_in_words({"at_least": 18, "at_most": 75})
    'at least 18 and at most 75'
    """
    words = [f"{text} {entry[name]:g}" for name, (text, _) in COMPARISONS.items() if name in entry]
    words += [
        f"{text} {', '.join(map(str, entry[name]))}"
        for name, text in LISTS.items()
        if name in entry
    ]
    return " and ".join(words)
