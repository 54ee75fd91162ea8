"""Correlation families over equally indexed visits, with first and second derivatives.

A family maps unconstrained parameters (..., c) to a correlation matrix (..., m, m).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Of a parameter x: the correlation rho(x) with its first and second derivative.
Link = Callable[[Array], tuple[Array, Array, Array]]

# Starting correlations are kept off the boundary, where every derivative vanishes.
_START_LIMIT = 0.95


@dataclass(frozen=True)
class Correlation:
    """A family of correlation matrices.

    Attributes:
        n_parameters: c.
        value: parameters (..., c) to matrix (..., m, m).
        first: to first derivatives (..., c, m, m).
        second: to second derivatives (..., c, c, m, m).
        start: observed correlation matrix (..., m, m) to parameters (..., c).
    """

    n_parameters: int
    value: Callable[[Array], Array]
    first: Callable[[Array], Array]
    second: Callable[[Array], Array]
    start: Callable[[Array], Array]


def _square_root_link(x: Array) -> tuple[Array, Array, Array]:
    """``rho = x / sqrt(1 + x^2)``, onto (-1, 1)."""
    q = 1.0 + x * x
    root = np.sqrt(q)
    return x / root, 1.0 / (q * root), -3.0 * x / (q * q * root)


def _inverse_square_root_link(rho: Array) -> Array:
    rho = np.clip(rho, -_START_LIMIT, _START_LIMIT)
    return rho / np.sqrt(1.0 - rho * rho)


def _lags(m: int) -> NDArray[np.int64]:
    return np.abs(np.arange(m)[:, None] - np.arange(m)[None, :])


def _lag_means(observed: Array) -> Array:
    """Mean observed correlation at each lag 1..m-1, (..., m - 1)."""
    m = observed.shape[-1]
    lags = [np.diagonal(observed, lag, axis1=-2, axis2=-1).mean(-1) for lag in range(1, m)]
    return np.stack(lags, axis=-1)


def _diagonal(blocks: Array) -> Array:
    """(..., c, m, m) to (..., c, c, m, m) with the blocks where both indices agree."""
    c = blocks.shape[-3]
    out = np.zeros((*blocks.shape[:-2], c, *blocks.shape[-2:]))
    out[..., np.arange(c), np.arange(c), :, :] = blocks
    return out


def toeplitz(m: int) -> Correlation:
    """One correlation per lag; not every parameter value gives a positive definite matrix."""
    indicator = (_lags(m)[None] == np.arange(1, m)[:, None, None]).astype(float)

    def value(x: Array) -> Array:
        return np.eye(m) + np.tensordot(_square_root_link(x)[0], indicator, axes=1)

    def first(x: Array) -> Array:
        return _square_root_link(x)[1][..., None, None] * indicator

    def second(x: Array) -> Array:
        return _diagonal(_square_root_link(x)[2][..., None, None] * indicator)

    def start(observed: Array) -> Array:
        return _inverse_square_root_link(_lag_means(observed))

    return Correlation(m - 1, value, first, second, start)


def _one_parameter(
    link: Link, power: NDArray[np.int64], start: Callable[[Array], Array]
) -> Correlation:
    """Families whose elements are ``rho ** power`` for one correlation rho."""
    once, twice = np.maximum(power - 1, 0), np.maximum(power - 2, 0)

    def value(x: Array) -> Array:
        return link(x)[0][..., None] ** power

    def first(x: Array) -> Array:
        rho, slope, _ = (part[..., None, None] for part in link(x))
        return power * rho**once * slope

    def second(x: Array) -> Array:
        rho, slope, bend = (part[..., None, None] for part in link(x))
        inner = power * (power - 1) * rho**twice * slope**2
        return (inner + power * rho**once * bend)[..., None, :, :]

    return Correlation(1, value, first, second, start)


def autoregressive(m: int) -> Correlation:
    """``rho ** |j - k|``."""
    return _one_parameter(
        _square_root_link,
        _lags(m),
        lambda observed: _inverse_square_root_link(_lag_means(observed)[..., :1]),
    )


def compound_symmetry(m: int) -> Correlation:
    """One correlation for every pair, in its whole permitted range (-1/(m-1), 1)."""
    a = 1.0 / (m - 1)

    def link(x: Array) -> tuple[Array, Array, Array]:
        p = 1.0 / (1.0 + np.exp(-x))
        slope = (1.0 + a) * p * (1.0 - p)
        return p * (1.0 + a) - a, slope, slope * (1.0 - 2.0 * p)

    def start(observed: Array) -> Array:
        off = (observed.sum((-2, -1)) - m) / (m * (m - 1))
        share = np.clip((off[..., None] + a) / (1.0 + a), 1 - _START_LIMIT, _START_LIMIT)
        return np.log(share / (1.0 - share))

    return _one_parameter(link, (_lags(m) > 0).astype(np.int64), start)


def _chain_products(rho: Array) -> Array:
    """``P_jk = prod_{l=j}^{k-1} rho_l``, (..., m, m), from adjacent correlations (..., m - 1)."""
    m = rho.shape[-1] + 1
    out = np.zeros((*rho.shape[:-1], m, m))
    for j in range(m):
        out[..., j, j] = 1.0
        chain = np.cumprod(rho[..., j:], axis=-1)
        out[..., j, j + 1 :] = chain
        out[..., j + 1 :, j] = chain
    return out


def antedependence(m: int) -> Correlation:
    """Order one: the correlation of two visits is the product of the adjacent ones between them."""
    c = m - 1
    j, k = np.meshgrid(np.arange(m), np.arange(m), indexing="ij")
    low, high = np.minimum(j, k), np.maximum(j, k)
    # (c, m, m): does the chain from visit j to visit k cross link l?
    crosses = np.stack([(low <= link) & (link < high) for link in range(c)])
    both = crosses[:, None] & crosses[None, :] & ~np.eye(c, dtype=bool)[:, :, None, None]

    def value(x: Array) -> Array:
        return _chain_products(_square_root_link(x)[0])

    # P is linear in each rho, so a derivative is P with that rho replaced by 1.
    def first(x: Array) -> Array:
        rho, slope, _ = _square_root_link(x)
        without = np.where(np.eye(c, dtype=bool), 1.0, rho[..., None, :])
        return crosses * _chain_products(without) * slope[..., None, None]

    def second(x: Array) -> Array:
        rho, slope, bend = _square_root_link(x)
        dropped = np.eye(c, dtype=bool)
        dropped = dropped[:, None, :] | dropped[None, :, :]
        without = np.where(dropped, 1.0, rho[..., None, None, :])
        mixed = both * _chain_products(without)
        mixed = mixed * (slope[..., :, None] * slope[..., None, :])[..., None, None]
        alone = np.where(np.eye(c, dtype=bool), 1.0, rho[..., None, :])
        return mixed + _diagonal(crosses * _chain_products(alone) * bend[..., None, None])

    def start(observed: Array) -> Array:
        return _inverse_square_root_link(np.diagonal(observed, 1, axis1=-2, axis2=-1))

    return Correlation(c, value, first, second, start)
