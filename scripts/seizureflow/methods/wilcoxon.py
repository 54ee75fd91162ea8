"""Wilcoxon's rank-sum test of the outcome, with the Hodges-Lehmann shift."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic, analysis_rows
from seizureflow.array_types import FloatArray
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.outcome_scale import outcome_scale
from seizureflow.ranks.rank_sum import RankSumTest, rank_sum_test


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare each arm with the reference by the ranks of the outcome.

    The shift is that of the arm against the reference: the median of all differences of a
    participant of the arm minus one of the reference arm; negative where the arm has the lower
    outcomes. It is an estimate of a difference where the arms' distributions differ in place alone.
    Of a change in log frequency it is also given as a relative change.

    Args:
        spec: The analysis; options ``method`` and ``continuity_correction``.
        data: Tables ``adsl`` and ``adsz``.

    Source:
        See :func:`seizureflow.ranks.rank_sum.rank_sum_test`.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    values = {
        arm.id: rows.frame.loc[rows.frame["ARM"] == arm.id, "OUTCOME"].to_numpy(dtype=np.float64)
        for arm in spec.arms
    }
    statistics = participants_by_arm(rows, spec)
    for arm in spec.arms:
        statistics += _quartiles(values[arm.id], arm, spec)
    notes = list(rows.notes)
    asked = spec.options.get("method", "auto")
    for arm in spec.arms[1:]:
        test = rank_sum_test(
            values[arm.id],
            values[spec.reference.id],
            spec.confidence_level,
            asked,
            spec.options.get("continuity_correction", False),
        )
        statistics += _comparison(
            test, len(values[arm.id]) * len(values[spec.reference.id]), arm, spec
        )
        ways = "the exact distribution" if test.exact else "the normal approximation"
        why = (
            ": outcomes are tied, so that the exact distribution asked for does not hold"
            if asked == "exact" and not test.exact
            else ""
        )
        notes.append(f"{arm.label}: p and limits are from {ways}{why}.")
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _quartiles(values: FloatArray, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    unit = outcome_scale(spec).unit
    return [
        Statistic(name, label, float(np.quantile(values, share)), group=arm.id, unit=unit)
        for name, label, share in (
            ("median", "Median of the outcome", 0.5),
            ("quartile_1", "First quartile", 0.25),
            ("quartile_3", "Third quartile", 0.75),
        )
    ]


def _comparison(test: RankSumTest, pairs: int, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    scale = outcome_scale(spec)
    short = (
        None
        if test.level_reached
        else "The arms are too small for limits of this level: the least and the largest "
        "difference of two participants are given."
    )
    same = (
        "All outcomes are the same, so that the test says nothing." if math.isnan(test.z) else None
    )
    numbers = [
        ("difference", f"Hodges-Lehmann shift, {scale.words}", test.shift, scale.unit, None),
        ("difference_lower", "Lower limit of the shift", test.lower, scale.unit, short),
        ("difference_upper", "Upper limit of the shift", test.upper, scale.unit, short),
        ("mann_whitney_u", "Mann-Whitney U", test.u, None, None),
        (
            "probability_lower",
            "Probability of a lower outcome than in the reference arm (ties count half)",
            1 - test.u / pairs,
            None,
            None,
        ),
        ("z", "z statistic", test.z, None, same),
        ("p_value", "p", test.p_value, None, same),
    ]
    statistics = [
        Statistic(name, label, value, arm.id, spec.reference.id, unit=unit, note=note)
        for name, label, value, unit, note in numbers
    ]
    if spec.outcome_is_log:
        statistics += relative_change(test.shift, test.lower, test.upper, arm.id, spec)
    return statistics
