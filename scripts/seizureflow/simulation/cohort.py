"""A simulated cohort: everybody screened, and the raw tables a trial would export of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.simulation.allocation import allocate_arms, assign_sites
from seizureflow.simulation.conduct import FollowUp, follow_arm, screening_dates
from seizureflow.simulation.diaries import Diary, simulate_diary
from seizureflow.simulation.medications import medications_of
from seizureflow.simulation.rounding_intervals import fit_moments
from seizureflow.simulation.safety import AdverseEvent, events_before_dose, events_on_treatment
from seizureflow.simulation.screening import Candidate, screen_candidates
from seizureflow.simulation.spec import CohortSpec
from seizureflow.simulation.tables import Participant, raw_tables
from seizureflow.streams import Streams
from seizureflow.whole_files import whole_file


@dataclass(frozen=True)
class Cohort:
    """The raw tables of a simulated trial by the name of their file, without its suffix."""

    tables: Mapping[str, pd.DataFrame]

    def write(self, folder: Path) -> None:
        """Write one CSV file per table (UTF-8, LF)."""
        for name, table in self.tables.items():
            with whole_file(folder / f"{name}.csv") as partial:
                table.to_csv(partial, index=False, lineterminator="\n")


def simulate_cohort(spec: CohortSpec, rng: np.random.Generator) -> Cohort:
    """Simulate the whole trial described by `spec`.

    `rng` gives the seed of the named streams; equal seeds give equal tables.
    """
    streams = Streams.of(rng)
    participants = simulate_participants(spec, streams)
    return Cohort(raw_tables(participants, spec))


def simulate_participants(spec: CohortSpec, streams: Streams) -> list[Participant]:
    """Simulate everybody screened, in the order of their screening."""
    total = sum(arm.randomised for arm in spec.arms)
    screened = screen_candidates(spec, total, streams.branch("candidates"))
    follow_ups = _randomise(screened, spec, streams)
    screened = _with_published_ages(screened, follow_ups, spec)
    events = _adverse_events(screened, follow_ups, spec, streams)
    dates = screening_dates(
        [follow_ups.get(c.number) for c in screened],
        spec.calendar,
        spec.schedule,
        streams.generator("calendar"),
    )
    identities = _identities(screened, follow_ups, dates, spec, streams)
    people = []
    for candidate, screened_date in zip(screened, dates, strict=True):
        number = candidate.number
        follow_up = follow_ups.get(number)
        diary = _whole_diary(candidate, follow_up, spec, streams.branch("diary").branch(number))
        site, identifier = identities[number]
        people.append(
            Participant(
                id=identifier,
                site=site,
                screened=screened_date,
                first_dose=screened_date + timedelta(days=spec.schedule.baseline_days),
                candidate=candidate,
                follow_up=follow_up,
                diary=diary,
                adverse_events=tuple(events[number]),
                medications=tuple(
                    medications_of(
                        candidate, follow_up, diary, spec, streams.generator("medications", number)
                    )
                ),
            )
        )
    return sorted(people, key=lambda person: person.id)


def response_curve(days: IntArray, log_change: float, onset_days: int) -> FloatArray:
    """Return the change of the log rate on `days` from 1: linear over `onset_days`, then level."""
    return log_change * np.minimum(1.0, np.asarray(days) / onset_days)


def _randomise(
    screened: list[Candidate], spec: CohortSpec, streams: Streams
) -> dict[int, FollowUp]:
    """Return the follow-up of every randomised candidate by number."""
    eligible = [candidate for candidate in screened if not candidate.failures]
    arms = allocate_arms(eligible, spec, streams.branch("allocation"))
    follow_ups: dict[int, FollowUp] = {}
    for arm in spec.arms:
        numbers = [c.number for c, name in zip(eligible, arms, strict=True) if name == arm.id]
        follow_ups |= follow_arm(arm, numbers, spec.schedule, streams.branch("conduct"))
    return follow_ups


def _with_published_ages(
    screened: list[Candidate], follow_ups: Mapping[int, FollowUp], spec: CohortSpec
) -> list[Candidate]:
    """Return the candidates with the ages of an arm's dosed moved to its published moments."""
    ages: dict[int, int] = {}
    for arm in spec.arms:
        if arm.dosed_age is None:
            continue
        dosed = [
            c
            for c in screened
            if (f := follow_ups.get(c.number)) is not None and f.arm.id == arm.id and f.dose_days
        ]
        drawn = np.array([c.age for c in dosed])
        fitted = fit_moments(drawn, spec.screening.eligibility.age, arm.dosed_age)
        ages |= {c.number: int(age) for c, age in zip(dosed, fitted, strict=True)}
    return [replace(c, age=ages.get(c.number, c.age)) for c in screened]


def _adverse_events(
    screened: list[Candidate],
    follow_ups: Mapping[int, FollowUp],
    spec: CohortSpec,
    streams: Streams,
) -> dict[int, list[AdverseEvent]]:
    branch = streams.branch("safety")
    events = {
        c.number: events_before_dose(
            spec.safety, spec.schedule.baseline_days, branch.generator("before", c.number)
        )
        for c in screened
    }
    for arm in spec.arms:
        members = {n: f for n, f in follow_ups.items() if f.arm.id == arm.id}
        for number, later in events_on_treatment(arm, members, spec.safety, branch).items():
            events[number] = [*events[number], *later]
    return events


def _identities(
    screened: list[Candidate],
    follow_ups: Mapping[int, FollowUp],
    dates: list[date],
    spec: CohortSpec,
    streams: Streams,
) -> dict[int, tuple[str, str]]:
    """Return site and identifier by candidate number; numbers run by screening date in a site."""
    randomised = [c.number for c in screened if c.number in follow_ups]
    failed = [c.number for c in screened if c.number not in follow_ups]
    drawn = assign_sites(
        len(randomised), len(failed), spec.screening.sites, streams.branch("sites")
    )
    site = dict(zip([*randomised, *failed], drawn, strict=True))
    order = sorted(zip(dates, [c.number for c in screened], strict=True))
    seen: dict[int, int] = {}
    identities = {}
    for _, number in order:
        here = site[number]
        seen[here] = seen.get(here, 0) + 1
        identities[number] = (f"{here:02d}", f"{spec.study}-{here:02d}-{seen[here]:03d}")
    return identities


def _whole_diary(
    candidate: Candidate, follow_up: FollowUp | None, spec: CohortSpec, streams: Streams
) -> Diary:
    """Return the baseline diary and what follows it up to the participant's last day."""
    if follow_up is None or follow_up.last_day == 0:
        return candidate.baseline
    days = np.arange(1, follow_up.last_day + 1)
    later, _ = simulate_diary(
        candidate.process,
        spec.diary,
        days,
        response_curve(days, follow_up.log_change, follow_up.arm.response.onset_days),
        candidate.state,
        streams.generator(),
    )
    return candidate.baseline.then(later)
