"""Results of tests and their change from baseline, by visit and arm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.measurements.derive import BASELINE
from seizureflow.measurements.rows import measurement_rows
from seizureflow.problems import AnalysisError
from seizureflow.suggestions import nearest

_QUANTITIES = (("AVAL", "value"), ("CHG", "change from baseline"))


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Describe the results of each parameter at the baseline and at each visit.

    A participant counts once at a visit, by the last result there (ANL01FL). Visits without a
    result of any arm are not listed.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adlb`` or ``advs``.

    Raises:
        AnalysisError: A visit is not one of the plan, or no result belongs to a visit.
    """
    rows = measurement_rows(data, spec, spec.options["tests"])
    visits = [BASELINE, *_visits(spec)]
    frame = rows.frame[(rows.frame["ANL01FL"] == "Y") & rows.frame["AVISIT"].isin(visits)]
    if frame.empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no result belongs to the baseline or to a visit of the plan. "
            "Check domains, values.visit and visit_assignment."
        )
    statistics = []
    for series in frame["SERIES"].unique():
        chosen = frame[frame["SERIES"] == series]
        for visit in [visit for visit in visits if (chosen["AVISIT"] == visit).any()]:
            here = chosen[chosen["AVISIT"] == visit]
            for column, words in _QUANTITIES[: 1 if visit == BASELINE else 2]:
                for arm in spec.arms:
                    place = {"group": arm.id, "variable": str(series)}
                    place |= {"level": words, "visit": visit}
                    values = here.loc[here["ARM"] == arm.id, column].dropna()
                    statistics += _describe(values, place)
    return AnalysisResult(tuple(statistics), notes=rows.notes)


def _visits(spec: AnalysisSpec) -> list[str]:
    chosen = spec.options.get("visits") or list(spec.visits)
    for visit in chosen:
        if visit not in spec.visits:
            raise AnalysisError(
                f"Analysis {spec.id}: the plan has no visit {visit}. {nearest(visit, spec.visits)}"
            )
    return chosen


def _describe(values: pd.Series[Any], place: dict[str, str]) -> list[Statistic]:
    """Number, mean, standard deviation, median and range of some participants."""
    size = len(values)
    nobody = None if size else "No participant has a value at the visit."
    alone = nobody if size != 1 else "One participant: no standard deviation."
    numbers = {
        "mean": ("Mean", values.mean(), nobody),
        "sd": ("Standard deviation", values.std() if size > 1 else math.nan, alone),
        "median": ("Median", values.median(), nobody),
        "minimum": ("Minimum", values.min(), nobody),
        "maximum": ("Maximum", values.max(), nobody),
    }
    count = Statistic("participants", "Participants", float(size), **place)
    return [
        count,
        *(
            Statistic(name, label, float(value), note=note, **place)
            for name, (label, value, note) in numbers.items()
        ),
    ]
