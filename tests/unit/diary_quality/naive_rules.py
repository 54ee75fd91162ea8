"""The rules once more, day by day in plain Python, as slow and plain as they can be written."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

Interval = tuple[str, int, int, bool, int, "int | None"]  # person, start, end, recorded, row, lag
Seizure = tuple[str, int, str, int, bool, int]  # person, start, type, count, cluster, row
Found = dict[str, dict[str, Any]]


def days(start: int, end: int) -> list[int]:
    return [day for day in range(start, end) if day != 0]


def apart(earlier: int, later: int) -> int:
    """Days from one study day to a later one."""
    return len(days(earlier, later))


def ordered(intervals: list[Interval]) -> list[Interval]:
    return sorted(intervals, key=lambda row: (row[0], row[1], row[2], row[4]))


def content(intervals: list[Interval], seizures: list[Seizure]) -> list[Counter[tuple[str, bool]]]:
    """Seizures of each interval by type and cluster."""
    found: list[Counter[tuple[str, bool]]] = [Counter() for _ in intervals]
    for seizure in seizures:
        owner = owner_of(seizure, intervals)
        if owner is not None:
            found[owner][(seizure[2], seizure[4])] += seizure[3]
    return found


def owner_of(seizure: Seizure, intervals: list[Interval]) -> int | None:
    there = [i for i, row in enumerate(intervals) if row[:2] == seizure[:2]]
    same_row = [i for i in there if intervals[i][4] == seizure[5]]
    return (same_row or there or [None])[0]


def naive_rules(
    intervals: list[Interval],
    seizures: list[Seizure],
    people: dict[str, tuple[int | None, int | None, str]],
    settings: dict[str, Any],
) -> Found:
    """Rows (or days, or conflicts) by rule and participant, for the rules that look at rows."""
    intervals = ordered(intervals)
    entries = content(intervals, seizures)
    found: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(set))
    _intervals(intervals, entries, people, settings, found)
    _seizures(intervals, seizures, settings, found)
    for person in {row[0] for row in intervals}:
        mine = [i for i, row in enumerate(intervals) if row[0] == person]
        covered = {day for i in mine for day in days(*intervals[i][1:3])}
        gap = set(days(min(covered), max(covered))) - covered
        if gap:
            found["gap_in_diary"][person] = gap
        _runs(person, [intervals[i] for i in mine], [entries[i] for i in mine], settings, found)
    return {rule: dict(by_person) for rule, by_person in found.items()}


def _intervals(intervals, entries, people, settings, found) -> None:
    for i, (person, start, end, recorded, row, lag) in enumerate(intervals):
        first, last, _ = people.get(person, (None, None, "N"))
        for j, other in enumerate(intervals):
            if i == j or other[0] != person:
                continue
            if other[1:3] == (start, end):
                found["duplicate_day"][person].add(row)
                if entries[i] != entries[j] or recorded != other[3]:
                    found["conflicting"][person].add(start)
            elif set(days(start, end)) & set(days(*other[1:3])):
                found["overlapping_records"][person].add(row)
        outside = settings["maximum_days_outside"]
        if first is not None and apart(start, first) > outside:
            found["before_screening"][person].add(row)
        final = days(start, end)[-1]
        if last is not None and apart(last, final) > outside:
            found["after_end_of_study"][person].add(row)
        if lag is not None and lag > settings["backfill_days"]:
            found["backfilled"][person].add(row)
        if lag is not None and lag < 0:
            found["entered_before_day"][person].add(row)


def _seizures(intervals, seizures, settings, found) -> None:
    totals: Counter[Any] = Counter()
    for seizure in seizures:
        owner = owner_of(seizure, intervals)
        totals[(owner, *seizure[:3], seizure[4])] += seizure[3]
    for seizure in seizures:
        person, start, kind, _, cluster, row = seizure
        owner = owner_of(seizure, intervals)
        length = 1 if owner is None else len(days(*intervals[owner][1:3]))
        total = totals[(owner, person, start, kind, cluster)]
        if total > settings["maximum_daily_count"] * length:
            found["absurd_count"][person].add(row)
        if owner is None or not intervals[owner][3]:
            found["count_on_missing_day"][person].add(row)
        if any(o[:3] == seizure[:3] and o[4] != cluster for o in seizures):
            found["cluster_and_single"][person].add(row)
        if kind == "status":
            found["status_epilepticus"][person].add(row)


def _runs(person, intervals, entries, settings, found) -> None:
    by_day = {}
    for row, entry in zip(intervals, entries, strict=True):
        if row[3] and len(days(*row[1:3])) == 1:
            by_day.setdefault(row[1], (row[4], entry))
    for first in sorted(by_day):
        run = [first]
        while (following := 1 if run[-1] == -1 else run[-1] + 1) in by_day and (
            by_day[following][1] == by_day[first][1]
        ):
            run.append(following)
        if len(run) >= settings["identical_run_days"] and by_day[first][1]:
            found["identical_run"][person] |= {by_day[day][0] for day in run}


def naive_compliance(intervals, people, periods) -> list[tuple[Any, ...]]:
    """Participant, period, expected, recorded, marked and absent days."""
    rows = []
    for person, (first, last, randomised) in sorted(people.items()):
        mine = [row for row in intervals if row[0] == person]
        recorded = {day for row in mine if row[3] for day in days(row[1], row[2])}
        covered = {day for row in mine for day in days(row[1], row[2])}
        for name, _, start, end in periods:
            expected = {
                day
                for day in days(start, end)
                if (first is None or day >= first) and (last is None or day <= last)
            }
            if randomised != "Y" and end > 1:
                expected = set()
            kept, marked = expected & recorded, (expected & covered) - recorded
            absent = expected - covered
            rows.append((person, name, len(expected), len(kept), len(marked), len(absent)))
    return rows
