"""Participants by category of the reference range: at baseline, and the worst afterwards."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.measurements.rows import after_baseline, measurement_rows
from seizureflow.measurements.shifts import ORDER, worst_categories
from seizureflow.problems import AnalysisError


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants by shift, of every parameter and arm.

    Percentages are of the participants of the arm with a result of the parameter after day 1 that
    has a reference range. Shifts that no participant of any arm has are not listed.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adlb``.

    Raises:
        AnalysisError: No result after day 1 has a reference range.
    """
    rows = measurement_rows(data, spec, spec.options.get("tests", []))
    later = after_baseline(rows.frame, spec.options.get("records", "post_baseline"))
    found = worst_categories(rows.frame, later)
    if found.empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no result after day 1 has a reference range, so that there is no "
            "category to shift to. Name the columns low and high of domains.laboratory."
        )
    statistics = []
    for series in [name for name in rows.series if (found["SERIES"] == name).any()]:
        statistics += _of_series(found[found["SERIES"] == series], series, spec)
    lost = [name for name in rows.series if not (found["SERIES"] == name).any()]
    notes = [f"Without a reference range or a result after day 1: {', '.join(lost)}."]
    return AnalysisResult(tuple(statistics), notes=(*rows.notes, *(notes if lost else [])))


def _of_series(found: pd.DataFrame, series: str, spec: AnalysisSpec) -> list[Statistic]:
    sizes = found["ARM"].value_counts()
    counts = found.groupby(["FROM", "TO", "ARM"]).size()
    shifts = sorted(
        set(zip(found["FROM"], found["TO"], strict=True)),
        key=lambda shift: (ORDER.index(shift[0]), ORDER.index(shift[1])),
    )
    statistics = [
        Statistic(
            "participants_assessed",
            "Participants with a result",
            float(sizes.get(arm.id, 0)),
            group=arm.id,
            variable=series,
        )
        for arm in spec.arms
    ]
    for start, end in shifts:
        for arm in spec.arms:
            count, size = int(counts.get((start, end, arm.id), 0)), int(sizes.get(arm.id, 0))
            place = {"group": arm.id, "variable": series, "level": f"{start} to {end}"}
            statistics += [
                Statistic("participants", "Participants", float(count), **place),
                Statistic(
                    "participants_percent",
                    "Participants",
                    100 * count / size if size else float("nan"),
                    unit="%",
                    note=None if size else "No participant of the arm has a result.",
                    **place,
                ),
            ]
    return statistics
