"""Reads a Parquet file, only the columns asked for, repeated text as codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seizureflow.readers.limits import MAX_PARQUET_ROWS
from seizureflow.readers.reading import Reading
from seizureflow.readers.text_cells import coded_text_column, text_column

_EXACT = 2**53
_ADVICE = "Convert the column to text, numbers or dates before the export, or do without it."


def read_parquet(path: Path, reading: Reading) -> pd.DataFrame:
    """Read a Parquet file.

    Columns of types that are no cells (lists, structures, bytes, decimals, durations, times with
    a zone) are reported and left out.

    Args:
        path: The file.
        reading: Takes header and findings.

    Raises:
        RefusedFileError: Where the file is damaged or a cell must not be read.
    """
    try:
        return _read(path, reading)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        reading.refuse(
            "unreadable_file",
            "The file cannot be read as Parquet.",
            "Transfer or export it again.",
            value=error,
        )


def _read(path: Path, reading: Reading) -> pd.DataFrame:
    with pq.ParquetFile(path, memory_map=True) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    names = list(schema.names)
    if rows > MAX_PARQUET_ROWS:
        reading.refuse(
            "file_too_large",
            f"The file says that it has {rows} rows; {MAX_PARQUET_ROWS} are the most.",
            "Split the file.",
        )
    reading.set_header(names)
    if not names:
        reading.refuse("empty_file", "The file has no columns.", "Export it again.")
    for position in (place for place, name in enumerate(reading.header) if not name):
        reading.report_unnamed(position, "", "")
    reading.stop_at_errors()
    selected = {
        names[position]: name
        for position, name in reading.selected().items()
        if _check_supported(schema.field(position).type, name, reading)
    }
    texts = [name for name in selected if _is_text(schema.field(name).type)]
    # Texts are read as codes: a long text that fills many rows then costs its length once.
    with pq.ParquetFile(path, memory_map=True, read_dictionary=texts) as file:
        # One column after the other, so that no two are held twice.
        columns: dict[str, pd.Series[Any]] = {
            name: _column(file.read(columns=[stored]).column(stored), name, reading)
            for stored, name in selected.items()
        }
    reading.stop_at_errors()
    return pd.DataFrame(columns, index=pd.RangeIndex(rows), copy=False)


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    value = _value_type(kind)
    return bool(
        pa.types.is_string(value)
        or pa.types.is_large_string(value)
        or pa.types.is_string_view(value)
    )


def _check_supported(kind: pa.DataType, column: str, reading: Reading) -> bool:
    value = _value_type(kind)
    zoned = pa.types.is_timestamp(value) and value.tz is not None
    supported = not zoned and (
        _is_text(kind)
        or pa.types.is_boolean(value)
        or pa.types.is_integer(value)
        or pa.types.is_floating(value)
        or pa.types.is_temporal(value)
        or pa.types.is_null(value)
    )
    if pa.types.is_duration(value) or pa.types.is_interval(value):
        supported = False
    if not supported:
        reading.error(
            "unsupported_column",
            "The column holds no cells of text, numbers or dates; it is left out.",
            _ADVICE,
            column=column,
            value=kind,
        )
    return bool(supported)


def _column(values: pa.ChunkedArray, column: str, reading: Reading) -> pd.Series[Any]:
    kind = values.type
    if _is_text(kind):
        if pa.types.is_dictionary(kind):
            return coded_text_column(values, column, reading)
        return text_column(values.cast(pa.large_string()), column, reading)
    values = values.cast(_value_type(kind))
    kind = values.type
    if pa.types.is_boolean(kind):
        words = pa.DictionaryArray.from_arrays(
            values.combine_chunks().cast(pa.int8()).cast(pa.int32()), pa.array(["N", "Y"])
        )
        return coded_text_column(pa.chunked_array([words]), column, reading)
    if pa.types.is_null(kind):
        return pd.Series([""] * len(values), dtype="str")
    if pa.types.is_time(kind):
        words = pc.replace_substring_regex(values.cast(pa.string()), r"\.0+$", "")
        return text_column(words, column, reading)
    if pa.types.is_temporal(kind):
        # Finer than milliseconds is cut off.
        moments = values.cast(pa.timestamp("ms"), safe=False)
        return pd.Series(moments.to_numpy(), copy=False).astype("datetime64[ms]")
    return _numbers(values, column, reading)


def _numbers(values: pa.ChunkedArray, column: str, reading: Reading) -> pd.Series[Any]:
    if pa.types.is_floating(values.type):
        return pd.Series(values.cast(pa.float64()).to_numpy(), copy=False)
    if values.null_count == 0 and values.type != pa.uint64():
        return pd.Series(values.cast(pa.int64()).to_numpy(), copy=False)
    inexact = pc.fill_null(pc.greater(pc.abs(values), _EXACT), False)
    if pc.any(inexact).as_py():
        reading.error(
            "inexact_number",
            "A whole number is too large to be kept exactly beside empty cells.",
            "Export the column as text.",
            column=column,
            rows=reading.rows(np.flatnonzero(inexact)),
        )
    return pd.Series(values.cast(pa.float64(), safe=False).to_numpy(), copy=False)
