"""Reads a raw CSV file as text and turns columns into values, with a finding for each misfit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from seizureflow.findings import Finding, Severity, line_numbers
from seizureflow.suggestions import nearest


@dataclass
class RawTable:
    """A raw file as text, under the names that this project gives to its columns.

    Attributes:
        file: Path, as named in findings.
        text: One row per line of the file, index from 0; absent columns are not in it.
        columns: For each of this project's names, the column of the file.
        findings: What was found wrong so far.
    """

    file: str
    text: pd.DataFrame
    columns: dict[str, str]
    findings: list[Finding] = field(default_factory=list)

    def report(
        self,
        severity: Severity,
        rule: str,
        name: str,
        rows: pd.Index,
        message: str,
        action: str,
    ) -> None:
        """Add a finding on rows of one column, with the first participant and values concerned."""
        values = self.text.loc[rows, name] if name in self.text else pd.Series(dtype="str")
        shown = ", ".join(repr(value) for value in list(dict.fromkeys(values))[:5])
        people = (
            list(dict.fromkeys(self.text.loc[rows, "participant"]))
            if "participant" in self.text and len(rows)
            else []
        )
        more = f" and {len(people) - 3} more" if len(people) > 3 else ""
        self.findings.append(
            Finding(
                severity,
                rule,
                self.file,
                self.columns.get(name, name),
                ", ".join(people[:3]) + more,
                line_numbers(rows),
                shown,
                message,
                action,
            )
        )

    def dates(self, name: str, *, required: bool) -> pd.Series[Any]:
        """Read a column of ISO 8601 dates; empty cells are missing."""
        text = self.column(name)
        values = pd.to_datetime(text.where(text != ""), format="%Y-%m-%d", errors="coerce")
        self.refuse(
            "date",
            name,
            (text != "") & values.isna(),
            "The date is not of the form YYYY-MM-DD.",
            "Write it as YYYY-MM-DD.",
        )
        if required:
            self.refuse("empty", name, text == "", "The cell is empty.", "Fill in the date.")
        return values.astype("datetime64[ms]")

    def numbers(self, name: str, *, whole: bool = False, counts: bool = False) -> pd.Series[Any]:
        """Read a column of numbers; empty and refused cells are missing.

        Args:
            name: The column.
            whole: Refuse fractions.
            counts: Refuse fractions and negative numbers.
        """
        text = self.column(name)
        values = pd.to_numeric(text.where(text != ""), errors="coerce").astype("float64")
        wrong = (text != "") & (values.isna() | values.abs().eq(float("inf")))
        self.refuse("number", name, wrong, "The value is not a number.", "Correct the cell.")
        if whole or counts:
            fraction = values.notna() & (values % 1 != 0) & ~wrong
            self.refuse(
                "whole_number",
                name,
                fraction,
                "The value is not a whole number.",
                "Correct the cell.",
            )
            wrong |= fraction
        if counts:
            self.refuse(
                "negative_count",
                name,
                values < 0,
                "A count is negative.",
                "Correct the count; leave the cell empty only where nothing was recorded.",
            )
            wrong |= values < 0
        return values.where(~wrong)

    def choices(
        self, name: str, allowed: dict[str, Any], *, required: bool = True
    ) -> pd.Series[Any]:
        """Read a column with known values, each replaced by what it stands for."""
        text = self.column(name)
        self.refuse(
            "unknown_value",
            name,
            ~text.isin([*allowed, ""]),
            f"The value is not known. Known: {', '.join(allowed)}.",
            "Correct the cell, or add the value to the protocol.",
        )
        if required:
            self.refuse("empty", name, text == "", "The cell is empty.", "Fill in the value.")
        return text.map(allowed)

    def column(self, name: str) -> pd.Series[Any]:
        """Give a column as text, empty where the file does not have it."""
        if name in self.text:
            return self.text[name]
        return pd.Series("", index=self.text.index, dtype="str")

    def refuse(
        self, rule: str, name: str, wrong: pd.Series[Any], message: str, action: str
    ) -> None:
        """Report the rows that are wrong, if any, as one error."""
        if name not in self.text:
            return  # the missing column has been reported already
        rows = self.text.index[wrong.fillna(False).astype(bool)]
        if len(rows):
            self.report("error", rule, name, rows, message, action)


def read_raw(path: str, columns: dict[str, str]) -> RawTable:
    """Read the named columns of a UTF-8 CSV file as text, without surrounding blanks.

    Args:
        path: The file.
        columns: For each of this project's names, the column of the file that holds it.

    Returns:
        The table. Columns that the file lacks are reported in its findings as errors.
    """
    try:
        frame = pd.read_csv(
            path, dtype="str", keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        table = RawTable(path, pd.DataFrame(columns=list(columns), dtype="str"), columns)
        table.findings.append(
            Finding(
                "error",
                "unreadable_file",
                path,
                "",
                "",
                "",
                str(error).strip(),
                "The file cannot be read as a UTF-8 CSV table.",
                "Export it again as UTF-8 CSV.",
            )
        )
        return table
    present = {name: column for name, column in columns.items() if column in frame.columns}
    text = frame[list(present.values())].apply(lambda values: values.str.strip())
    text.columns = pd.Index(present)
    table = RawTable(path, text, columns)
    for name, column in columns.items():
        if name not in present:
            table.findings.append(
                Finding(
                    "error",
                    "missing_column",
                    Path(path).as_posix(),
                    column,
                    "",
                    "1",
                    "",
                    f"The file has no column {column}, which the protocol names for {name}.",
                    "Add the column, or mend its name in protocol.yaml. "
                    + nearest(column, map(str, frame.columns)),
                )
            )
    return table
