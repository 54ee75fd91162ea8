"""Entries of a protocol in words: bounds, days, frequencies, labels that fit."""

from __future__ import annotations

from typing import Any

from seizureflow.displays.words import count_of, days_in_words, listed

Entry = dict[str, Any]

LONGEST_LABEL = 40
YES_NO = (("Y", "Yes"), ("N", "No"))
DAY_ONE = (
    "Day 1 is the day of the first dose, else of randomisation, else the day after a baseline that "
    "began on the day of screening."
)

_BOUNDS = {
    "at_least": "at least",
    "at_most": "at most",
    "more_than": "more than",
    "less_than": "less than",
}


def number(value: float) -> str:
    """A number of the protocol with all its digits.

    >>> number(24), number(0.2), number(50.0)
    ('24', '0.2', '50')
    """
    return str(int(value)) if float(value).is_integer() else repr(value)


def bounds(entry: Entry) -> str:
    """The bounds of an entry.

    >>> bounds({"at_least": 18, "at_most": 75}), bounds({"one_of": ["F", "M"]})
    ('at least 18 and at most 75', 'F or M')
    """
    parts = [f"{words} {number(entry[key])}" for key, words in _BOUNDS.items() if key in entry]
    if "one_of" in entry:
        parts.append(listed([str(value) for value in entry["one_of"]], "or"))
    if "none_of" in entry:
        parts.append(f"not {listed([str(value) for value in entry['none_of']], 'or')}")
    return listed(parts)


def short_label(text: str) -> str:
    """A label of at most 40 bytes; a longer one is cut after a word and ends in three dots.

    >>> short_label("Structural cause")
    'Structural cause'
    >>> short_label("At least 24 countable seizures in the baseline")
    'At least 24 countable seizures in the...'
    """
    if len(text.encode()) <= LONGEST_LABEL:
        return text
    room = text.encode()[: LONGEST_LABEL - 2].decode(errors="ignore")
    whole_words = room.rsplit(" ", 1)[0] if " " in room else room[:-1]
    return f"{whole_words.rstrip(' ,;:')}..."


def frequency(diary: Entry, count: str, days: str) -> str:
    """How a frequency comes from a count and recorded days, given by the names of variables."""
    least = diary["minimum_recorded_days"]
    few = "no day was recorded" if least <= 1 else f"fewer than {least} days were recorded"
    return f"{diary['frequency_days']} × {count} / {days}; missing where {few}."


def countable(diary: Entry) -> str:
    """Which seizures count, and what a cluster counts."""
    types = diary["seizure_types"]
    counted = [str(entry["label"]) for entry in types if entry["countable"]]
    left_out = [str(entry["label"]) for entry in types if not entry["countable"]]
    sentence = f"Countable: {'; '.join(counted)}."
    if left_out:
        sentence += f" Not countable: {'; '.join(left_out)}."
    return f"{sentence} {clusters(diary)}"


def clusters(diary: Entry) -> str:
    """What a cluster counts."""
    return f"A cluster that cannot be told apart counts {diary['cluster_count_per_day']} a day."


def study_day(date: str) -> str:
    """How a study day comes from a date, given by the names of variables."""
    return f"Study day of {date}. {DAY_ONE} The day before it is day −1; there is no day 0."


def baseline_days(protocol: Entry) -> str:
    """The days of the baseline."""
    return days_in_words(protocol["design"]["baseline"]["days"])


def recorded_at_least(diary: Entry) -> str:
    """How many days a window must have to have a frequency."""
    return f"at least {count_of(max(diary['minimum_recorded_days'], 1), 'recorded day')}"
