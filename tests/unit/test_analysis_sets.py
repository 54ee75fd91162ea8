"""Names of the flags of analysis sets and facts."""

import re

import pytest
from seizureflow.analysis_sets import FACTS, set_flag


@pytest.mark.parametrize(
    ("identifier", "flag"),
    [
        # ADaM Implementation Guide 1.3, table 3.2.5: population flags
        ("enrolled", "ENRLFL"),
        ("randomised", "RANDFL"),
        ("safety", "SAFFL"),
        ("full", "FASFL"),
        ("itt", "ITTFL"),
        ("per_protocol", "PPROTFL"),
        ("completers", "COMPLFL"),
        # made from the id
        ("mitt", "MITTFL"),
        ("responders", "RESPONFL"),
        ("a_very_long_identifier", "AVERYLFL"),
        ("a", "AFL"),
        ("set_2", "SET2FL"),
    ],
)
def test_flags(identifier, flag):
    assert set_flag(identifier) == flag
    assert re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", flag)


def test_every_fact_has_a_flag_of_its_own_that_is_an_adam_name():
    assert len(set(FACTS.values())) == len(FACTS)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{0,5}FL", flag) for flag in FACTS.values())
