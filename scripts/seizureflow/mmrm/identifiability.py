"""Refuse covariance structures with parameters on which the observed visit pairs are silent."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seizureflow.mmrm.errors import IdentifiabilityError
from seizureflow.mmrm.patterns import Layout
from seizureflow.mmrm.structures import CovarianceStructure

# Relative to the largest singular value of the map from parameters to observed elements.
_RANK_TOLERANCE = 1e-8


def check_identifiable(
    layout: Layout,
    structure: CovarianceStructure,
    visits: pd.Index,
    groups: pd.Index | None,
) -> None:
    """Check that the elements of Sigma some subject observes determine every parameter.

    The data inform on ``Sigma_jk`` only through subjects seen at both visits j and k. The
    parameters are locally identified when the derivative of those elements with respect to them
    has full column rank; a direction it cannot see is reported by the visit pairs it moves.

    Raises:
        IdentifiabilityError: naming the visit pairs.
    """
    m = structure.n_visits
    theta = 0.3 + 0.05 * np.sin(1.0 + np.arange(structure.n_parameters))
    jacobian = structure.jacobian(theta[None])[0]
    upper = np.triu_indices(m)
    elements = jacobian[:, upper[0], upper[1]].T
    lines: list[str] = []
    pairs: list[tuple[object, object]] = []
    for g in range(layout.n_groups):
        mask = layout.pattern_mask[layout.pattern_group == g].astype(int)
        together = (mask.T @ mask)[upper] > 0
        if together.all():
            continue
        blind = _null_space(elements[together])
        if not blind.shape[1]:
            continue
        moved = (np.abs(elements @ blind) > _RANK_TOLERANCE).any(1) & ~together
        named = [
            (visits[int(upper[0][e])], visits[int(upper[1][e])]) for e in np.flatnonzero(moved)
        ]
        pairs += named
        inside = "" if groups is None else f" in group {groups[g]!s}"
        lines += [
            f"  visit {a!s}: no subject{inside} has it"
            if a == b
            else f"  visits {a!s} and {b!s}: no subject{inside} has both"
            for a, b in named
        ]
    if lines:
        raise IdentifiabilityError(
            f"covariance {structure.name!r} cannot be estimated from these data:\n"
            + "\n".join(lines)
            + "\nChoose a structure with fewer parameters, or leave out a visit.",
            pairs,
        )


def _null_space(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    _, values, vectors = np.linalg.svd(matrix, full_matrices=True)
    largest = values[0] if len(values) else 1.0
    rank = int((values > _RANK_TOLERANCE * largest).sum())
    return vectors[rank:].T
