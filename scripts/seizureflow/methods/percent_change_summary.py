"""Percent change of the seizure frequency from baseline: median and quartiles by arm."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.methods.common_statistics import participants_by_arm

_NO_CHANGE = "No participant of the arm has a percent change: the baseline frequencies are zero."


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Describe the percent change of each arm.

    Quantiles are those of type 7 (Hyndman & Fan 1996), the default of R and numpy.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adsz``.
    """
    rows = analysis_rows(data, spec)
    statistics = participants_by_arm(rows, spec)
    for arm in spec.arms:
        change = rows.frame.loc[rows.frame["ARM"] == arm.id, "PCHG"].dropna()
        note = None if len(change) else _NO_CHANGE
        for name, label, share in (
            ("median", "Median percent change", 0.5),
            ("quartile_1", "First quartile", 0.25),
            ("quartile_3", "Third quartile", 0.75),
        ):
            value = float(change.quantile(share)) if len(change) else float("nan")
            statistics.append(Statistic(name, label, value, group=arm.id, unit="%", note=note))
    return AnalysisResult(tuple(statistics), notes=rows.notes)
