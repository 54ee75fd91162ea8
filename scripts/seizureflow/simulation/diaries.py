"""Daily seizure diaries: counts by type, their serial dependence, clusters and missing days.

The model of one participant, day by day:

- a slow drift ``x_t``, a first-order autoregression on the log scale whose memory is `drift_days`
  (risk states in diaries last weeks to months: Chiang 2018, PMC5983137);
- a mean ``m_t = rate · exp(x_t - sd²/2 + change_t)``, `change_t` the response to treatment;
- a conditional mean ``λ_t = (1 - c) m_t + c · min(y_{t-1}, cap)``: yesterday's count carries over,
  since a negative binomial with one-day autocorrelation described diaries best of four count
  models, up to 4 seizures a day (Tharayil 2017, PMC5429882);
- the day's countable seizures ``y_t ~ negative binomial(mean λ_t, size k)``, `k` the participant's.

Reporting comes after: seizures are divided among types, some days of several seizures are reported
as a cluster, and some days not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.simulation.spec import DiarySpec

NO_CLUSTER = -1


@dataclass(frozen=True)
class SeizureProcess:
    """One participant's own parameters.

    Attributes:
        daily_rate: expected countable seizures per day before treatment.
        size: negative binomial size; variance of a day is ``λ + λ² / size``.
        type_shares: shape (countable types,), sums to 1.
        other_daily_rates: shape (other types,), seizures per day.
        cluster_probability: chance that a day with enough seizures of a type is kept as a cluster.
        missing: long-run fraction of days without a record.
    """

    daily_rate: float
    size: float
    type_shares: FloatArray
    other_daily_rates: FloatArray
    cluster_probability: float
    missing: float


@dataclass(frozen=True)
class ProcessState:
    """Where a process stands at the end of a day, so that the next day can follow on."""

    drift: float
    last_count: int
    missing: bool


@dataclass(frozen=True)
class Diary:
    """What was written down; row `i` of every array is day ``days[i]``.

    Attributes:
        days: shape (n,), study days, without a day 0.
        recorded: shape (n,), whether the day has a record.
        counts: shape (n, types), single seizures by type; meaningless where not recorded.
        cluster: shape (n,), index of the type reported as a cluster, or `NO_CLUSTER`.
    """

    days: IntArray
    recorded: BoolArray
    counts: IntArray
    cluster: IntArray

    def countable_per_day(self, spec: DiarySpec) -> IntArray:
        """Return countable seizures per day, shape (n,); a cluster counts 1, no record 0."""
        countable = np.array([kind.countable for kind in spec.types])
        singles = self.counts[:, countable].sum(axis=1)
        clusters = (self.cluster != NO_CLUSTER) & countable[self.cluster]
        return np.where(self.recorded, singles + clusters, 0)

    def then(self, later: Diary) -> Diary:
        """Return this diary followed by `later`."""
        return Diary(
            np.concatenate([self.days, later.days]),
            np.concatenate([self.recorded, later.recorded]),
            np.concatenate([self.counts, later.counts]),
            np.concatenate([self.cluster, later.cluster]),
        )


def draw_process(daily_rate: float, spec: DiarySpec, rng: np.random.Generator) -> SeizureProcess:
    """Draw the parameters of one participant whose rate is `daily_rate` seizures per day."""
    shares = np.array([kind.share for kind in spec.types if kind.countable])
    others = [kind for kind in spec.types if not kind.countable]
    present = rng.random(len(others)) < np.array([kind.present for kind in others])
    log_rates = rng.normal(size=len(others)) * np.array([kind.rate_log_sd for kind in others])
    medians = np.array([kind.median_rate / 28 for kind in others])
    return SeizureProcess(
        daily_rate=daily_rate,
        size=float(spec.size_median * np.exp(spec.size_log_sd * rng.normal())),
        type_shares=rng.dirichlet(spec.share_concentration * shares / shares.sum()),
        other_daily_rates=present * medians * np.exp(log_rates),
        cluster_probability=float(
            spec.cluster_probability if rng.random() < spec.cluster_prone else 0.0
        ),
        missing=float(
            rng.beta(
                spec.missing_mean * spec.missing_concentration,
                (1 - spec.missing_mean) * spec.missing_concentration,
            )
        ),
    )


def initial_state(
    process: SeizureProcess, spec: DiarySpec, rng: np.random.Generator
) -> ProcessState:
    """Draw the state of the day before the diary starts from its long-run distribution."""
    drift = spec.drift_sd * float(rng.normal())
    count = int(rng.poisson(process.daily_rate * np.exp(drift - spec.drift_sd**2 / 2)))
    return ProcessState(drift, count, missing=False)


def simulate_diary(
    process: SeizureProcess,
    spec: DiarySpec,
    days: IntArray,
    log_change: FloatArray,
    state: ProcessState,
    rng: np.random.Generator,
) -> tuple[Diary, ProcessState]:
    """Simulate consecutive `days`; `log_change` (one per day) is added to the log rate.

    Returns the diary and the state it ends in, from which a later stretch can go on.
    """
    drift = _drift(state.drift, spec, len(days), rng)
    means = process.daily_rate * np.exp(drift - spec.drift_sd**2 / 2 + log_change)
    totals = _daily_totals(means, process.size, state.last_count, spec, rng)
    counts = _split_by_type(totals, process, spec, rng)
    cluster = _report_clusters(counts, process, spec, rng)
    missing = _missing_days(process, spec, len(days), state.missing, rng)
    diary = Diary(np.asarray(days, dtype=np.int64), ~missing, counts, cluster)
    if len(days) == 0:
        return diary, state
    return diary, ProcessState(float(drift[-1]), int(totals[-1]), bool(missing[-1]))


def _drift(start: float, spec: DiarySpec, n: int, rng: np.random.Generator) -> FloatArray:
    """Return `n` days of a stationary first-order autoregression that follows `start`."""
    memory = float(np.exp(-1 / spec.drift_days))
    shocks = spec.drift_sd * np.sqrt(1 - memory**2) * rng.normal(size=n)
    drift = np.empty(n)
    previous = start
    for day in range(n):
        previous = memory * previous + shocks[day]
        drift[day] = previous
    return drift


def _daily_totals(
    means: FloatArray, size: float, last_count: int, spec: DiarySpec, rng: np.random.Generator
) -> IntArray:
    """Return countable seizures per day: negative binomial, yesterday's count carried over."""
    # A negative binomial is a Poisson whose mean is multiplied by a gamma variate of mean 1.
    multipliers = rng.gamma(size, 1 / size, size=len(means))
    totals = np.empty(len(means), dtype=np.int64)
    previous = last_count
    for day, mean in enumerate(means):
        carried = min(previous, spec.carry_over_cap)
        expected = (1 - spec.carry_over) * mean + spec.carry_over * carried
        previous = min(int(rng.poisson(expected * multipliers[day])), spec.daily_cap)
        totals[day] = previous
    return totals


