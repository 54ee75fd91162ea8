"""The results table as JSON: a record per analysis, and one per row that names its analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

Entry = dict[str, Any]

# What each column of the table holds.
ANALYSIS_COLUMNS = {
    "ANALYSIS": "Analysis, by its id in the plan.",
    "STUDYID": "Study.",
    "ROLE": "Role: primary, secondary, sensitivity, subgroup, safety or descriptive.",
    "ESTIMAND": "Estimand, by its id in the plan.",
    "POPULATION": "Analysis set, by its id in the plan.",
    "TREATMENT": "Whether the arms are the actual ones or, while blinded, dummies.",
    "METHOD": "Method, by its name in docs/methods.md.",
    "ENDPOINT": "Endpoint: a parameter (PARAMCD) of ADSZ.",
    "WINDOW": "Evaluation window, by its id in the plan.",
    "CONVERGED": "Whether the fit converged; missing where nothing was iterated.",
    "DATA_SHA256": "SHA-256 of the data that the analysis read.",
    "PLAN_SHA256": "SHA-256 of the entries of the plan that it used.",
    "CODE_SHA256": "SHA-256 of the code that it ran.",
    "SOFTWARE": "Names and versions of the software that can change a number.",
    "SEED": "Seed of its random numbers; missing where none were drawn.",
}
ROW_COLUMNS = {
    "ANALYSIS": "Analysis, by its id in the plan.",
    "GROUP": "Arm, or the arm compared; missing for all participants.",
    "REFERENCE": "Arm that it is compared with.",
    "VARIABLE": "Model term, described variable or kind of event.",
    "LEVEL": "Value of the variable, or name of the event.",
    "VISIT": "Visit, where the number is about one alone.",
    "STATISTIC": "Name of the statistic; the same wherever the same thing is meant.",
    "LABEL": "The statistic in words.",
    "VALUE": "The number, unrounded; missing where it does not exist or is infinite.",
    "TEXT": "The result where it is not a finite number: a word, a date, inf or -inf.",
    "UNIT": "Unit of the number.",
    "NOTE": "What a reader must know of this number.",
}


def as_records(protocol: Entry, results: pd.DataFrame) -> Entry:
    """Give a results table as plain data for JSON.

    Args:
        protocol: The checked plan.
        results: Table ``results``.

    Returns:
        ``study``, ``title``, ``simulated`` and ``success_criterion`` of the plan; ``columns``, what
        each column holds; ``analyses``, the columns that are the same on all rows of an analysis;
        ``results``, the others, in the order of the table. Every record has every column, null
        where it is missing.

    Raises:
        ValueError: A column of the analysis is not the same on all its rows.
    """
    per_analysis = results[list(ANALYSIS_COLUMNS)].drop_duplicates()
    if per_analysis["ANALYSIS"].duplicated().any():
        twice = per_analysis.loc[per_analysis["ANALYSIS"].duplicated(), "ANALYSIS"].unique()
        raise ValueError(f"Rows of one analysis differ in what they rest on: {', '.join(twice)}.")
    rows = results[list(ROW_COLUMNS)].copy()
    infinite = rows["VALUE"].abs() == math.inf
    rows["TEXT"] = rows["TEXT"].astype(object).where(~infinite, rows["VALUE"].astype(str))
    return {
        "study": protocol["study"],
        "title": protocol["title"],
        "simulated": protocol["simulated"],
        "success_criterion": protocol.get("success_criterion"),
        "columns": ANALYSIS_COLUMNS | ROW_COLUMNS,
        "analyses": _records(per_analysis, list(ANALYSIS_COLUMNS)),
        "results": _records(rows, list(ROW_COLUMNS)),
    }


def _records(frame: pd.DataFrame, columns: Sequence[str]) -> list[Entry]:
    plain = {name: [_plain(value) for value in frame[name].tolist()] for name in columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*plain.values(), strict=True)]


def _plain(value: Any) -> Any:
    """A value that JSON has; null where it is missing or infinite."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return None
    return value
