"""The windows in which a participant's seizures are evaluated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adice import day_of_first
from seizureflow.array_types import IntArray

Entry = dict[str, Any]

_ABSENT = np.iinfo(np.int64).min  # the day of a visit that was not attended


def participant_windows(
    participants: pd.Series[Any], visits: pd.DataFrame, design: Entry
) -> pd.DataFrame:
    """Give every participant's visit windows and evaluation windows.

    A visit's window runs from the visit before it (inclusive; day 1 for the first) to the visit
    (exclusive). With ``boundaries: actual`` these are the days on which the participant came: a
    visit that was missed has no window, and the next one's begins at the last visit attended. A
    visit of early termination closes the window of the next scheduled visit.

    Args:
        participants: Identifiers, each once, as text or as a categorical.
        visits: Table ``visits``; empty where the study has none.
        design: Entry ``design`` of the protocol.

    Returns:
        ``USUBJID``, ``WINDOW`` (id), ``KIND`` (``visit`` or ``window``), ``NUMBER`` (week of a
        visit, else missing), ``START`` and ``END`` (study days, half-open).
    """
    scheduled: list[Entry] = design["visits"]
    if design["visit_windows"]["boundaries"] == "actual":
        early = design["visit_windows"].get("early_termination")
        days = _attended_days(participants, visits, scheduled, early)
    else:
        nominal = np.array([visit["day"] for visit in scheduled], dtype=np.int64)
        days = np.tile(nominal, (len(participants), 1))
    # A visit has a window where it came later than every scheduled visit before it.
    reached = np.maximum.accumulate(np.maximum(days, 1), axis=1)
    previous = np.column_stack([np.ones(len(days), dtype=np.int64), reached])[:, :-1]
    person, visit = np.nonzero(days > previous)
    everyone = np.arange(len(participants))
    weeks = np.array([entry["week"] for entry in scheduled], dtype=np.float64)
    size = len(person)
    long = design["windows"]
    rank = np.concatenate([visit, len(scheduled) + np.repeat(np.arange(len(long)), len(everyone))])
    bounds = np.array([window["days"] for window in long], dtype=np.int64).reshape(len(long), 2)
    starts, ends = np.repeat(bounds, len(everyone), axis=0).T
    names = np.array([entry["id"] for entry in (*scheduled, *long)], dtype=object)
    return pd.DataFrame(
        {
            "USUBJID": participants.take(
                np.concatenate([person, np.tile(everyone, len(long))])
            ).reset_index(drop=True),
            "WINDOW": pd.Series(names[rank], dtype="str"),
            "KIND": np.repeat(["visit", "window"], [size, len(rank) - size]),
            "NUMBER": np.concatenate([weeks[visit], np.full(len(rank) - size, np.nan)]),
            "START": np.concatenate([previous[person, visit], starts]),
            "END": np.concatenate([days[person, visit], ends]),
        }
    )


def end_at_events(
    windows: pd.DataFrame, definitions: list[Entry], events: pd.DataFrame | None
) -> pd.DataFrame:
    """End each window with the first of the intercurrent events that the plan names for it.

    The day of the event is the last that counts. A window that begins after it is empty.

    Args:
        windows: One row per participant and window: ``USUBJID``, ``WINDOW``, ``START``, ``END``.
        definitions: Entry ``design.windows`` of the protocol.
        events: Table ``adice``; needed where a window names an event.
    """
    ended = windows.copy()
    for definition in definitions:
        if not definition.get("until"):
            continue
        if events is None:
            raise ValueError("A window that ends with an event needs the table adice.")
        own = (ended["WINDOW"] == definition["id"]).to_numpy()
        day = ended.loc[own, "USUBJID"].astype("str").map(day_of_first(events, definition["until"]))
        day = day.to_numpy(dtype=np.float64, na_value=np.nan)
        start, end = (ended.loc[own, side].to_numpy(dtype=np.int64) for side in ("START", "END"))
        after = np.where(np.isnan(day), end, np.nan_to_num(day) + 1).astype(np.int64)
        ended.loc[own, "END"] = np.maximum(np.minimum(end, after), start)
    return ended


def _attended_days(
    participants: pd.Series[Any], visits: pd.DataFrame, scheduled: list[Entry], early: str | None
) -> IntArray:
    """Day of each scheduled visit, early termination standing for the next one.

    Returns:
        Days, shape (participants, scheduled visits); ``_ABSENT`` where the visit was not attended.
    """
    days = np.full((len(participants), len(scheduled)), _ABSENT)
    for column, visit in enumerate(scheduled):
        days[:, column] = _days_of(participants, visits, visit["id"])
    if early is None or not scheduled:
        return days
    left = _days_of(participants, visits, early)
    attended = days != _ABSENT
    last = np.where(attended.any(axis=1), days.max(axis=1), 1)
    nominal = np.array([visit["day"] for visit in scheduled], dtype=np.int64)
    following = ~attended & (nominal > last[:, None])
    person = np.flatnonzero((left != _ABSENT) & following.any(axis=1))
    days[person, following[person].argmax(axis=1)] = left[person]
    return days


def _days_of(participants: pd.Series[Any], visits: pd.DataFrame, name: str) -> IntArray:
    """Each participant's day of a visit, the last where the visit stands more than once."""
    own = visits[(visits["VISIT"] == name) & visits["ADY"].notna()]
    people = pd.Index(participants.astype("str")).get_indexer(
        pd.Index(own["USUBJID"].astype("str"))
    )
    days = np.full(len(participants), _ABSENT)
    days[people[people >= 0]] = own["ADY"].to_numpy(dtype=np.int64)[people >= 0]
    return days
