"""Moment estimates of scale and working correlation from Pearson residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.errors import CountModelError

Structure = Literal["independence", "exchangeable", "ar1", "unstructured"]
# What sums of residuals are divided by: their number (geepack), or that less the terms (SAS).
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
        denominator: ``rows`` solves geepack's estimating equations, under ar1 with the products of
            all pairs of visits; ``rows_less_terms`` is the formula of Liang & Zeger, as in SAS,
            under ar1 with those of neighbouring visits.

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
        if structure == "ar1" and denominator == "rows":
            alpha = _decay(products / scale, pairs)
        else:
            alpha = float(products[used].sum()) / (number * scale)
        power = apart.astype(np.float64) if structure == "ar1" else np.minimum(apart, 1)
        matrix = np.where(apart == 0, 1.0, np.sign(alpha) ** power * np.abs(alpha) ** power)
    _refuse_impossible(matrix, structure)
    return WorkingCorrelation(structure, scale, alpha, matrix)


def _decay(products: FloatArray, pairs: FloatArray) -> float:
    """The correlation of neighbouring visits whose powers fit the products of all pairs best.

    With ``s`` the sum of the products of ``n`` pairs that are ``d`` visits apart, ``alpha``
    minimises the sum of ``n alpha^2d - 2 s alpha^d`` over ``d``. That its derivative is zero is
    geepack's estimating equation for the correlation (its sources: gee2.cc, update_alpha).

    Args:
        products: Sums of products of residuals, over the scale, of every two visits.
        pairs: How many products they are.
    """
    visits = len(products)
    loss = np.zeros(2 * visits - 1)  # coefficients of the powers of alpha
    for apart in range(1, visits):
        loss[2 * apart] += np.trace(pairs, apart)
        loss[apart] -= 2 * np.trace(products, apart)
    criterion = np.polynomial.Polynomial(loss)
    zeros = criterion.deriv().roots()
    real = zeros.real[np.abs(zeros.imag) <= 1e-6 * (1 + np.abs(zeros.real))]
    near = float(real[np.argmin(criterion(real))])
    return _polished(near, criterion.deriv())


def _polished(zero: float, of: np.polynomial.Polynomial) -> float:
    """A zero of a polynomial to the last digits, by Newton's method from near it."""
    slope = of.deriv()
    for _ in range(5):
        if abs(slope(zero)) > 0:
            zero -= float(of(zero) / slope(zero))
    return zero


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
