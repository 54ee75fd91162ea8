"""Moment estimates of scale and working correlation from Pearson residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.errors import CountModelError

Structure = Literal["independence", "exchangeable", "ar1", "unstructured"]
# What sums of residuals are divided by: their number (geepack), or that less the number of terms.
Denominator = Literal["rows", "rows_less_terms"]


@dataclass(frozen=True)
class WorkingCorrelation:
    """Estimated scale and correlation.

    Attributes:
        structure: Its structure.
        scale: Dispersion: mean squared Pearson residual.
        alpha: The one correlation of an exchangeable structure, or that of neighbouring visits
            under ar1; 0 under independence, not a number for an unstructured one.
        matrix: Correlation of all visits.
    """

    structure: Structure
    scale: float
    alpha: float
    matrix: FloatArray


def estimate_correlation(
    residuals: FloatArray,
    clusters: Clusters,
    terms: int,
    structure: Structure,
    denominator: Denominator,
) -> WorkingCorrelation:
    """Estimate scale and correlation by the method of moments.

    Args:
        residuals: Pearson residuals, one per row.
        clusters: Where the rows stand.
        terms: Number of terms of the model.
        structure: The structure.
        denominator: ``rows`` solves geepack's estimating equations, ``rows_less_terms`` is the
            formula of Liang & Zeger, as in SAS.

    Raises:
        CountModelError: The estimate is no correlation matrix, or no pair of visits shows it.

    Source:
        Liang & Zeger (Biometrika 1986; 73: 13-22), 4; Halekoh, Højsgaard & Yan (J Stat Softw 2006;
        15(2)), 2.
    """
    less = terms if denominator == "rows_less_terms" else 0
    scale = float(np.sum(residuals**2)) / (len(residuals) - less)
    spread = clusters.spread(residuals)
    present = clusters.present.astype(np.float64)
    products = spread.T @ spread
    pairs = present.T @ present
    visits = len(pairs)
    if scale < 1e-12:
        raise CountModelError("The model fits every count exactly; nothing varies.")
    if structure == "independence" or visits == 1:
        return WorkingCorrelation(structure, scale, 0.0, np.eye(visits))
    if structure == "unstructured":
        matrix = _unstructured(products, pairs - less, scale)
        alpha = float("nan")
    else:
        apart = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
        used = np.triu(apart == 1 if structure == "ar1" else apart >= 1)
        number = float(pairs[used].sum()) - less
        if number <= 0:
            raise CountModelError("Too few participants have two visits to see a correlation.")
        alpha = float(products[used].sum()) / (number * scale)
        power = apart.astype(np.float64) if structure == "ar1" else np.minimum(apart, 1)
        matrix = np.where(apart == 0, 1.0, np.sign(alpha) ** power * np.abs(alpha) ** power)
    _refuse_impossible(matrix, structure)
    return WorkingCorrelation(structure, scale, alpha, matrix)


def _unstructured(products: FloatArray, numbers: FloatArray, scale: float) -> FloatArray:
    if (numbers <= 0).any():
        raise CountModelError(
            "Two visits have too few participants in common for an unstructured correlation."
        )
    matrix = products / (numbers * scale)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def _refuse_impossible(matrix: FloatArray, structure: str) -> None:
    if np.linalg.eigvalsh(matrix).min() < 1e-8:
        raise CountModelError(
            f"The moment estimate of the {structure} working correlation is no correlation matrix. "
            "Use a simpler one: the standard errors do not rest on it."
        )
