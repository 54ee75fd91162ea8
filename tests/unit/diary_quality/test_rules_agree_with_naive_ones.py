"""On random small diaries the vectorised rules find what plain loops find."""

import re
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from seizureflow.diary_quality import assess_diary, compliance
from unit.diary_quality.naive_rules import days, naive_compliance, naive_rules
from unit.diary_quality.small_diaries import SETTINGS, intervals_of, people_of, seizures_of

LIMITS = SETTINGS | {"maximum_daily_count": 3, "identical_run_days": 3, "backfill_days": 1}
LIMITS |= {"minimum_compliance": 60, "maximum_days_outside": 1}
PERIODS = [("before", "Before", -4, 1), ("early", "Early", 1, 4), ("across", "Across", -2, 7)]
PEOPLE = ["A", "B", "C"]
DAYS = [-4, -3, -2, -1, 1, 2, 3, 4, 5]


@st.composite
def diaries(draw):
    intervals = []
    for row in range(draw(st.integers(0, 14))):
        start = draw(st.sampled_from(DAYS))
        longer = draw(st.sampled_from([0, 0, 0, 1, 3]))
        index = DAYS.index(start) + 1 + longer
        end = [*DAYS, 6, 7, 8, 9][index]
        lag = draw(st.sampled_from([None, -1, 0, 1, 2]))
        recorded = draw(st.sampled_from([True, True, True, False]))
        intervals.append((draw(st.sampled_from(PEOPLE)), start, end, recorded, row + 2, lag))
    seizures = []
    for _ in range(draw(st.integers(0, 14))):
        if intervals and draw(st.integers(0, 9)):
            person, start, _, _, row, _ = draw(st.sampled_from(intervals))
            row = draw(st.sampled_from([row, row, row, 99]))
        else:
            person, start, row = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(DAYS)), 98
        cluster = draw(st.sampled_from([False, False, True]))
        count = 1 if cluster else draw(st.sampled_from([1, 1, 2, 4]))
        kind = draw(st.sampled_from(["tonic", "tonic", "clonic", "status"]))
        seizures.append((person, start, kind, count, cluster, row))
    bound = st.sampled_from([None, *DAYS])
    people = {
        person: (draw(bound), draw(bound), draw(st.sampled_from("YN")))
        for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    }
    return intervals, seizures, people


def numbers(words):
    """Numbers in ``day -3``, ``days -3 to 2, 9, 12-30`` or ``3, 4, 7-12``; no study day 0."""
    found = set()
    for first, last in re.findall(r"(-?\d+)(?:(?: to |-)(-?\d+))?", words):
        found |= set(days(int(first), int(last or first) + 1))
    return found


@settings(max_examples=150)
@given(diaries())
def test_rules(diary):
    intervals, seizures, people = diary
    findings, table = assess_diary(
        intervals_of(intervals),
        seizures_of(seizures),
        people_of([(person, *facts) for person, facts in people.items()]),
        PERIODS,
        LIMITS,
        file="diary.csv",
        status_types={"status"},
        status_words="",
    )
    found = defaultdict(dict)
    for finding in findings:
        if finding.rule == "gap_in_diary":
            found[finding.rule][finding.participant] = numbers(finding.value.split("(")[0])
        elif finding.rule not in ("low_compliance", "no_diary"):
            found[finding.rule][finding.participant] = numbers(finding.rows)
        if finding.rule == "duplicate_day" and "conflicting" in finding.value:
            words = finding.value.split("identical; ")[-1].split(":")[0]
            found["conflicting"][finding.participant] = numbers(words)
    expected = naive_rules(intervals, seizures, people, LIMITS)
    # The words join days that touch, so of conflicting records the first days may lie inside.
    conflicting = expected.pop("conflicting", {})
    worded = found.pop("conflicting", {})
    assert worded.keys() == conflicting.keys()
    assert all(conflicting[person] <= worded[person] for person in conflicting)
    rows = naive_compliance(intervals, people, PERIODS)
    counted = table.drop(columns="PERCENT").itertuples(index=False)
    assert [tuple(row) for row in counted] == rows
    if not intervals:  # nothing is said of a diary without any day
        assert findings == []
        return
    assert dict(found) == expected
    with_rows = {row[0] for row in intervals}
    without = {p for p, facts in people.items() if facts[2] == "Y" and p not in with_rows}
    assert {f.participant for f in findings if f.rule == "no_diary"} == without
    low = {row[0] for row in rows if row[2] and 100 * row[3] < 60 * row[2]} - without
    assert {f.participant for f in findings if f.rule == "low_compliance"} == low


@settings(max_examples=30)
@given(diaries())
def test_compliance_alone_is_the_table_of_the_assessment(diary):
    intervals, _, people = diary
    listed = people_of([(person, *facts) for person, facts in people.items()])
    table = compliance(intervals_of(intervals), listed, PERIODS)
    counted = table.drop(columns="PERCENT").itertuples(index=False)
    assert [tuple(row) for row in counted] == naive_compliance(intervals, people, PERIODS)
