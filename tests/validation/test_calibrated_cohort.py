"""The shipped records of OPUS: the generator's, edited as recorded, with the published results."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seizureflow.simulation.calibrated_cohort import calibrate_study
from seizureflow.simulation.cohort import simulate_cohort
from seizureflow.simulation.spec import load_cohort_spec

ROOT = Path(__file__).parents[2]
OPUS = ROOT / "studies" / "opus"
COUNTABLE = [
    "focal_aware_motor",
    "focal_impaired_awareness",
    "focal_to_bilateral_tonic_clonic",
]


def raw(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    spec = load_cohort_spec(OPUS / "cohort.yaml")
    folder = tmp_path_factory.mktemp("generated")
    simulate_cohort(spec, np.random.default_rng(spec.seed)).write(folder)
    return folder


@pytest.fixture(scope="module")
def record():
    return json.loads((OPUS / "calibration.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def changes(generated):
    """Change of every countable cell of the diary."""
    before, after = raw(generated / "diary.csv"), raw(OPUS / "data" / "diary.csv")
    assert before.drop(columns=COUNTABLE).equals(after.drop(columns=COUNTABLE))
    return after[COUNTABLE].apply(pd.to_numeric) - before[COUNTABLE].apply(pd.to_numeric)


def test_only_the_diary_is_edited(generated):
    for path in sorted(generated.iterdir()):
        if path.name != "diary.csv":
            assert path.read_bytes() == (OPUS / "data" / path.name).read_bytes(), path.name
    assert {p.name for p in generated.iterdir()} == {p.name for p in (OPUS / "data").iterdir()}


def test_the_edits_are_those_recorded(changes, record):
    edits = record["edits"]
    assert changes.where(changes > 0).sum().sum() == edits["seizures_added"]
    assert -changes.where(changes < 0).sum().sum() == edits["seizures_removed"]
    assert (changes.fillna(0) != 0).any(axis=1).sum() == edits["days_edited"]
    participant = raw(OPUS / "data" / "diary.csv")["participant"]
    by_participant = changes.abs().sum(axis=1).groupby(participant).sum()
    assert (by_participant > 0).sum() == edits["participants_edited"]
    assert by_participant.max() == edits["most_in_one_participant"]


def test_edits_are_few_and_spread(record):
    edits = record["edits"]
    moved = edits["seizures_added"] + edits["seizures_removed"]
    assert moved < 0.15 * edits["seizures_before"]
    assert edits["participants_edited"] > 0.7 * edits["participants"]
    assert edits["most_in_one_participant"] < 0.2 * moved


def test_edited_days_are_recorded_days_after_week_8_and_not_absurd(changes):
    diary = raw(OPUS / "data" / "diary.csv")
    doses = raw(OPUS / "data" / "doses.csv").groupby("participant")["date"].min()
    elapsed = pd.to_datetime(diary["date"]) - pd.to_datetime(diary["participant"].map(doses))
    edited = (changes.fillna(0) != 0).any(axis=1)
    assert (diary.loc[edited, "recorded"] == "Y").all()
    assert (diary.loc[edited, "cluster"] == "").all()
    # Day 57 is 56 days after the first dose.
    assert elapsed[edited].dt.days.between(56, 167).all()
    counts = diary[COUNTABLE].apply(pd.to_numeric).fillna(0)
    assert (counts >= 0).all().all()
    totals = counts.sum(axis=1)
    worst = totals[~edited].groupby(diary["participant"]).max().clip(lower=2)
    assert (totals[edited] <= diary["participant"].map(worst)[edited]).all()


def test_every_published_number_is_met(record):
    assert len(record["targets"]) == 46
    assert [target["id"] for target in record["targets"] if not target["met"]] == []


@pytest.mark.slow
def test_calibration_reproduces_the_shipped_files_byte_for_byte(tmp_path):
    # About half a minute: 720 runs of the protocol's analyses.
    study = tmp_path / "opus"
    study.mkdir()
    for name in ("cohort.yaml", "protocol.yaml", "published.yaml"):
        shutil.copy(OPUS / name, study)
    calibrate_study(study, ROOT / "schemas").write(study)
    for path in [*(OPUS / "data").iterdir(), OPUS / "calibration.json"]:
        again = study / path.relative_to(OPUS)
        assert again.read_bytes() == path.read_bytes(), path.name
