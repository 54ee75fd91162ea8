"""Candidates who come to screening, and the entry criteria they meet or fail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, IntArray
from seizureflow.simulation.diaries import (
    Diary,
    ProcessState,
    SeizureProcess,
    draw_process,
    initial_state,
    simulate_diary,
)
from seizureflow.simulation.spec import CohortSpec, EligibilityRules, PopulationSpec
from seizureflow.streams import Streams

# Far more than any sensible spec needs: a guard against criteria that nobody meets.
MOST_CANDIDATES = 100_000


@dataclass(frozen=True)
class Candidate:
    """A person at screening with the prospective baseline diary.

    Attributes:
        failures: the criteria not met, in words; empty for an eligible candidate.
        state: the seizure process at the end of the baseline.
        baseline_count: countable seizures on recorded baseline days.
    """

    number: int
    age: int
    sex: str
    structural_cause: bool
    failed_asm: int
    current_asm: int
    process: SeizureProcess
    state: ProcessState
    baseline: Diary
    baseline_count: int
    failures: tuple[str, ...]


def screen_candidates(spec: CohortSpec, randomised: int, streams: Streams) -> list[Candidate]:
    """Screen one candidate after another until both numbers of the spec are reached.

    Returns the first `randomised` eligible candidates and the first `screen_failures` others in
    the order they came; those who came after their number was full were never seen.
    """
    wanted = {True: randomised, False: spec.screening.screen_failures}
    screened: list[Candidate] = []
    for number in range(MOST_CANDIDATES):
        if not any(wanted.values()):
            return screened
        candidate = draw_candidate(spec, number, streams.branch(number))
        if candidate is None:
            continue
        eligible = not candidate.failures
        if wanted[eligible]:
            wanted[eligible] -= 1
            screened.append(candidate)
    raise ValueError(f"{wanted[True]} participants too few after {MOST_CANDIDATES} candidates")


def draw_candidate(spec: CohortSpec, number: int, streams: Streams) -> Candidate | None:
    """Draw candidate `number` and judge them; None where the judgement depends on missing days."""
    rng = streams.generator("person")
    population = spec.population
    rate = population.median_rate * np.exp(population.rate_log_sd * rng.normal()) / 28
    process = draw_process(float(rate), spec.diary, streams.generator("process"))
    diary_rng = streams.generator("baseline")
    days = np.arange(-spec.schedule.baseline_days, 0)
    baseline, state = simulate_diary(
        process,
        spec.diary,
        days,
        np.zeros(len(days)),
        initial_state(process, spec.diary, diary_rng),
        diary_rng,
    )
    age = int(
        np.clip(round(rng.normal(population.age.mean, population.age.sd)), *population.age_limits)
    )
    failed, current = _medication_history(population, rng)
    counts = baseline.countable_per_day(spec.diary)
    rules = spec.screening.eligibility
    run_failure = _seizure_free_run_failure(counts, baseline.recorded, rules)
    if run_failure is None:
        return None
    failures = (
        *_count_failure(int(counts.sum()), rules),
        *run_failure,
        *_history_failures(age, failed, current, rules),
    )
    return Candidate(
        number=number,
        age=age,
        sex="F" if rng.random() < population.female else "M",
        structural_cause=bool(rng.random() < population.structural_cause),
        failed_asm=failed,
        current_asm=current,
        process=process,
        state=state,
        baseline=baseline,
        baseline_count=int(counts.sum()),
        failures=failures,
    )


def longest_run(flags: BoolArray) -> int:
    """Return the length of the longest run of true values."""
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest


def _medication_history(population: PopulationSpec, rng: np.random.Generator) -> tuple[int, int]:
    """Return the numbers of failed and of current anti-seizure medications."""
    if rng.random() < population.failed_asm_only_one:
        failed = 1
    else:
        failed = 2 + int(rng.poisson(population.failed_asm_beyond_one))
    numbers = list(population.current_asm)
    weights = np.array(list(population.current_asm.values()))
    return failed, int(rng.choice(numbers, p=weights / weights.sum()))


def _count_failure(count: int, rules: EligibilityRules) -> tuple[str, ...]:
    if count >= rules.minimum_seizures:
        return ()
    return (f"fewer than {rules.minimum_seizures} countable seizures in baseline",)


def _seizure_free_run_failure(
    counts: IntArray, recorded: BoolArray, rules: EligibilityRules
) -> tuple[str, ...] | None:
    """Judge the longest seizure-free run; None where it hinges on days without a record.

    A run over missing days may or may not have been free of seizures. Such candidates are set
    aside, so that everybody in the cohort is eligible, or not, however missing days are read.
    """
    limit = rules.longest_seizure_free_run
    if longest_run(counts == 0) <= limit:
        return ()
    if longest_run((counts == 0) & recorded) > limit:
        return (f"seizure-free run longer than {limit} days in baseline",)
    return None


def _history_failures(
    age: int, failed: int, current: int, rules: EligibilityRules
) -> tuple[str, ...]:
    failures = []
    if not rules.age[0] <= age <= rules.age[1]:
        failures.append(f"age outside {rules.age[0]} to {rules.age[1]} years")
    if failed < rules.minimum_failed_asm:
        failures.append(f"fewer than {rules.minimum_failed_asm} failed anti-seizure medications")
    if not rules.current_asm[0] <= current <= rules.current_asm[1]:
        failures.append(
            f"not on {rules.current_asm[0]} to {rules.current_asm[1]} anti-seizure medications"
        )
    return tuple(failures)
