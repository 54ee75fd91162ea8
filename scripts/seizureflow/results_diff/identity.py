"""Tells rows of results tables apart by what they are about, whatever their order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from seizureflow.displays.values import Result

Row = dict[str, Any]
Key = tuple[Any, ...]

IDENTIFYING = ("ANALYSIS", "STATISTIC", "GROUP", "REFERENCE", "VARIABLE", "LEVEL", "VISIT")


def by_identity(rows: Iterable[Row]) -> dict[Key, Row]:
    """Rows by what they are about; notes on whole analyses are left out.

    Rows that are about the same are numbered in the order of their values, so that the order of
    the table does not matter.
    """
    numbers = [row for row in rows if row["STATISTIC"] != "note"]
    seen: Counter[Key] = Counter()
    found: dict[Key, Row] = {}
    repeated = Counter(_about(row) for row in numbers)
    ordered = [row for row in numbers if repeated[_about(row)] == 1]
    ordered += sorted((row for row in numbers if repeated[_about(row)] > 1), key=_by_value)
    for row in ordered:
        about = _about(row)
        seen[about] += 1
        found[(*about, seen[about])] = row
    return found


def _about(row: Row) -> Key:
    return tuple(row[name] for name in IDENTIFYING)


def _by_value(row: Row) -> Key:
    value = row["VALUE"]
    words = (row[name] or "" for name in ("TEXT", "LABEL", "UNIT", "NOTE"))
    return (math.isnan(value), 0.0 if math.isnan(value) else value, *words)


def address(row: Row) -> str:
    """What a row is about, written as the report writes it: ``primary/lsmean?group=active``."""
    return as_result(row).identity


def as_result(row: Row) -> Result:
    """A row as displays take it."""
    about = ("group", "reference", "variable", "level", "visit")
    return Result(
        row["ANALYSIS"],
        row["STATISTIC"],
        row["LABEL"] or row["STATISTIC"],
        row["VALUE"],
        text=row["TEXT"],
        unit=row["UNIT"],
        note=row["NOTE"],
        **{name: row[name.upper()] for name in about},
    )
