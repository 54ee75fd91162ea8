"""Difference of the risks of response, within strata or without, with score intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.array_types import FloatArray
from seizureflow.methods.common_statistics import responder_counts
from seizureflow.problems import AnalysisError
from seizureflow.proportions.interval import Interval, normal_quantile
from seizureflow.proportions.risk_difference import (
    newcombe_interval,
    sato_standard_error,
    stratum_weights,
    wald_standard_error,
    weighted_risks,
)
from seizureflow.proportions.score_interval import score_inference
from seizureflow.proportions.strata import StratifiedCounts, count_by_stratum, stratified_rows
from seizureflow.proportions.stratum_report import stratum_notes, stratum_statistics

_SCORE_TEST = (
    "The p-value is that of the score test (Miettinen and Nurminen), which need not agree with "
    "this interval when it is near the level."
)
_NO_VARIANCE = (
    "Within each arm and stratum all participants have the same outcome: this interval knows no "
    "variance. Choose miettinen_nurminen or newcombe."
)
_WALD = (
    "Wald intervals of a risk difference cover less often than their level in small arms or with "
    "risks near 0 or 1."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Estimate the difference of each arm's risk from the reference arm's.

    Over strata the differences are weighted; the score test with Mantel-Haenszel weights is then
    the Cochran-Mantel-Haenszel test.

    Args:
        spec: The analysis; its endpoint is a responder flag. Options ``strata``, ``interval`` and
            ``weights``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: A variable of the strata does not exist, no stratum has both arms, or
            Sato's interval is asked for with other weights than its own.

    Source:
        See :mod:`seizureflow.proportions.score_interval` and
        :mod:`seizureflow.proportions.risk_difference`.
    """
    strata = tuple(spec.options.get("strata", ()))
    kind = spec.options.get("interval", "miettinen_nurminen")
    weighting = spec.options.get("weights", "mantel_haenszel")
    if kind == "sato" and weighting != "mantel_haenszel":
        raise AnalysisError(
            f"Analysis {spec.id}: the interval sato is one of the Mantel-Haenszel difference. Set "
            "weights: mantel_haenszel, or choose another interval."
        )
    rows = stratified_rows(data, spec, strata)
    statistics, notes = responder_counts(rows, spec), list(rows.notes)
    for arm in spec.arms[1:]:
        counts = count_by_stratum(rows.frame, arm.id, spec.reference.id)
        notes += stratum_notes(counts, arm, spec.reference)
        if not counts.has_both_arms.any():
            raise AnalysisError(
                f"Analysis {spec.id}: no stratum has participants of both "
                f"{arm.label or arm.id} and {spec.reference.label or spec.reference.id}. Join "
                "strata."
            )
        kept = counts.where(counts.has_both_arms)
        statistics += _compare(kept, stratum_weights(kept, weighting), kind, arm.id, spec)
    notes += [_SCORE_TEST] if kind == "newcombe" else []
    notes += [_WALD] if kind == "wald" else []
    statistics += stratum_statistics(rows.frame, strata, spec)
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _compare(
    counts: StratifiedCounts, weights: FloatArray, kind: str, arm: str, spec: AnalysisSpec
) -> list[Statistic]:
    risks = weighted_risks(counts, weights)
    score = score_inference(counts, weights, spec.confidence_level)
    interval, p_value, test = score.interval, score.p_value, "score test"
    if kind == "newcombe":
        interval = newcombe_interval(counts, weights, spec.confidence_level)
    se = wald_standard_error(counts, weights)
    if kind in ("wald", "sato"):
        se = sato_standard_error(counts) if kind == "sato" else se
        half = normal_quantile(spec.confidence_level) * (se if se > 0 else math.nan)
        interval = Interval(risks.difference - half, risks.difference + half)
        p_value, test = _wald_p(risks.difference, se), "Wald test"
    numbers = (
        ("risk_difference", "Risk difference", risks.difference),
        ("risk_difference_lower", "Lower limit of the risk difference", interval.lower),
        ("risk_difference_upper", "Upper limit of the risk difference", interval.upper),
        ("risk_difference_se", "Standard error of the risk difference", se),
        ("z", "z statistic of the score test", score.z),
        ("p_value", f"p ({test})", p_value),
    )
    return [
        Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            note=_NO_VARIANCE if math.isnan(value) else None,
        )
        for name, label, value in numbers
    ]


def _wald_p(difference: float, se: float) -> float:
    return 2 * float(distributions.normal.sf(abs(difference / se))) if se > 0 else math.nan
