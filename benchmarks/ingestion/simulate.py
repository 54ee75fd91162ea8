"""A made-up study of any size with a daily diary, as raw files or as canonical tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from seizureflow.study_days import from_ordinal
from seizureflow.tables import write_table

STUDY = "simulated"
DAYS = 200
BASELINE_DAYS = 56
TYPES = ("focal", "tonic_clonic")
DAILY_RATES = (0.4, 0.1)
MISSING = 0.05
FIRST_RANDOMISATION = np.datetime64("2019-01-01")

PROTOCOL = """
study: simulated
title: A made-up trial of any size
question: How long does a study take from its raw files to ADSZ?
simulated: true
treatment: unblinded
description: Made up to measure time and memory.
design:
  arms:
    - {{id: placebo, label: Placebo, reference: true}}
    - {{id: active, label: Active}}
  population_label: made-up people
  baseline: {{days: [-56, 1]}}
  visits:
    - {{id: week_4, label: Week 4, week: 4, day: 29}}
    - {{id: week_8, label: Week 8, week: 8, day: 57}}
    - {{id: week_12, label: Week 12, week: 12, day: 85}}
    - {{id: week_16, label: Week 16, week: 16, day: 113}}
    - {{id: week_20, label: Week 20, week: 20, day: 141}}
  windows:
    - {{id: weeks_0_8, label: Weeks 0-8, days: [1, 57]}}
    - {{id: weeks_8_20, label: Weeks 8-20, days: [57, 141]}}
domains:
  participants:
    file: data/participants.{suffix}
    columns: {{participant: participant, arm: arm, randomised_date: randomised_date}}
  diary:
    file: data/diary.{suffix}
    columns: {{participant: participant, date: date, recorded: recorded}}
    types: {{focal: focal, tonic_clonic: tonic_clonic}}
diary:
  seizure_types:
    - {{id: focal, label: Focal seizures, countable: true}}
    - {{id: tonic_clonic, label: Tonic-clonic seizures, countable: true}}
eligibility:
  - {{id: enough, label: At least 2 seizures, diary: countable_seizures, at_least: 2}}
  - {{id: run, label: No long run, diary: longest_seizure_free_run, at_most: 28}}
analysis_sets:
  - {{id: full, label: Full analysis set, requires: [randomised, post_baseline_diary]}}
endpoints:
  - id: LOGCHG
    label: Change in log frequency
    kind: log_change
    post_offset: 0.2
    baseline_offset: 0.0
  - {{id: RESP50, label: Responder, kind: responder, reduction: 50}}
time_to_event:
  - {{id: TTFS, label: Time to the first seizure, kind: nth_seizure, n: 1}}
  - {{id: TPSC, label: Time to the baseline count, kind: baseline_count}}
analyses:
  - id: primary
    label: ANCOVA
    role: primary
    population: full
    endpoint: LOGCHG
    window: weeks_8_20
    method: ancova
    covariates: [LBSFREQ]
"""


def identifiers(participants: int) -> np.ndarray:
    """Names of the participants, in order."""
    return np.array([f"P-{number:06d}" for number in range(participants)])


def randomised(participants: int) -> np.ndarray:
    """Day of randomisation of each participant: one a day and site, over two years."""
    return FIRST_RANDOMISATION + np.arange(participants) % 730


def diary_counts(participants: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Counts of each type and whether the day was recorded, by participant and day.

    Each participant has a rate of their own (gamma, shape 1.5); 5% of days are missing.
    """
    rng = np.random.default_rng(seed)
    size = participants * DAYS
    own = np.repeat(rng.gamma(1.5, 1 / 1.5, participants), DAYS)
    counts = [rng.poisson(np.minimum(rate * own, 20)) for rate in DAILY_RATES]
    return counts, rng.random(size) >= MISSING


def write_raw(folder: Path, participants: int, suffix: str, seed: int = 1) -> None:
    """Write the study's folder: protocol, participants and diary, a file of ``suffix`` each."""
    (folder / "data").mkdir(parents=True)
    (folder / "protocol.yaml").write_text(PROTOCOL.format(suffix=suffix), encoding="utf-8")
    names, day_one = identifiers(participants), randomised(participants)
    people = {
        "participant": pa.array(names),
        "arm": pa.array(np.where(np.arange(participants) % 2, "active", "placebo")),
        "randomised_date": pa.array(day_one.astype("datetime64[D]")),
    }
    _write(pa.table(people), folder / "data" / f"participants.{suffix}")
    counts, recorded = diary_counts(participants, seed)
    code = np.repeat(np.arange(participants, dtype=np.int32), DAYS)
    dates = day_one[:, None] + np.arange(-BASELINE_DAYS, DAYS - BASELINE_DAYS)
    diary = {
        "participant": pa.DictionaryArray.from_arrays(code, pa.array(names)).cast(pa.string()),
        "date": pa.array(dates.ravel().astype("datetime64[D]")),
        "recorded": pa.array(np.where(recorded, "Y", "N")),
    }
    diary |= {
        kind: pa.array(count.astype(np.int32), mask=~recorded)
        for kind, count in zip(TYPES, counts, strict=True)
    }
    _write(pa.table(diary), folder / "data" / f"diary.{suffix}")


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".csv":
        pyarrow.csv.write_csv(table, path)
    else:
        pyarrow.parquet.write_table(table, path)


def write_canonical(folder: Path, participants: int, seed: int = 1) -> None:
    """Write ``intervals`` and ``seizures`` as the ingestion of the raw files would give them."""
    counts, recorded = diary_counts(participants, seed)
    code = np.repeat(np.arange(participants), DAYS)
    person = pd.Categorical.from_codes(code, identifiers(participants))
    ordinals = np.arange(-BASELINE_DAYS, DAYS - BASELINE_DAYS)
    start = np.tile(from_ordinal(ordinals), participants)
    end = np.tile(from_ordinal(ordinals + 1), participants)
    line = np.arange(len(code)) + 1
    intervals = pd.DataFrame(
        {"USUBJID": person, "START": start, "END": end, "RECORDED": recorded, "ROW": line},
        copy=False,
    )
    write_table(intervals, folder / "intervals.parquet", "intervals")
    # Seizures of both types, by day and then by type.
    seen = np.column_stack(counts)
    row, kind = np.nonzero((seen > 0) & recorded[:, None])
    seizures = pd.DataFrame(
        {
            "USUBJID": person[row],
            "START": start[row],
            "SEIZTYPE": pd.Categorical.from_codes(kind, list(TYPES)),
            "COUNT": seen[row, kind],
            "CLUSTER": False,
            "ROW": line[row],
        },
        copy=False,
    )
    write_table(seizures, folder / "seizures.parquet", "seizures")
