"""Contrast matrices of least squares means: averages of the reference grid, as in R's emmeans.

The reference grid has every combination of the levels of the categorical columns, with numeric
columns at their means over the analysed rows. A least squares mean averages the grid's predictions
over the factors it does not name: with equal weights, or in proportion to how many analysed rows
have each combination of those factors. Source: Searle, Speed and Milliken (1980).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seizureflow.mmrm.design import Column, Design
from seizureflow.mmrm.errors import OptionError

Array = NDArray[np.float64]

WEIGHTS = ("equal", "proportional")


def least_squares_rows(
    design: Design,
    columns: Mapping[str, Column],
    factors: Sequence[str],
    weights: str,
    only: Mapping[str, Sequence[object]],
    at: Mapping[str, float] | None = None,
) -> tuple[pd.MultiIndex, Array]:
    """Rows of the contrast matrix for every combination of levels of ``factors``.

    Args:
        design: the fitted design.
        columns: codes and values of the analysed rows.
        factors: categorical columns to keep; the first varies fastest.
        weights: ``"equal"`` or ``"proportional"``.
        only: levels to restrict a factor to, for factors averaged over as well as kept.
        at: values of numeric columns to use in place of their means.

    Returns:
        Labels of the rows (one index level per factor), and the rows (r, p).

    Raises:
        OptionError: a name is not a categorical column of the model, or a level is unknown.
    """
    if weights not in WEIGHTS:
        raise OptionError(f"weights {weights!r} are not known; choose one of {', '.join(WEIGHTS)}")
    for name in [*factors, *only]:
        if name not in design.levels:
            known = ", ".join(design.levels) or "none"
            raise OptionError(f"{name!r} is not a categorical column of the model; it has: {known}")
    for name in at or {}:
        if name not in design.numeric:
            raise OptionError(f"{name!r} is not a numeric column of the model")
    grid, predictions = design.grid(at)
    averaged = [name for name in grid.columns if name not in factors]
    weight = np.ones(len(grid))
    if weights == "proportional" and averaged:
        weight = _frequencies(design, columns, averaged, grid)
    for name, wanted in only.items():
        weight = weight * grid[name].isin(level_positions(design, name, wanted)).to_numpy()
    if not factors:
        raise OptionError("name at least one categorical column")
    sizes = [len(design.levels[name]) for name in factors]
    cell = np.zeros(len(grid), dtype=np.intp)
    for name, size in zip(reversed(factors), reversed(sizes), strict=True):
        cell = cell * size + grid[name].to_numpy()
    n_cells = int(np.prod(sizes, dtype=int))
    total = np.bincount(cell, weight, n_cells)
    rows = np.zeros((n_cells, predictions.shape[1]))
    np.add.at(rows, cell, weight[:, None] * predictions)
    kept = np.flatnonzero(total > 0)
    codes = np.unravel_index(kept, tuple(reversed(sizes)))[::-1]
    labels = pd.MultiIndex.from_arrays(
        [design.levels[name][code] for name, code in zip(factors, codes, strict=True)],
        names=list(factors),
    )
    return labels, rows[kept] / total[kept, None]


def level_positions(design: Design, name: str, wanted: Sequence[object]) -> list[int]:
    """Positions of some levels of a categorical column.

    Raises:
        OptionError: a level is unknown, or none is given.
    """
    levels = design.levels[name]
    unknown = [level for level in wanted if level not in levels]
    if unknown or not len(wanted):
        raise OptionError(
            f"{name!r} has no level {', '.join(map(repr, unknown)) or 'selected'}; it has"
            f" {', '.join(map(repr, levels))}"
        )
    return [int(levels.get_indexer(pd.Index([level]))[0]) for level in wanted]


def _frequencies(
    design: Design, columns: Mapping[str, Column], averaged: Sequence[str], grid: pd.DataFrame
) -> Array:
    """Analysed rows having each grid row's combination of the averaged factors."""
    sizes = [len(design.levels[name]) for name in averaged]
    observed = np.ravel_multi_index([columns[name] for name in averaged], sizes)
    counts = np.bincount(observed, minlength=int(np.prod(sizes)))
    wanted = np.ravel_multi_index([grid[name].to_numpy() for name in averaged], sizes)
    return counts[wanted].astype(float)
