"""Ingests a daily diary: recorded and missing days as intervals, and the seizures on them.

Two layouts are read. In one a row is a participant's day (or several days) with a column per
seizure type; in the other a row is a seizure, or a number of them, and another file says which days
were recorded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.cell_values import choices, dates, numbers
from seizureflow.ingestion.ingested import Ingested, ingested
from seizureflow.ingestion.membership import check_known, participants_of, study_days_of
from seizureflow.ingestion.seizure_types import (
    TypeInFile,
    declared_table,
    map_column,
    types_table,
)
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.raw_table import RawTable
from seizureflow.study_days import ordinal

Entry = dict[str, Any]

_ORDER = ["USUBJID", "START"]


def ingest_diary(
    source: RawSource,
    participants: pd.DataFrame,
    types: list[Entry],
    days: RawSource | None = None,
) -> Ingested:
    """Read a daily diary.

    Args:
        source: The raw file of the diary, or of the events.
        participants: Table ``participants``.
        types: Entry ``diary.seizure_types`` of the protocol.
        days: The file that says which days were recorded, where the diary's layout is ``events``.

    Returns:
        The tables ``intervals`` (every diary day, recorded or missing), ``seizures`` (the counts
        above zero, those of days that were not recorded too; a cluster is a row of its own with
        count 1) and ``seizure_types`` (what the types of the raw file were taken for).
    """
    if days is not None:
        return _events(source, days, participants, types)
    entry = source.entry
    columns: dict[str, str] = entry["types"]
    cluster = {"cluster": entry["clusters"]} if "clusters" in entry else {}
    raw = read_raw(source, entry["columns"] | columns | cluster)
    intervals, usable = _intervals(raw, entry["recorded_values"], participants)
    place = intervals[["USUBJID", "START", "ROW", "RECORDED"]]
    parts, used = [], {}
    for name in columns:
        counts = numbers(raw, name, counts=True)
        _report_empty(raw, name, intervals["RECORDED"] & usable)
        present = (counts > 0) & usable
        used[name] = (int(present.sum()), int(counts[present].sum()))
        parts.append(place[present].assign(SEIZTYPE=name, COUNT=counts[present], CLUSTER=False))
    found = [declared_table(used, types, raw.columns)]
    if cluster:
        mapped, mapping = map_column(raw, "cluster", types)
        present = mapped.notna() & usable
        parts.append(place[present].assign(SEIZTYPE=mapped[present], COUNT=1.0, CLUSTER=True))
        clusters = types_table(mapping, raw, "cluster", present.astype("float64"))
        found.append(clusters.assign(VERBATIM=f"{entry['clusters']}: " + clusters["VERBATIM"]))
    tables = {
        "intervals": _sorted(intervals[usable], _ORDER),
        "seizures": _sorted_seizures(pd.concat(parts, ignore_index=True), types),
        "seizure_types": pd.concat([table for table in found if len(table)], ignore_index=True),
    }
    return ingested(tables, [raw], [raw.account(usable)])


def _events(
    source: RawSource, days: RawSource, participants: pd.DataFrame, types: list[Entry]
) -> Ingested:
    day_rows = read_raw(days, days.entry["columns"])
    intervals, usable_days = _intervals(day_rows, source.entry["recorded_values"], participants)
    intervals = _sorted(intervals[usable_days], _ORDER)
    raw = read_raw(source, source.entry["columns"])
    events, mapping, usable = _events_of(raw, participants, types)
    start, recorded = _interval_of(events, intervals)
    listed = start.notna()
    raw.report(
        "warning",
        "seizure_without_day",
        "date",
        usable & ~listed,
        "A seizure lies on a day that the file of recorded days does not list; it is not counted.",
        "Check whether the day was recorded, and list it.",
    )
    events["START"] = start
    counted = usable & listed & (events["COUNT"] > 0)
    tables = {
        "intervals": intervals,
        "seizures": _sorted_seizures(events[counted], types),
        "seizure_types": types_table(mapping, raw, "type", events["COUNT"].where(counted)),
    }
    accounts = [
        day_rows.account(usable_days),
        raw.account(counted & recorded, "the day is not recorded, or the count is zero"),
    ]
    return ingested(tables, [day_rows, raw], accounts)


def _events_of(
    raw: RawTable, participants: pd.DataFrame, types: list[Entry]
) -> tuple[pd.DataFrame, list[TypeInFile], pd.Series[Any]]:
    """Give each row as a seizure on a study day, the types as they stand, and which rows hold."""
    known = check_known(raw, participants)
    day = study_days_of(raw, dates(raw, "date", required=True), participants)
    mapped, mapping = map_column(raw, "type", types)
    if "type" in raw.cells:
        raw.refuse(
            "empty", "type", raw.is_empty("type"), "The cell is empty.", "Fill in the seizure type."
        )
    counts = numbers(raw, "count", counts=True).where(~raw.is_empty("count"), 1.0)
    clusters = choices(raw, "cluster", {"Y": "Y", "N": "N"}, required=False).eq("Y")
    events = pd.DataFrame(
        {
            "USUBJID": participants_of(raw, participants),
            "START": day,
            "SEIZTYPE": mapped,
            "COUNT": counts.where(~clusters, 1.0),
            "CLUSTER": clusters,
            "ROW": raw.row_numbers,
        }
    )
    return events, mapping, known & day.notna() & mapped.notna() & counts.notna()


def _intervals(
    raw: RawTable, recorded_values: Entry, participants: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Give each row as an interval of study days, and whether it can be used."""
    known = check_known(raw, participants)
    date = dates(raw, "date", required=True)
    first = study_days_of(raw, date, participants)
    raw.refuse(
        "no_reference_day",
        "date",
        first.isna() & date.notna() & known,
        "The participant has neither a first dose nor a randomisation or screening date, so the "
        "study day is unknown.",
        "Give one of these dates in the participants or doses file.",
    )
    last, ordered = first, pd.Series(True, index=raw.cells.index)
    if "end_date" in raw.cells:
        last = study_days_of(raw, dates(raw, "end_date", required=False), participants)
        last = last.fillna(first)
        ordered = (last >= first).fillna(True)
        raw.refuse(
            "end_before_start",
            "end_date",
            ~ordered,
            "The row ends before it begins.",
            "Correct one of the dates.",
        )
    lag = pd.Series(pd.NA, index=raw.cells.index, dtype="Int64")
    if "entered_date" in raw.cells:
        lag = (dates(raw, "entered_date", required=False) - date).dt.days.astype("Int64")
    if "recorded" in raw.cells:
        marks = {recorded_values["recorded"]: "recorded", recorded_values["missing"]: "missing"}
        recorded = choices(raw, "recorded", marks).eq("recorded")
    else:  # a day with a row is recorded
        recorded = pd.Series(True, index=raw.cells.index)
    intervals = pd.DataFrame(
        {
            "USUBJID": participants_of(raw, participants),
            "START": first,
            "END": (last + 1).where(last != -1, 1),  # the day after -1 is day 1
            "RECORDED": recorded.astype(bool),
            "ENTRYLAG": lag,
            "ROW": raw.row_numbers,
        }
    )
    return intervals, known & first.notna() & ordered.astype(bool)


