"""Minus twice the (restricted) log-likelihood of the covariance parameters, with derivatives.

Notation follows ``docs/mmrm.md``. Everything carries a leading dimension b of stacked outcomes; a
single fit is a stack of one. The constant ``log 2 pi`` terms are left to the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizureflow.mmrm.patterns import Compressed
from seizureflow.mmrm.structures import CovarianceStructure, Expansion

Array = NDArray[np.float64]
Index = NDArray[np.intp]

# Relative to the largest: below this a factorisation may fail for rounding alone.
_SMALLEST_EIGENVALUE = 1e-13


@dataclass(frozen=True)
class Evaluation:
    """The criterion at one parameter value per stacked outcome.

    Attributes:
        theta: (b, G k).
        value: (b,) ``-2 l(theta)``; infinite where Sigma is not positive definite.
        W: (b, S, m, m) inverse of V per pattern, zero at unobserved visits.
        WX: (b, R, m, p).
        Wr: (b, R, m) with r the generalised least squares residual.
        root: (b, p, p), ``Phi = root root'`` and ``Phi = (X'WX)^{-1}``.
        gamma: (b, p) generalised least squares coefficients.
    """

    theta: Array
    value: Array
    W: Array
    WX: Array
    Wr: Array
    root: Array
    gamma: Array


@dataclass(frozen=True)
class Derivatives:
    """Gradient, information and their ingredients at an :class:`Evaluation`.

    Attributes:
        gradient: (b, G k) of ``-2 l``.
        information: (b, G k, G k) second derivatives of ``-2 l`` (observed) or their expectation.
        A: (b, G k, p, p) ``root' X'W D_h W X root``, the scaled derivative of the information on
            the coefficients.
        C: (b, R, m, p) ``W X root``.
        expansion: of Sigma, with leading dimensions (b, G); its jacobian holds ``D_h``.
    """

    gradient: Array
    information: Array
    A: Array
    C: Array
    expansion: Expansion


class Likelihood:
    """The criterion for one compressed data set, one structure and one method.

    Args:
        data: compressed data; B outcomes share the design.
        structure: covariance structure of each group.
        reml: restricted likelihood if true, else the full one.
    """

    def __init__(self, data: Compressed, structure: CovarianceStructure, *, reml: bool) -> None:
        self.data = data
        self.structure = structure
        self.reml = reml
        self.n_parameters = data.n_groups * structure.n_parameters
        r, m, p = data.x.shape
        self._x_tall = data.x.reshape(r * m, p)
        self._pair = data.mask[:, :, None] & data.mask[:, None, :]
        self._identity_rest = np.zeros((len(data.size), m, m))
        self._identity_rest[:, np.arange(m), np.arange(m)] = ~data.mask
        self._first_row = np.searchsorted(data.pattern, np.arange(len(data.size)))
        # Where some subject of each group has every visit, V includes Sigma itself.
        self._complete = len(set(data.group[data.mask.all(1)].tolist())) == data.n_groups
        groups = np.arange(data.n_groups + 1)
        self._group_patterns = np.searchsorted(data.group, groups)
        self._group_rows = np.searchsorted(data.group[data.pattern], groups)

    def by_group(self, theta: Array) -> Array:
        """(b, G k) to (b, G, k)."""
        return theta.reshape(*theta.shape[:-1], self.data.n_groups, -1)

    def evaluate(self, theta: Array, which: Index) -> Evaluation:
        """The criterion at ``theta`` (b, G k) for the outcomes numbered ``which`` (b,)."""
        data = self.data
        sigma = self.structure.covariance(self.by_group(theta))
        definite = np.ones(len(theta), dtype=bool) if self._complete else _cholesky(sigma)[1]
        V = sigma[:, data.group] * self._pair + self._identity_rest
        factor, usable = _cholesky(V)
        definite &= usable
        inverse = np.linalg.inv(factor)
        W = (inverse.swapaxes(-1, -2) @ inverse) * self._pair
        logdet = 2.0 * np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum(-1) @ data.size
        y = data.y[which]
        per_row = W[:, data.pattern]
        WX = per_row @ data.x
        Wy = (per_row @ y[..., None])[..., 0]
        b, r, m, p = WX.shape
        information = self._x_tall.T @ WX.reshape(b, r * m, p)
        lower, usable = _cholesky(information)
        definite &= usable
        root = np.linalg.inv(lower).swapaxes(-1, -2)
        score = Wy.reshape(b, r * m) @ self._x_tall
        gamma = (root @ (root.swapaxes(-1, -2) @ score[..., None]))[..., 0]
        Wr = Wy - (WX @ gamma[:, None, :, None])[..., 0]
        # r'Wr = y'Wr, since X'Wr = 0.
        value = logdet + (y * Wr).sum((1, 2)) + (W * data.leftover[which]).sum((1, 2, 3))
        if self.reml:
            value = value + 2.0 * np.log(np.diagonal(lower, axis1=-2, axis2=-1)).sum(-1)
        value = np.where(definite, value, np.inf)
        return Evaluation(theta, value, W, WX, Wr, np.asarray(root), gamma)

    def derivatives(self, at: Evaluation, which: Index, *, expected: bool = False) -> Derivatives:
        """Gradient and observed (or expected) information, from one evaluation."""
        data, structure = self.data, self.structure
        b, _, m, p = at.WX.shape
        k = structure.n_parameters
        expansion = structure.expand(self.by_group(at.theta))
        C = at.WX @ at.root[:, None]
        whitened = np.concatenate([C, at.Wr[..., None]], axis=-1)
        spread = whitened if self.reml else whitened[..., p:]
        K = self._by_pattern(spread @ spread.swapaxes(-1, -2))
        K += at.W @ data.leftover[which] @ at.W
        nW = data.size[:, None, None] * at.W
        local = 2.0 * K - nW
        if expected:
            local = nW - (2.0 * self._by_pattern(C @ C.swapaxes(-1, -2)) if self.reml else 0.0)

        J = expansion.jacobian.reshape(b, -1, k, m * m)
        gamma = self._by_group_pattern(nW - K)
        gradient = (J @ gamma.reshape(b, -1, m * m, 1)).reshape(b, self.n_parameters)
        information = np.zeros((b, self.n_parameters, self.n_parameters))
        joint = np.empty((b, self.n_parameters, (p + 1) ** 2))
        bend = None if expected else expansion.curvature(gamma)
        for g in range(data.n_groups):
            patterns = slice(*self._group_patterns[g : g + 2])
            rows = slice(*self._group_rows[g : g + 2])
            own = slice(g * k, (g + 1) * k)
            traces = _pair_traces(at.W[:, patterns], local[:, patterns])
            information[:, own, own] = J[:, g] @ traces @ J[:, g].swapaxes(-1, -2)
            if bend is not None:
                information[:, own, own] += bend[:, g]
            joint[:, own] = J[:, g] @ _outer_products(whitened[:, rows])
        joint = joint.reshape(b, -1, p + 1, p + 1)
        information += self._coupling(joint, expected=expected)
        return Derivatives(gradient, information, joint[..., :p, :p], C, expansion)

    def _by_group_pattern(self, per_pattern: Array) -> Array:
        """Sum (b, S, m, m) over the patterns of each group, to (b, G, m, m)."""
        if self.data.n_groups == 1:
            return per_pattern.sum(1, keepdims=True)
        return np.add.reduceat(per_pattern, self._group_patterns[:-1], axis=1)

    def _by_pattern(self, per_row: Array) -> Array:
        """Sum (b, R, m, m) over the rows of each pattern, to (b, S, m, m)."""
        return np.add.reduceat(per_row, self._first_row, axis=1)

    def _coupling(self, joint: Array, *, expected: bool) -> Array:
        """The part of the information that passes through the estimated coefficients."""
        b, k, q, _ = joint.shape
        p = q - 1
        if expected:
            if not self.reml:
                return np.zeros((b, k, k))
            A = joint[..., :p, :p].reshape(b, k, p * p)
            return A @ A.swapaxes(-1, -2)
        score = joint[..., :p, p]
        if not self.reml:
            return -2.0 * score @ score.swapaxes(-1, -2)
        flat = joint.reshape(b, k, q * q)
        corner = joint[..., p, p]
        # <A_h, A_j> + 2 b_h'b_j: the whole inner product less that of the corner.
        return corner[..., :, None] * corner[..., None, :] - flat @ flat.swapaxes(-1, -2)


def _cholesky(stack: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Cholesky factors of (b, ..., m, m), and for which of the b all matrices have one.

    The others get the identity, so that one bad member does not stop the stack.
    """
    try:
        return np.asarray(np.linalg.cholesky(stack)), np.ones(len(stack), dtype=bool)
    except np.linalg.LinAlgError:
        inner = tuple(range(1, stack.ndim))
        usable = np.isfinite(stack).all(inner)
        identity = np.eye(stack.shape[-1])
        shape = (-1, *(1 for _ in inner))
        values = np.linalg.eigvalsh(np.where(usable.reshape(shape), stack, identity))
        usable &= (values[..., 0] > _SMALLEST_EIGENVALUE * values[..., -1]).all(inner[:-2])
        safe = np.where(usable.reshape(shape), stack, identity)
        return np.asarray(np.linalg.cholesky(safe)), np.asarray(usable)


def _pair_traces(W: Array, local: Array) -> Array:
    """``sum_S W_da local_bc`` as a matrix with rows ab and columns cd, (b, m m, m m)."""
    b, s, m, _ = W.shape
    product = W.reshape(b, s, m * m).swapaxes(-1, -2) @ local.reshape(b, s, m * m)
    return product.reshape(b, m, m, m, m).transpose(0, 2, 3, 4, 1).reshape(b, m * m, m * m)


def _outer_products(whitened: Array) -> Array:
    """``sum_r c_ra c_rb'`` for every pair of visits, (b, m m, q q)."""
    b, r, m, q = whitened.shape
    flat = whitened.reshape(b, r, m * q)
    gram = flat.swapaxes(-1, -2) @ flat
    return gram.reshape(b, m, q, m, q).transpose(0, 1, 3, 2, 4).reshape(b, m * m, q * q)
