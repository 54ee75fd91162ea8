"""Difference of trimmed means, in which those with an intercurrent event are trimmed first."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.imputation.events import CompositeOutcome, composite_outcome
from seizureflow.imputation.worst_rank import trimmed_difference
from seizureflow.methods.common_statistics import participants_by_arm, relative_change

_WHAT = (
    "The same share of worst outcomes leaves either arm, those with the event first. The effect is "
    "on the better part of the outcomes of each arm, and not on the same participants; p is from "
    "permutations of the arms, standard error and limits from resamples within arms."
)


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Compare trimmed means; the event counts as worse than any outcome.

    Args:
        spec: The analysis; its endpoint is a change in log frequency. Options: ``trim_percent``
            (``adaptive``: the larger share of events in the arms), ``completion_flag``, ``draws``.
        data: Tables ``adsl`` and ``adsz``.
        rng: Random numbers for permutations and resamples.

    Raises:
        AnalysisError: The flag does not exist, or an arm has nobody.

    Source:
        Permutt & Li (2017), Pharmaceutical Statistics 16, 20-28.
    """
    composite = composite_outcome(data, spec)
    statistics = list(participants_by_arm(composite.rows, spec))
    for arm in spec.arms[1:]:
        statistics += _comparison(composite, arm, spec, rng)
    return AnalysisResult(tuple(statistics), notes=(*composite.rows.notes, _WHAT))


def _comparison(
    composite: CompositeOutcome, arm: Arm, spec: AnalysisSpec, rng: np.random.Generator
) -> list[Statistic]:
    percent = spec.options["trim_percent"]
    share = None if percent == "adaptive" else percent / 100
    found = trimmed_difference(
        composite.of_arm(spec.reference.id),
        composite.of_arm(arm.id),
        share,
        spec.options["draws"],
        rng,
    )
    reach = float(distributions.normal.ppf((1 + spec.confidence_level) / 2)) * found.se
    lower, upper = found.difference - reach, found.difference + reach
    note = None
    if math.isnan(found.difference):
        note = "No difference: after trimming an arm keeps nobody, or someone with the event."
    elif math.isnan(found.se):
        note = "No standard error: hardly any resample has a difference."
    elif found.failed:
        note = f"{found.failed} of {spec.options['draws']} resamples have no difference."
    statistics = [
        Statistic(name, label, value, group=arm.id, reference=spec.reference.id, note=note)
        for name, label, value in (
            ("difference", "Difference of trimmed means", found.difference),
            ("difference_se", "Standard error of the difference", found.se),
            ("difference_lower", "Lower limit of the difference", lower),
            ("difference_upper", "Upper limit of the difference", upper),
            ("p_value", "p of the permutation test", found.p),
            ("kept", f"Kept in {arm.label}", float(found.kept[1])),
            ("kept_reference", f"Kept in {spec.reference.label}", float(found.kept[0])),
        )
    ]
    return statistics + relative_change(found.difference, lower, upper, arm.id, spec, note)
