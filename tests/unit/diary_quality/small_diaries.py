"""Small diaries written by hand, and the settings under which they are judged."""

from __future__ import annotations

from typing import Any

import pandas as pd
from seizureflow.diary_quality import assess_diary
from seizureflow.findings import Finding

SETTINGS: dict[str, Any] = {
    "maximum_daily_count": 50,
    "identical_run_days": 4,
    "backfill_days": 7,
    "minimum_compliance": 80,
    "maximum_days_outside": 2,
}
PERIODS = [("baseline", "Baseline", -10, 1), ("treatment", "Weeks 1-2", 1, 15)]
WORDS = "each day counts as one seizure"


def intervals_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Intervals from ``(participant, start, end, recorded, row[, lag])``, sorted as promised."""
    filled = [row if len(row) == 6 else (*row, None) for row in rows]
    frame = pd.DataFrame(filled, columns=["USUBJID", "START", "END", "RECORDED", "ROW", "ENTRYLAG"])
    frame = frame.astype(
        {"USUBJID": "str", "START": "int64", "END": "int64", "RECORDED": "bool", "ROW": "int64"}
    ).astype({"ENTRYLAG": "Int64"})
    return frame.sort_values(["USUBJID", "START"], kind="stable", ignore_index=True)


def days_of(
    person: str, days: list[int], row: int, recorded: bool = True, lag: int | None = None
) -> list[tuple[Any, ...]]:
    """Rows of one-day intervals on successive rows of the file; the day after -1 is 1."""
    return [
        (person, day, 1 if day == -1 else day + 1, recorded, row + number, lag)
        for number, day in enumerate(days)
    ]


def seizures_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Seizures from ``(participant, start, type, count, cluster, row)``."""
    frame = pd.DataFrame(
        rows, columns=["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER", "ROW"]
    ).astype({"USUBJID": "str", "START": "int64", "SEIZTYPE": "str", "COUNT": "int64"})
    frame = frame.astype({"CLUSTER": "bool", "ROW": "int64"})
    return frame.sort_values(["USUBJID", "START"], kind="stable", ignore_index=True)


def people_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Participants from ``(participant, first day, last day, randomised)``."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "FIRSTDY", "LASTDY", "RANDFL"])
    return frame.astype({"USUBJID": "str", "FIRSTDY": "Int64", "LASTDY": "Int64", "RANDFL": "str"})


def assessed(
    intervals: list[tuple[Any, ...]],
    seizures: list[tuple[Any, ...]] = [],  # noqa: B006
    people: list[tuple[Any, ...]] = [],  # noqa: B006
    periods: list[tuple[str, str, int, int]] = [],  # noqa: B006
    **settings: Any,
) -> list[Finding]:
    """Findings on a diary."""
    findings, _ = assess_diary(
        intervals_of(intervals),
        seizures_of(seizures),
        people_of(people),
        periods,
        SETTINGS | settings,
        file="diary.csv",
        status_types={"status"},
        status_words=WORDS,
    )
    return findings
