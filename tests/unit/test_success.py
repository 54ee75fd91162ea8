"""The answer in words, for every way in which an interval can lie."""

import math

import pandas as pd
import pytest
from seizureflow.success import answer

ARM = {"id": "active", "label": "Active 10 mg"}
REFERENCE = {"id": "dummy", "label": "Placebo"}
CRITERION = {"relative_reduction": 31}


def ask(estimate, lower, upper, p=0.04, criterion=CRITERION, measure="relative_change", level=0.95):
    values = {measure: estimate, f"{measure}_lower": lower, f"{measure}_upper": upper, "p_value": p}
    frame = pd.DataFrame(
        [
            {"ANALYSIS": "a", "STATISTIC": name, "GROUP": "active", "VALUE": value}
            for name, value in values.items()
        ]
    ).assign(VARIABLE=None, LEVEL=None, VISIT=None)
    return answer(frame, "a", ARM, REFERENCE, criterion, level, measure)


def test_the_sentence_of_a_trial():
    """The numbers are those of the published paper (doi 10.1212/WNL.0000000000012766)."""
    given = ask(-14.4, -46.1, 36.1, 0.51)
    assert given.met is False
    assert given.sentence == (
        "Seizure frequency on active 10 mg was 14.4% lower than on placebo (95% confidence "
        "interval from 46.1% lower to 36.1% higher; p = 0.51). The criterion, a reduction of at "
        "least 31%, was not met; the interval holds both a reduction of that size and no effect "
        "at all, so these data rule out neither."
    )


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "met", "words"),
    [
        (-40, -60, -35, True, "was met, and the whole interval lies beyond it."),
        (-40, -60, -10, True, "was met; the interval excludes no effect, but not reductions"),
        (-40, -60, 10, True, "was met; the interval holds both"),
        (-20, -40, -5, False, "was not met; the interval excludes no effect, and a reduction"),
        (-10, -20, 5, False, "and the interval excludes a reduction of that size."),
        (-20, -29, -5, False, "though not a smaller one: no effect is excluded too."),
        (20, 5, 40, False, "it lies wholly on the side of more seizures."),
        (-31, -60, -10, True, "was met"),
        (-30.99, -60, -10, False, "was not met"),
        (-40, math.nan, math.nan, True, "uncertainty that could not be estimated. The criterion"),
    ],
)
def test_every_place_of_the_interval_has_its_words(estimate, lower, upper, met, words):
    given = ask(estimate, lower, upper)
    assert given.met is met
    assert words in given.sentence
    assert given.sentence.endswith(".")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"p": 0.0002}, "p < 0.001)"),
        ({"p": 0.0235}, "p = 0.024)"),
        ({"level": 0.9}, "(90% confidence interval"),
        ({"level": 0.975}, "(97.5% confidence interval"),
    ],
)
def test_level_and_p_are_worded(arguments, words):
    assert words in ask(-40, -60, -10, **arguments).sentence


def test_an_estimate_that_rounds_to_zero_is_called_the_same():
    sentence = ask(0.03, -39, 64, 0.999).sentence
    assert "was the same as on placebo to a tenth of a percent" in sentence


def test_without_a_criterion_nothing_is_judged():
    given = ask(-40, -60, -10, criterion=None)
    assert given.met is None
    assert "criterion" not in given.sentence


def test_without_an_estimate_nothing_is_judged():
    given = ask(math.nan, math.nan, math.nan)
    assert given.met is None
    assert given.sentence == "The effect of active 10 mg against placebo could not be estimated."


def test_an_odds_ratio_is_worded_as_one():
    given = ask(2.09, 0.64, 6.85, 0.22, criterion=None, measure="odds_ratio")
    assert given.sentence == (
        "The odds of responding on active 10 mg were 2.09 times those on placebo (95% confidence "
        "interval 0.64 to 6.85; p = 0.22)."
    )


@pytest.mark.parametrize(
    ("label", "words"), [("LEV 500 mg", "on LEV 500 mg"), ("Tablet", "on tablet")]
)
def test_abbreviations_keep_their_capitals(label, words):
    frame = pd.DataFrame({"ANALYSIS": [], "STATISTIC": [], "GROUP": [], "VALUE": []})
    given = answer(
        frame.assign(VARIABLE=None, LEVEL=None, VISIT=None),
        "a",
        {"id": "x", "label": label},
        REFERENCE,
        None,
        0.95,
    )
    assert words.removeprefix("on ") in given.sentence