def _split_by_type(
    totals: IntArray, process: SeizureProcess, spec: DiarySpec, rng: np.random.Generator
) -> IntArray:
    """Return counts by type, shape (n, types); countable types add up to `totals`."""
    countable = np.array([kind.countable for kind in spec.types])
    counts = np.zeros((len(totals), len(spec.types)), dtype=np.int64)
    counts[:, countable] = rng.multinomial(totals, process.type_shares)
    counts[:, ~countable] = np.minimum(
        rng.poisson(process.other_daily_rates, size=(len(totals), int((~countable).sum()))),
        spec.daily_cap,
    )
    return counts


def _report_clusters(
    counts: IntArray, process: SeizureProcess, spec: DiarySpec, rng: np.random.Generator
) -> IntArray:
    """Turn some days with many seizures of one type into a cluster of that type, in place.

    The single seizures of such a day could not be told apart, so the type's count becomes 0 and
    the cluster stands for them. At most one type clusters on a day: the most frequent one.
    """
    rows = np.arange(len(counts))
    most = counts.argmax(axis=1)
    enough = counts[rows, most] >= spec.cluster_minimum
    clustered = enough & (rng.random(len(counts)) < process.cluster_probability)
    counts[rows[clustered], most[clustered]] = 0
    return np.where(clustered, most, NO_CLUSTER).astype(np.int64)


def _missing_days(
    process: SeizureProcess, spec: DiarySpec, n: int, missing: bool, rng: np.random.Generator
) -> BoolArray:
    """Return which of `n` days have no record: runs of geometric length, a two-state chain."""
    leave = 1 / spec.missing_run_days
    enter = min(1.0, leave * process.missing / (1 - process.missing))
    uniforms = rng.random(n)
    result = np.empty(n, dtype=np.bool_)
    for day in range(n):
        missing = bool(uniforms[day] >= leave if missing else uniforms[day] < enter)
        result[day] = missing
    return result