def _interval_of(
    events: pd.DataFrame, intervals: pd.DataFrame
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Start of the interval that holds each event, missing where none does; if it is recorded."""
    size = 10**6  # no study lasts a million days
    begin = intervals["USUBJID"].cat.codes.to_numpy(dtype=np.int64) * size + ordinal(
        intervals["START"]
    )
    end = intervals["USUBJID"].cat.codes.to_numpy(dtype=np.int64) * size + ordinal(intervals["END"])
    placed = (events["USUBJID"].cat.codes >= 0) & events["START"].notna()
    key = events.loc[placed, "USUBJID"].cat.codes.to_numpy(dtype=np.int64) * size + ordinal(
        events.loc[placed, "START"].astype("int64")
    )
    at = np.searchsorted(begin, key, side="right") - 1
    inside = (at >= 0) & (key < np.append(end, 0)[at])
    start = pd.Series(pd.NA, index=events.index, dtype="Int64")
    recorded = pd.Series(False, index=events.index)
    rows = events.index[placed][inside]
    start.loc[rows] = intervals["START"].to_numpy()[at[inside]]
    recorded.loc[rows] = intervals["RECORDED"].to_numpy()[at[inside]]
    return start, recorded


def _report_empty(raw: RawTable, name: str, recorded: pd.Series[Any]) -> None:
    raw.report(
        "warning",
        "empty_count",
        name,
        recorded & raw.is_empty(name),
        "Recorded days have an empty count; it is taken as zero.",
        "Enter 0, or mark the day as missing.",
    )


def _sorted(frame: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Sort rows, unless they are sorted already, as a large diary mostly is."""
    code = frame["USUBJID"].cat.codes.to_numpy()
    day = frame["START"].to_numpy(dtype=np.int64)
    in_order = (np.diff(code) > 0) | ((np.diff(code) == 0) & (np.diff(day) > 0))
    if in_order.all():
        return frame.reset_index(drop=True)
    return frame.sort_values([*order, "ROW"], ignore_index=True, kind="stable")


def _sorted_seizures(seizures: pd.DataFrame, types: list[Entry]) -> pd.DataFrame:
    frame = seizures.drop(columns="RECORDED", errors="ignore")
    frame["SEIZTYPE"] = pd.Categorical(frame["SEIZTYPE"], sorted(entry["id"] for entry in types))
    order = ["USUBJID", "START", "SEIZTYPE", "CLUSTER", "ROW"]
    return frame.astype({"START": "int64", "COUNT": "int64"}).sort_values(order, ignore_index=True)
