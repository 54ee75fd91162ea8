"""A small study without a fault, as a folder of CSV files, which each broken input breaks in one place."""

from datetime import date, timedelta
from pathlib import Path

PROTOCOL = """\
study: good
title: A made-up trial
question: Does the tablet lower seizure frequency?
simulated: true
treatment: unblinded
data_cutoff: 2020-12-31
description: Made up for tests.
design:
  arms:
    - {id: dummy, label: Dummy, reference: true}
    - {id: tablet, label: Tablet, codes: [TAB]}
  population_label: made-up people
  baseline: {days: [-14, 1]}
  visits:
    - {id: week_2, label: Week 2, week: 2, day: 15}
    - {id: week_4, label: Week 4, week: 4, day: 29}
  visit_windows: {boundaries: actual}
  windows:
    - {id: weeks_0_4, label: Weeks 0-4, days: [1, 29]}
  strata: [STRUCTFL]
domains:
  participants:
    file: data/people.csv
    columns:
      participant: id
      site: site
      age: age
      sex: sex
      screened_date: screened
      randomised_date: randomised
      randomisation_strata:
        STRUCTFL: {column: stratum, values: {Y: Y, N: N}}
      covariates:
        STRUCTFL: {column: structural, label: Structural cause, values: {Y: Y, N: N}}
        FAILASM: {column: failed, label: Failed medications, type: integer}
  treatment_codes:
    file: data/codes.csv
    columns: {participant: id, arm: arm}
  diary:
    file: data/diary.csv
    columns: {participant: id, date: day, end_date: until, entered_date: entered, recorded: kept}
    types: {focal_aware_motor: motor, focal_impaired_awareness: impaired, status_epilepticus: status}
    clusters: cluster
  visits:
    file: data/visits.csv
    columns: {participant: id, visit: visit, date: day}
  doses:
    file: data/doses.csv
    columns: {participant: id, date: day, dose: mg}
    unit: mg
  disposition:
    file: data/ends.csv
    columns: {participant: id, status: status, reason: reason, date: day}
    completed_value: completed
  adverse_events:
    file: data/events.csv
    columns:
      participant: id
      term: term
      body_system: soc
      start_date: start
      end_date: end
      severity: severity
      serious: serious
      related: related
      action: action
    severity_order: [mild, moderate, severe]
    withdrawn_value: drug withdrawn
  medications:
    file: data/drugs.csv
    columns: {participant: id, medication: drug, class: class, start_date: start, end_date: end, reason: reason}
diary:
  seizure_types:
    - {id: focal_aware_motor, label: Focal aware with motor signs, countable: true}
    - {id: focal_impaired_awareness, label: Focal impaired awareness, countable: true}
    - {id: status_epilepticus, label: Status epilepticus, countable: false}
eligibility:
  - {id: enough, label: At least 2 seizures in the baseline, diary: countable_seizures, at_least: 2}
  - {id: age, label: Age 18 to 75, variable: AGE, at_least: 18, at_most: 75}
analysis_sets:
  - {id: full, label: Full analysis set, requires: [randomised, post_baseline_diary]}
  - {id: safety, label: Safety set, requires: [randomised, dosed]}
endpoints:
  - {id: LOGCHG, label: Change in log frequency, kind: log_change, post_offset: 0.2, baseline_offset: 0.0}
analyses:
  - id: primary
    label: ANCOVA
    role: primary
    population: full
    endpoint: LOGCHG
    window: weeks_0_4
    method: ancova
    covariates: [LBSFREQ]
"""

PEOPLE = ("P1", "P2", "P3", "P4", "P5", "P6")
SCREEN_FAILURE = "S7"
DAYS = range(-14, 28)


def day_one(person: str) -> date:
    """First dose; of the screen failure, the day after the baseline."""
    return date(2020, 3, 2) + timedelta(days=int(person[1]))


def on(person: str, offset: int) -> str:
    """ISO date of a day, 0 being day 1."""
    return (day_one(person) + timedelta(days=offset)).isoformat()


def diary_row(person: str, offset: int) -> str:
    """A diary row: recorded but for every 13th day, never the same for ten days on end."""
    number = int(person[1])
    if (number + offset) % 13 == 0:
        return f"{person},{on(person, offset)},,{on(person, offset + 1)},N,,,,"
    motor, impaired = int((number + offset) % 3 == 0), int((2 * number + offset) % 7 == 0)
    cluster = "focal_aware_motor" if (number + offset) % 17 == 4 and not motor else ""
    return (
        f"{person},{on(person, offset)},,{on(person, offset + 1)},Y,{motor},{impaired},0,{cluster}"
    )


def tables() -> dict[str, list[str]]:
    """The lines of every raw file by its name."""
    everyone = (*PEOPLE, SCREEN_FAILURE)
    structural = {person: "YN"[index % 2] for index, person in enumerate(everyone)}
    people = ["id,site,age,sex,screened,randomised,stratum,structural,failed"]
    for index, person in enumerate(everyone):
        randomised = on(person, 0) if person in PEOPLE else ""
        stratum = structural[person] if person in PEOPLE else ""
        people.append(
            f"{person},0{1 + index % 2},{30 + index},{'MF'[index % 2]},{on(person, -14)},"
            f"{randomised},{stratum},{structural[person]},{2 + index % 3}"
        )
    return {
        "people": people,
        "codes": ["id,arm", *(f"{p},{('dummy', 'TAB')[i % 2]}" for i, p in enumerate(PEOPLE))],
        "diary": [
            "id,day,until,entered,kept,motor,impaired,status,cluster",
            *(diary_row(person, offset) for person in PEOPLE for offset in DAYS),
            *(diary_row(SCREEN_FAILURE, offset) for offset in range(-14, 0)),
        ],
        "visits": [
            "id,visit,day",
            *(f"{p},screening,{on(p, -14)}" for p in everyone),
            *(f"{p},week_2,{on(p, 14)}" for p in PEOPLE),
            *(f"{p},week_4,{on(p, 28)}" for p in PEOPLE),
        ],
        "doses": [
            "id,day,mg",
            *(f"{p},{on(p, day)},{100 + day}" for p in PEOPLE for day in (0, 14)),
        ],
        "ends": [
            "id,status,reason,day",
            *(f"{p},completed,,{on(p, 28)}" for p in PEOPLE[:5]),
            f"P6,discontinued,lack of efficacy,{on('P6', 28)}",
            f"{SCREEN_FAILURE},screen failure,too few seizures,{on(SCREEN_FAILURE, 0)}",
        ],
        "events": [
            "id,term,soc,start,end,severity,serious,related,action",
            f"P1,Headache,Nervous system disorders,{on('P1', 3)},{on('P1', 5)},mild,N,N,none",
            f"P2,Rash,Skin disorders,{on('P2', 8)},,moderate,N,Y,none",
            f"P3,Fall,Injury,{on('P3', 2)},{on('P3', 2)},severe,Y,N,drug withdrawn",
        ],
        "drugs": [
            "id,drug,class,start,end,reason",
            "P1,Lamotrigine,anti-seizure medication,2015-04-01,,epilepsy",
            f"P2,Paracetamol,other,{on('P2', 3)},{on('P2', 9)},pain",
        ],
    }


def write_good_study(folder: Path) -> Path:
    """Write protocol and raw files into ``folder/good``."""
    study = folder / "good"
    (study / "data").mkdir(parents=True)
    (study / "protocol.yaml").write_text(PROTOCOL, encoding="utf-8")
    for name, lines in tables().items():
        (study / "data" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return study
