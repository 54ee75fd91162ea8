"""Mean of the endpoint at each visit, by arm, with t intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from seizureflow import distributions
from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Describe the change of each arm at each visit, each on the participants seen there.

    Args:
        spec: The analysis; its endpoint is a change in log frequency.
        data: Tables ``adsl`` and ``adsz``.
    """
    people = in_set(data["adsl"], spec.population)["USUBJID"]
    adsz = data["adsz"]
    rows = adsz[
        adsz["USUBJID"].isin(people) & (adsz["PARAMCD"] == spec.endpoint) & adsz["CHG"].notna()
    ]
    statistics = []
    for visit in spec.visits:
        for arm in spec.arms:
            change = rows.loc[(rows["AVISIT"] == visit) & (rows["TRT01P"] == arm.id), "CHG"]
            statistics += _describe(change, visit, arm.id, spec.confidence_level)
    return AnalysisResult(tuple(statistics))


def _describe(
    change: pd.Series[Any], visit: str, arm: str, confidence_level: float
) -> list[Statistic]:
    size = len(change)
    mean = float(change.mean()) if size else math.nan
    sd = float(change.std()) if size > 1 else math.nan
    quantile = float(distributions.student_t.ppf((1 + confidence_level) / 2, size - 1))
    half = quantile * sd / math.sqrt(size) if size > 1 else math.nan
    note = None if size > 1 else f"{size} participants: no interval."
    return [
        Statistic(name, label, value, group=arm, visit=visit, note=note)
        for name, label, value in (
            ("participants", "Participants", float(size)),
            ("mean", "Mean", mean),
            ("sd", "Standard deviation", sd),
            ("mean_lower", "Lower limit of the mean", mean - half),
            ("mean_upper", "Upper limit of the mean", mean + half),
        )
    ]
