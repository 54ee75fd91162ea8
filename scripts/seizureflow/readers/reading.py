"""What is known of a raw file while it is read: its header, its row numbers, what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np

from seizureflow.findings import Finding, Severity
from seizureflow.readers.control_characters import has_control_character, shown
from seizureflow.readers.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_LABEL_CHARACTERS
from seizureflow.row_ranges import row_ranges


class RefusedFileError(Exception):
    """The file cannot be read; the findings say why."""


@dataclass
class Reading:
    """A raw file while it is read.

    Attributes:
        file: Path, as named in findings.
        wanted: Columns to read, or None for all.
        first_row: Number that a reader of the file gives to its first row.
        header: Names of all columns, in the order of the file.
        labels: Labels of columns.
        row_numbers: Number of each row, or None where they follow each other.
        findings: What was found so far.
    """

    file: str
    wanted: Sequence[str] | None
    first_row: int
    header: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    row_numbers: np.ndarray | None = None
    findings: list[Finding] = field(default_factory=list)

    def report(
        self,
        severity: Severity,
        rule: str,
        message: str,
        action: str,
        *,
        column: str = "",
        rows: str = "",
        value: object = "",
    ) -> None:
        """Add a finding; column and value are shortened and made harmless."""
        self.findings.append(
            Finding(
                severity, rule, self.file, shown(column), "", rows, shown(value), message, action
            )
        )

    def error(
        self,
        rule: str,
        message: str,
        action: str,
        *,
        column: str = "",
        rows: str = "",
        value: object = "",
    ) -> None:
        """Add an error."""
        self.report("error", rule, message, action, column=column, rows=rows, value=value)

    def refuse(
        self, rule: str, message: str, action: str, *, rows: str = "", value: object = ""
    ) -> NoReturn:
        """Add an error and stop reading.

        Raises:
            RefusedFileError: Always.
        """
        self.error(rule, message, action, rows=rows, value=value)
        raise RefusedFileError

    def stop_at_errors(self) -> None:
        """Stop reading where the file as a whole cannot be trusted.

        Raises:
            RefusedFileError: Where there is an error, other than a column that is left out.
        """
        if any(
            item.severity == "error" and item.rule != "unsupported_column" for item in self.findings
        ):
            raise RefusedFileError

    def rows(self, positions: np.ndarray) -> str:
        """Word the rows at positions from 0 in the file's own numbering."""
        if self.row_numbers is None:
            return row_ranges(positions + self.first_row)
        return row_ranges(self.row_numbers[positions])

    def selected(self) -> dict[int, str]:
        """Position and name of each column to read."""
        return {
            position: name
            for position, name in enumerate(self.header)
            if name and (self.wanted is None or name in self.wanted)
        }

    def set_header(self, names: Sequence[str]) -> None:
        """Take the names of the columns, without surrounding blanks, and report what is wrong."""
        self.header = tuple(name.strip() for name in names)
        self.check_width(len(names))
        row = "1" if self.first_row == 2 else ""
        for name, count in Counter(self.header).items():
            if name and count > 1:
                self.error(
                    "duplicate_column",
                    f"{count} columns have this name.",
                    "Give each column a name of its own.",
                    column=name,
                    rows=row,
                )
        for name in names:
            if len(name) > MAX_CELL_CHARACTERS:
                self.report_oversized(name[:20], row, len(name))
            elif has_control_character(name):
                self.error(
                    "control_character",
                    "The name of the column holds a control character.",
                    "Export the file again without it.",
                    column=name,
                    rows=row,
                )

    def check_width(self, columns: int) -> None:
        """Report where there are too many columns."""
        if columns > MAX_COLUMNS:
            self.error(
                "too_many_columns",
                f"The file has {columns} columns; {MAX_COLUMNS} are the most that are read.",
                "Export only the columns that are needed, or correct the delimiter.",
            )

    def set_labels(self, labels: Sequence[object]) -> None:
        """Take the labels of all columns, in their order; what is not a text is no label."""
        pairs = zip(self.header, labels, strict=True)
        self.labels = {
            name: shown(label, MAX_LABEL_CHARACTERS)
            for name, label in pairs
            if isinstance(label, str) and label
        }

    def report_oversized(self, column: str, rows: str, length: int) -> None:
        """Report cells that are too long, without their content."""
        self.error(
            "oversized_cell",
            f"A cell has {length} characters; {MAX_CELL_CHARACTERS} are the most that are read.",
            "Correct the cell, or leave the column out of the export.",
            column=column,
            rows=rows,
            value=f"{length} characters",
        )

    def report_control_character(self, column: str, rows: str, value: object) -> None:
        """Report cells with a control character."""
        self.error(
            "control_character",
            "A cell holds a control character.",
            "Delete the character at its source and export the file again.",
            column=column,
            rows=rows,
            value=value,
        )

    def report_unnamed(self, position: int, rows: str, value: object) -> None:
        """Report a column that holds values but has no name."""
        self.error(
            "unnamed_column",
            f"Column {position + 1} has no name but holds values.",
            "Name the column in the header, or delete its values.",
            rows=rows,
            value=value,
        )

    def report_blank_rows(self, numbers: np.ndarray) -> None:
        """Report rows without any cell between others."""
        self.report(
            "warning",
            "blank_line",
            "A row between others is blank; it is passed over.",
            "Delete the row, or find out whether its content was lost.",
            rows=row_ranges(numbers),
        )
