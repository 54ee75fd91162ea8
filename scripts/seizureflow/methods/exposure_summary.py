"""Exposure to treatment by arm: doses, duration, total dose and dose intensity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.adverse_events.exposure import exposure
from seizureflow.adverse_events.in_population import NOBODY
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic

_LABELS = {
    "n": "Participants with a value",
    "mean": "Mean",
    "sd": "Standard deviation",
    "median": "Median",
    "minimum": "Minimum",
    "maximum": "Maximum",
}


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Describe the exposure of each arm, and how many participants had how many doses.

    Total doses and dose intensities are given where doses are known and, for the latter, the
    protocol names a planned dose of the arm and the interval between doses.

    Args:
        spec: The analysis; option ``dose_per``.
        data: Tables ``adsl`` and ``adex``.
    """
    dosing = spec.dosing or {}
    people = in_set(data["adsl"], spec.population)
    daily = spec.options.get("dose_per", "record") == "day"
    found = exposure(people, data["adex"], dosing, daily=daily)
    measures = [("doses", None), ("duration_days", "days")]
    unit = dosing.get("unit")
    measures += [("total_dose", unit)] if found["total_dose"].notna().any() else []
    measures += [("dose_intensity", "%")] if found["dose_intensity"].notna().any() else []
    numbers = sorted(found["doses"].unique())
    statistics = []
    for arm in spec.arms:
        own = found[found["TRT01P"] == arm.id]
        statistics.append(Statistic("participants", "Participants", float(len(own)), group=arm.id))
        for name, of in measures:
            if name == "dose_intensity" and arm.id not in dosing.get("planned_dose", {}):
                continue
            statistics += _describe(own[name].dropna(), name, arm.id, of)
        statistics += _distribution(own["doses"], numbers, arm.id)
    return AnalysisResult(tuple(statistics), notes=tuple(_notes(found, dosing, daily)))


def _describe(values: pd.Series[Any], variable: str, arm: str, unit: str | None) -> list[Statistic]:
    numbers = values.astype("float64")
    found = (
        len(numbers),
        numbers.mean(),
        numbers.std(),
        numbers.median(),
        numbers.min(),
        numbers.max(),
    )
    return [
        Statistic(
            name,
            label,
            float(value),
            group=arm,
            variable=variable,
            unit=None if name == "n" else unit,
            note=_why_missing(len(numbers)) if pd.isna(value) else None,
        )
        for (name, label), value in zip(_LABELS.items(), found, strict=True)
    ]


def _why_missing(values: int) -> str:
    return "One value has no standard deviation." if values else "No participant has a value."


def _distribution(doses: pd.Series[Any], numbers: list[float], arm: str) -> list[Statistic]:
    """Participants by their number of doses."""
    statistics = []
    for number in numbers:
        count = int((doses == number).sum())
        share = 100 * count / len(doses) if len(doses) else float("nan")
        level = f"{number:g}"
        statistics += [
            Statistic("count", "Participants", float(count), arm, None, "number_of_doses", level),
            Statistic(
                "percent",
                "Participants",
                share,
                arm,
                None,
                "number_of_doses",
                level,
                unit="%",
                note=None if len(doses) else NOBODY,
            ),
        ]
    return statistics


def _notes(found: pd.DataFrame, dosing: Mapping[str, Any], daily: bool) -> list[str]:
    interval = dosing.get("interval_days")
    end = (
        f"the {interval:g} days planned after the last dose"
        if interval is not None
        else "the last day with a dose"
    )
    notes = [f"Duration is counted from the first dose to the end of {end}."]
    if daily:
        notes.append("The dose of a record counts on each of its days; without an end, on one.")
    if found["total_dose"].isna().all():
        notes.append("No dose is known (not read while treatment is blinded): no total is given.")
    never = int((found["doses"] == 0).sum())
    if never:
        notes.append(f"{never} participants had no dose; they have no duration and no total.")
    return notes
