"""Turn questions about factors and visits into contrast matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from seizureflow.mmrm.design import Column, Design
from seizureflow.mmrm.errors import OptionError
from seizureflow.mmrm.lsmeans import least_squares_rows, level_positions

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Contrasts:
    """Contrast matrices for one fitted design.

    Attributes:
        design: the fitted design.
        columns: codes and values of the analysed rows.
        visit: name of the visit column.
    """

    design: Design
    columns: Mapping[str, Column]
    visit: str

    def means(
        self,
        factor: str | Sequence[str],
        by: str | None,
        weights: str,
        average_over: str | None,
        visits: Sequence[object] | None,
        at: Mapping[str, float] | None,
    ) -> tuple[pd.Index, Array]:
        """Labels and rows of least squares means; arguments as in ``MMRM.lsmeans``."""
        factors = [factor] if isinstance(factor, str) else list(factor)
        if by is not None:
            factors.append(by)
        if len(set(factors)) < len(factors):
            raise OptionError(f"a column is named twice among {', '.join(factors)}")
        only: dict[str, Sequence[object]] = {}
        if average_over is not None:
            if average_over in factors:
                raise OptionError(f"{average_over!r} cannot be both kept and averaged over")
            only[average_over] = list(self.design.levels.get(average_over, ()))
        if visits is not None:
            if self.visit not in factors and average_over != self.visit:
                raise OptionError(
                    f"visits were selected: say by={self.visit!r} to keep them apart or"
                    f" average_over={self.visit!r} to average them"
                )
            only[self.visit] = visits
        labels, rows = least_squares_rows(self.design, self.columns, factors, weights, only, at)
        return (labels.get_level_values(0) if labels.nlevels == 1 else labels), rows

    def differences(
        self,
        factor: str,
        reference: object,
        by: str | None,
        weights: str,
        average_over: str | None,
        visits: Sequence[object] | None,
        at: Mapping[str, float] | None,
    ) -> tuple[pd.Index, Array]:
        """Labels and rows of differences from the reference; arguments as ``MMRM.contrast``."""
        labels, rows = self.means(factor, by, weights, average_over, visits, at)
        at_reference = level_positions(self.design, factor, [reference])[0]
        size = len(self.design.levels[factor])
        # The factor varies fastest, so each run of its levels shares one level of ``by``.
        means = rows.reshape(-1, size, rows.shape[1])
        others = [i for i in range(size) if i != at_reference]
        differences = means[:, others] - means[:, [at_reference]]
        kept = np.arange(len(rows)).reshape(-1, size)[:, others].ravel()
        return labels[kept], differences.reshape(-1, rows.shape[1])


def contrast_matrix(L: ArrayLike | Mapping[str, float], terms: Sequence[str]) -> Array:
    """Weights on the coefficients as a matrix (r, p).

    Raises:
        OptionError: wrong shape, weights that are not finite, or an unknown term.
    """
    if isinstance(L, Mapping):
        unknown = [name for name in L if name not in terms]
        if unknown:
            raise OptionError(
                f"unknown terms {', '.join(map(repr, unknown))}; the model has {', '.join(terms)}"
            )
        return np.array([[float(L.get(term, 0.0)) for term in terms]])
    matrix = np.atleast_2d(np.asarray(L, dtype=float))
    if matrix.ndim != 2 or matrix.shape[1] != len(terms) or not len(matrix):
        raise OptionError(
            f"the hypothesis has shape {matrix.shape}; it needs one column for each of the"
            f" {len(terms)} terms {', '.join(terms)}"
        )
    if not np.isfinite(matrix).all() or not matrix.any(1).all():
        raise OptionError("every row of the hypothesis needs finite weights, not all zero")
    return matrix
