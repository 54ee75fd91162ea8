"""A third study, made up for the tests: sixteen participants with daily diaries over six weeks."""

from datetime import date, timedelta
from pathlib import Path

PROTOCOL = """
study: tiny
title: A made-up trial
question: Does the tablet lower seizure frequency?
simulated: true
treatment: unblinded
description: Made up for a test.
design:
  arms:
    - {id: dummy, label: Dummy, reference: true}
    - {id: tablet, label: Tablet}
  population_label: made-up people
  baseline: {days: [-14, 1]}
  visits:
    - {id: week_2, label: Week 2, week: 2, day: 15}
    - {id: week_4, label: Week 4, week: 4, day: 29}
  windows:
    - {id: weeks_0_4, label: Weeks 0-4, days: [1, 29]}
domains:
  participants:
    file: data/people.csv
    columns: {participant: who, arm: group, age: years, randomised_date: randomised}
  diary:
    file: data/diary.csv
    columns: {participant: who, date: day, recorded: kept}
    types: {focal: seizures}
diary:
  seizure_types:
    - {id: focal, label: Focal seizures, countable: true}
eligibility:
  - {id: enough, label: At least 2 seizures in the baseline, diary: countable_seizures, at_least: 2}
analysis_sets:
  - {id: full, label: Full analysis set, requires: [randomised, post_baseline_diary]}
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


def write_tiny_study(folder: Path) -> None:
    """Write protocol and data of the study ``tiny`` into a folder of that name."""
    (folder / "data").mkdir(parents=True)
    (folder / "protocol.yaml").write_text(PROTOCOL, encoding="utf-8")
    day_one = date(2020, 3, 2)
    people, diary = ["who,group,years,randomised"], ["who,day,kept,seizures"]
    for number in range(16):
        who, tablet = f"T{number:02d}", number % 2
        people.append(f"{who},{'tablet' if tablet else 'dummy'},{30 + number},{day_one}")
        for offset in range(-14, 28):
            treated = tablet and offset >= 0
            seizures = (number + offset * 7) % (5 if treated else 3) == 0
            missing = (number + offset) % 11 == 0
            cell = "" if missing else str(int(seizures) * (1 + number % 3))
            day = day_one + timedelta(days=offset)
            diary.append(f"{who},{day},{'N' if missing else 'Y'},{cell}")
    (folder / "data" / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    (folder / "data" / "diary.csv").write_text("\n".join(diary) + "\n", encoding="utf-8")
