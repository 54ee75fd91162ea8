"""The windows in which a participant's seizures are evaluated."""

from __future__ import annotations

from typing import Any

import pandas as pd

Entry = dict[str, Any]

_COLUMNS = ["USUBJID", "WINDOW", "KIND", "NUMBER", "START", "END"]


def participant_windows(
    participants: pd.Series[Any], visits: pd.DataFrame, design: Entry
) -> pd.DataFrame:
    """Give every participant's visit windows and evaluation windows.

    A visit's window runs from the visit before it (inclusive; day 1 for the first) to the visit
    (exclusive). With ``boundaries: actual`` these are the days on which the participant came: a
    visit that was missed has no window, and the next one's begins at the last visit attended. A
    visit of early termination closes the window of the next scheduled visit.

    Args:
        participants: Identifiers.
        visits: Table ``visits``; empty where the study has none.
        design: Entry ``design`` of the protocol.

    Returns:
        ``USUBJID``, ``WINDOW`` (id), ``KIND`` (``visit`` or ``window``), ``NUMBER`` (week of a
        visit, else missing), ``START`` and ``END`` (study days, half-open).
    """
    scheduled: list[Entry] = design["visits"]
    rows: list[tuple[Any, ...]] = []
    if design["visit_windows"]["boundaries"] == "actual":
        early = design["visit_windows"].get("early_termination")
        attended = {str(person): days for person, days in visits.groupby("USUBJID")}
        for person in participants:
            if person in attended:
                days = _attended_days(attended[person], scheduled, early)
                rows += _between(person, days, scheduled)
    else:
        nominal = {visit["id"]: visit["day"] for visit in scheduled}
        for person in participants:
            rows += _between(person, nominal, scheduled)
    for window in design["windows"]:
        start, end = window["days"]
        rows += [(person, window["id"], "window", None, start, end) for person in participants]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return frame.astype({"START": "int64", "END": "int64", "NUMBER": "float64"})


def _attended_days(
    visits: pd.DataFrame, scheduled: list[Entry], early: str | None
) -> dict[str, int]:
    """Day of each scheduled visit attended, early termination standing for the next one."""
    dated = visits.dropna(subset=["ADY"])
    days = {visit: int(day) for visit, day in zip(dated["VISIT"], dated["ADY"], strict=True)}
    attended = {visit["id"]: days[visit["id"]] for visit in scheduled if visit["id"] in days}
    if early in days:
        following = [
            visit["id"]
            for visit in scheduled
            if visit["id"] not in attended and visit["day"] > max(attended.values(), default=1)
        ]
        if following:
            attended[following[0]] = days[early]
    return attended


def _between(person: Any, days: dict[str, int], scheduled: list[Entry]) -> list[tuple[Any, ...]]:
    rows, previous = [], 1
    for visit in scheduled:
        day = days.get(visit["id"])
        if day is not None and day > previous:
            rows.append((person, visit["id"], "visit", visit["week"], previous, day))
            previous = day
    return rows
