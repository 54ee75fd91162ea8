"""Say which visits keep a covariance structure from being estimated."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seizureflow.mmrm.errors import IdentifiabilityError
from seizureflow.mmrm.optimise import NEARLY_CONSTANT, NEARLY_SINGULAR
from seizureflow.mmrm.patterns import Compressed, Layout
from seizureflow.mmrm.structures import CovarianceStructure

# Relative to the largest singular value of the map from parameters to observed elements.
_RANK_TOLERANCE = 1e-8
# Residual degrees of freedom at a visit, relative to its rows, that are rounding.
_NO_RESIDUAL = 1e-8


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
    masks = [layout.pattern_mask[layout.pattern_group == g] for g in range(layout.n_groups)]
    if all(mask.all(1).any() for mask in masks):
        return
    theta = 0.3 + 0.05 * np.sin(1.0 + np.arange(structure.n_parameters))
    jacobian = structure.expand(theta[None]).jacobian[0]
    upper = np.triu_indices(structure.n_visits)
    elements = jacobian[:, upper[0], upper[1]].T
    lines: list[str] = []
    pairs: list[tuple[object, object]] = []
    for g, mask in enumerate(masks):
        together = (mask.T.astype(int) @ mask.astype(int))[upper] > 0
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


def check_residuals(
    data: Compressed,
    structure: CovarianceStructure,
    visits: pd.Index,
    groups: pd.Index | None,
) -> None:
    """Check that the design leaves residuals at every visit that has a variance of its own.

    Args:
        data: standardised data, whose design is orthonormal; the sum of its squared rows at a
            visit is that visit's leverage.
        structure: covariance structure; those with one variance for all visits always pass.
        visits: labels of the visits.
        groups: labels of the covariance groups.

    Raises:
        IdentifiabilityError: naming the visits.
    """
    if structure.n_scales < structure.n_visits:
        return
    leverage = (data.x * data.x).sum(2)
    row_group = data.group[data.pattern]
    lines: list[str] = []
    pairs: list[tuple[object, object]] = []
    for g in range(data.n_groups):
        own = data.group == g
        observed = data.size[own] @ data.mask[own]
        left = observed - leverage[row_group == g].sum(0)
        for j in np.flatnonzero(left < _NO_RESIDUAL * observed):
            pairs.append((visits[int(j)], visits[int(j)]))
            inside = "" if groups is None else f" in group {groups[g]!s}"
            lines.append(
                f"  visit {visits[int(j)]!s}: the design fits its {int(observed[j])} rows{inside}"
                " exactly, whatever the outcome"
            )
    if lines:
        raise IdentifiabilityError(
            f"covariance {structure.name!r} cannot be estimated from these data:\n"
            + "\n".join(lines)
            + "\nLeave out the visit, or choose a structure with one variance for all visits.",
            pairs,
        )


def _null_space(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    _, values, vectors = np.linalg.svd(matrix, full_matrices=True)
    largest = values[0] if len(values) else 1.0
    rank = int((values > _RANK_TOLERANCE * largest).sum())
    return vectors[rank:].T


def singular_visits(sigma: NDArray[np.float64], visits: pd.Index, groups: pd.Index | None) -> str:
    """Which visits are nearly linearly dependent in a covariance (G, m, m); empty when none are."""
    notes: list[str] = []
    for g, block in enumerate(sigma):
        inside = "" if groups is None else f" in group {groups[g]!s}"
        sd = np.sqrt(np.diagonal(block))
        constant = np.flatnonzero(sd < NEARLY_CONSTANT * sd.max())
        if len(constant):
            named = ", ".join(str(visits[int(j)]) for j in constant)
            notes.append(f"visits {named}{inside} have hardly any residual variance")
            continue
        values, vectors = np.linalg.eigh(block / np.outer(sd, sd))
        if not values[0] < NEARLY_SINGULAR:
            continue
        loads = np.abs(vectors[:, 0])
        named = ", ".join(str(visits[int(j)]) for j in np.flatnonzero(loads > 0.3 * loads.max()))
        notes.append(f"visits {named}{inside} are nearly linearly dependent")
    return "; ".join(notes)
