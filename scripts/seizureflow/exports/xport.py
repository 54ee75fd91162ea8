"""Writes a dataset as a SAS transport file (XPT), the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import math
import mmap
import re
from collections.abc import Sequence
from dataclasses import dataclass
from errno import EIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyreadstat

from seizureflow.exports.columns import Described, Place, plain_columns, text_too_long
from seizureflow.problems import InputError, Problem
from seizureflow.whole_files import whole_file

DATE_FORMAT = "DATE9."
# A number is a sign, a power of 16 and 56 binary digits, at least 53 of which remain after a first
# hexadecimal digit such as 1: each IEEE double of these sizes is kept exactly. The format ends at
# 16**63, but the writer of pyreadstat already at 2**249: what is larger it writes as the largest
# number, and what is smaller as zero.
SMALLEST_NUMBER = 16.0**-65
NUMBERS_END = 2.0**249

# The file is a sequence of records of so many bytes.
_RECORD = 80
_SAS_EPOCH = dt.date(1960, 1, 1)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# First bytes of the four times in the header: creation and modification of library and of member.
_STAMPS = (144, 160, 464, 480)
_STAMP = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")


@dataclass(frozen=True)
class Limits:
    """What a version of the format can hold, sizes in bytes."""

    name: re.Pattern[str]
    name_rule: str
    label: int
    dataset_label: int
    text: int


LIMITS = {
    5: Limits(
        re.compile(r"[A-Z_][A-Z0-9_]{0,7}"),
        "at most 8 capital letters, digits and underscores, not a digit first",
        label=40,
        dataset_label=40,
        text=200,
    ),
    8: Limits(
        re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}"),
        "at most 32 letters, digits and underscores, not a digit first",
        label=256,
        dataset_label=40,
        text=32767,
    ),
}


def write_xport(
    frame: pd.DataFrame,
    path: str | Path,
    name: str,
    label: str,
    variables: Sequence[Described],
    created: dt.datetime,
    version: Literal[5, 8] = 5,
) -> None:
    """Write a dataset as SAS transport.

    Text is written as UTF-8 and measured in bytes; missing text becomes empty, as the format has no
    other. Dates are days since 1960-01-01 with the format DATE9. Numbers are kept exactly.

    Args:
        frame: The dataset.
        path: The file, which appears whole or not at all.
        name: Name of the dataset.
        label: Label of the dataset.
        variables: The variables in their order; see :mod:`seizureflow.exports.columns`.
        created: Time that the file gives as that of its creation.
        version: 5, what authorities take, or 8, with long names, labels and text.

    Raises:
        InputError: What the format cannot hold, all of it; nothing is cut or rounded.

    Source:
        SAS Institute, "The SAS V5 Transport File Format" (TS-140) and "Record Layout of a SAS
        Version 8 or 9 Data Set in SAS Transport Format" (TS-140-2).
    """
    target = Path(path)
    limits = LIMITS[version]
    problems = _unfit_names(target, name, label, variables, limits)
    if problems:
        raise InputError(problems)
    columns = plain_columns(frame, variables, target)
    place = Place(frame, target)
    for variable in variables:
        values = columns[variable.name]
        if variable.kind == "text":
            problems += _unfit_text(place, variable, values, limits)
        else:
            numbers = _numbers(values)
            columns[variable.name] = list(numbers)
            problems += _unfit_numbers(place, variable.name, values, numbers)
    if version == 5:
        problems += _blank_end(place, variables, columns)
    if problems:
        raise InputError(problems)
    _write(target, _as_written(columns, variables), name, label, variables, created, version)


def _unfit_names(
    path: Path, name: str, label: str, variables: Sequence[Described], limits: Limits
) -> list[Problem]:
    named = [(f"{path}, dataset {name}", name, label, limits.dataset_label)]
    named += [(f"{path}, variable {v.name}", v.name, v.label, limits.label) for v in variables]
    problems = []
    for where, identifier, text, longest in named:
        if not limits.name.fullmatch(identifier):
            problems.append(
                Problem(
                    where,
                    "The name is not one of SAS transport.",
                    expected=limits.name_rule,
                    found=identifier,
                    action="Give it another name.",
                )
            )
        if len(text.encode()) > longest:
            problems.append(
                Problem(
                    where,
                    f"The label is longer than {longest} bytes: it has {len(text.encode())}.",
                    found=text,
                    action="Shorten the label.",
                )
            )
    return problems


def _unfit_text(
    place: Place, variable: Described, values: list[str | None], limits: Limits
) -> list[Problem]:
    texts = [value or "" for value in values]
    problems = text_too_long(
        place, variable, [len(text.encode()) for text in texts], limits.text, "bytes"
    )
    problems += place.misfit(
        variable.name,
        [text.endswith(" ") for text in texts],
        "The text ends in a blank, which SAS transport cannot keep.",
        "Delete the blank.",
    )
    problems += place.misfit(
        variable.name,
        ["\0" in text for text in texts],
        "The text holds a NUL character, which ends text in SAS transport.",
        "Delete the character from the raw data.",
    )
    return problems


def _numbers(values: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Numbers as SAS keeps them, dates as days since 1960-01-01; missing ones are NaN."""
    return np.array(
        [
            np.nan
            if value is None
            else float((value - _SAS_EPOCH).days if isinstance(value, dt.date) else value)
            for value in values
        ],
        dtype=np.float64,
    )


