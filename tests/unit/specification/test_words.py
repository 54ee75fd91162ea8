import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.specification.words import bounds, frequency, number, short_label


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"at_least": 24}, "at least 24"),
        ({"at_least": 18, "at_most": 75}, "at least 18 and at most 75"),
        ({"more_than": 0, "less_than": 0.5}, "more than 0 and less than 0.5"),
        ({"one_of": ["F"]}, "F"),
        ({"one_of": ["F", 2]}, "F or 2"),
        ({"at_least": 1, "none_of": [7, 8]}, "at least 1 and not 7 or 8"),
    ],
)
def test_bounds(entry, words):
    assert bounds(entry) == words


@pytest.mark.parametrize(
    ("value", "text"), [(1234567, "1234567"), (0.1, "0.1"), (50.0, "50"), (1 / 3, repr(1 / 3))]
)
def test_numbers_keep_their_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("least", "when"),
    [(1, "no day was recorded"), (21, "fewer than 21 days were recorded")],
)
def test_a_frequency_has_the_numbers_of_the_plan(least, when):
    diary = {"frequency_days": 30, "minimum_recorded_days": least}
    assert frequency(diary, "BSCOUNT", "BSDAYS") == f"30 × BSCOUNT / BSDAYS; missing where {when}."


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=90))
def test_a_label_fits(text):
    label = short_label(text)
    assert len(label.encode()) <= 40
    assert label == text or (len(text.encode()) > 40 and label.endswith("..."))


def test_a_long_label_is_cut_between_words():
    assert short_label("At least 24 countable seizures in the baseline") == (
        "At least 24 countable seizures in the..."
    )
