"""Search over a few options per coordinate, where each measurement is costly.

The effect of every single change is measured; what several changes do together is extrapolated from
these, and the combinations that promise most are measured. The best of them, if it is better, is
where the next round starts; if none is, the round goes on down the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.simulation.goals import Goals

# Least improvement of the energy that counts, so that rounding errors decide nothing.
IMPROVEMENT = 1e-9

Measure = Callable[[IntArray], FloatArray]


@dataclass(frozen=True)
class Settings:
    """How `choose_options` searches.

    Attributes:
        rounds: how many shortlists are measured, at most.
        changes: coordinates that may change in one round, beyond which extrapolation is vain.
        trials: combinations extrapolated in one round.
        shortlist: combinations measured in one round.
        hot, cold: temperature of the annealing at the beginning and at the end of a round.
        price: energy of one unit of a coordinate, which keeps the point near zero.
    """

    rounds: int = 40
    changes: int = 6
    trials: int = 6000
    shortlist: int = 30
    hot: float = 1.0
    cold: float = 0.05
    price: float = 0.005


@dataclass(frozen=True)
class Found:
    """Where a search ended, the numbers measured there, and how many points were measured."""

    point: IntArray
    values: FloatArray
    measurements: int


def choose_options(
    options: Sequence[Sequence[int]],
    measure: Measure,
    goals: Goals,
    rng: np.random.Generator,
    settings: Settings,
) -> Found:
    """Choose one of the `options` for each coordinate so that the measured numbers meet the goals.

    The energy of a point is ``Σ log(1 + misfit) + price · Σ |coordinate|``: near misses count, and
    so do the units spent. The search starts from the first option of each coordinate.
    """
    search = _OptionSearch(options, measure, goals, settings)
    for _ in range(settings.rounds):
        if search.met or not search.changes:
            break
        search.round(rng)
    return Found(search.point, search.values, len(search.measured))


class _OptionSearch:
    """The state of the search between rounds."""

    def __init__(
        self,
        options: Sequence[Sequence[int]],
        measure: Measure,
        goals: Goals,
        settings: Settings,
    ) -> None:
        self.measure, self.goals, self.settings = measure, goals, settings
        self.point = np.array([values[0] for values in options], dtype=np.int64)
        self.changes = [
            (index, value)
            for index, values in enumerate(options)
            if len(values) > 1
            for value in values
        ]
        self.measured: dict[bytes, FloatArray] = {}
        self.values = self.values_at(self.point)

    @property
    def met(self) -> bool:
        return self.goals.met(self.values)

    def values_at(self, point: IntArray) -> FloatArray:
        key = point.tobytes()
        if key not in self.measured:
            self.measured[key] = self.measure(point)
        return self.measured[key]

    def energy(self, point: IntArray, values: FloatArray) -> float:
        misfits = self.goals.misfits(values)
        return float(np.log1p(misfits).sum() + self.settings.price * np.abs(point).sum())

    def round(self, rng: np.random.Generator) -> None:
        """Measure the most promising combinations of changes; go to the best if it is better."""
        scaled = self.goals.to_scale(self.values)
        effects = self._effects(scaled)
        best, lowest = self.point, self.energy(self.point, self.values)
        for point in self._shortlist(scaled, effects, rng):
            values = self.values_at(point)
            energy = self.energy(point, values)
            if energy < lowest - IMPROVEMENT or self.goals.met(values):
                best, lowest = point, energy
            if self.goals.met(values):
                break
        self.point, self.values = best, self.values_at(best)

    def _effects(self, scaled: FloatArray) -> dict[tuple[int, int], FloatArray]:
        """Return what each single change does, without those that cost units and do nothing."""
        effects = {}
        for index, value in self.changes:
            changed = self.point.copy()
            changed[index] = value
            effect = self.goals.to_scale(self.values_at(changed)) - scaled
            if effect.any() or abs(value) <= abs(int(self.point[index])):
                effects[index, value] = effect
        return effects

    def _shortlist(
        self,
        scaled: FloatArray,
        effects: dict[tuple[int, int], FloatArray],
        rng: np.random.Generator,
    ) -> list[IntArray]:
        """Return the points not yet measured that promise most, by annealing the extrapolation."""
        settings = self.settings
        changes = list(effects)
        current = self.point.copy()
        shift = np.zeros_like(scaled)
        energy = self.energy(current, self.goals.from_scale(scaled))
        promising: dict[bytes, float] = {}
        for trial in range(settings.trials):
            candidate, moved = current.copy(), shift
            for _ in range(1 + int(rng.random() < 0.6)):
                index, value = changes[int(rng.integers(len(changes)))]
                moved = moved - effects[index, int(candidate[index])] + effects[index, value]
                candidate[index] = value
            if (candidate != self.point).sum() > settings.changes:
                continue
            new = self.energy(candidate, self.goals.from_scale(scaled + moved))
            if candidate.tobytes() not in self.measured:
                promising[candidate.tobytes()] = new
            temperature = settings.hot * (settings.cold / settings.hot) ** (trial / settings.trials)
            if new < energy or rng.random() < np.exp((energy - new) / temperature):
                current, shift, energy = candidate, moved, new
        chosen = sorted(promising, key=lambda key: promising[key])[: settings.shortlist]
        return [np.frombuffer(key, dtype=np.int64).copy() for key in chosen]
