"""Stratified Wilcoxon test of the outcome with van Elteren's weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.methods.common_statistics import participants_by_arm
from seizureflow.ranks.stratified import StratifiedRankSum, stratified_rank_sum
from seizureflow.stratified_rows import silent_strata_note, stratified_rows


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare each arm with the reference by ranks, within strata.

    z is negative where the arm has the lower outcomes. It is referred to the normal distribution,
    which is poor where all strata are very small.

    Args:
        spec: The analysis; options ``strata`` (variables of ADSL) and ``weights``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: ADSL lacks a variable.

    Source:
        See :func:`seizureflow.ranks.stratified.stratified_rank_sum`.
    """
    stratified = stratified_rows(data, spec, spec.options.get("strata", []))
    rows, strata = stratified.rows, np.array(stratified.strata, dtype=object)
    statistics = participants_by_arm(rows, spec)
    notes = list(rows.notes)
    arms = rows.frame["ARM"].to_numpy(dtype=object)
    outcome = rows.frame["OUTCOME"].to_numpy(dtype=np.float64)
    for arm in spec.arms[1:]:
        compared = (arms == arm.id) | (arms == spec.reference.id)
        test = stratified_rank_sum(
            outcome[compared],
            arms[compared] == arm.id,
            list(strata[compared]),
            spec.options.get("weights", "van_elteren"),
        )
        statistics += _comparison(test, arm.id, spec)
        note = silent_strata_note(test.silent, arm.label, spec.reference.label)
        notes += [note] if note else []
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _comparison(test: StratifiedRankSum, arm: str, spec: AnalysisSpec) -> list[Statistic]:
    why = None
    if test.sd == 0:
        why = (
            "Within the strata all outcomes are the same, so that the test says nothing."
            if test.strata
            else "No stratum holds a participant of both arms, so that there is no test."
        )
    numbers = [
        ("strata", "Strata that contribute", float(test.strata), None),
        ("rank_sum_excess", "Weighted rank sum less its expectation", test.statistic, None),
        ("rank_sum_excess_sd", "Its standard deviation without a difference", test.sd, None),
        ("z", "z statistic", test.z, why),
        ("p_value", "p", test.p_value, why),
    ]
    return [
        Statistic(name, label, value, arm, spec.reference.id, note=note)
        for name, label, value, note in numbers
    ]
