"""Counts and percentages of responders."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, analysis_rows
from seizureflow.methods.common_statistics import responder_counts


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count the responders of each arm.

    Args:
        spec: The analysis; its endpoint is a responder flag.
        data: Tables ``adsl`` and ``adsz``.
    """
    rows = analysis_rows(data, spec, outcome="AVAL")
    return AnalysisResult(tuple(responder_counts(rows, spec)), notes=rows.notes)
