"""Difference of the mean time to an event, no time counted longer than a chosen day."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.problems import AnalysisError
from seizureflow.survival.event_times import event_times
from seizureflow.survival.kaplan_meier import KaplanMeier, kaplan_meier

# Arms smaller than this: the normal approximation is known to reject too often.
_SMALL = 50


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare the restricted mean times: the areas under the Kaplan-Meier curves.

    It needs no proportional hazards. In small arms its intervals are somewhat too short and its
    test rejects somewhat too often (Horiguchi & Uno, Statistics in Medicine 2020).

    Args:
        spec: The analysis. Without the option ``until`` the restriction is the longest day to which
            the curves of all arms are known.
        data: Tables ``adsl`` and ``adtte``.

    Raises:
        AnalysisError: A curve is not known to the day asked for.

    Source:
        Royston & Parmar, Statistics in Medicine 2011; Uno et al., JCO 2014.
    """
    people = event_times(data, spec)
    curves = {
        arm.id: kaplan_meier(people.times[own], people.happened[own])
        for number, arm in enumerate(spec.arms)
        for own in [people.arm_numbers == number]
    }
    until = _restriction(curves, spec)
    means = {arm: curve.restricted_mean(until) for arm, curve in curves.items()}
    statistics = []
    for arm, curve in curves.items():
        statistics += _mean(curve, means[arm], arm, spec)
    for other in spec.arms[1:]:
        statistics += _difference(means[spec.reference.id], means[other.id], other.id, spec)
    notes = list(people.notes)
    if min(len(curve.times) for curve in curves.values()) < _SMALL:
        notes.append(
            f"With fewer than {_SMALL} participants in an arm the intervals are somewhat too short."
        )
    statistics.append(Statistic("until", "Times are counted up to day", until))
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _restriction(curves: Mapping[str, KaplanMeier], spec: AnalysisSpec) -> float:
    """Day of the restriction."""
    asked = spec.options.get("until")
    known = min(curve.known_until for curve in curves.values())
    if asked is None:
        longest = max(curve.longest for curve in curves.values())
        until = longest if math.isinf(known) else known
        if until < 1:
            raise AnalysisError(f"Analysis {spec.id}: nobody of an arm was ever at risk.")
        return until
    short = [arm.label for arm in spec.arms if curves[arm.id].known_until < asked]
    if short:
        raise AnalysisError(
            f"Analysis {spec.id}: in {', '.join(short)} nobody was observed to day {asked}. Choose "
            f"until: {known:g} or less."
        )
    return float(asked)


def _mean(
    curve: KaplanMeier, mean: tuple[float, float], arm: str, spec: AnalysisSpec
) -> list[Statistic]:
    quantile = float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
    value, se = mean
    counts = (
        ("participants", "Participants", float(len(curve.times)), None),
        ("events", "With the event", float(curve.happened.sum()), None),
    )
    numbers = (
        ("restricted_mean", "Restricted mean time", value, "days"),
        ("restricted_mean_se", "Standard error of the restricted mean time", se, "days"),
        (
            "restricted_mean_lower",
            "Lower limit of the restricted mean time",
            value - quantile * se,
            "days",
        ),
        (
            "restricted_mean_upper",
            "Upper limit of the restricted mean time",
            value + quantile * se,
            "days",
        ),
    )
    return [
        Statistic(name, label, number, group=arm, unit=unit)
        for name, label, number, unit in (*counts, *numbers)
    ]


def _difference(
    reference: tuple[float, float], own: tuple[float, float], arm: str, spec: AnalysisSpec
) -> list[Statistic]:
    quantile = float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
    difference, se = own[0] - reference[0], math.hypot(own[1], reference[1])
    z, note = math.nan, None
    if se > 0:
        z = difference / se
    else:
        note = "The times do not vary in either arm: no test is possible."
    numbers = (
        ("difference", "Difference of restricted mean times", difference, "days"),
        ("difference_se", "Standard error of the difference", se, "days"),
        ("difference_lower", "Lower limit of the difference", difference - quantile * se, "days"),
        ("difference_upper", "Upper limit of the difference", difference + quantile * se, "days"),
        ("z", "z statistic", z, None),
        ("p_value", "p", 2 * float(distributions.normal.sf(abs(z))), None),
    )
    return [
        Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            unit=unit,
            note=note if math.isnan(value) else None,
        )
        for name, label, value, unit in numbers
    ]
