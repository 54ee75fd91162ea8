"""The daily diary model, part by part."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from seizureflow.simulation.diaries import (
    NO_CLUSTER,
    Diary,
    ProcessState,
    SeizureProcess,
    draw_process,
    simulate_diary,
)
from seizureflow.simulation.spec import load_cohort_spec

OPUS = Path(__file__).parents[3] / "studies" / "opus"
SPEC = load_cohort_spec(OPUS / "cohort.yaml").diary
START = ProcessState(drift=0.0, last_count=0, missing=False)
PLAIN = SeizureProcess(
    daily_rate=0.5,
    size=2.0,
    type_shares=np.array([0.2, 0.5, 0.3]),
    other_daily_rates=np.array([0.1]),
    cluster_probability=0.0,
    missing=0.1,
)


def diary_of(process=PLAIN, spec=SPEC, n=20_000, log_change=0.0, seed=1):
    days = np.arange(1, n + 1)
    change = np.full(n, log_change)
    return simulate_diary(process, spec, days, change, START, np.random.default_rng(seed))[0]


def still(**changes):
    """The spec without drift and carry-over, so that days are independent."""
    return dataclasses.replace(SPEC, **({"drift_sd": 0.0, "carry_over": 0.0} | changes))


def totals(diary):
    return diary.counts[:, :3].sum(axis=1)


def test_independent_days_are_negative_binomial():
    counts = totals(diary_of(spec=still()))
    # Mean 0.5, variance 0.5 + 0.25 / 2; tolerances are about four standard errors at 20,000 days.
    assert counts.mean() == pytest.approx(0.5, abs=0.023)
    assert counts.var() == pytest.approx(0.625, abs=0.06)


def test_treatment_multiplies_the_mean():
    counts = totals(diary_of(spec=still(), log_change=np.log(0.4)))
    assert counts.mean() == pytest.approx(0.2, abs=0.015)


def test_yesterdays_count_carries_over():
    counts = totals(diary_of(spec=still(carry_over=0.3)))
    # The lag-1 autocorrelation of the model is carry_over (a little less: the cap of 4 a day).
    assert np.corrcoef(counts[1:], counts[:-1])[0, 1] == pytest.approx(0.3, abs=0.04)
    assert counts.mean() == pytest.approx(0.5, abs=0.03)


def test_types_share_the_seizures():
    counts = diary_of().counts
    assert counts[:, :3].sum(axis=0) / counts[:, :3].sum() == pytest.approx(
        [0.2, 0.5, 0.3], abs=0.02
    )
    assert counts[:, 3].mean() == pytest.approx(0.1, abs=0.01)


def test_missing_days_come_in_runs():
    missing = ~diary_of().recorded
    # Runs of 2.5 days: about 800 runs in 20,000 days, so 0.02 is four standard errors.
    assert missing.mean() == pytest.approx(0.1, abs=0.02)
    runs = (missing[1:] & ~missing[:-1]).sum()
    assert missing.sum() / runs == pytest.approx(SPEC.missing_run_days, abs=0.3)


def test_a_cluster_replaces_the_counts_of_its_type_and_counts_one():
    process = dataclasses.replace(PLAIN, daily_rate=4.0, cluster_probability=0.5, missing=0.0001)
    diary = diary_of(process, n=2000)
    clustered = np.flatnonzero(diary.cluster != NO_CLUSTER)
    assert len(clustered) > 100
    assert (diary.counts[clustered, diary.cluster[clustered]] == 0).all()
    singles = diary.counts[:, :3].sum(axis=1)
    recorded = diary.recorded
    counted = diary.countable_per_day(SPEC)
    countable = (diary.cluster != NO_CLUSTER) & (diary.cluster < 3)
    assert (counted[recorded] == (singles + countable)[recorded]).all()


def test_days_without_a_record_count_nothing_and_clusters_of_other_types_neither():
    diary = Diary(
        days=np.array([1, 2, 3]),
        recorded=np.array([True, False, True]),
        counts=np.array([[1, 2, 0, 5], [9, 9, 9, 9], [0, 1, 0, 0]]),
        cluster=np.array([NO_CLUSTER, 0, 3]),
    )
    assert diary.countable_per_day(SPEC).tolist() == [3, 0, 1]


def test_no_day_exceeds_the_cap():
    process = dataclasses.replace(PLAIN, daily_rate=60.0)
    assert totals(diary_of(process, n=200)).max() == SPEC.daily_cap


def test_a_diary_goes_on_from_the_state_it_ended_in():
    rng = np.random.default_rng(3)
    process = dataclasses.replace(PLAIN, missing=0.5)
    _, state = simulate_diary(process, SPEC, np.arange(-42, 0), np.zeros(42), START, rng)
    slow = dataclasses.replace(SPEC, drift_sd=1.0, drift_days=1e6)
    _, later = simulate_diary(process, slow, np.arange(1, 4), np.zeros(3), state, rng)
    assert later.drift == pytest.approx(state.drift, abs=0.05)


def test_drawn_parameters_are_in_range():
    for seed in range(200):
        process = draw_process(0.3, SPEC, np.random.default_rng(seed))
        assert process.type_shares.sum() == pytest.approx(1.0)
        assert process.size > 0
        assert 0 <= process.missing < 1
        assert process.cluster_probability in (0.0, SPEC.cluster_probability)
