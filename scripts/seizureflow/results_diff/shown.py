"""Shows the rows of one analysis."""

from __future__ import annotations

from seizureflow.displays.values import number
from seizureflow.problems import InputError, Problem
from seizureflow.results_diff.identity import as_result
from seizureflow.results_diff.reading import ResultsFile
from seizureflow.suggestions import nearest


def show_analysis(file: ResultsFile, analysis: str) -> str:
    """The rows of an analysis, one a line: what it is about, rounded for print, and exact.

    Raises:
        InputError: The table has no such analysis.
    """
    rows = [row for row in file.rows if row["ANALYSIS"] == analysis]
    if not rows:
        known = {str(row["ANALYSIS"]) for row in file.rows}
        problem = Problem(
            str(file.path), f'There is no analysis "{analysis}".', action=nearest(analysis, known)
        )
        raise InputError([problem])
    first = rows[0]
    head = [f"{analysis}: {first['METHOD']}, {first['ROLE']}, {first['POPULATION']}"]
    notes = [f"note: {row['TEXT']}" for row in rows if row["STATISTIC"] == "note"]
    cells = [
        (shown.identity.partition("/")[2], shown.text, shown.exact, row["NOTE"] or "")
        for row in rows
        if row["STATISTIC"] != "note"
        for shown in [number(as_result(row))]
    ]
    widths = [max((len(cell[place]) for cell in cells), default=0) for place in range(3)]
    lines = [
        "  ".join([*(c.ljust(w) for c, w in zip(cell[:3], widths, strict=True)), cell[3]]).rstrip()
        for cell in cells
    ]
    return "\n".join([*head, *notes, *lines]) + "\n"
