"""Fisher's exact test of responders, with the conditional odds ratio and its exact interval."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, analysis_rows
from seizureflow.methods.common_statistics import responder_counts

_ALL_ALIKE = "All participants of both arms have the same outcome: there is no odds ratio."
_UNBOUNDED = (
    "Infinite: an arm has no responders or responders alone, and no odds ratio is too large for "
    "the data."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare each arm with the reference.

    The p-value is two-sided: the sum over all tables that are no more probable than the observed
    one. The odds ratio is the conditional maximum likelihood estimate, its interval the exact one
    of Cornfield (both as in R's ``fisher.test``).

    Args:
        spec: The analysis; its endpoint is a responder flag.
        data: Tables ``adsl`` and ``adsz``.
    """
    rows = analysis_rows(data, spec, outcome="AVAL")
    statistics = responder_counts(rows, spec)
    for arm in spec.arms[1:]:
        table = np.array(
            [_responders(rows.frame, arm.id), _responders(rows.frame, spec.reference.id)]
        )
        result = stats.contingency.odds_ratio(table, kind="conditional")
        interval = result.confidence_interval(spec.confidence_level)
        numbers = [
            ("odds_ratio", "Odds ratio (conditional)", result.statistic),
            ("odds_ratio_lower", "Lower limit of the odds ratio", interval.low),
            ("odds_ratio_upper", "Upper limit of the odds ratio", interval.high),
            ("p_value", "p", stats.fisher_exact(table).pvalue),
        ]
        statistics += [
            Statistic(
                name,
                label,
                float(value),
                group=arm.id,
                reference=spec.reference.id,
                note=_note(float(value)),
            )
            for name, label, value in numbers
        ]
    return AnalysisResult(tuple(statistics), notes=rows.notes)


def _note(value: float) -> str | None:
    if math.isnan(value):
        return _ALL_ALIKE
    return _UNBOUNDED if math.isinf(value) else None


def _responders(frame: pd.DataFrame, arm: str) -> list[int]:
    outcome = frame.loc[frame["ARM"] == arm, "OUTCOME"]
    return [int(outcome.sum()), int(len(outcome) - outcome.sum())]
