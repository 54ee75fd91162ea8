"""The log-rank test of times to an event, stratified where asked."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.survival.event_times import EventTimes, event_times, refuse_without_events
from seizureflow.survival.logrank import LogRank, logrank

_ALONE = "No event happened while both arms were at risk: nothing can be compared."


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Test each arm against the reference, and all arms together where there are more than two.

    The tests of single arms use these two arms alone, and are not adjusted for their number. z is
    the root of the statistic, negative where the arm had fewer events than expected. The p-value is
    that of the chi-squared distribution, an approximation with few events.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adtte``.

    Raises:
        AnalysisError: An arm has no participant with a time, or nobody had the event.
    """
    people = event_times(data, spec)
    refuse_without_events(
        people, spec, "The Kaplan-Meier analysis gives who was observed how long."
    )
    whole = _test(people, np.arange(len(spec.arms)))
    statistics = []
    for number, arm in enumerate(spec.arms):
        statistics += _events(people, number, arm, whole)
    for number, arm in enumerate(spec.arms[1:], start=1):
        statistics += _comparison(_test(people, np.array([0, number])), arm, spec)
    if len(spec.arms) > 2:
        statistics += _overall(whole)
    return AnalysisResult(
        tuple(statistics), notes=(*people.notes, *_one_armed_strata(people, spec))
    )


def _test(people: EventTimes, arms: np.ndarray) -> LogRank:
    """Test of some arms, by their numbers."""
    own = np.isin(people.arm_numbers, arms)
    return logrank(
        people.times[own],
        people.happened[own],
        np.searchsorted(arms, people.arm_numbers[own]),
        people.strata[own],
        len(arms),
    )


def _events(people: EventTimes, number: int, arm: Arm, whole: LogRank) -> list[Statistic]:
    own = people.arm_numbers == number
    expected = float(whole.expected[number])
    note = None if expected > 0 else "Nobody of this arm was at risk when an event happened."
    return [
        Statistic(name, label, value, group=arm.id, note=note if math.isnan(value) else None)
        for name, label, value in (
            ("participants", "Participants", float(own.sum())),
            ("observed", "Events observed", float(whole.observed[number])),
            ("expected", "Events expected if the hazards were equal", expected),
            (
                "observed_to_expected",
                "Observed / expected",
                float(whole.observed[number]) / expected if expected > 0 else math.nan,
            ),
        )
    ]


def _comparison(test: LogRank, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    z = math.nan
    if test.df:
        z = math.copysign(math.sqrt(test.chi_square), test.observed[1] - test.expected[1])
    note = None if test.df else _ALONE
    return [
        Statistic(name, label, value, group=arm.id, reference=spec.reference.id, note=note)
        for name, label, value in (
            ("chi_square", "Chi-squared, 1 degree of freedom", test.chi_square),
            ("z", "z statistic", z),
            ("p_value", "p", 2 * float(distributions.normal.sf(abs(z)))),
        )
    ]


def _overall(test: LogRank) -> list[Statistic]:
    note = None if test.df else _ALONE
    return [
        Statistic("chi_square", "Chi-squared, all arms", test.chi_square, note=note),
        Statistic("df", "Degrees of freedom", float(test.df)),
        Statistic("p_value", "p, all arms", test.p, note=note),
    ]


def _one_armed_strata(people: EventTimes, spec: AnalysisSpec) -> list[str]:
    if not spec.options.get("strata"):
        return []
    by_stratum = people.frame.groupby("STRATUM")["ARM"]
    alone = by_stratum.nunique() < 2
    if not alone.any():
        return []
    lost = int(by_stratum.size()[alone].sum())
    return [
        f"{int(alone.sum())} of {len(alone)} strata hold participants of one arm alone: the {lost} "
        "in them add nothing to the comparison."
    ]
