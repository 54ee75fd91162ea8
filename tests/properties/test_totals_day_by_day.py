"""Windows, totals, runs and times, against plain loops over days for any small study."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from seizureflow.adtte import NO_BASELINE, NO_DIARY, derive_adtte
from seizureflow.problems import InputError
from seizureflow.seizure_frequency import (
    countable_intervals,
    frequency,
    longest_seizure_free_run,
    seizure_free_days,
    totals_by_type,
    window_totals,
)
from seizureflow.study_days import from_ordinal, ordinal
from seizureflow.windows import participant_windows

DIARY = {
    "frequency_days": 7,
    "minimum_recorded_days": 1,
    "cluster_count_per_day": 3,
    "seizure_types": [
        {"id": "motor", "countable": True},
        {"id": "aura", "countable": False},
        {"id": "impaired", "countable": True},
    ],
}
TYPES = [entry["id"] for entry in DIARY["seizure_types"]]
PEOPLE = ["B", "A", "D", "C"]  # C and D may have no diary


def day(step: int) -> int:
    return int(from_ordinal(step))


def as_text(values):
    return pd.Series(values, dtype="str")


def as_categories(values):
    """In an odd order, with categories that do not occur."""
    return pd.Series(pd.Categorical(values, ["Z", "D", "B", "C", "A", "0"]))


entries = st.tuples(
    st.integers(1, 3),  # length in days, 1 where the diary is daily
    st.booleans(),  # recorded
    st.lists(st.tuples(st.sampled_from(TYPES), st.integers(1, 3), st.booleans()), max_size=3),
)


@st.composite
def studies(draw):
    """Intervals and seizures of up to four participants, in any order."""
    daily = draw(st.booleans())
    intervals, seizures = [], []
    for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4)):
        # An interval never holds both day -1 and day 1.
        for first, last in ((draw(st.integers(-9, 0)), 0), (draw(st.integers(0, 9)), 20)):
            step = first
            for length, recorded, seen in draw(st.lists(entries, max_size=9)):
                end = min(step + (1 if daily else length), last)
                if end == step:
                    break
                intervals.append((person, day(step), day(end), recorded))
                seizures += [(person, day(step), *one) for one in seen]
                step = end
    text = draw(st.sampled_from([as_text, as_categories]))
    tables = []
    for rows, names in (
        (intervals, ["USUBJID", "START", "END", "RECORDED"]),
        (seizures, ["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"]),
    ):
        columns = list(zip(*draw(st.permutations(rows)), strict=True)) or [()] * len(names)
        kinds = {"START": "int64", "END": "int64", "COUNT": "int64"}
        kinds |= {"RECORDED": "bool", "CLUSTER": "bool"}
        table = {
            name: text(list(values))
            if name == "USUBJID"
            else pd.Series(list(values), dtype=kinds.get(name, "str"))
            for name, values in zip(names, columns, strict=True)
        }
        tables.append(pd.DataFrame(table))
    return tables[0], tables[1]


def counted(intervals, seizures, types):
    """Recorded intervals of each participant in order: [start, end, count of the types]."""
    held = {}
    for row in intervals[intervals["RECORDED"]].itertuples():
        held.setdefault(row.USUBJID, []).append([row.START, row.END, 0])
    for row in seizures.itertuples():
        for interval in held.get(row.USUBJID, []):
            if interval[0] == row.START and row.SEIZTYPE in types:
                interval[2] += row.COUNT * (3 if row.CLUSTER else 1)
    return {person: sorted(own) for person, own in held.items()}


def days_in(start, end):
    return [step for step in range(start, end) if step != 0]


COUNTABLE = ["motor", "impaired"]
bounds = st.tuples(st.integers(-12, 24), st.integers(-12, 24)).map(
    lambda pair: (day(min(pair)), day(max(pair)))
)


@given(studies())
def test_countable_intervals(study):
    intervals, seizures = study
    found = countable_intervals(intervals, seizures, DIARY)
    expected = counted(intervals, seizures, COUNTABLE)
    rows = {}
    for row in found.itertuples():
        rows.setdefault(row.USUBJID, []).append([row.START, row.END, row.COUNT])
        assert len(days_in(row.START, row.END)) == row.DAYS
    assert {person: sorted(own) for person, own in rows.items()} == expected
    # The rows stand in the order of the intervals.
    kept = intervals[intervals["RECORDED"]]
    assert found["START"].tolist() == kept["START"].tolist()
    assert found["USUBJID"].tolist() == kept["USUBJID"].tolist()


@given(studies(), st.lists(st.tuples(st.sampled_from(PEOPLE), bounds), max_size=8), st.booleans())
def test_totals_of_windows(study, wanted, coded):
    """Windows may overlap one another, be empty, and lie anywhere; a cut period is an error."""
    intervals, seizures = study
    countable = countable_intervals(intervals, seizures, DIARY)
    people = [person for person, _ in wanted]
    windows = pd.DataFrame(
        {
            "USUBJID": (as_categories if coded else as_text)(people),
            "WINDOW": [f"w{number}" for number in range(len(wanted))],
            "START": np.array([pair[0] for _, pair in wanted], dtype="int64"),
            "END": np.array([pair[1] for _, pair in wanted], dtype="int64"),
        }
    )
    held = counted(intervals, seizures, COUNTABLE)
    cut = {
        (number, start, end)
        for number, (person, (first, after)) in enumerate(wanted)
        for start, end, _ in held.get(person, [])
        if start < after and end > first and not (first <= start and end <= after)
    }
    if cut:
        for call in (
            lambda: window_totals(countable, windows),
            lambda: seizure_free_days(countable, windows),
            lambda: totals_by_type(countable, seizures, windows, DIARY),
        ):
            with pytest.raises(InputError) as caught:
                call()
            assert len(caught.value.problems) == len(cut)
        return
    found = window_totals(countable, windows)
    found["FREE"] = seizure_free_days(countable, windows)
    by_type = totals_by_type(countable, seizures, windows, DIARY)
    assert list(by_type.columns) == TYPES
    for number, (person, (first, after)) in enumerate(wanted):
        inside = [i for i in held.get(person, []) if first <= i[0] and i[1] <= after]
        lengths = [len(days_in(start, end)) for start, end, _ in inside]
        row = found.iloc[number]
        assert (row["COUNT"], row["DAYS"]) == (sum(i[2] for i in inside), sum(lengths))
        unknown = any(i[2] and n > 1 for i, n in zip(inside, lengths, strict=True))
        free = sum(n for i, n in zip(inside, lengths, strict=True) if i[2] == 0)
        assert math.isnan(row["FREE"]) if unknown else row["FREE"] == free
        for kind in TYPES:
            own = counted(intervals, seizures, [kind]).get(person, [])
            expected = sum(count for start, end, count in own if first <= start and end <= after)
            assert by_type[kind].iloc[number] == expected


@given(studies(), bounds)
def test_longest_run_is_the_longest_string_of_free_days(study, pair):
    first, after = pair
    found = longest_seizure_free_run(countable_intervals(*study, DIARY), first, after)
    expected = {}
    for person, own in counted(*study, COUNTABLE).items():
        inside = [i for i in own if first <= i[0] and i[1] <= after]
        free = {d for start, end, count in inside if count == 0 for d in days_in(start, end)}
        if inside:
            text = "".join("0" if d in free else "|" for d in days_in(-15, 30))
            expected[person] = max(map(len, text.split("|")))
    assert found.to_dict() == expected
    assert list(found.index) == sorted(expected)


# --- visits ---------------------------------------------------------------------------------------

VISITS = [
    {"id": "first", "week": 1, "day": 8},
    {"id": "second", "week": 2, "day": 15},
    {"id": "third", "week": 3, "day": 22},
]
LONG = [{"id": "all", "days": [1, 22]}, {"id": "late", "days": [8, 22]}]
visit_rows = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(["screening", "first", "second", "third", "left"]),
        st.one_of(st.none(), st.integers(-20, 30).filter(bool)),
    ),
    max_size=14,
)


def visits_one_by_one(people, rows, early, actual):
    """Windows of each participant, by a loop over the visits."""
    found = []
    for person in people:
        own = {visit: d for who, visit, d in rows if who == person and d is not None}
        days = {v["id"]: own[v["id"]] for v in VISITS if v["id"] in own}
        if early in own:
            latest = max(days.values(), default=1)
            following = [v["id"] for v in VISITS if v["id"] not in days and v["day"] > latest]
            if following:
                days[following[0]] = own[early]
        if not actual:
            days = {v["id"]: v["day"] for v in VISITS}
        previous = 1
        for visit in VISITS:
            end = days.get(visit["id"])
            if end is not None and end > previous:
                found.append((person, visit["id"], "visit", float(visit["week"]), previous, end))
                previous = end
    for window in LONG:
        found += [(person, window["id"], "window", None, *window["days"]) for person in people]
    return found


@given(
    st.lists(st.sampled_from(PEOPLE), unique=True),
    visit_rows,
    st.sampled_from([None, "left", "second"]),
    st.booleans(),
    st.sampled_from([as_text, as_categories]),
)
@example(["A"], [("A", "first", -3), ("A", "left", 5)], "left", True, as_text)
@example(["A"], [("A", "first", 15), ("A", "left", 20)], "left", True, as_text)
def test_windows_between_visits(people, rows, early, actual, text):
    visits = pd.DataFrame(
        {
            "USUBJID": text([row[0] for row in rows]),
            "VISIT": as_text([row[1] for row in rows]),
            "ADY": pd.array([row[2] for row in rows], "Int64"),
        }
    )
    design = {
        "visits": VISITS,
        "windows": LONG,
        "visit_windows": {"boundaries": "actual" if actual else "nominal"},
    }
    if early:
        design["visit_windows"]["early_termination"] = early
    found = participant_windows(text(people), visits, design)
    assert found.dtypes[["START", "END", "NUMBER"]].astype(str).tolist() == [
        "int64",
        "int64",
        "float64",
    ]
    rows_found = [
        (*row[:3], None if math.isnan(row[3]) else row[3], *row[4:])
        for row in found.itertuples(index=False)
    ]
    assert rows_found == visits_one_by_one(people, rows, early, actual)


# --- times to an event ----------------------------------------------------------------------------

DEFINITIONS = [
    {"id": "SECOND", "label": "", "kind": "nth_seizure", "n": 2},
    {"id": "INWIN", "label": "", "kind": "nth_seizure", "n": 1, "window": "w"},
    {"id": "TPSC", "label": "", "kind": "baseline_count"},
]


def time_of(own, wanted, end):
    """Day and event by a loop over the days of a participant; None where the window cuts."""
    total = last = 0
    for start, after, count in own:
        final = days_in(start, after)[-1]
        if start < 1:
            continue
        if end is not None and start < end < after:
            return None
        last = final
        if end is not None and start >= end:
            continue
        total += count
        if total >= wanted:
            return final, True
    return (min(last, end - 1) if end else last), False


@given(studies(), st.integers(2, 15))
def test_times_to_seizures(study, end):
    countable = countable_intervals(*study, DIARY)
    held = counted(*study, COUNTABLE)
    baseline = {
        person: (
            sum(i[2] for i in held.get(person, []) if i[1] <= 1),
            sum(len(days_in(*i[:2])) for i in held.get(person, []) if i[1] <= 1),
        )
        for person in PEOPLE
    }
    adsl = pd.DataFrame({"STUDYID": "s", "USUBJID": PEOPLE, "TRT01P": "x", "RANDFL": "Y"}).assign(
        TRTSDT=pd.Timestamp("2020-02-28"),
        RANDDT=pd.NaT,
        EOSDY=pd.array([None] * 4, "Int64"),
        COMPLFL=None,
        BSFREQ=[frequency(*baseline[person], 7, 1) for person in PEOPLE],
    )
    wanted = {
        person: {
            "SECOND": 2,
            "INWIN": 1,
            "TPSC": max(1, -(-7 * count // days)) if days else None,
        }
        for person, (count, days) in baseline.items()
    }
    design = {"windows": [{"id": "w", "days": [1, end]}]}
    cut = any(time_of(own, 1, end) is None or _straddles(own, end) for own in held.values())
    if cut:
        with pytest.raises(InputError, match="cuts the period"):
            derive_adtte(adsl, countable, DEFINITIONS, design, DIARY)
        return
    found = derive_adtte(adsl, countable, DEFINITIONS, design, DIARY)
    assert found["USUBJID"].tolist() == [p for p in sorted(PEOPLE) for _ in DEFINITIONS]
    for row in found.itertuples():
        number = wanted[row.USUBJID][row.PARAMCD]
        if number is None:
            assert math.isnan(row.AVAL)
            assert row.CNSDTDSC == NO_BASELINE
            continue
        limit = end if row.PARAMCD == "INWIN" else None
        last, happened = time_of(held.get(row.USUBJID, []), number, limit)
        assert (last, 0 if happened else 1) == (row.AVAL, row.CNSR)
        if last == 0:
            assert row.CNSDTDSC == NO_DIARY
        else:
            assert pd.Timestamp("2020-02-28") + pd.Timedelta(days=last - 1) == row.ADT


def _straddles(own, end):
    return any(start < end < after for start, after, _ in own if start >= 1)


def test_the_loops_know_that_there_is_no_day_0():
    assert days_in(-1, 2) == [-1, 1]
    assert int(ordinal(1)) == 0
