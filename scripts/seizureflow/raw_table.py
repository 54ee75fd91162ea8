"""A raw file under this project's column names, with what was found wrong and what became of rows.

Every row is in the end used, excluded with a reason, or part of an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import IntArray
from seizureflow.cell_text import text_of
from seizureflow.findings import Finding, Severity
from seizureflow.readers.control_characters import shown
from seizureflow.row_ranges import row_ranges

# A fault of a whole column must not become as many findings as there are participants.
_MOST_PARTICIPANTS = 100
_MOST_VALUES = 5


@dataclass
class RawTable:
    """The rows of a raw file that belong to a domain.

    Attributes:
        domain: Name of the domain.
        file: Path, as named in findings.
        cells: One row per row of the file, index from 0; text, or numbers and dates where the file
            has types. Columns that the file lacks are not in it.
        columns: For each of this project's names, the column of the file.
        row_numbers: Number of each row in the file.
        latest: The last day that the data can hold.
        findings: What was found so far.
        left_out: Rows that are not of the domain, by reason.
        companions: Tables ``row_accounting`` of files that were merged into this one.
        wrong: Whether a row is part of an error.
    """

    domain: str
    file: str
    cells: pd.DataFrame
    columns: dict[str, str]
    row_numbers: IntArray
    latest: pd.Timestamp
    findings: list[Finding] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    companions: list[pd.DataFrame] = field(default_factory=list)
    wrong: np.ndarray[Any, np.dtype[np.bool_]] = field(init=False)
    _coded: dict[str, pd.Categorical] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.wrong = np.zeros(len(self.cells), dtype=bool)

    def column(self, name: str) -> pd.Series[Any]:
        """Give a column as text, empty where a cell or the whole column is."""
        if name in self.cells:
            return text_of(self.cells[name])
        return pd.Series("", index=self.cells.index, dtype="str")

    def coded(self, name: str) -> pd.Categorical:
        """Give a column as text with few different values, each row as a code of its value."""
        if name not in self._coded:
            cells = self.cells[name] if name in self.cells else self.column(name)
            values = cells if isinstance(cells.dtype, pd.CategoricalDtype) else text_of(cells)
            self._coded[name] = pd.Categorical(values)
        return self._coded[name]

    def is_empty(self, name: str) -> pd.Series[Any]:
        """Whether a cell is empty."""
        if name not in self.cells:
            return pd.Series(True, index=self.cells.index)
        cells = self.cells[name]
        if isinstance(cells.dtype, pd.CategoricalDtype):
            return pd.Series(cells.isna() | (cells == ""), index=cells.index)
        if pd.api.types.is_string_dtype(cells.dtype):
            return cells == ""
        return cells.isna()

    def refuse(
        self, rule: str, name: str, wrong: pd.Series[Any], message: str, action: str
    ) -> None:
        """Report the rows that are wrong, if any, as errors."""
        self.report("error", rule, name, wrong, message, action)

    def report(
        self,
        severity: Severity,
        rule: str,
        name: str,
        rows: pd.Series[Any],
        message: str,
        action: str,
    ) -> None:
        """Add a finding for each participant with rows that are concerned.

        A column that the file lacks has been reported already, and is not reported again.
        """
        if name not in self.cells:
            return
        mask = rows.fillna(False).to_numpy(dtype=bool)
        if not mask.any():
            return
        if severity == "error":
            self.wrong |= mask
        for participant, positions in self._by_participant(np.flatnonzero(mask)):
            values = text_of(self.cells[name].iloc[positions]).drop_duplicates()
            self.findings.append(
                Finding(
                    severity,
                    rule,
                    self.file,
                    self.columns.get(name, name),
                    participant,
                    row_ranges(self.row_numbers[positions]),
                    quoted(values),
                    message,
                    action,
                )
            )

    def _by_participant(self, positions: IntArray) -> list[tuple[str, IntArray]]:
        """Split rows by participant, in the order of the file; beyond a limit, the rest as one."""
        if "participant" not in self.cells:
            return [("", positions)]
        people = self.coded("participant")
        codes = people.codes[positions]
        different, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        ranks = np.minimum(rank[inverse], _MOST_PARTICIPANTS)
        groups = []
        for number in range(min(len(different), _MOST_PARTICIPANTS)):
            name = shown(str(people.categories[different[order[number]]]))
            groups.append((name, positions[ranks == number]))
        if len(different) > _MOST_PARTICIPANTS:
            rest = f"{len(different) - _MOST_PARTICIPANTS} more participants"
            groups.append((rest, positions[ranks == _MOST_PARTICIPANTS]))
        return groups

    def account(
        self, used: pd.Series[Any] | None = None, reason: str = "not usable"
    ) -> pd.DataFrame:
        """Say what became of every row, and of the rows of files that were merged into this one.

        Args:
            used: Whether a row was used; all that are not part of an error without it.
            reason: Why the others were not.

        Returns:
            Table ``row_accounting``.
        """
        wanted = np.ones(len(self.cells), bool) if used is None else used.to_numpy(dtype=bool)
        counts = [
            ("used", "", int((wanted & ~self.wrong).sum())),
            ("excluded", reason, int((~wanted & ~self.wrong).sum())),
            ("error", "see the findings", int(self.wrong.sum())),
            *(("excluded", why, rows) for why, rows in self.left_out.items()),
        ]
        own = accounting(self.domain, self.file, counts)
        return pd.concat([own, *self.companions], ignore_index=True)


def accounting(domain: str, file: str, counts: list[tuple[str, str, int]]) -> pd.DataFrame:
    """Table ``row_accounting`` of a file; outcomes without a row are left out, but for ``used``."""
    kept = [entry for entry in counts if entry[2] or entry[0] == "used"]
    frame = pd.DataFrame(kept, columns=["OUTCOME", "REASON", "ROWS"])
    frame.insert(0, "DOMAIN", domain)
    frame.insert(1, "FILE", file)
    return frame


def quoted(values: pd.Series[Any]) -> str:
    """Quote the first few of some values, made harmless."""
    more = f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""
    return ", ".join(repr(shown(value)) for value in values[:_MOST_VALUES]) + more
