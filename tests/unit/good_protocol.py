"""A protocol without a problem, with every domain, to be edited in one place; its files are empty."""

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
    - {id: sham, label: Sham, reference: true, codes: [A]}
    - {id: tablet, label: Tablet, codes: [B]}
  population_label: made-up people
  baseline: {days: [-14, 1]}
  visits:
    - {id: week_2, label: Week 2, week: 2, day: 15}
    - {id: week_4, label: Week 4, week: 4, day: 29}
  windows:
    - {id: weeks_0_4, label: Weeks 0-4, days: [1, 29]}
  strata: [STRUCTFL]
domains:
  participants:
    file: data/people.csv
    not_randomised: [Screen failure]
    columns:
      participant: id
      age: age
      randomisation_strata:
        STRUCTFL: {column: stratum}
      covariates:
        STRUCTFL: {column: structural, label: Structural cause}
  treatment_codes:
    file: data/codes.csv
    columns: {participant: id, arm: arm}
  diary:
    file: data/diary.csv
    columns: {participant: id, date: day, recorded: kept}
    types: {motor: motor}
    clusters: cluster
  visits:
    file: data/visits.csv
    columns: {participant: id, visit: visit, date: day}
  doses:
    file: data/doses.csv
    columns: {participant: id, date: day, dose: mg}
  disposition:
    file: data/ends.csv
    columns: {participant: id, status: status, date: day}
    completed_value: completed
diary:
  seizure_types:
    - {id: motor, label: Motor, countable: true, ilae: focal_aware_motor}
eligibility:
  - {id: enough, label: At least 2 seizures, diary: countable_seizures, at_least: 2}
derived_covariates:
  - {id: MANYFL, label: Many seizures, variable: BSCOUNT, at_least: 8}
analysis_sets:
  - {id: full, label: Full analysis set, requires: [randomised, dosed]}
  - {id: older, label: Older, requires: [randomised], where: [{variable: AGE, at_least: 60}]}
endpoints:
  - {id: LOGCHG, label: Change, kind: log_change, post_offset: 0.2, baseline_offset: 0.0}
time_to_event:
  - {id: TTSZ1, label: First seizure, kind: nth_seizure, n: 1, window: weeks_0_4}
  - {id: TTDISC, label: Discontinuation, kind: discontinuation}
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
FILES = ("people", "codes", "diary", "visits", "doses", "ends")
DIARY = PROTOCOL[PROTOCOL.index("  diary:\n    file") : PROTOCOL.index("  visits:\n    file")]


def write_study(folder: Path, *edits: tuple[str, str]) -> Path:
    """Write the study ``good`` into a folder, each edit made once in its protocol."""
    study = folder / "good"
    (study / "data").mkdir(parents=True)
    for name in FILES:
        (study / "data" / f"{name}.csv").touch()
    text = PROTOCOL
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (study / "protocol.yaml").write_text(text, encoding="utf-8")
    return study
