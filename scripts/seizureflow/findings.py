"""Findings on the quality of the raw data: what was seen, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Literal

import pandas as pd

from seizureflow.problems import InputError, Problem

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes:
        severity: ``error`` stops the run before anything is derived, ``warning`` and ``note`` are
            carried to the report.
        rule: Short name of the rule that found it.
        file: Raw file.
        field: Column or columns.
        participant: Participant, where there is one.
        rows: Lines of the file (the header is line 1), the first few where there are many.
        value: What was found.
        message: What is wrong, in a sentence.
        action: What to do.
    """

    severity: Severity
    rule: str
    file: str
    field: str
    participant: str
    rows: str
    value: str
    message: str
    action: str

    @property
    def place(self) -> str:
        """File, lines, column and participant, in words."""
        parts = [self.file]
        if self.rows:
            parts.append(f"line {self.rows}")
        if self.field:
            parts.append(f"column {self.field}")
        if self.participant:
            parts.append(f"participant {self.participant}")
        return ", ".join(parts)


FINDING_COLUMNS = [field.name for field in fields(Finding)]


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Put findings into a table, one row each, in the order given."""
    rows = [asdict(finding) for finding in findings]
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype="str")


def frame_findings(frame: pd.DataFrame) -> list[Finding]:
    """Undo :func:`findings_frame`."""
    records = frame[FINDING_COLUMNS].fillna("").to_dict("records")
    return [Finding(**{str(name): value for name, value in row.items()}) for row in records]


def line_numbers(rows: Sequence[int] | pd.Index, most: int = 8) -> str:
    """Word the lines of a file (header on line 1) of rows that are numbered from 0."""
    lines = [str(int(row) + 2) for row in rows[:most]]
    rest = len(rows) - len(lines)
    return ", ".join(lines) + (f" and {rest} more" if rest > 0 else "")


def refuse_errors(findings: Sequence[Finding]) -> None:
    """Stop where a finding is an error.

    Raises:
        InputError: With all errors.
    """
    errors = [
        Problem(
            where=finding.place,
            what=finding.message,
            found=finding.value,
            action=finding.action,
        )
        for finding in findings
        if finding.severity == "error"
    ]
    if errors:
        raise InputError(errors)
