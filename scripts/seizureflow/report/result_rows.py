"""The rows of the results as the page holds them: numbered as in the table, with all digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.displays.values import Result, Results
from seizureflow.results import select

Entry = dict[str, Any]

# Attributes of a row in the order shown, with the headings of their columns.
_COLUMNS = {
    "statistic": "Statistic",
    "label": "In words",
    "value": "Exact value",
    "unit": "Unit",
    "group": "Group",
    "reference": "Reference",
    "variable": "Variable",
    "level": "Level",
    "visit": "Visit",
    "note": "Note",
}
_ALWAYS = ("statistic", "label", "value")


@dataclass(frozen=True)
class ResultRow:
    """One row: its number in the table of results, and a cell per column of its table."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ResultRows:
    """The rows of an analysis.

    Attributes:
        columns: Name and heading of each column that has anything in it.
        rows: The rows.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[ResultRow, ...]


class RowNumbers:
    """Where each row stands in the table of results; the first row after the heading is 1."""

    def __init__(self, results: Results) -> None:
        self._results = results
        frame = results.frame
        self._rows: dict[str, list[tuple[int, Result]]] = {}
        self._numbers: dict[str, int] = {}
        counted = frame["STATISTIC"].ne("note").to_numpy()
        places = pd.Series(range(1, len(frame) + 1)).groupby(frame["ANALYSIS"].to_numpy())
        for analysis, own in places:
            numbers = [int(place) for place in own if counted[place - 1]]
            self._rows[str(analysis)] = list(zip(numbers, results.of(str(analysis)), strict=True))
        for rows in self._rows.values():
            self._numbers |= {row.identity: place for place, row in rows}

    def of(self, identity: str) -> int | None:
        """Number of the row with an identity; None where there is no such row."""
        return self._numbers.get(identity)

    def table(self, analysis: str) -> ResultRows:
        """All rows of an analysis with their numbers; columns without a value are left out."""
        rows = self._rows.get(analysis, [])
        held = [
            name
            for name in _COLUMNS
            if name in _ALWAYS or any(getattr(row, name) is not None for _, row in rows)
        ]
        return ResultRows(
            tuple((name, _COLUMNS[name]) for name in held),
            tuple(
                ResultRow(place, tuple(_cell(row, name) for name in held)) for place, row in rows
            ),
        )

    def compared(self, places: Mapping[str, Entry]) -> dict[str, int]:
        """Numbers of the rows that published aggregates are compared with.

        Args:
            places: By id of an aggregate, its entry ``compare`` of ``published.yaml``.
        """
        frame = self._results.frame.reset_index(drop=True)
        of_analysis = dict(list(frame.groupby("ANALYSIS", sort=False)))
        found = {
            name: select(of_analysis[place["analysis"]], **place).index
            for name, place in places.items()
            if place["analysis"] in of_analysis
        }
        return {f"published/{name}": int(rows[0]) + 1 for name, rows in found.items() if len(rows)}


def _cell(row: Result, name: str) -> str:
    if name != "value":
        return str(getattr(row, name) or "")
    if row.text is not None:
        return row.text
    return "no value" if row.value != row.value else repr(row.value)
