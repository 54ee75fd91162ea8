import numpy as np
import pytest
from seizureflow.diary_quality.day_axis import DayAxis
from seizureflow.diary_quality.day_words import day_words
from seizureflow.diary_quality.wording import MOST_PARTICIPANTS, RULES
from unit.diary_quality.small_diaries import assessed, days_of

AXIS = DayAxis(low=-10, span=1000)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([5], "day 5"),
        ([-1, 1], "days -1 to 1"),
        ([-5, -4, -3], "days -5 to -3"),
        ([2, 3], "days 2-3"),
        ([1, 3, 4, 9], "days 1, 3-4, 9"),
        (list(range(1, 11, 2)), "days 1, 3, 5 and 2 more stretches"),
    ],
)
def test_day_words(days, words):
    begin = AXIS.positions(7, np.array(days))
    assert day_words(AXIS, begin, begin + 1, most=3) == words


@pytest.mark.parametrize(("number", "others"), [(0, None), (1, "1 more participant"), (1200, "1,200 more participants")])  # fmt: skip
def test_the_first_participants_are_named_and_the_others_counted(number, others):
    people = [f"P{i:05d}" for i in range(MOST_PARTICIPANTS + number)]
    rows = [row for i, person in enumerate(people) for row in days_of(person, [1, 2], 2 * i, lag=9)]
    findings = assessed(rows)
    named = findings[:MOST_PARTICIPANTS]
    assert [finding.participant for finding in named] == people[:MOST_PARTICIPANTS]
    rest = findings[MOST_PARTICIPANTS:]
    assert [finding.participant for finding in rest] == ([f"and {others}"] if others else [])
    for finding in rest:
        assert finding.value == f"{2 * number:,} records"
        assert (finding.rows, finding.message) == ("", named[0].message)


def test_every_finding_says_what_where_and_what_to_do():
    rows = [*days_of("A", [1, 1, 1], 2, lag=20), ("A", 1, 3, True, 9, -2)]
    seizures = [("A", 1, "tonic", 99, False, 2), ("A", 1, "status", 1, True, 2)]
    findings = assessed(rows, seizures)
    assert {finding.rule for finding in findings} == {
        *("duplicate_day", "overlapping_records", "absurd_count", "status_epilepticus"),
        *("backfilled", "entered_before_day"),
    }
    for finding in findings:
        assert finding.severity == RULES[finding.rule].severity
        assert finding.file == "diary.csv"
        assert finding.value
        assert finding.rows
        assert finding.message.endswith(".")
        assert finding.action.endswith(".")
        assert "{" not in finding.message


def test_severities():
    """The severities that the specification of the rules gives."""
    by_severity = {
        "error": "duplicate_day overlapping_records absurd_count entered_before_day",
        "warning": "before_screening after_end_of_study count_on_missing_day cluster_and_single "
        "status_epilepticus identical_run backfilled low_compliance no_diary",
        "note": "gap_in_diary",
    }
    expected = {rule: severity for severity, rules in by_severity.items() for rule in rules.split()}
    assert {rule: words.severity for rule, words in RULES.items()} == expected
