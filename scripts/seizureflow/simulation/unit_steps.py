"""Search over counts by single steps that are each measured, where a model of larger steps fails.

Where a step lands decides what it does (a seizure more at one visit is not one at another), so near
the goals no smooth model of the counts holds. Here the effect of one step up and down in every
coordinate is measured, the effects of a few steps are taken to add up, and the most promising
combinations of up to three are measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.simulation.goals import Goals
from seizureflow.simulation.option_search import IMPROVEMENT, Found
from seizureflow.simulation.step_search import Measure, Space


@dataclass(frozen=True)
class Settings:
    """How `settle` searches.

    Attributes:
        rounds: times the single steps are measured anew, at most.
        candidates: combinations measured in a round, at most.
        promising: single steps kept for combinations of three.
    """

    rounds: int = 12
    candidates: int = 12
    promising: int = 40


def settle(start: Found, measure: Measure, goals: Goals, space: Space, settings: Settings) -> Found:
    """Take single steps from a point until the measured numbers meet the goals or none helps."""
    best, measurements = start, start.measurements
    for _ in range(settings.rounds):
        if goals.met(best.values):
            break
        moves = _possible_moves(best.point, space)
        measured = np.array([measure(best.point + move) for move in moves])
        effects = goals.to_scale(measured) - goals.to_scale(best.values)
        measurements += len(moves)
        before = best
        for chosen in _combinations(best.values, effects, goals, settings):
            point = before.point + moves[chosen].sum(axis=0)
            if (point < space.lower).any() or (point > space.upper).any():
                continue
            values = measure(point)
            measurements += 1
            if goals.misfit(values) < goals.misfit(best.values) - IMPROVEMENT:
                best = Found(point, values, measurements)
            if goals.met(best.values):
                break
        if best is before:
            break
    return Found(best.point, best.values, measurements)


def _possible_moves(point: IntArray, space: Space) -> IntArray:
    """One step up and one down in every coordinate that has room, shape (moves, coordinates)."""
    steps = np.concatenate(
        [np.eye(len(point), dtype=np.int64), -np.eye(len(point), dtype=np.int64)]
    )
    reached = point + steps
    possible: IntArray = steps[((reached >= space.lower) & (reached <= space.upper)).all(axis=1)]
    return possible


def _combinations(
    values: FloatArray, effects: FloatArray, goals: Goals, settings: Settings
) -> list[list[int]]:
    """The combinations of one to three moves that promise most, as indices of moves."""
    scaled = goals.to_scale(values)

    def misfits(total: FloatArray) -> FloatArray:
        return goals.misfit(goals.from_scale(scaled + total))

    count = len(effects)
    one, two = np.triu_indices(count, k=1)
    singles, pairs = misfits(effects), misfits(effects[one] + effects[two])
    kept = np.argsort(pairs, kind="stable")[: settings.promising]
    triples = misfits((effects[one[kept]] + effects[two[kept]])[:, None, :] + effects[None, :, :])
    found = [(float(singles[i]), [int(i)]) for i in range(count)]
    found += [(float(pairs[k]), [int(one[k]), int(two[k])]) for k in kept]
    found += [
        (float(triples[row, i]), [int(one[k]), int(two[k]), i])
        for row, k in enumerate(kept)
        for i in range(count)
    ]
    found.sort(key=lambda candidate: candidate[0])
    return [chosen for _, chosen in found[: settings.candidates]]
