"""Quantile regression by linear programming, with the kernel sandwich for its variance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from seizureflow import distributions
from seizureflow.array_types import FloatArray

# Primal and dual objective of a solution differ by no more than this share.
_GAP = 1e-9
# The least that HiGHS takes: with its own, 1e-7, it cannot tell outcomes that differ by less.
_TOLERANCE = 1e-10
# A residual is 0 up to this share of the largest.
_ON_THE_FIT = 1e-10


@dataclass(frozen=True)
class QuantileFit:
    """A quantile regression.

    Attributes:
        coefficients: p.
        scores: Regression rank scores, n, in [0, 1]: the solution of the dual problem.
        solved: Whether primal and dual objective agree, which proves the solution.
    """

    coefficients: FloatArray
    scores: FloatArray
    solved: bool


def fit_quantile(outcome: FloatArray, matrix: FloatArray, quantile: float) -> QuantileFit:
    """Minimise the sum of ``r (quantile - [r < 0])`` over the residuals r.

    The dual problem is solved by the simplex method: maximise ``outcome' a`` over a in [0, 1]^n
    with ``matrix' a = (1 - quantile) matrix' 1``. The coefficients are its multipliers.

    Args:
        outcome: n.
        matrix: Design matrix, n x p, of full rank.
        quantile: Strictly between 0 and 1.

    Source:
        Koenker & Bassett, Econometrica 1978;46:33; Koenker, Quantile Regression, 2005, ch. 6.
    """
    unit = max(float(np.abs(outcome).max()), 1e-300)
    widths = np.abs(matrix).max(axis=0)
    scaled = matrix / widths
    result = linprog(
        -outcome / unit,
        A_eq=scaled.T,
        b_eq=(1 - quantile) * scaled.sum(axis=0),
        bounds=(0, 1),
        method="highs-ds",
        options={
            "dual_feasibility_tolerance": _TOLERANCE,
            "primal_feasibility_tolerance": _TOLERANCE,
        },
    )
    if result.status != 0:
        nothing = np.full(matrix.shape[1], math.nan)
        return QuantileFit(nothing, np.full(len(outcome), math.nan), False)
    coefficients = -np.asarray(result.eqlin.marginals) * unit / widths
    scores = np.clip(np.asarray(result.x), 0.0, 1.0)
    loss = check_loss(outcome - matrix @ coefficients, quantile)
    dual = float(outcome @ (scores - (1 - quantile)))
    return QuantileFit(
        coefficients,
        scores,
        abs(loss - dual) <= _GAP * unit * math.sqrt(len(outcome)) + _GAP * loss,
    )


def check_loss(residuals: FloatArray, quantile: float) -> float:
    """The sum that quantile regression makes smallest."""
    return float(np.sum(residuals * (quantile - (residuals < 0))))


def optimal_range(
    outcome: FloatArray,
    matrix: FloatArray,
    quantile: float,
    column: int,
    given: Mapping[int, float] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Give the two best fits with the least and the largest value of a coefficient.

    They are the same where the best fit is unique. The fits between them are as good.

    Args:
        outcome: n.
        matrix: Design matrix, n x p.
        quantile: Strictly between 0 and 1.
        column: Place of the coefficient.
        given: Values that other coefficients must have, by place; some best fit has them.

    Returns:
        Two vectors of p coefficients; not numbers where the problem could not be solved.
    """
    n, p = matrix.shape
    unit = max(float(np.abs(outcome).max()), 1e-300)
    widths = np.abs(matrix).max(axis=0)
    fit = fit_quantile(outcome, matrix, quantile)
    least = check_loss(outcome - matrix @ fit.coefficients, quantile) / unit
    costs = np.concatenate([np.zeros(p), np.full(n, quantile), np.full(n, 1 - quantile)])
    fixed = {place: value * widths[place] / unit for place, value in (given or {}).items()}
    own = [(fixed.get(place), fixed.get(place)) for place in range(p)]
    found = []
    for sign in (1.0, -1.0):
        aim = np.zeros(p + 2 * n)
        aim[column] = sign
        result = linprog(
            aim,
            A_ub=costs[None, :],
            b_ub=[least],
            A_eq=np.hstack([matrix / widths, np.eye(n), -np.eye(n)]),
            b_eq=outcome / unit,
            bounds=[*own, *[(0, None)] * (2 * n)],
            method="highs-ds",
        )
        best = fit.coefficients
        if result.status == 0:
            best = np.asarray(result.x, dtype=np.float64)[:p] * unit / widths
        found.append(best)
    return found[0], found[1]


def kernel_covariance(
    residuals: FloatArray, matrix: FloatArray, quantile: float
) -> FloatArray | None:
    """Covariance of the coefficients by the kernel sandwich.

    ``(X'X)^-1 X' D X (X'X)^-1`` where D is ``(quantile / f)^2`` for positive residuals and
    ``((1 - quantile) / f)^2`` for negative ones; f is the density of the residuals at 0 by the
    Epanechnikov kernel, its width that of Hall & Sheather (1988). Errors are taken to have the
    same density at the quantile. Statsmodels does the same, but takes the standard deviation of the
    outcome where this takes that of the residuals for the width (they differ where that is less
    than the interquartile range over 1.34), and for the rows that the fit passes through: the signs
    of their residuals are rounding errors, and they get the expectation
    ``quantile (1 - quantile) / f^2``.

    Args:
        residuals: n.
        matrix: Design matrix, n x p.
        quantile: Strictly between 0 and 1.

    Returns:
        p x p; None where the residuals leave the density at 0 undetermined.

    Source:
        Powell (1991); Greene, Econometric Analysis, 6th ed., 14.3.2; Hall & Sheather, J R Stat Soc
        B 1988;50:381.
    """
    n = len(residuals)
    z = float(distributions.normal.ppf(quantile))
    width = n ** (-1 / 3) * float(distributions.normal.ppf(0.975)) ** (2 / 3)
    width *= (1.5 * float(distributions.normal.pdf(z)) ** 2 / (2 * z**2 + 1)) ** (1 / 3)
    if not 0 < quantile - width < quantile + width < 1:
        return None
    quartiles = np.quantile(residuals, [0.25, 0.75])
    spread = min(float(residuals.std()), float(quartiles[1] - quartiles[0]) / 1.34)
    bandwidth = spread * float(
        distributions.normal.ppf(quantile + width) - distributions.normal.ppf(quantile - width)
    )
    if bandwidth <= 0:
        return None
    distance = residuals / bandwidth
    density = float(np.sum(0.75 * (1 - distance**2) * (np.abs(distance) <= 1))) / (n * bandwidth)
    if density <= 0:
        return None
    squares = np.where(residuals > 0, quantile, 1 - quantile) ** 2 / density**2
    on_the_fit = np.abs(residuals) <= _ON_THE_FIT * np.abs(residuals).max()
    squares[on_the_fit] = quantile * (1 - quantile) / density**2
    bread = np.linalg.inv(matrix.T @ matrix)
    return np.asarray(bread @ (matrix.T @ (matrix * squares[:, None])) @ bread, dtype=np.float64)
