"""Recognises which of the known copies of a public table was loaded, by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.cell_text import text_of
from seizureflow.findings import Finding
from seizureflow.readers import read_file

Entry = dict[str, Any]


@dataclass(frozen=True)
class KnownCopy:
    """A copy of a table in circulation.

    Attributes:
        name: Where it is found.
        sha256: Fingerprint of its content.
        correct: Whether it is the right one.
        differences: Cells in which it differs from the right one, in words.
    """

    name: str
    sha256: str
    correct: bool
    differences: str = ""


def fingerprint(table: pd.DataFrame, columns: Sequence[str]) -> str:
    """Hash the content of a table so that order and labels of the rows do not matter.

    Args:
        table: The table, cells as text.
        columns: Columns that make the content, in a fixed order; an identifier is left out because
            copies number their participants differently.

    Returns:
        SHA-256 of the sorted rows, cells parted by commas, rows by line feeds.
    """
    rows = sorted(",".join(row) for row in table[list(columns)].itertuples(index=False))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def read_known_copies(entry: Entry) -> tuple[list[str], list[KnownCopy]]:
    """Give the columns that make the content, and the copies, of a ``known_copies.yaml``."""
    return list(entry["columns"]), [KnownCopy(**copy) for copy in entry["copies"]]


def identify_copy(table: pd.DataFrame, entry: Entry) -> KnownCopy | None:
    """Find the known copy that a table is, None where it is none of them."""
    columns, copies = read_known_copies(entry)
    found = fingerprint(table, columns)
    return next((copy for copy in copies if copy.sha256 == found), None)


def copy_findings(path: str, entry: Entry) -> list[Finding]:
    """Report a raw file that is a wrong copy, or none that is known."""
    columns, copies = read_known_copies(entry)
    read = read_file(path, columns=columns)
    if any(column not in read.frame for column in columns):
        return []  # the file cannot be read, or lacks columns: reported with the participants
    table = read.frame.apply(text_of)
    copy = identify_copy(table, entry)
    if copy is None:
        return [
            Finding(
                "warning",
                "unknown_copy",
                path,
                "",
                "",
                "",
                fingerprint(table, columns),
                "The table is none of the known copies of these data.",
                "Compare it with the copy that this project ships.",
            )
        ]
    if copy.correct:
        return [
            Finding(
                "note",
                "known_copy",
                path,
                "",
                "",
                "",
                copy.sha256,
                f"The table is the correct copy: {copy.name}.",
                "",
            )
        ]
    right = next(known for known in copies if known.correct)
    return [
        Finding(
            "error",
            "wrong_copy",
            path,
            "",
            "",
            "",
            copy.sha256,
            f"The table is a wrong copy in circulation: {copy.name}. {copy.differences}",
            f"Use the correct copy: {right.name}.",
        )
    ]
