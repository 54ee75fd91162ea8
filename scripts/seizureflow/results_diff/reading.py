"""Reads a results table from a folder of results or a file, Parquet or CSV."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from seizureflow.problems import InputError, Problem
from seizureflow.spreadsheet_text import is_formula
from seizureflow.suggestions import nearest
from seizureflow.tables import TABLES, read_table

Row = dict[str, Any]

_NAMES = ("ard.parquet", "ard.csv")
_COLUMNS = tuple(TABLES["results"])
_ARMS = ("GROUP", "REFERENCE")


@dataclass(frozen=True)
class Criterion:
    """The success criterion of a plan: the reduction that an analysis must show, in percent."""

    analysis: str
    reduction: float


@dataclass(frozen=True)
class ResultsFile:
    """A results table.

    Attributes:
        path: The file.
        rows: Its rows; what is missing is None, a value that is missing is not a number.
        other_columns: Columns that a results table has not; they are not read.
        criterion: Success criterion of the plan, as ``ard.json`` beside the file gives it; None
            where there is none or no such file.
    """

    path: Path
    rows: tuple[Row, ...]
    other_columns: tuple[str, ...] = ()
    criterion: Criterion | None = None


def read_all(paths: list[Path]) -> list[ResultsFile]:
    """Read several results tables.

    Raises:
        InputError: With the problems of all of them.
    """
    found: list[ResultsFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(read_results(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def read_results(path: Path) -> ResultsFile:
    """Read a results table.

    Args:
        path: A folder of results of a study, or its ``ard.parquet`` or ``ard.csv``.

    Raises:
        InputError: There is no such folder or file, or it is not a results table.
    """
    file = _file(path)
    frame = _read(file)
    missing = [name for name in _COLUMNS if name not in frame]
    if missing:
        raise _not_results(file, f"Columns are missing: {', '.join(missing)}.")
    others = tuple(str(name) for name in frame.columns if name not in _COLUMNS)
    try:
        columns = {name: _plain(frame[name], name) for name in _COLUMNS}
    except ValueError as error:
        raise _not_results(file, f"In column VALUE: {error}.") from None
    rows = tuple(
        dict(zip(_COLUMNS, values, strict=True)) for values in zip(*columns.values(), strict=True)
    )
    return ResultsFile(file, rows, others, _criterion(file.with_name("ard.json")))


def with_arms(file: ResultsFile, names: Mapping[str, str]) -> ResultsFile:
    """Call arms by other names, so that they are those of another study.

    Args:
        file: A results table.
        names: For ids of its arms the ids to call them by.

    Raises:
        InputError: The table has no such arm.
    """
    arms = {row[column] for row in file.rows for column in _ARMS} - {None}
    problems = [
        Problem(str(file.path), f'There is no arm "{name}".', action=nearest(name, arms))
        for name in names
        if name not in arms
    ]
    if problems:
        raise InputError(problems)
    rows = (row | {name: names.get(row[name], row[name]) for name in _ARMS} for row in file.rows)
    return replace(file, rows=tuple(rows))


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    if not path.is_dir():
        action = "Name a folder of results, such as results/opus, or the file ard.parquet in it."
        raise InputError([Problem(str(path), "There is no such folder or file.", action=action)])
    for name in _NAMES:
        if (path / name).is_file():
            return path / name
    inner = sorted(str(p.parent) for name in _NAMES for p in path.glob(f"*/{name}"))
    action = f"Name one of {', '.join(dict.fromkeys(inner))}." if inner else "Run the study first."
    what = f"The folder has neither {' nor '.join(_NAMES)}."
    raise InputError([Problem(str(path), what, action=action)])


def _read(file: Path) -> pd.DataFrame:
    try:
        if file.suffix == ".csv":
            return _read_csv(file)
        return read_table(file)
    except InputError as error:  # a damaged table, which need not be of this pipeline
        reason = error.problems[0].found
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    raise _not_results(file, f"It cannot be read: {reason}")


def _read_csv(file: Path) -> pd.DataFrame:
    """Every cell as text, empty cells as missing, and without the guard against formulas."""
    frame = pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    for name in frame.columns:
        inner = frame[name].str.slice(1)
        guarded = frame[name].str.startswith("'").fillna(False).astype(bool) & is_formula(inner)
        frame[name] = frame[name].where(~guarded, inner)
    return frame


def _not_results(file: Path, what: str) -> InputError:
    action = "Name a folder of results, or an ard.parquet or ard.csv that this pipeline wrote."
    return InputError([Problem(str(file), f"This is not a results table. {what}", action=action)])


def _plain(values: pd.Series[Any], name: str) -> list[Any]:
    present = [None if pd.isna(value) else value for value in values.tolist()]
    if name == "VALUE":
        return [math.nan if value is None else float(value) for value in present]
    if name == "CONVERGED":
        return [None if value is None else str(value) == "True" for value in present]
    if name == "SEED":
        # A whole number that passed through a column with gaps ends with .0.
        return [None if value is None else str(value).removesuffix(".0") for value in present]
    return present


def _criterion(file: Path) -> Criterion | None:
    if not file.is_file():
        return None
    try:
        entry = json.loads(file.read_text(encoding="utf-8")).get("success_criterion")
        return Criterion(entry["analysis"], float(entry["relative_reduction"])) if entry else None
    except (ValueError, KeyError, TypeError, AttributeError):
        action = "Write it anew with the workflow, or take it away."
        problem = Problem(str(file), "It does not give the success criterion.", action=action)
        raise InputError([problem]) from None
