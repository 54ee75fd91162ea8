"""Writes a comparison as a table, and as plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from seizureflow.results_diff.comparison import Change, Comparison
from seizureflow.results_diff.identity import address
from seizureflow.results_diff.reading import ResultsFile
from seizureflow.spreadsheet_text import neutralised


def as_table(comparison: Comparison) -> pd.DataFrame:
    """A comparison as a table, one row per thing that differs, safe for spreadsheets."""
    rows = [*_table_rows(comparison)]
    columns = (
        "kind",
        "analysis",
        "role",
        "about",
        "subject",
        "before",
        "after",
        "absolute",
        "relative",
        "because",
    )
    return neutralised(pd.DataFrame(rows, columns=list(columns)))


def _table_rows(comparison: Comparison) -> Iterator[dict[str, Any]]:
    for kind, names in (
        ("analysis_added", comparison.analyses_added),
        ("analysis_removed", comparison.analyses_removed),
    ):
        yield from ({"kind": kind, "analysis": name} for name in names)
    for kind, found in (
        ("row_added", comparison.rows_added),
        ("row_removed", comparison.rows_removed),
    ):
        for row in found:
            yield {
                "kind": kind,
                "analysis": row["ANALYSIS"],
                "role": row["ROLE"],
                "about": address(row),
            }
    yield from (_as_entry(change, comparison) for change in comparison.changes)
    for trace in comparison.traces:
        yield {
            "kind": f"trace_{trace.part}",
            "analysis": trace.analysis,
            "before": trace.before,
            "after": trace.after,
        }


def _as_entry(change: Change, comparison: Comparison) -> dict[str, Any]:
    of_row = change.subject not in ("converged", "analysis_note") and change.kind != "description"
    return {
        "kind": change.kind,
        "analysis": change.row["ANALYSIS"],
        "role": change.row["ROLE"],
        "about": address(change.row) if of_row else None,
        "subject": change.subject,
        "before": _exact(change.before),
        "after": _exact(change.after),
        "absolute": change.absolute,
        "relative": change.relative,
        "because": " ".join(comparison.because(change.row["ANALYSIS"])) or None,
    }


def _exact(value: Any) -> str | None:
    """All digits of a number; None of one that does not exist."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return repr(value) if isinstance(value, float) else str(value)


def as_document(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain data for JSON; numbers before and after as text with all digits."""
    return {
        "same": comparison.same,
        "before": _file_entry(comparison.before),
        "after": _file_entry(comparison.after),
        "rows_compared": comparison.compared,
        "analyses_added": list(comparison.analyses_added),
        "analyses_removed": list(comparison.analyses_removed),
        "rows_added": [address(row) for row in comparison.rows_added],
        "rows_removed": [address(row) for row in comparison.rows_removed],
        "changes": [_as_entry(change, comparison) for change in comparison.changes],
        "traces": [vars(trace) for trace in comparison.traces],
        "unexplained": list(comparison.unexplained),
    }


def _file_entry(file: ResultsFile) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "rows": len(file.rows),
        "columns_not_compared": list(file.other_columns),
    }
