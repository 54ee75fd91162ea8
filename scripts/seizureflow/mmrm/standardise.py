"""Orthonormal design and unit-scale outcomes, so that no unit or coding reaches the optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from seizureflow.mmrm.errors import DataError, RankDeficientError
from seizureflow.mmrm.patterns import Compressed

Array = NDArray[np.float64]

# Relative to unit-length columns; R's lm and mmrm use 1e-7.
_RANK_TOLERANCE = 1e-7
# Residual over total standard deviation below which the outcome is a function of the design.
_EXACT_FIT = 1e-10


@dataclass(frozen=True)
class Standardised:
    """Compressed data in standard units, and the way back.

    ``X = Q triangle`` and ``y = X ols + scale (standard outcome)``; the likelihood works on Q and
    the standard outcome.

    Attributes:
        data: compressed standardised data.
        triangle: (p, p) upper triangular.
        ols: (B, p) ordinary least squares coefficients in the original design.
        scale: (B,) residual standard deviation of the ordinary least squares fits.
    """

    data: Compressed
    triangle: Array
    ols: Array
    scale: Array

    def minus_twice_loglik(self, value: Array, *, reml: bool) -> Array:
        """(B,) ``-2 l`` of the outcomes as observed, from the optimiser's criterion.

        Includes ``log 2 pi`` terms; with REML also ``log |X'WX|`` of the original design, as R's
        mmrm and SAS PROC MIXED report it.
        """
        n, p = self.data.n_rows, self.data.n_coefficients
        rows = n - p if reml else n
        shifted = value + rows * (np.log(2.0 * np.pi) + 2.0 * np.log(self.scale))
        if reml:
            shifted = shifted + 2.0 * np.log(np.abs(np.diagonal(self.triangle))).sum()
        return np.asarray(shifted)


def standardise(raw: Compressed, names: Sequence[str]) -> Standardised:
    """Standardise, after checking that the design has full rank and leaves residuals.

    Args:
        raw: compressed data in original units.
        names: (p,) names of the design columns, for messages.

    Raises:
        RankDeficientError: some columns depend linearly on those before them.
        DataError: no residual degrees of freedom, or an outcome without residual variation.
    """
    r, m, p = raw.x.shape
    tall = raw.x.reshape(r * m, p)
    length = np.sqrt((tall * tall).sum(0))
    length = np.where(length > 0, length, 1.0)
    q, triangle = np.linalg.qr(tall / length)
    if len(triangle) < p or np.linalg.svd(triangle, compute_uv=False)[-1] < _RANK_TOLERANCE:
        error = _rank_error(tall / length, names)
        if error.aliased:
            raise error
    if raw.n_rows <= p:
        raise DataError(f"{raw.n_rows} rows cannot carry {p} coefficients and a covariance")
    triangle = triangle * length
    flat = raw.y.reshape(raw.n_outcomes, r * m)
    projected = flat @ q
    residual = flat - projected @ q.T
    left = np.einsum("bsjj->b", raw.leftover)
    squares = (residual * residual).sum(1) + left
    scale = np.sqrt(squares / (raw.n_rows - p))
    total = (flat * flat).sum(1) + left
    exact = np.flatnonzero(squares <= _EXACT_FIT**2 * total)
    if len(exact):
        which = f" (outcome {exact[0]} of the stack)" if raw.n_outcomes > 1 else ""
        raise DataError(f"the outcome is an exact linear function of the design{which}")
    data = replace(
        raw,
        x=q.reshape(r, m, p),
        y=(residual / scale[:, None]).reshape(raw.y.shape),
        leftover=raw.leftover / scale[:, None, None, None] ** 2,
    )
    return Standardised(data, triangle, np.linalg.solve(triangle, projected.T).T, scale)


def _rank_error(tall: Array, names: Sequence[str]) -> RankDeficientError:
    """Name every column that depends on earlier ones, and on which."""
    kept: list[int] = []
    aliased: list[str] = []
    lines: list[str] = []
    for j, name in enumerate(names):
        column = tall[:, j]
        weights = np.linalg.lstsq(tall[:, kept], column, rcond=None)[0] if kept else np.empty(0)
        rest = column - tall[:, kept] @ weights
        if np.linalg.norm(rest) > _RANK_TOLERANCE:
            kept.append(j)
            continue
        aliased.append(name)
        of = [names[kept[i]] for i in np.flatnonzero(np.abs(weights) > _RANK_TOLERANCE)]
        lines.append(
            f"  {name}: " + (f"depends on {', '.join(of)}" if of else "is zero in every row")
        )
    return RankDeficientError(
        f"the design has {len(names)} columns but rank {len(kept)}; aliased terms:\n"
        + "\n".join(lines)
        + "\nDrop these terms, or merge the factor levels they belong to.",
        aliased,
    )
