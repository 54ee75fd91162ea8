"""Reads delimited text files: CSV and tab-separated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from seizureflow.readers.csv_structure import LongCell, Structure, find_structure
from seizureflow.readers.limits import MAX_CELL_CHARACTERS, MIB
from seizureflow.readers.reading import Reading
from seizureflow.readers.text_cells import text_column
from seizureflow.readers.text_encoding import utf8_bytes
from seizureflow.row_ranges import row_ranges

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


def read_csv(path: Path, reading: Reading, encoding: str, delimiter: str) -> pd.DataFrame:
    """Read a delimited text file as text.

    Rows bear the number of the line on which they begin, whatever blank lines and line breaks
    within quotes precede them.

    Args:
        path: The file.
        reading: Takes header, row numbers and findings.
        encoding: Encoding of the file.
        delimiter: Character between cells.

    Raises:
        RefusedFileError: Where the file is not a table of this delimiter.
    """
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        reading.refuse(
            "wrong_delimiter",
            "The delimiter must be one ASCII character other than a quotation mark or line break.",
            'Correct delimiter in protocol.yaml, such as ";".',
            value=delimiter,
        )
    data = utf8_bytes(path, encoding, reading)
    structure = find_structure(data, ord(delimiter))
    _check_quotes(structure, reading)
    if not structure.columns:
        reading.refuse("empty_file", "The file has no header.", "Export it again.")
    _take_header(structure, data, delimiter, reading)
    _check_long_cells(structure, data, reading)
    _check_records(structure, delimiter, reading)
    reading.stop_at_errors()
    return _cells(structure, data, delimiter, reading)


def _check_quotes(structure: Structure, reading: Reading) -> None:
    if structure.bad_quote is None:
        return
    line, begins = structure.bad_quote
    reading.refuse(
        "unreadable_file",
        "The quotation marks do not pair: "
        + (
            f"one is out of place on line {line}."
            if begins == line
            else f"the cell that begins on line {begins} does not end properly by line {line}."
        ),
        "Put a cell that holds a quotation mark, line break or delimiter between quotation marks, "
        "and double each quotation mark within it.",
        rows=row_ranges([begins, line]),
    )


def _check_long_cells(structure: Structure, data: np.ndarray, reading: Reading) -> None:
    lengths: dict[int, list[tuple[int, int]]] = {}
    for cell in structure.long_cells:
        length = _characters(data, cell)
        if length > MAX_CELL_CHARACTERS and cell.start >= structure.header[1]:
            lengths.setdefault(cell.position, []).append((cell.line, length))
    for position, found in sorted(lengths.items()):
        reading.report_oversized(
            reading.header[position] if position < len(reading.header) else "",
            row_ranges(line for line, _ in found),
            max(length for _, length in found),
        )
    reading.stop_at_errors()


def _characters(data: np.ndarray, cell: LongCell) -> int:
    text = data[cell.start : cell.end].tobytes().decode().removesuffix("\r")
    if text.startswith('"'):
        return len(text) - 2 - text[1:-1].count('""')
    return len(text)


def _raw_header(structure: Structure, data: np.ndarray, delimiter: str) -> list[str]:
    every = list(range(structure.columns))
    parsed = _parsed(data[slice(*structure.header)], structure, delimiter, every)
    return [str(parsed.column(position)[0]) for position in every]


def _take_header(structure: Structure, data: np.ndarray, delimiter: str, reading: Reading) -> None:
    reading.check_width(structure.columns)
    reading.stop_at_errors()
    header = _raw_header(structure, data, delimiter)
    likely = [mark for mark in _NAMES if mark != delimiter and mark in header[0]]
    if len(header) == 1 and likely:
        reading.refuse(
            "wrong_delimiter",
            f"The header has no {_NAMES.get(delimiter, delimiter)} but a {_NAMES[likely[0]]}.",
            f'Set delimiter: "{likely[0]}" in protocol.yaml, or export the file again.'.replace(
                "\t", "\\t"
            ),
            rows="1",
            value=header[0],
        )
    reading.set_header(header)


def _check_records(structure: Structure, delimiter: str, reading: Reading) -> None:
    if len(structure.ragged_lines):
        line, cells = structure.ragged_lines[0], structure.ragged_cells[0]
        reading.error(
            "ragged_row",
            f"{len(structure.ragged_lines)} rows have more or fewer cells than the header, "
            f"which has {structure.columns}.",
            "Correct the rows; put a cell that holds a "
            f"{_NAMES.get(delimiter, delimiter)} between quotation marks.",
            rows=row_ranges(structure.ragged_lines),
            value=f"{cells} {'cell' if cells == 1 else 'cells'} on line {line}",
        )
    if len(structure.blank_lines):
        reading.report_blank_rows(structure.blank_lines)


def _parsed(
    data: np.ndarray, structure: Structure, delimiter: str, positions: list[int]
) -> pa.Table:
    """Parse records as text; columns are named by their position."""
    names = [str(position) for position in range(structure.columns)]
    wanted = [str(position) for position in positions]
    return pacsv.read_csv(
        pa.BufferReader(pa.py_buffer(data)),
        # A block must hold the longest record.
        pacsv.ReadOptions(
            column_names=names, block_size=max(4 * MIB, 2 * structure.longest_record)
        ),
        pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=structure.breaks_in_cells),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=wanted,
            strings_can_be_null=False,
            check_utf8=False,  # checked before, with the place of what is wrong
        ),
    )


def _cells(
    structure: Structure, data: np.ndarray, delimiter: str, reading: Reading
) -> pd.DataFrame:
    selected = reading.selected()
    unnamed = [position for position, name in enumerate(reading.header) if not name]
    count = len(structure.lines)
    if count == 0:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in selected.values()})
    if not np.array_equal(structure.lines, np.arange(2, count + 2)):
        reading.row_numbers = structure.lines
    # With no column selected, the first is still parsed, for the number of rows.
    positions = sorted({*selected, *unnamed}) or [0]
    parsed = _parsed(data[structure.header[1] :], structure, delimiter, positions)
    if parsed.num_rows != count:
        reading.refuse(
            "unreadable_file",
            f"The file has {count} rows by its lines but {parsed.num_rows} by its cells.",
            "Export the file again as CSV, with quotation marks as in RFC 4180.",
        )
    for position in unnamed:
        _check_unnamed(parsed.column(str(position)), position, reading)
    columns: dict[str, pd.Series[Any]] = {
        name: text_column(parsed.column(str(position)), name, reading)
        for position, name in selected.items()
    }
    reading.stop_at_errors()
    return pd.DataFrame(columns, index=pd.RangeIndex(count), copy=False)


def _check_unnamed(values: pa.ChunkedArray, position: int, reading: Reading) -> None:
    filled = np.flatnonzero(pc.not_equal(pc.utf8_trim_whitespace(values), ""))
    if len(filled):
        value = values[int(filled[0])].as_py()
        reading.report_unnamed(position, reading.rows(filled), value)
