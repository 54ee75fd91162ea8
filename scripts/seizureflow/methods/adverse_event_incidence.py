"""Incidence of adverse events by time at risk, and rates of events by time of exposure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from seizureflow.adverse_events.in_population import (
    counted_kinds,
    emergent_in,
    not_recorded,
    refuse_empty_arms,
    sizes_by_arm,
)
from seizureflow.adverse_events.incidence import TimeAtRisk, time_to_first
from seizureflow.adverse_events.kinds import EventKind
from seizureflow.adverse_events.rates import (
    rate_difference_interval,
    rate_interval,
    rate_ratio_interval,
)
from seizureflow.adverse_events.risk_period import risk_periods
from seizureflow.adverse_events.rules import DEFAULT_RULE
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, named
from seizureflow.problems import AnalysisError

_PER = 100.0  # participant-years
_UNIT = "per 100 participant-years"
_METHOD = (
    "Participants with an event are related to their time at risk until the first, events to the "
    "whole time at risk; both per 100 years of 365.25 days. Limits of incidences and rates are "
    "exact for Poisson counts (Garwood), those of ratios exact given all participants with an "
    "event, those of differences by score (Miettinen and Nurminen). Incidences suppose a constant "
    "hazard; limits of rates of events suppose that events of a participant are independent, and "
    "are too narrow where they are not."
)
_NO_EVENT = "No participant of either arm had the event: there is no ratio of incidences."
_NO_REFERENCE = "Infinite: no participant of the reference arm had the event."
_UNBOUNDED = "Infinite: these data set no bound to the ratio on this side."


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Give incidences by arm and compare each arm with the reference.

    Time at risk begins with the first dose and ends with the end of study or, where the protocol
    says so, a number of days after the last dose.

    Args:
        spec: The analysis; options ``kinds``, ``minimum_participants`` and ``minimum_percent``.
        data: Tables ``adsl`` and ``adae``.

    Raises:
        AnalysisError: An arm has no participant, or none who was ever at risk.

    Source:
        See :mod:`seizureflow.adverse_events.rates`.
    """
    chosen = emergent_in(spec, data)
    refuse_empty_arms(chosen, spec)
    rule = (spec.adverse_events or {}).get("emergent", DEFAULT_RULE)
    periods = risk_periods(chosen.people, chosen.events, rule)
    people = chosen.people.set_index("USUBJID")[["TRT01P"]].join(periods.frame)
    never = people["START"].isna() | people["END"].isna()
    at_risk = people[~never]
    idle = [arm.label or arm.id for arm in spec.arms if not (at_risk["TRT01P"] == arm.id).any()]
    if idle:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of {', '.join(idle)} was ever at risk: none has "
            "both a first dose and an end of the time at risk."
        )
    kinds, left_out = counted_kinds(
        chosen, spec.options, spec.options.get("kinds", ("body_system",))
    )
    statistics = sizes_by_arm(chosen.sizes)
    for kind, _ in kinds:
        times = {arm.id: time_to_first(kind.events, at_risk, arm.id) for arm in spec.arms}
        for arm in spec.arms:
            statistics += list(_by_arm(kind, times[arm.id], arm.id, spec.confidence_level))
        for arm in spec.arms[1:]:
            statistics += list(
                _compared(kind, times[arm.id], times[spec.reference.id], arm.id, spec)
            )
    notes = [_METHOD, *_special(people.index[never], periods.extended, len(people)), *left_out]
    return AnalysisResult(tuple(statistics), notes=(*notes, *not_recorded(chosen.flags)))


def _by_arm(kind: EventKind, time: TimeAtRisk, arm: str, level: float) -> Iterator[Statistic]:
    first = rate_interval(time.participants, time.years_to_first, level)
    all_events = rate_interval(time.events, time.years, level)
    for name, label, value, unit in (
        ("participants_with_event", "Participants with an event", float(time.participants), None),
        (
            "years_at_risk",
            "Participant-years to the first event",
            time.years_to_first,
            "participant-years",
        ),
        ("incidence", "Incidence", _PER * time.participants / time.years_to_first, _UNIT),
        ("incidence_lower", "Lower limit of the incidence", _PER * first.lower, _UNIT),
        ("incidence_upper", "Upper limit of the incidence", _PER * first.upper, _UNIT),
        ("events", "Events", float(time.events), None),
        ("years_of_exposure", "Participant-years", time.years, "participant-years"),
        ("event_rate", "Rate of events", _PER * time.events / time.years, _UNIT),
        ("event_rate_lower", "Lower limit of the rate of events", _PER * all_events.lower, _UNIT),
        ("event_rate_upper", "Upper limit of the rate of events", _PER * all_events.upper, _UNIT),
    ):
        yield Statistic(
            name, label, value, group=arm, variable=kind.variable, level=kind.level, unit=unit
        )


def _compared(
    kind: EventKind, time: TimeAtRisk, reference: TimeAtRisk, arm: str, spec: AnalysisSpec
) -> Iterator[Statistic]:
    """Ratio and difference of the incidences of the first event."""
    four = (
        time.participants,
        time.years_to_first,
        reference.participants,
        reference.years_to_first,
    )
    ratio = rate_ratio_interval(*four, spec.confidence_level)
    difference = rate_difference_interval(*four, spec.confidence_level)
    incidence = time.participants / time.years_to_first
    other = reference.participants / reference.years_to_first
    undefined = math.inf if time.participants else math.nan
    for name, label, value, unit in (
        ("incidence_ratio", "Incidence ratio", incidence / other if other else undefined, None),
        ("incidence_ratio_lower", "Lower limit of the incidence ratio", ratio.lower, None),
        ("incidence_ratio_upper", "Upper limit of the incidence ratio", ratio.upper, None),
        ("incidence_difference", "Incidence difference", _PER * (incidence - other), _UNIT),
        (
            "incidence_difference_lower",
            "Lower limit of the incidence difference",
            _PER * difference.lower,
            _UNIT,
        ),
        (
            "incidence_difference_upper",
            "Upper limit of the incidence difference",
            _PER * difference.upper,
            _UNIT,
        ),
    ):
        yield Statistic(
            name,
            label,
            value,
            group=arm,
            reference=spec.reference.id,
            variable=kind.variable,
            level=kind.level,
            unit=unit,
            note=_why(name, value),
        )


def _why(name: str, value: float) -> str | None:
    if math.isnan(value):
        return _NO_EVENT
    if math.isinf(value):
        return _NO_REFERENCE if name == "incidence_ratio" else _UNBOUNDED
    return None


def _special(never: pd.Index, extended: tuple[str, ...], size: int) -> list[str]:
    """Who was never at risk, and whose time at risk was extended to an event."""
    notes = []
    if len(never):
        notes.append(
            f"{len(never)} of {size} participants left out, who have no first dose or no end of "
            f"the time at risk: {named(pd.Series(never))}."
        )
    if extended:
        notes.append(
            f"{len(extended)} participants had an event after the end of their time at risk, which "
            f"is extended to it: {named(pd.Series(extended))}."
        )
    return notes
