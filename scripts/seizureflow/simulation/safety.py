"""Adverse events: who has one, how severe, of which kind and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.simulation.conduct import FollowUp
from seizureflow.simulation.spec import ArmSpec, EventSpec, SafetySpec, TermSpec
from seizureflow.streams import Streams


@dataclass(frozen=True)
class AdverseEvent:
    """One event. `end_day` is None while it goes on after the participant's last day."""

    event: EventSpec
    start_day: int
    end_day: int | None


def events_on_treatment(
    arm: ArmSpec, follow_ups: Mapping[int, FollowUp], spec: SafetySpec, streams: Streams
) -> dict[int, list[AdverseEvent]]:
    """Return the treatment-emergent events of the dosed participants of one arm.

    As many participants as the arm's `worst_severity` counts have an event, and exactly so many
    have each worst severity. An event that ends treatment is the worst of its participant.
    """
    dosed = [n for n, follow_up in follow_ups.items() if follow_up.dose_days]
    rng = streams.generator("affected", arm.id)
    withdrawn = [n for n in dosed if _withdrawing_event(follow_ups[n]) is not None]
    severities = [s for s in spec.severities for _ in range(arm.worst_severity.get(s, 0))]
    for n in withdrawn:
        severities.remove(_required_event(follow_ups[n]).severity)
    others = [int(n) for n in rng.permutation([n for n in dosed if n not in withdrawn])]
    affected = others[: len(severities)]
    worst = dict(zip(affected, severities, strict=True))
    return {
        n: _participant_events(follow_ups[n], worst.get(n), spec, streams.generator("events", n))
        for n in (*withdrawn, *affected)
    }


def events_before_dose(
    spec: SafetySpec, baseline_days: int, rng: np.random.Generator
) -> list[AdverseEvent]:
    """Return the events of one screened person in the baseline; over before the first dose."""
    if rng.random() >= spec.before_dose:
        return []
    start = int(rng.integers(-baseline_days + 1, -7))
    end = min(-1, start + _duration(spec, rng))
    event = _draw_event(spec, spec.severities[:1], set(), rng)
    return [AdverseEvent(_without_treatment(event), start, end)]


def _withdrawing_event(follow_up: FollowUp) -> EventSpec | None:
    stop = follow_up.discontinuation
    return None if stop is None else stop.adverse_event


def _required_event(follow_up: FollowUp) -> EventSpec:
    event = _withdrawing_event(follow_up)
    assert event is not None  # noqa: S101
    return event


def _participant_events(
    follow_up: FollowUp, worst: str | None, spec: SafetySpec, rng: np.random.Generator
) -> list[AdverseEvent]:
    """Return one participant's events, the first of them of the worst severity."""
    events: list[AdverseEvent] = []
    withdrawing = _withdrawing_event(follow_up)
    if withdrawing is not None:
        # It begins on the day of the last infusion and brings the final visit with it.
        start = follow_up.dose_days[-1]
        events.append(AdverseEvent(withdrawing, start, min(start + 6, follow_up.last_day)))
        worst = withdrawing.severity
    assert worst is not None  # noqa: S101
    allowed = spec.severities[: spec.severities.index(worst) + 1]
    number = int(rng.poisson(spec.further_events_mean)) + (0 if withdrawing else 1)
    terms = {event.event.term for event in events}
    for _ in range(number):
        choices = (worst,) if not events else allowed
        event = _draw_event(spec, choices, terms, rng)
        terms.add(event.term)
        start = int(rng.integers(1, follow_up.last_day + 1))
        end = start + _duration(spec, rng)
        events.append(AdverseEvent(event, start, end if end <= follow_up.last_day else None))
    return sorted(events, key=lambda event: event.start_day)


def _draw_event(
    spec: SafetySpec, severities: Sequence[str], taken: set[str], rng: np.random.Generator
) -> EventSpec:
    terms: list[TermSpec] = [term for term in spec.terms if term.term not in taken]
    weights = np.array([term.weight for term in terms])
    term = terms[int(rng.choice(len(terms), p=weights / weights.sum()))]
    # Milder ones are commoner: each level half as frequent as the one below it.
    levels = 0.5 ** np.arange(len(severities))
    return EventSpec(
        term=term.term,
        body_system=term.body_system,
        severity=severities[int(rng.choice(len(severities), p=levels / levels.sum()))],
        serious=False,
        related=bool(rng.random() < spec.related),
        action="dose interrupted" if rng.random() < spec.dose_interrupted else "dose not changed",
    )


def _without_treatment(event: EventSpec) -> EventSpec:
    """Return `event` as it is before any dose: unrelated, and with no dose to act on."""
    return EventSpec(
        event.term, event.body_system, event.severity, event.serious, False, "not applicable"
    )


def _duration(spec: SafetySpec, rng: np.random.Generator) -> int:
    """Return days from the first to the last day of an event, 0 for one day."""
    return int(spec.duration_median * np.exp(spec.duration_log_sd * rng.normal()))
