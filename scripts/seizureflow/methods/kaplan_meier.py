"""Share of participants free of an event over time, by arm, by the Kaplan-Meier method."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.array_types import IntArray
from seizureflow.survival.event_times import event_times
from seizureflow.survival.kaplan_meier import FreeShare, KaplanMeier, kaplan_meier

# Steps of the curves that are given, of all arms together; a plot shows no more.
_MOST_STEPS = 200
_NOT_REACHED = "The median time, or a limit of it, was not reached: the curve does not fall so far."


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Describe the time to an event in each arm.

    Gives events, the median with the interval of Brookmeyer and Crowley, and at chosen days the
    participants at risk and the share still free of the event, with Greenwood's standard error and
    the interval on the scale of the log cumulative hazard. Rows of the variable ``step`` are the
    corners of the curve with the interval there; those of the statistic ``curve_censored`` count
    who was censored on a day, for the marks of a plot. Censoring is taken to be independent of the
    event.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adtte``.

    Raises:
        AnalysisError: An arm has no participant with a time.
    """
    people = event_times(data, spec)
    notes = list(people.notes)
    days = spec.options.get("times") or spec.visit_days
    curves = {
        arm.id: kaplan_meier(people.times[own], people.happened[own])
        for number, arm in enumerate(spec.arms)
        for own in [people.arm_numbers == number]
    }
    statistics = [row for arm, curve in curves.items() for row in _summary(curve, arm, spec)]
    for day in days:
        for arm, curve in curves.items():
            statistics += _on_day(curve.after(day, spec.confidence_level), curve, arm)
    most, labels = _MOST_STEPS // len(curves), {arm.id: arm.label for arm in spec.arms}
    for arm, curve in curves.items():
        statistics += _steps(curve, arm, most, spec.confidence_level)
        statistics += _censored(curve, arm, most)
        for found, what in (
            (len(curve.days), "steps of the curve"),
            (len(np.unique(curve.times[~curve.happened])), "days of censoring"),
        ):
            if found > most:
                notes.append(f"Of the {found} {what} of {labels[arm]} {most} are given.")
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _summary(curve: KaplanMeier, arm: str, spec: AnalysisSpec) -> Iterator[Statistic]:
    events = int(curve.happened.sum())
    for name, label, count in (
        ("participants", "Participants", len(curve.times)),
        ("events", "With the event", events),
        ("censored", "Censored", len(curve.times) - events),
    ):
        yield Statistic(name, label, float(count), group=arm)
    yield Statistic("longest", "Longest time", curve.longest, group=arm, unit="days")
    names = ("median", "median_lower", "median_upper")
    labels = ("Median time", "Lower limit of the median time", "Upper limit of the median time")
    values = curve.median(spec.confidence_level)
    for name, label, value in zip(names, labels, values, strict=True):
        note = _NOT_REACHED if math.isnan(value) else None
        yield Statistic(name, label, value, group=arm, unit="days", note=note)


def _on_day(share: FreeShare, curve: KaplanMeier, arm: str) -> list[Statistic]:
    note = _why_missing(share, curve)
    numbers = (
        ("at_risk", "At risk when the day begins", float(share.at_risk), None),
        ("events_until", "Events up to the day", float(share.events), None),
        ("censored_before", "Censored before the day", float(share.censored), None),
        ("event_free_percent", "Free of the event after the day", 100 * share.share, "%"),
        ("event_free_percent_se", "Standard error of the share", 100 * share.se, "%"),
        ("event_free_percent_lower", "Lower limit of the share", 100 * share.lower, "%"),
        ("event_free_percent_upper", "Upper limit of the share", 100 * share.upper, "%"),
    )
    return [
        Statistic(
            name,
            label,
            value,
            group=arm,
            variable="Day",
            level=f"{share.day:g}",
            unit=unit,
            note=note if math.isnan(value) else None,
        )
        for name, label, value, unit in numbers
    ]


def _why_missing(share: FreeShare, curve: KaplanMeier) -> str:
    if share.day > curve.known_until:
        return f"After day {curve.longest:g} nobody was observed: the share is not known."
    return "A share of 0% or 100% has no standard error or limits."


def _steps(curve: KaplanMeier, arm: str, most: int, confidence_level: float) -> Iterator[Statistic]:
    """Corners of the curve; evenly chosen among its steps, the last included, where many."""
    lower, upper = curve.limits(confidence_level)
    for place in _chosen(len(curve.days), most):
        for name, label, shares in (
            ("event_free_step", "Free of the event after the day", curve.share),
            ("event_free_step_lower", "Lower limit of the share", lower),
            ("event_free_step_upper", "Upper limit of the share", upper),
        ):
            share = float(shares[place])
            yield Statistic(
                name,
                label,
                100 * share,
                group=arm,
                variable="step",
                level=f"{curve.days[place]:g}",
                unit="%",
                note="A share of 0% has no limits." if math.isnan(share) else None,
            )


def _censored(curve: KaplanMeier, arm: str, most: int) -> Iterator[Statistic]:
    """How many were censored on each day; evenly chosen among the days where many."""
    days, counts = np.unique(curve.times[~curve.happened], return_counts=True)
    for place in _chosen(len(days), most):
        yield Statistic(
            "curve_censored",
            "Censored on the day",
            float(counts[place]),
            group=arm,
            variable="censored",
            level=f"{days[place]:g}",
        )


def _chosen(size: int, most: int) -> IntArray:
    """Places of at most so many of a number of things, evenly spread, the ends included."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).round().astype(np.int64))
