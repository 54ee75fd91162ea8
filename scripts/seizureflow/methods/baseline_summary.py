"""Baseline characteristics by arm and in all participants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Describe variables of ADSL.

    Numeric variables get mean, standard deviation (n - 1), median (type 7) and range, others the
    count and percentage of each value. The last group, without a name, is all participants.

    Args:
        spec: The analysis, with its variables.
        data: Table ``adsl``.
    """
    people = in_set(data["adsl"], spec.population)
    groups: list[tuple[str | None, pd.DataFrame]] = [
        (arm.id, people[people["TRT01P"] == arm.id]) for arm in spec.arms
    ]
    groups.append((None, people))
    statistics = []
    for group, members in groups:
        statistics.append(Statistic("participants", "Participants", float(len(members)), group))
        for variable in spec.variables:
            values = members[variable]
            if pd.api.types.is_numeric_dtype(values):
                statistics += _describe_numbers(values.dropna(), variable, group)
            else:
                levels = sorted(people[variable].dropna().unique())
                statistics += _describe_categories(values, levels, variable, group)
    return AnalysisResult(tuple(statistics))


def _describe_numbers(values: pd.Series[Any], variable: str, group: str | None) -> list[Statistic]:
    numbers = values.astype("float64")
    return [
        Statistic(
            name,
            label,
            float(value),
            group=group,
            variable=variable,
            note=_why_missing(len(numbers)) if pd.isna(value) else None,
        )
        for name, label, value in (
            ("n", "Participants with a value", len(numbers)),
            ("mean", "Mean", numbers.mean()),
            ("sd", "Standard deviation", numbers.std()),
            ("median", "Median", numbers.median()),
            ("minimum", "Minimum", numbers.min()),
            ("maximum", "Maximum", numbers.max()),
        )
    ]


def _why_missing(values: int) -> str:
    return "One value has no standard deviation." if values else "No participant has a value."


def _describe_categories(
    values: pd.Series[Any], levels: list[str], variable: str, group: str | None
) -> list[Statistic]:
    statistics = []
    for level in levels:
        count = int((values == level).sum())
        share = 100 * count / len(values) if len(values) else float("nan")
        note = None if len(values) else "The arm has no participants."
        statistics += [
            Statistic("count", "Participants", float(count), group, None, variable, level),
            Statistic(
                "percent", "Participants", share, group, None, variable, level, unit="%", note=note
            ),
        ]
    return statistics
