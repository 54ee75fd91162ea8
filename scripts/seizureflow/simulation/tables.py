"""The raw tables of simulated participants, as a trial's export would hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from seizureflow.simulation.allocation import stratum
from seizureflow.simulation.conduct import FollowUp, study_date
from seizureflow.simulation.diaries import NO_CLUSTER, Diary
from seizureflow.simulation.medications import Medication
from seizureflow.simulation.safety import AdverseEvent
from seizureflow.simulation.screening import Candidate
from seizureflow.simulation.spec import CohortSpec

Row = dict[str, Any]


@dataclass(frozen=True)
class Participant:
    """One screened person; `follow_up` is None for a screen failure.

    `first_dose` is the date of day 1: the randomisation of those never dosed, and for a screen
    failure the day after the baseline.
    """

    id: str
    site: str
    screened: date
    first_dose: date
    candidate: Candidate
    follow_up: FollowUp | None
    diary: Diary
    adverse_events: tuple[AdverseEvent, ...]
    medications: tuple[Medication, ...]

    def on(self, day: int) -> str:
        """Return the ISO date of a study day."""
        return study_date(self.first_dose, day).isoformat()

    def on_or_blank(self, day: int | None) -> str:
        """Return the ISO date of a study day, blank where there is none."""
        return "" if day is None else self.on(day)


def raw_tables(participants: Sequence[Participant], spec: CohortSpec) -> dict[str, pd.DataFrame]:
    """Return every raw table, rows by participant and then by date."""
    rows: dict[str, list[Row]] = {
        "participants": [_participant_row(person, spec) for person in participants],
        "treatment_codes": [
            {"participant": person.id, "arm": person.follow_up.arm.id}
            for person in participants
            if person.follow_up is not None
        ],
        "diary": [row for person in participants for row in _diary_rows(person, spec)],
        "visits": [row for person in participants for row in _visit_rows(person)],
        "doses": [row for person in participants for row in _dose_rows(person)],
        "disposition": [_disposition_row(person) for person in participants],
        "adverse_events": [row for person in participants for row in _event_rows(person)],
        "medications": [row for person in participants for row in _medication_rows(person)],
    }
    return {name: pd.DataFrame(table) for name, table in rows.items()}


def _participant_row(person: Participant, spec: CohortSpec) -> Row:
    candidate, follow_up = person.candidate, person.follow_up
    randomised = follow_up is not None
    structural, high = (_yes_no(level) for level in stratum(candidate, spec))
    return {
        "participant": person.id,
        "site": person.site,
        "screened_date": person.screened.isoformat(),
        "age": candidate.age,
        "sex": candidate.sex,
        "structural_cause": _yes_no(candidate.structural_cause),
        "failed_asm": candidate.failed_asm,
        "current_asm": candidate.current_asm,
        "randomised_date": person.on(1) if randomised else "",
        "stratum_structural_cause": structural if randomised else "",
        "stratum_high_baseline": high if randomised else "",
    }


def _diary_rows(person: Participant, spec: CohortSpec) -> list[Row]:
    diary = person.diary
    types = [kind.id for kind in spec.diary.types]
    rows = []
    for i, day in enumerate(diary.days.tolist()):
        recorded = bool(diary.recorded[i])
        # Counts are text: an empty one must not turn its whole column into decimals.
        counts = [str(count) if recorded else "" for count in diary.counts[i].tolist()]
        cluster = int(diary.cluster[i])
        rows.append(
            {
                "participant": person.id,
                "date": person.on(day),
                "recorded": _yes_no(recorded),
                **dict(zip(types, counts, strict=True)),
                "cluster": types[cluster] if recorded and cluster != NO_CLUSTER else "",
            }
        )
    return rows


def _visit_rows(person: Participant) -> list[Row]:
    visits = {"screening": person.screened.isoformat()}
    if person.follow_up is not None:
        visits["baseline"] = person.on(1)
        visits |= {visit: person.on(day) for visit, day in person.follow_up.visit_days.items()}
    return [{"participant": person.id, "visit": visit, "date": on} for visit, on in visits.items()]


def _dose_rows(person: Participant) -> list[Row]:
    if person.follow_up is None:
        return []
    dose = person.follow_up.arm.dose_mg
    return [
        {"participant": person.id, "date": person.on(day), "dose_mg": dose}
        for day in person.follow_up.dose_days
    ]


def _disposition_row(person: Participant) -> Row:
    follow_up = person.follow_up
    if follow_up is None:
        # The baseline is over when the failure is established.
        status, reason, day = "screen failure", "; ".join(person.candidate.failures), 1
    else:
        status, reason, day = follow_up.status, follow_up.reason, follow_up.status_day
    return {"participant": person.id, "status": status, "reason": reason, "date": person.on(day)}


def _event_rows(person: Participant) -> list[Row]:
    return [
        {
            "participant": person.id,
            "term": event.event.term,
            "system_organ_class": event.event.body_system,
            "start_date": person.on(event.start_day),
            "end_date": person.on_or_blank(event.end_day),
            "severity": event.event.severity,
            "serious": _yes_no(event.event.serious),
            "related": _yes_no(event.event.related),
            "action_taken": event.event.action,
        }
        for event in person.adverse_events
    ]


def _medication_rows(person: Participant) -> list[Row]:
    return [
        {
            "participant": person.id,
            "medication": course.name,
            "class": course.kind,
            "start_date": person.on(course.start_day),
            "end_date": person.on_or_blank(course.end_day),
            "reason": course.reason,
        }
        for course in person.medications
    ]


def _yes_no(value: bool) -> str:
    return "Y" if value else "N"
