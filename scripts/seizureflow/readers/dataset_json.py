"""Reads CDISC Dataset-JSON 1.1, as one document (.json) or by lines (.ndjson).

Source: CDISC, "Dataset-JSON Specification", version 1.1 (2024). By lines, the first line is the
metadata and each further line one row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from seizureflow.readers.json_columns import DATA_TYPES, json_column
from seizureflow.readers.limits import MAX_JSON_BYTES
from seizureflow.readers.reading import Reading
from seizureflow.readers.text_encoding import utf8_bytes

_ADVICE = "Export the file again with a tool that conforms to Dataset-JSON 1.1."


def read_dataset_json(path: Path, reading: Reading, *, by_lines: bool) -> pd.DataFrame:
    """Read a Dataset-JSON file.

    Args:
        path: The file.
        reading: Takes header, labels and findings.
        by_lines: Whether it is the NDJSON flavour.

    Raises:
        RefusedFileError: Where the file is not strictly JSON or does not conform.
    """
    size = path.stat().st_size
    if size > MAX_JSON_BYTES:
        reading.refuse(
            "file_too_large",
            f"The file has {size} bytes; {MAX_JSON_BYTES} are the most for JSON.",
            "Split the file, or export it in another format.",
        )
    # JSON is UTF-8 by its standard, RFC 8259.
    text = utf8_bytes(path, "utf-8", reading)
    if by_lines:
        lines = _lines(text)
        about = _parsed(next(lines, b""), 1, reading)
        _take_metadata(about, reading)
        given: Iterable[Any] = (_parsed(line, at, reading) for at, line in enumerate(lines, 2))
    else:
        about = _parsed(text.tobytes(), None, reading)
        _take_metadata(about, reading)
        given = about.get("rows", [])
        if not isinstance(given, list):
            _refuse("The rows are not a list.", reading)
    rows = _rows(given, about, reading)
    columns = {}
    for place, (position, name) in enumerate(reading.selected().items()):
        kind = about["columns"][position]["dataType"]
        columns[name] = json_column([row[place] for row in rows], kind, name, reading)
    reading.stop_at_errors()
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def _lines(text: np.ndarray) -> Iterator[bytes]:
    """Lines of a text; blank ones are passed over, as the flavour demands of readers."""
    start = 0
    for end in (*np.flatnonzero(text == ord("\n")).tolist(), len(text)):
        line = text[start:end].tobytes().strip()
        start = end + 1
        if line:
            yield line


def _parsed(text: bytes, line: int | None, reading: Reading) -> Any:
    where = "The file" if line is None else f"Record {line}, the metadata being 1,"
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unrepeated)
    except RecursionError:
        _refuse(f"{where} is nested too deeply.", reading, rule="unreadable_file")
    except ValueError as error:
        _refuse(f"{where} is not strictly JSON.", reading, str(error), rule="unreadable_file")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a key is given twice")
    return content


def _refuse(
    message: str, reading: Reading, value: object = "", rule: str = "dataset_json"
) -> NoReturn:
    reading.refuse(rule, message, _ADVICE, value=value)


def _take_metadata(about: Any, reading: Reading) -> None:
    if not isinstance(about, dict):
        _refuse("The metadata are not an object.", reading)
    version = about.get("datasetJSONVersion")
    if not (isinstance(version, str) and re.fullmatch(r"1\.1(\.\d+)?", version)):
        _refuse("The datasetJSONVersion is not 1.1.", reading, version)
    columns = about.get("columns")
    if not (isinstance(columns, list) and columns):
        _refuse("The columns are not a list, or it is empty.", reading)
    for number, column in enumerate(columns, 1):
        named = isinstance(column, dict) and isinstance(column.get("name"), str)
        if not (named and column["name"].strip()):
            _refuse(f"Column {number} is not an object with a name.", reading)
        if str(column.get("dataType")) not in DATA_TYPES:
            known = ", ".join(sorted(DATA_TYPES))
            reading.error(
                "dataset_json",
                f"The dataType of the column is not one of {known}.",
                _ADVICE,
                column=column["name"],
                value=column.get("dataType", ""),
            )
    reading.set_header([column["name"] for column in columns])
    reading.set_labels([column.get("label") for column in columns])
    reading.stop_at_errors()


def _rows(given: Iterable[Any], about: dict[str, Any], reading: Reading) -> list[list[Any]]:
    """Values of the selected columns, row by row."""
    width, selected = len(reading.header), list(reading.selected())
    rows, wrong = [], []
    for at, row in enumerate(given):
        if isinstance(row, list) and len(row) == width:
            rows.append([row[position] for position in selected])
        else:
            wrong.append(at)
    if wrong:
        reading.error(
            "dataset_json",
            f"{len(wrong)} rows are not lists of {width} values.",
            _ADVICE,
            rows=reading.rows(np.array(wrong)),
        )
    count, stated = len(rows) + len(wrong), about.get("records")
    if stated is not None and stated != count:
        reading.error(
            "truncated_file",
            f"The file holds {count} rows.",
            "Transfer or export it again.",
            value=f"records: {stated}",
        )
    reading.stop_at_errors()
    return rows
