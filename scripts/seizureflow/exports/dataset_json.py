"""Writes a dataset as CDISC Dataset-JSON 1.1, as one JSON object or as lines of JSON (NDJSON)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from seizureflow.exports.columns import Described, Place, plain_columns, text_too_long
from seizureflow.problems import InputError
from seizureflow.whole_files import whole_file

VERSION = "1.1.0"
ORIGINATOR = "seizureflow"
SYSTEM_VERSION = "0.1.0"
DATE_FORMAT = "DATE9."

_DATA_TYPES = {"text": "string", "integer": "integer", "float": "float", "date": "date"}
_LONGEST_TEXT = 2**31 - 1


def write_dataset_json(
    frame: pd.DataFrame,
    path: str | Path,
    name: str,
    label: str,
    variables: Sequence[Described],
    *,
    study: str,
    created: dt.datetime,
    keys: Sequence[str],
    ndjson: bool = False,
) -> None:
    """Write a dataset as Dataset-JSON.

    Numbers have the digits that give the same double back. Dates are ISO 8601 text that a reader
    turns into numbers (``targetDataType``). Missing values are null, and empty text is "".

    Args:
        frame: The dataset.
        path: The file, which appears whole or not at all.
        name: Name of the dataset.
        label: Label of the dataset.
        variables: The variables in their order; see :mod:`seizureflow.exports.columns`.
        study: Name of the study.
        created: Time that the file gives as that of its creation.
        keys: Names of the variables that tell rows apart, in their order.
        ndjson: Write the metadata as one line and each row as one.

    Raises:
        InputError: Values that are not of their variable's kind, or text longer than its length.

    Source:
        CDISC Dataset-JSON Specification 1.1 (2024-12-05).
    """
    target = Path(path)
    columns = plain_columns(frame, variables, target)
    lengths: dict[str, int] = {}
    problems = []
    for variable in variables:
        if variable.kind == "text":
            sizes = [len(value or "") for value in columns[variable.name]]
            place = Place(frame, target)
            problems += text_too_long(place, variable, sizes, _LONGEST_TEXT, "characters")
            planned: int | None = getattr(variable, "length", None)
            lengths[variable.name] = planned or max([1, *sizes])
    if problems:
        raise InputError(problems)
    head = {
        "datasetJSONCreationDateTime": created.isoformat(timespec="seconds"),
        "datasetJSONVersion": VERSION,
        "fileOID": f"{study}.{name}",
        "originator": ORIGINATOR,
        "sourceSystem": {"name": ORIGINATOR, "version": SYSTEM_VERSION},
        "studyOID": study,
        "metaDataVersionOID": f"MDV.{study}",
        "itemGroupOID": f"IG.{name}",
        "records": len(frame),
        "name": name,
        "label": label,
        "columns": [_column(name, v, lengths, keys) for v in variables],
    }
    rows = zip(*(_json_values(columns[v.name]) for v in variables), strict=True)
    with whole_file(target) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_lines(head, rows) if ndjson else _document(head, rows))


def _column(
    dataset: str, variable: Described, lengths: dict[str, int], keys: Sequence[str]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "itemOID": f"IT.{dataset}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": _DATA_TYPES[variable.kind],
    }
    if variable.kind == "date":
        entry["targetDataType"] = "integer"
    if variable.name in lengths:
        entry["length"] = lengths[variable.name]
    if variable.kind == "date":
        entry["displayFormat"] = DATE_FORMAT
    if variable.name in keys:
        entry["keySequence"] = list(keys).index(variable.name) + 1
    return entry


def _json_values(values: list[Any]) -> list[Any]:
    return [value.isoformat() if isinstance(value, dt.date) else value for value in values]


def _lines(head: dict[str, Any], rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    yield f"{_compact(head)}\n"
    for row in rows:
        yield f"{_compact(row)}\n"


def _document(head: dict[str, Any], rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    """One object, with a line for each entry of the head and for each row."""
    yield "{\n"
    for key, value in head.items():
        yield f"{_compact(key)}: {_compact(value)},\n"
    yield '"rows": ['
    separator = "\n"
    for row in rows:
        yield f"{separator}{_compact(row)}"
        separator = ",\n"
    yield "\n]\n}\n"


def _compact(value: Any) -> str:
    # NDJSON ends a line at "\n", which JSON escapes; other line ends are only text in it.
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
