"""Sites, and stratified randomisation to the arms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seizureflow.simulation.screening import Candidate
from seizureflow.simulation.spec import CohortSpec
from seizureflow.streams import Streams

# Permuted blocks rarely end on the published arm sizes: their lists are drawn again until they do.
MOST_LISTS = 10_000


def stratum(candidate: Candidate, spec: CohortSpec) -> tuple[bool, bool]:
    """Return the randomisation stratum: structural cause, and many baseline seizures."""
    return (
        candidate.structural_cause,
        candidate.baseline_count >= spec.screening.high_baseline_count,
    )


def allocate_arms(eligible: Sequence[Candidate], spec: CohortSpec, streams: Streams) -> list[str]:
    """Return the arm of each eligible candidate, in the order given.

    Permuted blocks within strata, arms in proportion to their sizes; the randomisation lists are
    drawn again until the arms have exactly the sizes of the spec.
    """
    sizes = {arm.id: arm.randomised for arm in spec.arms}
    block = _block(spec)
    for attempt in range(MOST_LISTS):
        rng = streams.generator(attempt)
        queues: dict[tuple[bool, bool], list[str]] = {}
        arms = []
        for candidate in eligible:
            queue = queues.setdefault(stratum(candidate, spec), [])
            if not queue:
                queue.extend(str(arm) for arm in rng.permutation(block))
            arms.append(queue.pop())
        if {arm: arms.count(arm) for arm in sizes} == sizes:
            return arms
    raise ValueError(f"arm sizes {sizes} not reached by permuted blocks of {len(block)}")


def assign_sites(randomised: int, failed: int, sites: int, streams: Streams) -> list[int]:
    """Return the sites (from 1) of `randomised` participants, then of `failed` screen failures.

    Every site randomises at least one participant; the rest follow how busy the sites are.
    """
    if randomised < sites:
        raise ValueError(f"{sites} sites cannot each randomise one of {randomised} participants")
    rng = streams.generator()
    busy = rng.gamma(1.0, size=sites)
    numbers = np.arange(1, sites + 1)
    more = rng.choice(numbers, size=randomised - sites, p=busy / busy.sum())
    first = rng.permutation(np.concatenate([numbers, more]))
    return [*map(int, first), *map(int, rng.choice(numbers, size=failed, p=busy / busy.sum()))]


def _block(spec: CohortSpec) -> list[str]:
    """Return one block: each arm by its share of the block, at least once."""
    total = sum(arm.randomised for arm in spec.arms)
    return [
        arm.id
        for arm in spec.arms
        for _ in range(max(1, round(spec.screening.block_size * arm.randomised / total)))
    ]
