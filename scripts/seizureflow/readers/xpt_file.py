"""Reads a SAS transport file, version 5 or 8.

It is read here and not by a library, because those at hand end silently where the file does,
take a second dataset for rows, misread numbers of fewer than 8 bytes, and drop characters that
are not in the stated encoding.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from seizureflow.readers.reading import Reading
from seizureflow.readers.sas_values import report_special_missing, sas_column
from seizureflow.readers.text_cells import coded_text_column
from seizureflow.readers.text_encoding import known_codec
from seizureflow.readers.xpt_layout import RECORD, Layout, Variable, read_layout

_BLANK = ord(" ")


def read_xpt(path: Path, reading: Reading, encoding: str) -> pd.DataFrame:
    """Read a transport file.

    Rows of blanks at the very end, shorter than a record of 80 bytes, cannot be told from the
    padding of the file; they are taken for padding.

    Args:
        path: The file.
        reading: Takes header, labels and findings.
        encoding: Encoding of text; the file does not say it.

    Raises:
        RefusedFileError: Where the file is damaged or not in this encoding.
    """
    with path.open("rb") as file:
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    encoding = known_codec(encoding, reading)
    layout = read_layout(content, encoding, reading)
    reading.set_header([variable.name for variable in layout.variables])
    reading.set_labels([variable.label for variable in layout.variables])
    reading.stop_at_errors()
    rows = _rows(np.frombuffer(content, np.uint8), layout, reading)
    columns: dict[str, pd.Series[Any]] = {}
    for position, name in reading.selected().items():
        variable = layout.variables[position]
        cells = rows[:, variable.start : variable.start + variable.width]
        if variable.numeric:
            columns[name] = _numbers(cells, variable, reading)
        else:
            columns[name] = _texts(cells, variable, encoding, reading)
    reading.stop_at_errors()
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def _rows(content: np.ndarray, layout: Layout, reading: Reading) -> np.ndarray:
    """Bytes of the rows, one row each, without the padding of the last record."""
    data = content[layout.start : layout.end]
    count, rest = divmod(len(data), layout.row_bytes)
    # The padding fills up the last record of 80 bytes: only rows within its blanks may be padding.
    tail = data[max(0, len(data) - RECORD + 1) :]
    filled = np.flatnonzero(tail != _BLANK)
    blanks = len(tail) - (int(filled[-1]) + 1 if len(filled) else 0)
    if layout.rows is not None and layout.rows <= count:
        padding = len(data) - layout.rows * layout.row_bytes
        if padding >= RECORD or padding > blanks:
            _refuse_cut(f"The file holds more than the {layout.rows} rows of its header.", reading)
        count = layout.rows
    elif layout.rows is not None or rest > blanks:
        expected = f", of {layout.rows} by its header" if layout.rows else ""
        _refuse_cut(f"The file ends within row {count + 1}{expected}.", reading)
    else:
        count -= (blanks - rest) // layout.row_bytes
    return data[: count * layout.row_bytes].reshape(count, layout.row_bytes)


def _refuse_cut(message: str, reading: Reading) -> None:
    reading.refuse("truncated_file", message, "Transfer the file again, in binary mode.")


def _numbers(cells: np.ndarray, variable: Variable, reading: Reading) -> pd.Series[Any]:
    whole = np.zeros((len(cells), 8), np.uint8)
    whole[:, : variable.width] = cells
    # A missing value is its mark and zeros: a point, an underscore or a letter.
    marks = np.where(whole[:, 1:].any(axis=1), 0, whole[:, 0])
    special = (marks == ord("_")) | ((marks >= ord("A")) & (marks <= ord("Z")))
    if special.any():
        codes = ", ".join(f".{chr(code)}" for code in np.unique(marks[special]))
        report_special_missing(variable.name, np.flatnonzero(special), codes, reading)
    values = ibm_numbers(whole)
    values[special | (marks == ord("."))] = np.nan
    return sas_column(values, variable.format, variable.name, reading)


def ibm_numbers(cells: np.ndarray) -> np.ndarray:
    """Turn IBM System/360 double-precision numbers into float64.

    A number is a sign bit, an exponent of 7 bits (base 16, excess 64) and a fraction of 56 bits.

    Args:
        cells: Array n x 8 of bytes, the most significant first.
    """
    bits = np.ascontiguousarray(cells).view(">u8").ravel().astype(np.uint64)
    fraction = (bits & np.uint64((1 << 56) - 1)).astype(np.float64)
    exponent = ((bits >> np.uint64(56)) & np.uint64(0x7F)).astype(np.int32)
    sign = np.where(bits >> np.uint64(63), -1.0, 1.0)
    # Zero is written plus, whatever its sign bit.
    return np.where(fraction == 0, 0.0, sign * np.ldexp(fraction, 4 * (exponent - 64) - 56))


def _texts(
    cells: np.ndarray, variable: Variable, encoding: str, reading: Reading
) -> pd.Series[Any]:
    buffer = pa.py_buffer(np.ascontiguousarray(cells))
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(variable.width), len(cells), [None, buffer]
    )
    coded = fixed.cast(pa.large_binary()).dictionary_encode()
    texts, wrong = [], []
    for code, value in enumerate(coded.dictionary.to_pylist()):
        try:
            texts.append(value.rstrip(b" \0").decode(encoding))
        except UnicodeDecodeError:
            wrong.append(code)
            texts.append("")
    if wrong:
        rows = np.flatnonzero(np.isin(np.asarray(coded.indices), wrong))
        reading.error(
            "wrong_encoding",
            f"A cell is not {encoding} text.",
            "Name the encoding of the file in protocol.yaml, such as encoding: cp1252.",
            column=variable.name,
            rows=reading.rows(rows),
            value=coded.dictionary[wrong[0]].as_py().decode("latin-1").strip(),
        )
    # The codes of two texts that differ in trailing blanks only become one further on.
    decoded = pa.DictionaryArray.from_arrays(coded.indices, pa.array(texts, pa.large_string()))
    return coded_text_column(pa.chunked_array([decoded]), variable.name, reading)
