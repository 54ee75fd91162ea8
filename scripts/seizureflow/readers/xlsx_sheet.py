"""Gives the filled cells of an Excel sheet row by row, as the sheet states them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import iterparse

from seizureflow.readers.limits import MAX_COLUMNS, MAX_SHEET_ROWS
from seizureflow.readers.reading import Reading

_BLANKS = " \t\n\r\xa0"

SheetRow = dict[int, tuple[object, bool]]
"""Filled cells of a row: by column from 0, the value and whether it is an Excel error."""


def sheet_rows(book: Any, sheet: Any, reading: Reading) -> Iterator[tuple[int, SheetRow]]:
    """Give each row with a filled cell, and its number.

    The public ways of openpyxl to go through a sheet trust its stated size, drop rows and cells
    out of order, and fill any gap between row numbers with rows; so only its parser of cells is
    used here. The sheet must have passed :func:`check_archive`.

    Args:
        book: A workbook opened by openpyxl for reading only.
        sheet: One of its sheets.
        reading: Takes the findings.

    Raises:
        RefusedFileError: Where rows or columns are out of order, or more than Excel has.
    """
    from openpyxl.worksheet._reader import (  # type: ignore[import-untyped]
        ROW_TAG,
        WorkSheetParser,
    )

    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        before = 0
        for _, element in iterparse(source):  # noqa: S314 (no document type, so no entities)
            if element.tag != ROW_TAG:
                continue
            number, cells = parser.parse_row(element)
            element.clear()
            if not before < number <= MAX_SHEET_ROWS:
                _refuse_order(f"Row {number} is out of order.", reading)
            before = number
            row = _filled(cells, number, reading)
            if row:
                yield number, row


def _filled(cells: list[dict[str, Any]], number: int, reading: Reading) -> SheetRow:
    row: SheetRow = {}
    for cell in cells:
        value, column = cell["value"], cell["column"] - 1
        if value is None or (isinstance(value, str) and not value.strip(_BLANKS)):
            continue
        if column in row or not 0 <= column < MAX_COLUMNS:
            _refuse_order(f"A cell of row {number} is out of order.", reading)
        row[column] = (value, cell["data_type"] == "e")
    return row


def _refuse_order(message: str, reading: Reading) -> None:
    reading.refuse(
        "unreadable_file",
        message,
        "Open the file in Excel and save it again as .xlsx, or export the table as CSV.",
    )
