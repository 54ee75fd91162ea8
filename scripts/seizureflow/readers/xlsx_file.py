"""Reads one sheet of an Excel workbook (.xlsx) as a table whose header is in row 1."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from seizureflow.readers.control_characters import shown
from seizureflow.readers.reading import Reading, RefusedFileError
from seizureflow.readers.xlsx_archive import SheetParts, check_archive
from seizureflow.readers.xlsx_cells import cell_text, excel_column
from seizureflow.readers.xlsx_sheet import SheetRow, sheet_rows
from seizureflow.row_ranges import row_ranges

_ADVICE = "Open the file in Excel and save it again as .xlsx, or export the table as CSV."


def read_xlsx(path: Path, reading: Reading, sheet: str | None) -> pd.DataFrame:
    """Read one sheet.

    Cells with formulas are refused: what they show was computed by another program at another
    time. Empty rows and columns at the end are ignored.

    Args:
        path: The file.
        reading: Takes header, row numbers and findings.
        sheet: Name of the sheet; needed where the workbook has several.

    Raises:
        RefusedFileError: Where the workbook must not be opened or the sheet is not a table.
    """
    parts = check_archive(path, reading)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on what is not cells: styles, rules, extensions
            table = _table(path, parts, sheet, reading)
    except RefusedFileError:
        raise
    except Exception as error:  # openpyxl fails in many ways on a damaged workbook
        reading.refuse(
            "unreadable_file", "The file cannot be read as an Excel workbook.", _ADVICE, value=error
        )
    _report_blank_rows(table, reading)
    selected = reading.selected().values()
    columns: dict[str, pd.Series[Any]] = {
        name: excel_column([row[place] for row in table.rows], name, reading)
        for place, name in enumerate(selected)
    }
    reading.stop_at_errors()
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table.rows)), copy=False)


@dataclass
class _Table:
    """Rows with a filled cell: their numbers, and their values of the selected columns."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)


def _table(path: Path, parts: dict[str, SheetParts], sheet: str | None, reading: Reading) -> _Table:
    # Here, so that studies without Excel files need not load it.
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        found = _chosen(book.worksheets, sheet, reading)
        place = found._worksheet_path  # it has no public name
        _refuse_formulas(parts[place], reading)
        rows = sheet_rows(book, found, reading)
        number, header = next(rows, (1, {}))
        if not header:
            reading.refuse("empty_file", "The sheet has no filled cell.", "Export it again.")
        if number != 1:
            reading.refuse(
                "empty_file",
                "Row 1 of the sheet is empty; the header must be there.",
                "Delete what is above the header.",
                rows="1",
            )
        _take_header(header, reading)
        return _body(rows, reading)
    finally:
        book.close()


def _chosen(sheets: Sequence[Any], wanted: str | None, reading: Reading) -> Any:
    names = [sheet.title for sheet in sheets]
    if not names:
        reading.refuse("unreadable_file", "The workbook has no sheet of cells.", _ADVICE)
    if wanted is None and len(names) > 1:
        _refuse_sheet("The workbook has several sheets.", names, reading)
    if wanted is not None and wanted not in names:
        _refuse_sheet(f"The workbook has no sheet {wanted!a}.", names, reading)
    return sheets[names.index(wanted) if wanted else 0]


def _refuse_sheet(message: str, names: Sequence[str], reading: Reading) -> NoReturn:
    reading.refuse(
        "which_sheet",
        message,
        "Name the sheet in protocol.yaml, as sheet.",
        value=", ".join(names),
    )


def _refuse_formulas(parts: SheetParts, reading: Reading) -> None:
    for rule, cells, what, action in (
        ("formula", parts.formulas, "formulas", "Copy the table and paste it as values."),
        ("merged_cells", parts.merged, "merged cells", "Unmerge them, and fill each cell."),
    ):
        if cells:
            rows = [int(row) for cell in cells for row in re.findall(r"[0-9]{1,7}", cell)[:1]]
            reading.error(
                rule, f"The sheet has {what}: {_listed(cells)}.", action, rows=row_ranges(rows)
            )
    reading.stop_at_errors()


def _listed(cells: Sequence[str], most: int = 8) -> str:
    short = ", ".join(shown(cell, 20) for cell in cells[:most])
    return short + (f" and {len(cells) - most} more" if len(cells) > most else "")


def _take_header(header: SheetRow, reading: Reading) -> None:
    names = [""] * (max(header) + 1)
    for column, (value, _) in header.items():
        names[column] = cell_text(value)
    reading.set_header(names)
    reading.stop_at_errors()


def _body(rows: Iterator[tuple[int, SheetRow]], reading: Reading) -> _Table:
    table = _Table()
    selected = reading.selected()
    unnamed: dict[int, list[int]] = {}
    errors: dict[int, list[int]] = {}
    for number, cells in rows:
        table.numbers.append(number)
        table.rows.append([cells.get(column, (None,))[0] for column in selected])
        for column, (_, is_error) in cells.items():
            if column >= len(reading.header) or not reading.header[column]:
                unnamed.setdefault(column, []).append(number)
            elif is_error and column in selected:
                errors.setdefault(column, []).append(number)
    for column, numbers in sorted(unnamed.items()):
        reading.report_unnamed(column, row_ranges(numbers), "")
    for column, numbers in sorted(errors.items()):
        reading.error(
            "excel_error",
            "Cells hold an error of Excel, such as #N/A.",
            "Correct the cells; leave them empty where the value is missing.",
            column=reading.header[column],
            rows=row_ranges(numbers),
        )
    reading.stop_at_errors()
    return table


def _report_blank_rows(table: _Table, reading: Reading) -> None:
    numbers = np.array(table.numbers, dtype=np.int64)
    following = np.arange(2, len(numbers) + 2)
    if not np.array_equal(numbers, following):
        reading.row_numbers = numbers
        blank = np.setdiff1d(np.arange(2, numbers[-1]), numbers)
        reading.report_blank_rows(blank)
