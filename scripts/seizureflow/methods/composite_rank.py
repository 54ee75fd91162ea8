"""Comparison by ranks in which an intercurrent event counts as the worst outcome."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import special

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.imputation.events import CompositeOutcome, composite_outcome
from seizureflow.imputation.worst_rank import compare_ranks, rank_ancova
from seizureflow.methods.common_statistics import participants_by_arm

_NOT_AN_EFFECT = (
    "Participants with the event share the worst rank. The result mixes two things, how many had "
    "the event and how the others fared; the counts by arm tell them apart."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Wilcoxon's test and rank ANCOVA with the event as the worst rank (composite strategy).

    The event is not having completed the trial: the option ``completion_flag`` names the variable
    of ADSL that is Y for completers. An outcome of a participant with the event does not count.

    Args:
        spec: The analysis; its endpoint is a change in frequency, low values being good.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The flag does not exist, or an arm has nobody.

    Source:
        Lachin (1999), Controlled Clinical Trials 20, 408-422; Quade (1967), Journal of the American
        Statistical Association 62, 1187-1200.
    """
    composite = composite_outcome(data, spec)
    statistics = [*participants_by_arm(composite.rows, spec), *_events(composite, spec)]
    for arm in spec.arms[1:]:
        statistics += _comparison(composite, arm, spec)
    return AnalysisResult(tuple(statistics), notes=(*composite.rows.notes, _NOT_AN_EFFECT))


def _events(composite: CompositeOutcome, spec: AnalysisSpec) -> Iterator[Statistic]:
    for arm in spec.arms:
        own = composite.event[np.asarray(composite.rows.frame["ARM"] == arm.id)]
        label = "With the event"
        yield Statistic("events", label, float(own.sum()), group=arm.id)
        yield Statistic("events_percent", label, 100 * float(own.mean()), group=arm.id, unit="%")
        median = float(np.median(composite.of_arm(arm.id)))
        if math.isfinite(median):
            yield Statistic("median", "Median outcome", median, group=arm.id)
        else:
            note = "At least half of the participants have the event."
            yield Statistic("median", "Median outcome", group=arm.id, note=note)


def _comparison(composite: CompositeOutcome, arm: Arm, spec: AnalysisSpec) -> Iterator[Statistic]:
    reference, active = composite.of_arm(spec.reference.id), composite.of_arm(arm.id)
    ranks = compare_ranks(reference, active)
    lower, upper = _logit_limits(ranks.better, ranks.better_se, spec.confidence_level)
    equal = "All outcomes are equal." if math.isnan(ranks.z) else None
    unknown = None
    if math.isnan(lower):
        unknown = "No limits: the arms do not overlap, or one of them is a single participant."
    adjusted = _adjusted_p(composite, arm, spec)
    better = "Probability of faring better than in the reference arm"
    for name, label, value, note in (
        ("better", better, ranks.better, None),
        ("better_lower", "Lower limit of the probability", lower, unknown),
        ("better_upper", "Upper limit of the probability", upper, unknown),
        ("z", "z statistic of Wilcoxon's test", ranks.z, equal),
        ("p_value", "p of Wilcoxon's test", ranks.p, equal),
        (
            "p_value_adjusted",
            "p of the rank analysis of covariance",
            adjusted,
            "No p: the ranks do not vary beside the covariates." if math.isnan(adjusted) else None,
        ),
    ):
        yield Statistic(name, label, value, group=arm.id, reference=spec.reference.id, note=note)


def _logit_limits(share: float, se: float, level: float) -> tuple[float, float]:
    """Limits of a probability that do not leave (0, 1), by the delta method on the logit."""
    if not (0 < share < 1 and se > 0):
        return math.nan, math.nan
    reach = float(distributions.normal.ppf((1 + level) / 2)) * se / (share * (1 - share))
    centre = float(special.logit(share))
    return float(special.expit(centre - reach)), float(special.expit(centre + reach))


def _adjusted_p(composite: CompositeOutcome, arm: Arm, spec: AnalysisSpec) -> float:
    frame = composite.rows.frame
    pair = np.asarray(frame["ARM"].isin([arm.id, spec.reference.id]))
    active: BoolArray = np.asarray(frame.loc[pair, "ARM"] == arm.id)
    covariates = _ranked(frame.loc[pair, list(spec.covariates)])
    return rank_ancova(composite.outcome[pair], active, covariates)


def _ranked(covariates: pd.DataFrame) -> FloatArray:
    """(n, c) ranks of numeric covariates, and indicators of categories but the first."""
    columns: list[FloatArray] = [np.empty((len(covariates), 0))]
    for name in covariates:
        column = covariates[name]
        if pd.api.types.is_numeric_dtype(column):
            columns.append(np.asarray(column.rank(), dtype=np.float64)[:, None])
        else:
            columns.append(np.asarray(pd.get_dummies(column, drop_first=True), dtype=np.float64))
    return np.column_stack(columns)
