"""Empirical (sandwich) covariance of the coefficients, with small-sample degrees of freedom.

In coordinates where each subject's residuals are uncorrelated under the fitted model
(``x~_i = L_i^{-1} X_i`` with ``V_i = L_i L_i'``) the estimators are

    Phi { sum_i x~_i' B_i r~_i r~_i' B_i x~_i } Phi,   B_i = (I - x~_i Phi x~_i')^{-d}

with d = 0 (CR0), 1/2 (CR2) and 1 (CR3, the approximate jackknife). Sources: Liang and Zeger
(1986); Bell and McCaffrey (2002); Mancl and DeRouen (2001); Pustejovsky and Tipton (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizureflow.mmrm.patterns import Layout

Array = NDArray[np.float64]

POWERS = {"cr0": 0.0, "cr2": -0.5, "cr3": -1.0}
# Eigenvalues of I - H below this belong to directions a subject fits perfectly; as in a
# pseudo-inverse they are left out.
_LEVERAGE_LIMIT = 1e-10


@dataclass(frozen=True)
class Sandwich:
    """The empirical covariance and what its degrees of freedom need.

    Attributes:
        covariance: (p, p).
        phi_half: (p, p), ``phi_half phi_half' = Phi``.
        adjusted: per pattern, (n_S, s, p) ``B_i x~_i Phi``.
        projected: per pattern, (n_S, p, p) ``phi_half' x~_i' B_i x~_i Phi``.
    """

    covariance: Array
    phi_half: Array
    adjusted: tuple[Array, ...]
    projected: tuple[Array, ...]

    def df(self, L: Array) -> Array:
        """Bell-McCaffrey degrees of freedom (r,) under the fitted model.

        For contrast l the estimator is a quadratic form with ``G_ij = a_i'(I - H)_ij a_j``,
        ``a_i = B_i x~_i Phi l``; its degrees of freedom are ``tr(G)^2 / tr(G G)``.
        ``G = diag(|a_i|^2) - h h'`` with ``h_i = phi_half' x~_i' a_i``, so that nothing of size
        n x n is formed.
        """
        out = np.empty(len(L))
        for row, contrast in enumerate(L):
            squares = np.concatenate([((a @ contrast) ** 2).sum(1) for a in self.adjusted])
            h = np.concatenate([q @ contrast for q in self.projected])
            lengths = (h * h).sum(1)
            inner = h.T @ h
            trace = (squares - lengths).sum()
            total = (squares**2 - 2.0 * squares * lengths).sum() + (inner * inner).sum()
            out[row] = trace**2 / total
        return out


def sandwich(
    kind: str,
    layout: Layout,
    X: Array,
    residual: Array,
    visit_covariance: Array,
    half: Array,
) -> Sandwich:
    """The empirical covariance of the coefficients.

    Args:
        kind: ``"cr0"``, ``"cr2"`` or ``"cr3"``.
        layout: patterns and row order.
        X: (n, p) model matrix.
        residual: (n,) outcome less fitted value.
        visit_covariance: (G, m, m).
        half: (p, p), ``half half'`` the model-based covariance Phi.
    """
    p = X.shape[1]
    phi = half @ half.T
    meat = np.zeros((p, p))
    adjusted: list[Array] = []
    projected: list[Array] = []
    sorted_x, sorted_r = X[layout.order], residual[layout.order]
    for s, rows, n, visits in layout.blocks():
        V = visit_covariance[layout.pattern_group[s]][np.ix_(visits, visits)]
        whiten = np.linalg.inv(np.linalg.cholesky(V))
        x = whiten @ sorted_x[rows].reshape(n, len(visits), p)
        r = sorted_r[rows].reshape(n, len(visits)) @ whiten.T
        bx = x
        if kind != "cr0":
            loaded = x @ half
            values, vectors = np.linalg.eigh(np.eye(len(visits)) - loaded @ loaded.swapaxes(-1, -2))
            safe = values > _LEVERAGE_LIMIT
            powered = np.where(safe, np.where(safe, values, 1.0) ** POWERS[kind], 0.0)
            bx = (vectors * powered[:, None, :]) @ (vectors.swapaxes(-1, -2) @ x)
        score = (bx * r[..., None]).sum(1)
        meat += score.T @ score
        adjusted.append(bx @ phi)
        projected.append(half.T @ (x.swapaxes(-1, -2) @ adjusted[-1]))
    return Sandwich(phi @ meat @ phi, half, tuple(adjusted), tuple(projected))
