"""Search over whole numbers, one per coordinate, where each measurement is costly.

Each value of a coordinate has a position (for a count of seizures, the log frequency that it
gives), known at no cost, and the measured numbers are taken as linear in the positions. Around a
point the effect of each coordinate is measured once. The least change that meets the goals on this
model is found in closed form and rounded; what rounding spoils is mended by steps of one in one
coordinate, or in two, on the model. The new point is measured, the model corrected by what was
found, and so on until the measured numbers meet the goals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.simulation.goals import Goals
from seizureflow.simulation.option_search import IMPROVEMENT, Found

Measure = Callable[[IntArray], FloatArray]


@dataclass(frozen=True)
class Space:
    """Where a step search may go.

    Attributes:
        lower: the least value of each coordinate, shape (coordinates,).
        positions: for each coordinate, the position of every value from the least one upwards;
            they never fall.
        weights: readiness to change, shape (coordinates,); a change ``δ`` of the position costs
            ``δ² / weight``.
        probes: the step by which the effect of each coordinate is measured, shape (coordinates,).
    """

    lower: IntArray
    positions: Sequence[FloatArray]
    weights: FloatArray
    probes: IntArray

    @property
    def upper(self) -> IntArray:
        """The greatest value of each coordinate, shape (coordinates,)."""
        return self.lower + np.array([len(own) - 1 for own in self.positions], dtype=np.int64)

    def position(self, point: IntArray) -> FloatArray:
        """Return the position of each coordinate at a point."""
        places = (point - self.lower).tolist()
        return np.array([own[i] for own, i in zip(self.positions, places, strict=True)])

    def nearest(self, positions: FloatArray) -> IntArray:
        """Return the values whose positions are nearest to those given."""
        found = [
            int(np.abs(own - x).argmin()) for own, x in zip(self.positions, positions, strict=True)
        ]
        return self.lower + np.array(found, dtype=np.int64)


@dataclass(frozen=True)
class Settings:
    """How `step_towards` searches.

    Attributes:
        rounds: times the model is measured anew, at most.
        corrections: points measured with one model, at most.
        reach: the largest change of a coordinate in one correction, in probes.
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
    """Change the point as little as needed until the measured numbers meet the goals."""
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
            if goals.misfit(values) < goals.misfit(best.values) - IMPROVEMENT:
                best = Found(proposed, values, measurements)
            if goals.met(best.values):
                break
    return Found(best.point, best.values, measurements)


def _slopes(
    point: IntArray, values: FloatArray, measure: Measure, goals: Goals, space: Space
) -> FloatArray:
    """Return the change of each number per unit of each position, shape (numbers, coordinates).

    A probe goes up, or down where there is no room above.
    """
    scaled = goals.to_scale(values)
    slopes = np.zeros((len(values), len(point)))
    upper = space.upper
    for index in range(len(point)):
        up = point[index] + space.probes[index] <= upper[index]
        probe = point.copy()
        probe[index] += space.probes[index] if up else -space.probes[index]
        probe[index] = np.clip(probe[index], space.lower[index], upper[index])
        step = float((space.position(probe) - space.position(point))[index])
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
    change = space.position(point) - space.position(before.point)
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
    here = space.position(point)
    rounded = np.clip(space.nearest(here + change), lower, upper)
    shifted = scaled + slopes @ (space.position(rounded) - here)
    return _mend(rounded, shifted, slopes, aim, (lower, upper), space, settings.mending_steps)


def _least_change(
    scaled: FloatArray, slopes: FloatArray, aim: Goals, weights: FloatArray, ridge: float
) -> FloatArray:
    """Return the change of the positions that brings the numbers to their goals at least cost.

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
    point: IntArray,
    scaled: FloatArray,
    slopes: FloatArray,
    aim: Goals,
    limits: tuple[IntArray, IntArray],
    space: Space,
    most_steps: int,
) -> IntArray:
    """Improve a rounded point by steps of one in one or two coordinates, the best each time.

    `scaled` are the numbers of the model at `point`.
    """
    n = len(point)
    coordinates = np.tile(np.arange(n), 2)
    one, two = np.triu_indices(2 * n, k=1)
    different = coordinates[one] != coordinates[two]
    one, two = one[different], two[different]
    for _ in range(most_steps):
        energy = float(aim.misfit(aim.from_scale(scaled)))
        if energy == 0:
            break
        above, below = np.minimum(point + 1, limits[1]), np.maximum(point - 1, limits[0])
        moved = np.concatenate([above, below])
        here = space.position(point)
        change = np.concatenate([space.position(above) - here, space.position(below) - here])
        effects = slopes[:, coordinates].T * change[:, None]
        tried = np.concatenate([effects, effects[one] + effects[two]])
        energies = aim.misfit(aim.from_scale(scaled + tried))
        best = int(energies.argmin())
        if energies[best] >= energy - IMPROVEMENT:
            break
        point = point.copy()
        for move in (best,) if best < 2 * n else (one[best - 2 * n], two[best - 2 * n]):
            point[coordinates[move]] = moved[move]
        scaled = scaled + tried[best]
    return point
