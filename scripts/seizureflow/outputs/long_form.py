"""An output as CSV: a line for every number with the result that it is, or for every record."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Cell, Number
from seizureflow.outputs.output import Output
from seizureflow.outputs.widths import text_of
from seizureflow.spreadsheet_text import neutralised

_COLUMNS = [
    "TABLE",
    "ROW",
    "BLOCK",
    "ROW_HEADING",
    "COLUMN",
    "COLUMN_HEADING",
    "CELL",
    "NUMBER",
    "RESULT",
    "VALUE",
]


def csv_text(output: Output) -> str:
    """Write an output as CSV.

    A listing has a line per record, its columns as printed. A table has a line per number: where
    it stands (``ROW`` 0 is the headings), the whole cell, the number as printed, the row of the
    results data that it is, and all digits of it; a cell without numbers has one line.
    """
    frame = _records(output.tables[0]) if output.listing else _numbers(output)
    text: str = neutralised(frame.astype("str")).to_csv(index=False, lineterminator="\n")
    return text


def _records(table: Table) -> pd.DataFrame:
    rows = [[row.heading, *map(text_of, row.cells)] for row in table.rows if row.cells]
    return pd.DataFrame(rows, columns=[table.stub, *map(text_of, table.columns)], dtype="str")


def _numbers(output: Output) -> pd.DataFrame:
    lines = [line for table in output.tables for line in _lines(table)]
    return pd.DataFrame(lines, columns=_COLUMNS, dtype="str")


def _lines(table: Table) -> Iterator[list[str]]:
    block = ""
    for place, row in enumerate((Row(table.stub, table.columns), *table.rows)):
        if not row.cells or row.strong:
            block = row.heading
        elif not row.indent:
            block = ""
        for column, cell in enumerate(row.cells, start=1):
            heading = table.columns[column - 1]
            where = [table.caption, str(place), block, row.heading, str(column), text_of(heading)]
            for number in _pieces(cell):
                yield [*where, text_of(cell), *number]


def _pieces(cell: Cell) -> list[tuple[str, str, str]]:
    """Text, identity and exact value of every number of a cell; one of blanks where it has none."""
    numbers = [(p.text, p.identity, p.exact) for p in cell if isinstance(p, Number)]
    return numbers or [("", "", "")]
