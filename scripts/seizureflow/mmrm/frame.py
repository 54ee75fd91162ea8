"""The analysed rows: which rows of the table enter, and their columns as arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from formulaic.errors import FormulaicError
from numpy.typing import NDArray

from seizureflow.mmrm.design import (
    Column,
    Design,
    ParsedFormula,
    level_codes,
    levels_of,
    parse,
    require_columns,
    sorted_levels,
)
from seizureflow.mmrm.errors import DataError

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class AnalysedRows:
    """Rows without a missing value in anything the model uses.

    Attributes:
        design: how to build rows of the model matrix.
        X: (n, p) model matrix.
        terms: (p,) names of its columns.
        y: (n,) outcome, or None when outcomes come from elsewhere.
        columns: codes or values of every column the design uses, (n,) each.
        kept: (n,) positions of the analysed rows in the table.
        index: (n,) index labels of the analysed rows.
        subject: (n,) subject number.
        subjects: labels of the subjects.
        visit: (n,) visit number.
        visits: labels of the visits, in order; levels without rows are dropped.
        group: (n,) covariance group number.
        groups: labels of the covariance groups, None when there is one covariance.
        dropped: number of rows left out for a missing value, by column (a row can count twice).
    """

    design: Design
    X: Array
    terms: tuple[str, ...]
    y: Array | None
    columns: Mapping[str, Column]
    kept: Index
    index: pd.Index
    subject: Index
    subjects: pd.Index
    visit: Index
    visits: pd.Index
    group: Index
    groups: pd.Index | None
    dropped: Mapping[str, int]


def analysed_rows(
    formula: str,
    data: pd.DataFrame,
    *,
    subject: str,
    visit: str,
    group: str | None,
    outcome: bool = True,
) -> AnalysedRows:
    """Read everything the model needs from a table.

    The visit and group columns are categorical whatever their type. Other columns are categorical
    when their type is (category, text, bool), else numeric. Rows with a missing value are left
    out, as R does, and counted.

    Args:
        formula: ``"outcome ~ terms"``; with ``outcome=False`` its left-hand side is ignored.
        data: one row per subject and visit.
        subject: column that identifies subjects.
        visit: column of visits.
        group: column of covariance groups, constant within subject, or None.
        outcome: whether to read the outcome.

    Raises:
        DataError: a column is missing or has the wrong type, a value is infinite, a subject has
            two rows at a visit, a group changes within a subject, or no row is complete.
    """
    parsed = parse(formula)
    if outcome and parsed.response is None:
        raise DataError(f"formula {formula!r} has no outcome; write 'outcome ~ {formula}'")
    used = parsed.variables if outcome else parsed.design_variables
    structural = [name for name in (visit, group) if name is not None]
    require_columns(data, [*used, subject, *structural])
    columns, levels, missing = _read_columns(data, [*used, *structural], structural)
    subject_code, subjects = pd.factorize(data[subject])
    missing[subject] = subject_code < 0
    dropped = {name: int(gone.sum()) for name, gone in missing.items() if gone.any()}
    kept = np.arange(len(data))
    index = data.index
    if dropped:
        kept = np.flatnonzero(~np.logical_or.reduce(list(missing.values())))
        columns = {name: column[kept] for name, column in columns.items()}
        subject_code, present = pd.factorize(subject_code[kept])
        subjects, index = subjects[present], index[kept]
    if not len(kept):
        raise DataError(f"no row is complete; missing values by column: {dropped}")
    _drop_unused_levels(levels, columns)
    subject_index = np.asarray(subject_code, dtype=np.intp)
    visit_code = np.asarray(columns[visit], dtype=np.intp)
    _refuse_duplicates(subject_index, visit_code, subjects, levels[visit], subject, visit)
    group_code = np.zeros(len(kept), dtype=np.intp)
    if group is not None:
        group_code = np.asarray(columns[group], dtype=np.intp)
        _refuse_changes(subject_index, group_code, subjects, subject, group)
    numeric = tuple(name for name in parsed.design_variables if name not in levels)
    design = Design(
        parsed,
        {name: levels[name] for name in parsed.design_variables if name in levels},
        numeric,
        {name: float(columns[name].mean()) for name in numeric},
    )
    X, terms = design.matrix(columns, len(kept))
    if not np.isfinite(X).all():
        bad = terms[int(np.flatnonzero(~np.isfinite(X).all(0))[0])]
        raise DataError(f"design column {bad!r} has values that are not finite")
    return AnalysedRows(
        design=design,
        X=X,
        terms=tuple(terms),
        y=_outcome(parsed, columns, levels) if outcome else None,
        columns=columns,
        kept=kept,
        index=index,
        subject=subject_index,
        subjects=pd.Index(subjects),
        visit=visit_code,
        visits=levels[visit],
        group=group_code,
        groups=None if group is None else levels[group],
        dropped=dropped,
    )


def _read_columns(
    data: pd.DataFrame, names: Sequence[str], factors: Sequence[str]
) -> tuple[dict[str, Column], dict[str, pd.Index], dict[str, NDArray[np.bool_]]]:
    """Values or codes of columns, levels of the categorical ones, and where each is missing.

    Args:
        data: the table.
        names: columns to read.
        factors: those that are categorical whatever their type.
    """
    columns: dict[str, Column] = {}
    levels: dict[str, pd.Index] = {}
    missing: dict[str, NDArray[np.bool_]] = {}
    for name in dict.fromkeys(names):
        column = data[name]
        found = _forced_levels(column) if name in factors else levels_of(column)
        if found is None:
            columns[name] = _numeric(column)
            missing[name] = np.isnan(columns[name])
        else:
            levels[name] = found
            columns[name] = level_codes(column, found)
            missing[name] = columns[name] < 0
    return columns, levels, missing


def _forced_levels(column: pd.Series) -> pd.Index:
    """Levels of a visit or group column, which is categorical whatever its type."""
    if isinstance(column.array, pd.Categorical):
        return column.array.categories
    levels = sorted_levels(column)
    text = [level for level in levels if isinstance(level, str)]
    natural = sorted(
        text,
        key=lambda label: [
            (0, int(part), "") if part.isdigit() else (1, 0, part)
            for part in re.findall(r"\d+|\D+", label)
        ],
    )
    if text != natural:
        raise DataError(
            f"the order of {column.name!r} is ambiguous: as text it is {', '.join(text)}; make it"
            f" a pandas categorical with its levels in order, perhaps {', '.join(natural)}"
        )
    return levels


def _numeric(column: pd.Series) -> Array:
    if isinstance(column.dtype, np.dtype):  # not one of pandas' nullable types
        values = np.asarray(column.array, dtype=float)
    else:
        values = column.to_numpy(dtype=float, na_value=np.nan)
    infinite = np.isinf(values)
    if infinite.any():
        where = column.index[int(np.flatnonzero(infinite)[0])]
        raise DataError(
            f"column {column.name!r} has {int(infinite.sum())} infinite values, the first in row"
            f" {where!r}"
        )
    return values


def _drop_unused_levels(levels: dict[str, pd.Index], columns: dict[str, Column]) -> None:
    for name, labels in levels.items():
        counts = np.bincount(columns[name], minlength=len(labels))
        if (counts > 0).all():
            continue
        used = counts > 0
        columns[name] = (np.cumsum(used) - 1)[columns[name]]
        levels[name] = labels[used]


def _outcome(
    parsed: ParsedFormula, columns: Mapping[str, Column], levels: Mapping[str, pd.Index]
) -> Array:
    if parsed.response_name is not None:
        if parsed.response_name in levels:
            raise DataError(f"the outcome {parsed.response_name!r} is not numeric")
        return np.asarray(columns[parsed.response_name], dtype=float)
    frame = pd.DataFrame({name: columns[name] for name in parsed.variables if name not in levels})
    try:
        matrix = parsed.response.get_model_matrix(frame, na_action="ignore")
    except FormulaicError as error:
        raise DataError(f"the left-hand side of {parsed.text!r} fails: {error}") from error
    values = np.asarray(matrix, dtype=float)
    if values.shape[1] != 1 or not np.isfinite(values).all():
        raise DataError(
            f"the left-hand side of {parsed.text!r} is not one finite number for every row"
        )
    return values[:, 0]


def _refuse_duplicates(
    subject: Index, visit: Index, subjects: pd.Index, visits: pd.Index, *names: str
) -> None:
    cell = subject * len(visits) + visit
    counts = np.bincount(cell)
    twice = np.flatnonzero(counts > 1)
    if not len(twice):
        return
    shown = ", ".join(
        f"{subjects[int(c // len(visits))]!s} at {visits[int(c % len(visits))]!s}"
        for c in twice[:5]
    )
    more = f" and {len(twice) - 5} more" if len(twice) > 5 else ""
    raise DataError(
        f"columns {names[0]!r} and {names[1]!r} must identify a row; {len(twice)} pairs have"
        f" several rows: {shown}{more}"
    )


def _refuse_changes(
    subject: Index, group: Index, subjects: pd.Index, subject_name: str, group_name: str
) -> None:
    first = np.zeros(len(subjects), dtype=np.intp)
    first[subject[::-1]] = group[::-1]
    changed = np.unique(subject[group != first[subject]])
    if len(changed):
        raise DataError(
            f"covariance group {group_name!r} must be constant within {subject_name!r}; it changes"
            f" for {len(changed)}, the first being {subjects[int(changed[0])]!s}"
        )
