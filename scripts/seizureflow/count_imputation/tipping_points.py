"""Varies the rate after the end of follow-up in each arm, and finds where the conclusion turns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.count_imputation.imputation import pool_by_rubin, rates_of, seen_of
from seizureflow.count_imputation.parameters import Parameters
from seizureflow.count_imputation.pooling import Pooled
from seizureflow.count_imputation.regression import fit_counts
from seizureflow.count_imputation.strategies import Uniforms, impute_after, impute_between
from seizureflow.count_imputation.trial import CountTrial


@dataclass(frozen=True)
class TippingMap:
    """Estimates for every pair of multipliers.

    Attributes:
        multipliers: In order; 1, missing at random, is among them.
        cells: By place of the reference arm's multiplier, then of the other arms', the estimates
            by number of the arm less one; None where no two data sets of a cell can be fitted.
        failed: Imputed data sets, of all cells, that could not be fitted.
        fitted: All imputed data sets.
    """

    multipliers: tuple[float, ...]
    cells: tuple[tuple[tuple[Pooled, ...] | None, ...], ...]
    failed: int
    fitted: int

    def along(self, path: str, arm: int) -> list[tuple[float, Pooled]]:
        """Estimates of one arm along a path through the map, where they exist.

        Args:
            path: ``active`` (the reference arm's multiplier is 1), ``reference`` (the others' is
                1) or ``both`` (all are equal).
            arm: Number of the arm less one.
        """
        one = self.multipliers.index(1.0)
        found = []
        for place, multiplier in enumerate(self.multipliers):
            row = one if path == "active" else place
            column = one if path == "reference" else place
            cell = self.cells[row][column]
            if cell is not None:
                found.append((multiplier, cell[arm]))
        return found


def tipping_map(
    trial: CountTrial,
    parameters: Parameters,
    multipliers: Sequence[float],
    rng: np.random.Generator,
) -> TippingMap:
    """Impute at the rate of the own arm times a multiplier that depends on the arm, and analyse.

    All cells share parameters and random numbers, so that they differ by the multipliers alone and
    seizures only grow with them.

    Args:
        trial: The participants.
        parameters: Draws of the imputation model's parameters; one imputed data set for each.
        multipliers: Positive factors of the rate after the end of follow-up; 1 is added.
        rng: Source of random numbers.
    """
    order = tuple(sorted({1.0, *(float(multiplier) for multiplier in multipliers)}))
    draws = len(parameters.theta)
    uniforms = Uniforms.draw(draws, trial.size, rng)
    seen, rates = seen_of(trial), rates_of(trial, parameters)
    between = impute_between(seen, rates, uniforms)
    after = [impute_after(seen, between, rates, "mar", factor, uniforms) for factor in order]
    base, in_reference = trial.counts + between, trial.arms == 0
    failed, cells = 0, []
    for reference in after:
        row: list[tuple[Pooled, ...] | None] = []
        filled = [base + np.where(in_reference, reference, active) for active in after]
        fits = fit_counts(np.concatenate(filled), trial.length[None], trial.matrix)
        for place in range(len(order)):
            fit = fits.of(slice(place * draws, (place + 1) * draws))
            failed += int((~fit.converged).sum())
            usable = fit.converged.sum() >= 2
            row.append(pool_by_rubin(fit, trial.effects) if usable else None)
        cells.append(tuple(row))
    return TippingMap(order, tuple(cells), failed, draws * len(order) ** 2)


def turning_point(*paths: Sequence[tuple[float, float]]) -> float:
    """Multiplier nearest to 1, by their ratio, at which a quantity changes its sign.

    Between two multipliers the quantity is taken as linear in the logarithm of the multiplier: an
    estimate or a confidence limit nearly is so, a p-value is not.

    Args:
        paths: One per quantity: multipliers, in order, with the quantity.

    Returns:
        The multiplier; not a number where all signs at 1 hold throughout.
    """
    crossings = [crossing for path in paths for crossing in _crossings(path)]
    return math.exp(min(crossings, key=abs)) if crossings else math.nan


def _crossings(path: Sequence[tuple[float, float]]) -> list[float]:
    """Logarithms of the multipliers at which a quantity changes its sign."""
    logs: FloatArray = np.log([multiplier for multiplier, _ in path])
    values = np.array([value for _, value in path])
    return [
        logs[i] + (logs[i + 1] - logs[i]) * values[i] / (values[i] - values[i + 1])
        for i in range(len(logs) - 1)
        if (values[i] < 0) != (values[i + 1] < 0)
    ]
