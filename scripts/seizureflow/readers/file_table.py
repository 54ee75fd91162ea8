"""One raw file as a table of cells, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import IntArray
from seizureflow.findings import Finding


@dataclass(frozen=True)
class FileTable:
    """A raw file as read.

    A cell is text (dtype ``str``, or ``category`` with categories of text; empty where missing,
    without surrounding blanks) or, where the file itself is typed, a number (``int64`` or
    ``float64``) or a date (``datetime64[ms]``). A truth value is the text ``Y`` or ``N``.

    Attributes:
        file: Path, as named in findings.
        frame: The columns asked for that the file has, under their names in the file and in its
            order; index from 0, one row per record. Without columns where a finding is an error,
            other than a column that is left out.
        first_row: Number that a reader of the file gives to row 0: 2 below a header line, else 1.
        labels: Labels of columns, where the format has them.
        findings: What was refused or is noteworthy.
        all_columns: Names of all columns of the file, in its order.
        row_numbers: Number of each row (int64), or None where they follow on ``first_row``.
    """

    file: str
    frame: pd.DataFrame
    first_row: int
    labels: dict[str, str]
    findings: list[Finding]
    all_columns: tuple[str, ...] = ()
    row_numbers: IntArray | None = None

    @property
    def numbers(self) -> IntArray:
        """Number that a reader of the file gives to each row."""
        if self.row_numbers is not None:
            return self.row_numbers
        return np.arange(self.first_row, self.first_row + len(self.frame), dtype=np.int64)
