"""Search over counts, one per coordinate, where each measurement is costly.

Measured numbers are taken as linear in the logarithms of the counts: around a point, the effect of
each coordinate is measured once. The least change that meets the goals on this model is found in
closed form and rounded; what rounding spoils is mended by steps of one in one coordinate, or in
two, on the model. The new point is measured, the model corrected by what was found, and so on
until the measured numbers meet the goals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.simulation.goals import Goals
from seizureflow.simulation.option_search import IMPROVEMENT, Found

Measure = Callable[[IntArray], FloatArray]

# Added to a count before its logarithm is taken, so that a count of zero has one.
OFFSET = 0.8


@dataclass(frozen=True)
class Space:
    """Where a step search may go; all arrays have shape (coordinates,).

    Attributes:
        lower, upper: limits of each count, inclusive.
        weights: readiness to change; a change ``δ`` of the logarithm costs ``δ² / weight``.
        probes: the step up by which the effect of each coordinate is measured.
    """

    lower: IntArray
    upper: IntArray
    weights: FloatArray
    probes: IntArray


@dataclass(frozen=True)
class Settings:
    """How `step_towards` searches.

    Attributes:
        rounds: times the model is measured anew, at most.
        corrections: points measured with one model, at most.
        reach: the largest change of a count in one correction, in probes.
        middle: share of each interval that the model aims at, a reserve for its errors.
        ridge: cost of changes against misfits.
        mending_steps: single and double steps by which a rounded solution is mended, at most.
    """

    rounds: int = 8
    corrections: int = 10
    reach: int = 5
    middle: float = 0.6
    ridge: float = 0.02
    mending_steps: int = 60


def step_towards(
    start: IntArray, measure: Measure, goals: Goals, space: Space, settings: Settings
) -> Found:
    """Change the counts as little as needed until the measured numbers meet the goals."""
    best = Found(np.array(start, dtype=np.int64), measure(start), 1)
    measurements = 1
    for _ in range(settings.rounds):
        if goals.met(best.values):
            break
        slopes = _slopes(best.point, best.values, measure, goals, space)
        measurements += len(start)
        for _ in range(settings.corrections):
            proposed = _propose(best.point, best.values, slopes, goals, space, settings)
            if (proposed == best.point).all():
                break
            values = measure(proposed)
            measurements += 1
            slopes = _corrected(slopes, best, proposed, values, goals, space)
            if _misfit(goals, values) < _misfit(goals, best.values) - IMPROVEMENT:
                best = Found(proposed, values, measurements)
            if goals.met(best.values):
                break
    return Found(best.point, best.values, measurements)


def _log(counts: IntArray) -> FloatArray:
    logs: FloatArray = np.log(counts + OFFSET)
    return logs


def _misfit(goals: Goals, values: FloatArray) -> float:
    return float(np.square(goals.misfits(values)).sum())


def _slopes(
    point: IntArray, values: FloatArray, measure: Measure, goals: Goals, space: Space
) -> FloatArray:
    """Return the change of each number per unit of each log count, shape (numbers, coordinates).

    A probe goes up, or down where there is no room above.
    """
    scaled = goals.to_scale(values)
    slopes = np.zeros((len(values), len(point)))
    for index in range(len(point)):
        up = point[index] + space.probes[index] <= space.upper[index]
        probe = point.copy()
        probe[index] += space.probes[index] if up else -space.probes[index]
        probe[index] = np.clip(probe[index], space.lower[index], space.upper[index])
        step = float((_log(probe) - _log(point))[index])
        if step != 0:
            effect = goals.to_scale(measure(probe)) - scaled
            slopes[:, index] = np.where(np.isfinite(effect), effect, 0.0) / step
    return slopes


def _corrected(
    slopes: FloatArray,
    before: Found,
    point: IntArray,
    values: FloatArray,
    goals: Goals,
    space: Space,
) -> FloatArray:
    """Return the slopes that explain what a change really did, nearest to those before it.

    The update of Broyden (1965), in the metric of the weights.
    """
    change = _log(point) - _log(before.point)
    missed = goals.to_scale(values) - goals.to_scale(before.values) - slopes @ change
    if not np.isfinite(missed).all():
        return slopes
    direction = change / space.weights
    corrected: FloatArray = slopes + np.outer(missed, direction) / float(direction @ change)
    return corrected


def _propose(
    point: IntArray,
    values: FloatArray,
    slopes: FloatArray,
    goals: Goals,
    space: Space,
    settings: Settings,
) -> IntArray:
    """Return the point that the model proposes to measure next."""
    aim = goals.narrowed(settings.middle)
    scaled = goals.to_scale(values)
    lower = np.maximum(space.lower, point - settings.reach * space.probes)
    upper = np.minimum(space.upper, point + settings.reach * space.probes)
    change = _least_change(scaled, slopes, aim, space.weights, settings.ridge)
    counts = (point + OFFSET) * np.exp(np.clip(change, -2.0, 2.0)) - OFFSET
    rounded = np.clip(np.rint(counts), lower, upper).astype(np.int64)
    shifted = scaled + slopes @ (_log(rounded) - _log(point))
    return _mend(rounded, shifted, slopes, aim, (lower, upper), settings.mending_steps)


def _least_change(
    scaled: FloatArray, slopes: FloatArray, aim: Goals, weights: FloatArray, ridge: float
) -> FloatArray:
    """Return the change of the log counts that brings the numbers to their goals at least cost.

    Minimises ``Σ (distance from the middle / width)² + ridge · Σ change² / weight`` on the model.
    """
    low, high = aim.to_scale(aim.lower), aim.to_scale(aim.upper)
    width = high - low
    A = slopes / width[:, None]
    b = ((low + high) / 2 - scaled) / width
    AW = A * weights
    change: FloatArray = AW.T @ np.linalg.solve(AW @ A.T + ridge * np.eye(len(b)), b)
    return change


def _mend(
    counts: IntArray,
    scaled: FloatArray,
    slopes: FloatArray,
    aim: Goals,
    limits: tuple[IntArray, IntArray],
    most_steps: int,
) -> IntArray:
    """Improve rounded counts by steps of one in one or two coordinates, the best each time.

    `scaled` are the numbers of the model at `counts`.
    """
    n = len(counts)
    coordinates = np.tile(np.arange(n), 2)
    steps = np.repeat([1, -1], n)
    one, two = np.triu_indices(2 * n, k=1)
    different = coordinates[one] != coordinates[two]
    one, two = one[different], two[different]
    counts = counts.copy()
    for _ in range(most_steps):
        energy = float(np.square(aim.misfits(aim.from_scale(scaled))).sum())
        if energy == 0:
            break
        moved = np.clip(counts[coordinates] + steps, *(limit[coordinates] for limit in limits))
        change = _log(moved) - _log(counts[coordinates])
        effects = slopes[:, coordinates].T * change[:, None]
        tried = np.concatenate([effects, effects[one] + effects[two]])
        energies = np.square(aim.misfits(aim.from_scale(scaled + tried))).sum(axis=1)
        best = int(energies.argmin())
        if energies[best] >= energy - IMPROVEMENT:
            break
        for move in (best,) if best < 2 * n else (one[best - 2 * n], two[best - 2 * n]):
            counts[coordinates[move]] = moved[move]
        scaled = scaled + tried[best]
    return counts
