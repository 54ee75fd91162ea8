"""Medications: the regimen at screening, changes of it, rescue use, and others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seizureflow.simulation.conduct import FollowUp
from seizureflow.simulation.diaries import Diary
from seizureflow.simulation.screening import Candidate
from seizureflow.simulation.spec import CohortSpec, MedicationSpec

ANTI_SEIZURE = "anti-seizure medication"


@dataclass(frozen=True)
class Medication:
    """One course of a medication; `end_day` None where it goes on.

    Days may lie years before day 1.
    """

    name: str
    kind: str
    start_day: int
    end_day: int | None
    reason: str


def medications_of(
    candidate: Candidate,
    follow_up: FollowUp | None,
    diary: Diary,
    spec: CohortSpec,
    rng: np.random.Generator,
) -> list[Medication]:
    """Return all medications of one screened person, the regimen at screening first."""
    names = _draw_names(spec.medications.anti_seizure, candidate.current_asm, rng)
    first_day = -spec.schedule.baseline_days
    regimen = [
        Medication(name, ANTI_SEIZURE, first_day - int(rng.integers(60, 3650)), None, "epilepsy")
        for name in names
    ]
    added = [
        Medication(name, ANTI_SEIZURE, int(rng.integers(low, high + 1)), None, reason)
        for name, (reason, (low, high)) in zip(
            _draw_names(_not_in(spec.medications.anti_seizure, names), _changes(follow_up), rng),
            [] if follow_up is None else [(c.reason, c.days) for c in follow_up.medication_changes],
            strict=True,
        )
    ]
    return [
        *regimen,
        *added,
        *_rescue(diary, spec, rng),
        *_other(spec.medications, first_day, rng),
    ]


def _changes(follow_up: FollowUp | None) -> int:
    return 0 if follow_up is None else len(follow_up.medication_changes)


def _not_in(weights: Mapping[str, float], names: list[str]) -> dict[str, float]:
    return {name: weight for name, weight in weights.items() if name not in names}


def _draw_names(weights: Mapping[str, float], number: int, rng: np.random.Generator) -> list[str]:
    """Draw `number` different names by weight."""
    p = np.array(list(weights.values()))
    drawn = rng.choice(len(p), size=number, replace=False, p=p / p.sum())
    return [list(weights)[int(i)] for i in drawn]


def _rescue(diary: Diary, spec: CohortSpec, rng: np.random.Generator) -> list[Medication]:
    """Return rescue medication on some of the days with several seizures."""
    settings = spec.medications
    if rng.random() >= settings.rescue_user:
        return []
    bad = diary.days[diary.countable_per_day(spec.diary) >= settings.rescue_minimum_seizures]
    number = min(1 + int(rng.poisson(settings.rescue_days_mean - 1)), len(bad))
    name = _draw_names(settings.rescue, 1, rng)[0]
    days = sorted(int(day) for day in rng.choice(bad, size=number, replace=False))
    return [Medication(name, "rescue medication", day, day, "repeated seizures") for day in days]


def _other(spec: MedicationSpec, first_day: int, rng: np.random.Generator) -> list[Medication]:
    if rng.random() >= spec.other_user:
        return []
    number = int(rng.integers(1, 3))
    names = _draw_names(dict.fromkeys(spec.other, 1.0), number, rng)
    return [
        Medication(
            name,
            "other medication",
            first_day - int(rng.integers(10, 1500)),
            None,
            spec.other[name],
        )
        for name in names
    ]