def _unfit_numbers(place: Place, name: str, values: list[Any], numbers: Any) -> list[Problem]:
    size = np.abs(numbers)
    problems = place.misfit(
        name,
        (size >= NUMBERS_END) | ((size > 0) & (size < SMALLEST_NUMBER)),
        f"The number is not between {SMALLEST_NUMBER:.2g} and {NUMBERS_END:.2g} in size, where "
        "SAS transport keeps it.",
        "Look for a mistake in its derivation, or leave the variable out.",
    )
    inexact = [
        isinstance(value, int) and int(number) != value
        for value, number in zip(values, numbers, strict=True)
    ]
    return problems + place.misfit(
        name,
        inexact,
        "The whole number is not a double, so that SAS transport would round it.",
        "Make it text.",
    )


def _blank_end(
    place: Place, variables: Sequence[Described], columns: dict[str, list[Any]]
) -> list[Problem]:
    """Find a last row without a number and without text: it reads as the padding of the file."""
    if not len(place.frame) or any(variable.kind != "text" for variable in variables):
        return []
    if any(values[-1] for values in columns.values()):
        return []
    return [
        Problem(
            f"{place.path}, row {len(place.frame)}",
            "The last row is empty, which version 5 of SAS transport cannot keep.",
            action="Delete the row.",
        )
    ]


def _as_written(columns: dict[str, list[Any]], variables: Sequence[Described]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            v.name: pd.Series([value or "" for value in columns[v.name]], dtype="str")
            if v.kind == "text"
            else pd.Series(columns[v.name], dtype="float64")
            for v in variables
        }
    )


def _write(
    target: Path,
    written: pd.DataFrame,
    name: str,
    label: str,
    variables: Sequence[Described],
    created: dt.datetime,
    version: Literal[5, 8],
) -> None:
    with whole_file(target) as partial:
        try:
            pyreadstat.write_xport(
                written,
                partial,
                file_label=label,
                column_labels=[variable.label for variable in variables],
                table_name=name,
                file_format_version=version,
                variable_format={v.name: DATE_FORMAT for v in variables if v.kind == "date"},
            )
        finally:
            _require_all_rows(partial, written)
        with partial.open("r+b") as file:
            for position in _STAMPS:
                file.seek(position)
                if not _STAMP.fullmatch(file.read(len(_stamp(created)))):
                    raise RuntimeError(f"{target} has no time at byte {position}")
                file.seek(position)
                file.write(_stamp(created))


def _require_all_rows(file: Path, written: pd.DataFrame) -> None:
    """Find a file that was cut short: of a full disk, pyreadstat says nothing or not the reason."""
    with file.open("a+b") as opened:
        size = file.stat().st_size
        content = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        header = max(content.find(b"HEADER RECORD*******" + name) for name in (b"OBS  ", b"OBSV8"))
        start = header + _RECORD if header >= 0 else math.inf
        expected = start + _RECORD * math.ceil(len(written) * _row_bytes(written) / _RECORD)
        if size == expected:
            return
        opened.write(bytes(_RECORD * 1000))  # what is wrong with the disk, it says itself
        opened.flush()
    raise OSError(EIO, f"{size} bytes were written, of {expected}")


def _row_bytes(written: pd.DataFrame) -> int:
    """Bytes of a row: 8 of a number, and of text those of the longest, at least one."""
    return sum(
        max((len(value.encode()) for value in written[name].unique()), default=0) or 1
        if isinstance(written[name].dtype, pd.StringDtype)
        else 8
        for name in written
    )


def _stamp(time: dt.datetime) -> bytes:
    """A time as in the header, in English whatever the locale.

    >>> _stamp(dt.datetime(2020, 2, 9, 17, 4, 5))
    b'09FEB20:17:04:05'
    """
    day = f"{time.day:02d}{_MONTHS[time.month - 1]}{time.year % 100:02d}"
    return f"{day}:{time:%H:%M:%S}".encode("ascii")
