"""Findings on the quality of the raw data: what was seen, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, get_args

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
        rows: Rows of the file, as ranges: line numbers of a text file (its header is line 1), rows
            of a sheet, else numbers of records from 1.
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
            parts.append(f"{row_word(self.file)} {self.rows}")
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


def row_word(file: str) -> str:
    """What a reader of a file calls one of its rows."""
    suffix = Path(file).suffix.lower()
    return {".csv": "line", ".tsv": "line", ".txt": "line", ".xlsx": "row"}.get(suffix, "record")


def counts_in_words(findings: pd.DataFrame) -> str:
    """Say how many findings there are of each severity."""
    counts = findings["severity"].value_counts()
    named = [f"{counts.get(name, 0)} {name}s" for name in get_args(Severity)]
    return f"findings: {', '.join(named)}"


def refuse_errors(findings: Sequence[Finding], more: str = "", most: int = 100) -> None:
    """Stop where a finding is an error.

    Args:
        findings: All findings.
        more: File that holds them all.
        most: Problems that are told; the file holds the others.

    Raises:
        InputError: With the errors.
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
        raise InputError(errors, most, more)
