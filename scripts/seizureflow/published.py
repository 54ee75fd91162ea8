"""Sets published aggregates against the results of a run."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from seizureflow.results import select
from seizureflow.rounding import rounded

Entry = dict[str, Any]
Verdict = Literal["same", "differs", "not computed"]


def compare_published(published: Entry, results: pd.DataFrame) -> pd.DataFrame:
    """Compare every published aggregate with the results row that answers to it.

    A number is the same where this run's, rounded to the decimals printed, is the printed one.

    Args:
        published: Content of ``published.yaml``.
        results: Table ``results`` of the study.

    Returns:
        Table ``published``, one row per aggregate, in the order of the file; none is left out.
    """
    rows = [
        _compare(entry, results) | {"SOURCE": published["sources"][entry["source"]]["title"]}
        for entry in published["aggregates"]
    ]
    return pd.DataFrame(rows)


def printed(entry: Entry) -> str:
    """The published value as printed."""
    value = entry["value"]
    return (
        rounded(value, entry.get("decimals", 0)) if isinstance(value, int | float) else str(value)
    )


def _compare(entry: Entry, results: pd.DataFrame) -> Entry:
    place = dict(entry.get("compare") or {})
    row: Entry = {
        "ID": entry["id"],
        "LABEL": entry["label"],
        "PUBLISHED": printed(entry),
        "UNIT": entry.get("unit"),
        "ANALYSIS": place.get("analysis"),
        "STATISTIC": place.get("statistic"),
        "THIS_RUN": None,
        "UNROUNDED": None,
        "VERDICT": "not computed",
    }
    found = select(results, **place) if place else results.iloc[:0]
    if found.empty:
        return row
    value, text = found["VALUE"].iloc[0], found["TEXT"].iloc[0]
    if isinstance(text, str):
        row["THIS_RUN"] = text
    else:
        row["THIS_RUN"] = rounded(float(value), entry.get("decimals", 0))
        row["UNROUNDED"] = float(value)
    row["VERDICT"] = "same" if row["THIS_RUN"] == row["PUBLISHED"] else "differs"
    return row
