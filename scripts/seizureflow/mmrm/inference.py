"""Standard errors, degrees of freedom and tests of linear functions of the coefficients.

Functions on a stack take arrays with a leading dimension B of fits and contrasts L (r, p).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from seizureflow.mmrm.errors import MMRMError
from seizureflow.mmrm.sandwich import Sandwich

Array = NDArray[np.float64]

DF_METHODS = ("satterthwaite", "kenward-roger", "kenward-roger-linear", "residual")
ADJUSTMENT = {"kenward-roger": "full", "kenward-roger-linear": "linear"}


def satterthwaite_df(half: Array, A: Array, theta_covariance: Array, L: Array) -> Array:
    """Degrees of freedom (B, r) of single contrasts from the model-based covariance.

    ``df = 2 (l'Phi l)^2 / (g'Wg)`` with ``g_h = l'(dPhi/dtheta_h) l`` and W the covariance of
    theta. Kenward-Roger's degrees of freedom of a single contrast are the same number. Source:
    Fai and Cornelius (1996); Kenward and Roger (1997), section 4.
    """
    U = L @ half
    variance = (U * U).sum(-1)
    across = U.swapaxes(-1, -2)[:, None]
    gradient = ((A @ across) * across).sum(-2)
    spread = (gradient * (theta_covariance @ gradient)).sum(-2)
    return np.asarray(2.0 * variance**2 / spread)


def kenward_roger_moments(
    half: Array, A: Array, theta_covariance: Array, L: Array
) -> tuple[float, float]:
    """Denominator degrees of freedom and scale factor of the F statistic of several contrasts.

    For one fit: half (p, p), A (K, p, p), theta_covariance (K, K), L (r, p) of full row rank.
    Source: Kenward and Roger (1997), section 4.
    """
    c = len(L)
    U = L @ half
    Z = np.linalg.solve(np.linalg.cholesky(U @ U.T), U)
    F = Z @ A @ Z.T
    traces = np.trace(F, axis1=-2, axis2=-1)
    a1 = traces @ theta_covariance @ traces
    flat = F.reshape(len(F), -1)
    a2 = float(((theta_covariance @ flat) * flat).sum())
    b = (a1 + 6.0 * a2) / (2.0 * c)
    g = ((c + 1) * a1 - (c + 4) * a2) / ((c + 2) * a2)
    below = 3.0 * c + 2.0 * (1.0 - g)
    c1, c2, c3 = g / below, (c - g) / below, (c + 2 - g) / below
    mean = 1.0 / (1.0 - a2 / c)
    variance = (2.0 / c) * (1.0 + c1 * b) / ((1.0 - c2 * b) ** 2 * (1.0 - c3 * b))
    rho = variance / (2.0 * mean**2)
    df = 4.0 + (c + 2.0) / (c * rho - 1.0)
    return float(df), float(df / (mean * (df - 2.0)))


def pooled_df(df: Array) -> float:
    """Degrees of freedom of an F statistic that averages independent squared t statistics.

    Source: Fai and Cornelius (1996), as in SAS PROC MIXED and lmerTest.
    """
    if np.ptp(df) < 1e-8:
        return float(df.mean())
    if (df <= 2.0).any():
        return 2.0
    expected = (df / (df - 2.0)).sum()
    return float(2.0 * expected / (expected - len(df)))


@dataclass(frozen=True)
class Inference:
    """Inference on one fit.

    Attributes:
        method: one of :data:`DF_METHODS`.
        beta: (p,) coefficients.
        covariance: (p, p) their covariance, from which standard errors come.
        half: (p, p), ``half half'`` is the model-based covariance.
        A: (K, p, p) its scaled derivatives.
        theta_covariance: (K, K).
        residual_df: n - p.
        sandwich: the empirical covariance, None when ``covariance`` is model-based.
    """

    method: str
    beta: Array
    covariance: Array
    half: Array
    A: Array
    theta_covariance: Array
    residual_df: int
    sandwich: Sandwich | None

    def df(self, L: Array) -> Array:
        """Degrees of freedom (r,) of each row of L on its own."""
        if self.method == "residual":
            return np.full(len(L), float(self.residual_df))
        if self.sandwich is not None:
            return self.sandwich.df(L)
        return satterthwaite_df(self.half[None], self.A[None], self.theta_covariance[None], L)[0]

    def rows(self, L: Array, level: float) -> dict[str, Array]:
        """estimate, se, df, t, p (two-sided), lower and upper of each row of L, (r,) each."""
        estimate = L @ self.beta
        se = np.sqrt(((L @ self.covariance) * L).sum(-1))
        return t_columns(estimate, se, self.df(L), level)

    def joint(self, L: Array) -> dict[str, float]:
        """F statistic of ``L beta = 0`` for several rows, with both degrees of freedom and p.

        Raises:
            MMRMError: the rows of L are linearly dependent.
        """
        c = len(L)
        if np.linalg.matrix_rank(L) < c:
            raise MMRMError(f"the {c} rows of the hypothesis are linearly dependent")
        estimate = L @ self.beta
        covariance = L @ self.covariance @ L.T
        F = float(estimate @ np.linalg.solve(covariance, estimate)) / c
        if self.method in ADJUSTMENT:
            df, scale = kenward_roger_moments(self.half, self.A, self.theta_covariance, L)
            F = F * scale
        elif self.method == "residual":
            df = float(self.residual_df)
        else:
            _, vectors = np.linalg.eigh(covariance)
            df = pooled_df(self.df(vectors.T @ L))
        return {"F": F, "df_num": float(c), "df_den": df, "p": float(special.fdtrc(c, df, F))}


def t_columns(estimate: Array, se: Array, df: Array, level: float) -> dict[str, Array]:
    """Columns of t inference at confidence ``level`` from estimates and degrees of freedom."""
    t = estimate / se
    width = special.stdtrit(df, 0.5 + level / 2.0) * se
    return {
        "estimate": estimate,
        "se": se,
        "df": df,
        "t": t,
        "p": np.asarray(2.0 * special.stdtr(df, -np.abs(t))),
        "lower": estimate - width,
        "upper": estimate + width,
    }
