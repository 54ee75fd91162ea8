"""Least squares under many weightings of the participants at once."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray

# A smaller reciprocal condition number than this marks coefficients that are not identified.
_SINGULAR = 1e-12


def weighted_coefficients(
    matrix: FloatArray, outcome: FloatArray, weights: FloatArray
) -> FloatArray:
    """Solve the normal equations of each weighting.

    Args:
        matrix: Design matrix, participants in rows.
        outcome: Outcomes.
        weights: One row per weighting; how often each participant counts.

    Returns:
        One row per weighting with the coefficients; not numbers where they are not identified.
    """
    # Columns of equal size keep the condition of the normal equations that of the design.
    scale = np.sqrt((matrix**2).mean(axis=0))
    columns = matrix / np.where(scale > 0, scale, 1)
    terms = columns.shape[1]
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    gram = (weights @ products).reshape(-1, terms, terms)
    right = weights @ (columns * outcome[:, None])
    eigenvalues = np.linalg.eigvalsh(gram)
    solvable = eigenvalues[:, 0] > _SINGULAR * eigenvalues[:, -1]
    coefficients = np.full((len(weights), terms), np.nan)
    if solvable.any():
        solved = np.linalg.solve(gram[solvable], right[solvable][:, :, None])[:, :, 0]
        coefficients[solvable] = solved / np.where(scale > 0, scale, 1)
    return coefficients
