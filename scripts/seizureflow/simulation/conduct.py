"""How the trial went for each participant: visits, doses, dropouts, and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from seizureflow.simulation.spec import (
    ArmSpec,
    CalendarSpec,
    DiscontinuationSpec,
    MedicationChangeSpec,
    ResponseSpec,
    ScheduleSpec,
)
from seizureflow.streams import Streams


@dataclass(frozen=True)
class FollowUp:
    """What happened to a randomised participant from day 1 on.

    Attributes:
        visit_days: study day by visit id, day 1 excluded.
        dose_days: study days of the infusions; empty when never dosed.
        last_day: the last diary day; 0 when never dosed.
        log_change: the change of the log seizure rate once the response has built up.
        status_day: the study day of the disposition.
    """

    arm: ArmSpec
    visit_days: dict[str, int]
    dose_days: tuple[int, ...]
    last_day: int
    status: str
    reason: str
    status_day: int
    log_change: float
    discontinuation: DiscontinuationSpec | None = None
    medication_changes: tuple[MedicationChangeSpec, ...] = ()


def study_date(first_dose: date, day: int) -> date:
    """Return the date of a study day; there is no day 0."""
    return first_dose + timedelta(days=day - 1 if day > 0 else day)


def draw_log_change(response: ResponseSpec, rng: np.random.Generator) -> tuple[float, bool]:
    """Draw a participant's change of log rate, and whether it is of the strong kind."""
    strong = bool(rng.random() < response.strong_share)
    kind = response.strong if strong else response.other
    return float(rng.normal(kind.mean, kind.sd)), strong


def follow_arm(
    arm: ArmSpec, numbers: Sequence[int], schedule: ScheduleSpec, streams: Streams
) -> dict[int, FollowUp]:
    """Return the follow-up of the participants (candidate `numbers`) randomised to `arm`."""
    changes = {n: draw_log_change(arm.response, streams.generator("response", n)) for n in numbers}
    rng = streams.generator("fates", arm.id)
    # Nobody who responds strongly stops treatment or needs a new medication.
    order = [int(n) for n in rng.permutation(numbers)]
    order.sort(key=lambda n: changes[n][1])
    never, order = order[: len(arm.not_dosed)], order[len(arm.not_dosed) :]
    stopped = dict(zip(order, arm.discontinuations, strict=False))
    remaining = order[len(stopped) :]
    changed = dict(zip(remaining, arm.medication_changes, strict=False))
    result = {}
    for n, reason in zip(never, arm.not_dosed, strict=True):
        result[n] = FollowUp(arm, {}, (), 0, "not dosed", reason, 1, 0.0)
    for n in order:
        result[n] = _follow(
            arm, changes[n][0], stopped.get(n), changed.get(n), schedule, streams.branch(n)
        )
    return result


def _follow(
    arm: ArmSpec,
    log_change: float,
    stop: DiscontinuationSpec | None,
    medication_change: MedicationChangeSpec | None,
    schedule: ScheduleSpec,
    streams: Streams,
) -> FollowUp:
    visits = _visit_days(schedule, streams.generator("visits"))
    rng = streams.generator("doses")
    given = {day: day for day in schedule.dose_days if day == 1}
    planned = {visit.day: visits[visit.id] for visit in schedule.visits}
    for day in schedule.dose_days:
        if day != 1 and rng.random() >= schedule.missed_dose_probability:
            given[day] = planned[day]
    doses = tuple(given.values())
    if stop is None:
        last = visits[schedule.visits[-1].id]
        status, reason = "completed", ""
    else:
        last = int(streams.generator("stop").integers(stop.days[0], stop.days[1] + 1))
        visits = {name: day for name, day in visits.items() if day < last}
        doses = tuple(day for day in doses if day < last)
        if stop.final_visit:
            visits["early_termination"] = last
        status, reason = "discontinued", stop.reason
    return FollowUp(
        arm=arm,
        visit_days=visits,
        dose_days=doses,
        last_day=last,
        status=status,
        reason=reason,
        status_day=last,
        log_change=log_change,
        discontinuation=stop,
        medication_changes=() if medication_change is None else (medication_change,),
    )


def _visit_days(schedule: ScheduleSpec, rng: np.random.Generator) -> dict[str, int]:
    limit = schedule.jitter_limit
    return {
        visit.id: visit.day + int(np.clip(round(schedule.jitter_sd * rng.normal()), -limit, limit))
        for visit in schedule.visits
    }


def screening_dates(
    follow_ups: Sequence[FollowUp | None],
    calendar: CalendarSpec,
    schedule: ScheduleSpec,
    rng: np.random.Generator,
) -> list[date]:
    """Return the screening date of each screened person, in screening order.

    People come evenly over the recruiting time. The first comes on the first date of the calendar,
    and the last completer is screened so that the final visit falls on the calendar's last date.
    """
    baseline = timedelta(days=schedule.baseline_days)
    longest = timedelta(days=schedule.visits[-1].day + schedule.jitter_limit)
    recruiting = (calendar.last_visit - baseline - longest - calendar.first_screened).days
    if recruiting < 1:
        raise ValueError("the calendar is shorter than one participant's time in the trial")
    offsets = np.sort(rng.integers(0, recruiting, size=len(follow_ups)))
    offsets[0] = 0
    dates = [calendar.first_screened + timedelta(days=int(offset)) for offset in offsets]
    completers = [i for i, f in enumerate(follow_ups) if f is not None and f.status == "completed"]
    last = completers[-1]
    final = follow_ups[last]
    assert final is not None  # noqa: S101
    dates[last] = calendar.last_visit - timedelta(days=final.last_day - 1) - baseline
    return dates
