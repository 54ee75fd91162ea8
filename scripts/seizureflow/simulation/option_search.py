"""Search over a few options per coordinate, where each measurement is costly.

The effect of every single change is measured; what several changes do together is extrapolated from
these, and the combinations that promise most are measured. The best of them, if it is better, is
where the next round starts; if none is, the next round goes on down the list, and after a few such
rounds it starts from the best of the list all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.simulation.extrapolation import Extrapolation
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
        patience: rounds without improvement after which the search moves on all the same.
        hot, cold: temperature of the annealing at the beginning and at the end of a round.
        price: energy of one unit of a coordinate, which keeps the point near zero.
    """

    rounds: int = 30
    changes: int = 6
    trials: int = 3000
    shortlist: int = 30
    patience: int = 2
    hot: float = 1.0
    cold: float = 0.05
    price: float = 0.003


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
    return Found(search.best.point, search.best.values, len(search.measured))


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
        self.best = Found(self.point, self.values, 0)
        self.idle = 0

    @property
    def met(self) -> bool:
        return self.goals.met(self.values)

    def values_at(self, point: IntArray) -> FloatArray:
        key = point.tobytes()
        if key not in self.measured:
            self.measured[key] = self.measure(point)
        return self.measured[key]

    def energy(self, point: IntArray, values: FloatArray) -> float:
        return self._shortfall(values) + self.settings.price * float(np.abs(point).sum())

    def round(self, rng: np.random.Generator) -> None:
        """Measure the most promising combinations of changes and go to the best of them."""
        found: list[tuple[float, IntArray]] = []
        for point in self._shortlist(rng):
            values = self.values_at(point)
            found.append((self.energy(point, values), point))
            if self.goals.met(values):
                self._go_to(point)
                return
        energy, point = min(found, key=lambda each: each[0], default=(np.inf, self.point))
        better = energy < self.energy(self.point, self.values) - IMPROVEMENT
        self.idle = 0 if better else self.idle + 1
        if better or self.idle == self.settings.patience:
            self.idle = 0
            self._go_to(point)

    def _go_to(self, point: IntArray) -> None:
        self.point, self.values = point, self.values_at(point)
        if self._shortfall(self.values) < self._shortfall(self.best.values) - IMPROVEMENT:
            self.best = Found(self.point, self.values, 0)

    def _shortfall(self, values: FloatArray) -> float:
        return float(np.log1p(self.goals.misfits(values)).sum())

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

    def _extrapolation(self, scaled: FloatArray) -> Extrapolation:
        """Return what is to be expected of combined changes of the point."""
        effects = self._effects(scaled)
        combinations = []
        for key, values in self.measured.items():
            other = np.frombuffer(key, dtype=np.int64)
            changed = np.flatnonzero(other != self.point)
            keys = [(int(index), int(other[index])) for index in changed]
            if len(keys) <= self.settings.changes and all(key in effects for key in keys):
                combinations.append((keys, self.goals.to_scale(values) - scaled))
        return Extrapolation(effects, combinations)

    def _shortlist(self, rng: np.random.Generator) -> list[IntArray]:
        """Return the points not yet measured that promise most, by annealing the extrapolation."""
        settings = self.settings
        scaled = self.goals.to_scale(self.values)
        expected = self._extrapolation(scaled)
        changes = [key for key in self.changes if expected.knows(key)]
        current, sums = self.point, expected.nothing
        energy = self.energy(current, self.values)
        promising: dict[bytes, float] = {}
        for trial in range(settings.trials):
            candidate, moved = current.copy(), sums
            for _ in range(1 + int(rng.random() < 0.6)):
                index, value = changes[int(rng.integers(len(changes)))]
                if candidate[index] != self.point[index]:
                    moved = moved.plus(expected.single((index, int(candidate[index]))), -1)
                if value != self.point[index]:
                    moved = moved.plus(expected.single((index, value)))
                candidate[index] = value
            if (candidate != self.point).sum() > settings.changes:
                continue
            values = self.goals.from_scale(scaled + expected.effect(moved))
            new = self.energy(candidate, values)
            if candidate.tobytes() not in self.measured:
                promising[candidate.tobytes()] = new
            temperature = settings.hot * (settings.cold / settings.hot) ** (trial / settings.trials)
            if new < energy or rng.random() < np.exp((energy - new) / temperature):
                current, sums, energy = candidate, moved, new
        chosen = sorted(promising, key=lambda key: promising[key])[: settings.shortlist]
        return [np.frombuffer(key, dtype=np.int64).copy() for key in chosen]
