"""Turns a column of untrusted text into cells: checked, without surrounding blanks or gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seizureflow.readers.control_characters import CONTROL_RE2, has_control_character
from seizureflow.readers.limits import MAX_CELL_CHARACTERS
from seizureflow.readers.reading import Reading

CATEGORIES_FROM_ROWS = 1_000
"""Rows from which a column with few distinct texts comes as a Categorical."""


def text_column(
    values: pa.Array | pa.ChunkedArray, column: str, reading: Reading
) -> pd.Series[Any]:
    """Check a column of strings and turn it into a ``str`` column.

    Args:
        values: Array of strings; nulls are empty cells.
        column: Its name.
        reading: Takes the findings: cells that are too long or hold control characters.
    """
    lengths = pc.utf8_length(values)
    oversized = _positions(pc.greater(lengths, MAX_CELL_CHARACTERS))
    if len(oversized):
        reading.report_oversized(column, reading.rows(oversized), pc.max(lengths).as_py())
    _report_held(values, _positions(_held(values)), column, reading)
    return pd.Series(_trimmed(values).cast(pa.large_string()).to_pandas(), dtype="str")


def coded_text_column(values: pa.ChunkedArray, column: str, reading: Reading) -> pd.Series[Any]:
    """Check a dictionary-encoded column of strings and turn it into a column of text.

    Only the distinct texts are looked at, so that a long text that fills many rows costs little.

    Returns:
        A Categorical where the rows are many and the distinct texts at most half as many, else a
        ``str`` column. Categories are those that occur, in the order of the dictionary.
    """
    array = _one_dictionary(values)
    texts = array.dictionary.cast(pa.large_string())
    codes = np.asarray(array.indices.fill_null(len(texts)))
    lengths = pc.utf8_length(texts)
    oversized = _occurring(pc.greater(lengths, MAX_CELL_CHARACTERS), codes)
    if len(oversized):
        longest = pc.max(lengths.take(pa.array(oversized))).as_py()
        reading.report_oversized(column, reading.rows(_rows_of(oversized, codes)), longest)
    held = _rows_of(_occurring(_held(texts), codes), codes)
    _report_held(array, held, column, reading)
    if len(oversized):
        return pd.Series(dtype="str")  # as plain text, it might fill the memory
    distinct = pc.dictionary_encode(pa.concat_arrays([_trimmed(texts), pa.array([""], texts.type)]))
    used, codes = _used(np.asarray(distinct.indices)[codes], len(distinct.dictionary))
    categories = pd.Index(distinct.dictionary.take(pa.array(used)).to_pandas(), dtype="str")
    if len(codes) >= CATEGORIES_FROM_ROWS and 2 * len(categories) <= len(codes):
        return pd.Series(pd.Categorical.from_codes(codes, categories=categories), copy=False)
    return pd.Series(categories.to_numpy()[codes], dtype="str")


def object_text_column(
    values: Sequence[str | None], column: str, reading: Reading
) -> pd.Series[Any]:
    """Check a list of strings and turn it into a ``str`` column."""
    try:
        array = pa.array(values, pa.large_string())
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can spell
        wrong = [has_control_character(value or "") for value in values]
        rows = reading.rows(np.flatnonzero(wrong))
        reading.report_control_character(column, rows, values[wrong.index(True)])
        return pd.Series(dtype="str")
    return text_column(array, column, reading)


def _one_dictionary(values: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = values.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        return whole.chunk(0)
    return whole


def _used(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes that occur, and each code as a position among them."""
    used = np.flatnonzero(np.bincount(codes, minlength=size))
    places = np.zeros(size, dtype=np.int32)
    places[used] = np.arange(len(used))
    return used, places[codes]


def _occurring(mask: pa.Array, codes: np.ndarray) -> np.ndarray:
    """Codes of the texts in a mask that fill a row."""
    found = _positions(mask)
    if not len(found):
        return found
    return found[np.bincount(codes, minlength=len(mask) + 1)[found] > 0]


def _rows_of(found: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Positions of the rows with one of few codes."""
    return np.flatnonzero(np.isin(codes, found)) if len(found) else found


def _held(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.match_substring_regex(values, CONTROL_RE2)


def _trimmed(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.utf8_trim_whitespace(pc.fill_null(values, ""))


def _positions(mask: pa.Array | pa.ChunkedArray) -> np.ndarray:
    if not pc.any(mask).as_py():
        return np.empty(0, np.int64)
    return np.flatnonzero(pc.fill_null(mask, False))


def _report_held(
    values: pa.Array | pa.ChunkedArray, positions: np.ndarray, column: str, reading: Reading
) -> None:
    if len(positions):
        reading.report_control_character(
            column, reading.rows(positions), values[int(positions[0])].as_py()
        )
