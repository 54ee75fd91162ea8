"""Residual covariance structures over visits: from unconstrained parameters to a covariance matrix.

Every structure maps ``theta`` (..., k) to ``Sigma`` (..., m, m) and gives first and second
derivatives; the leading dimensions stack groups or outcomes. Scales enter as log standard
deviations, always first in ``theta``. The parameters are those of R's mmrm (vignette "Covariance
Structures"), because the full Kenward-Roger adjustment depends on them: see ``docs/mmrm.md``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from seizureflow.mmrm.correlations import (
    Correlation,
    antedependence,
    autoregressive,
    compound_symmetry,
    toeplitz,
)
from seizureflow.mmrm.errors import OptionError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Expansion:
    """Derivatives of ``Sigma`` at one ``theta`` (..., k).

    Attributes:
        jacobian: ``dSigma / dtheta_h``, (..., k, m, m).
        curvature: symmetric gamma (..., m, m) to
            ``sum_ab gamma_ab d2Sigma_ab / dtheta_h dtheta_j``, (..., k, k).
        weighted_curvature: symmetric weights (..., k, k) to
            ``sum_hj weights_hj d2Sigma / dtheta_h dtheta_j``, (..., m, m).
    """

    jacobian: Array
    curvature: Callable[[Array], Array]
    weighted_curvature: Callable[[Array], Array]


class CovarianceStructure(ABC):
    """A parametric family of m x m covariance matrices.

    Attributes:
        name: short name, as in the ``covariance`` argument of :func:`seizureflow.mmrm.mmrm`.
        n_visits: m.
        n_scales: how many leading elements of ``theta`` are log standard deviations.
        n_parameters: k, the length of ``theta``.
    """

    name: str
    n_visits: int
    n_scales: int
    n_parameters: int

    @abstractmethod
    def covariance(self, theta: Array) -> Array:
        """``Sigma(theta)``, (..., m, m); may be indefinite for the Toeplitz structures."""

    @abstractmethod
    def expand(self, theta: Array) -> Expansion:
        """First and second derivatives at ``theta`` (..., k)."""

    @abstractmethod
    def start(self, moments: Array) -> Array:
        """Starting value (..., k) from a positive definite moment estimate (..., m, m)."""


class Unstructured(CovarianceStructure):
    """Any covariance matrix, through its Cholesky factor.

    ``Sigma = Lambda Lambda'``, ``Lambda = diag(exp(s)) T`` with T unit lower triangular;
    ``theta = (s_1..s_m, T_21, T_31, T_32, ...)``. Parameter h moves row ``row[h]`` of Lambda
    only, in direction ``v_h``, which is what keeps the derivatives cheap.
    """

    name = "us"

    def __init__(self, n_visits: int) -> None:
        m = n_visits
        self.n_visits = self.n_scales = m
        self.n_parameters = m * (m + 1) // 2
        self._below_row, self._below_column = np.tril_indices(m, -1)
        self._scale = np.arange(m)
        self._below = np.arange(m, self.n_parameters)
        row = np.concatenate([self._scale, self._below_row])
        self._rows = np.ix_(row, row)
        # (k, m): which row of Lambda each parameter moves.
        self._moves = np.zeros((self.n_parameters, m))
        self._moves[np.arange(self.n_parameters), row] = 1.0

    def _factor(self, theta: Array) -> Array:
        m = self.n_visits
        unit = np.zeros((*theta.shape[:-1], m, m))
        unit[..., self._scale, self._scale] = 1.0
        unit[..., self._below_row, self._below_column] = theta[..., m:]
        return np.exp(theta[..., :m])[..., None] * unit

    def covariance(self, theta: Array) -> Array:  # noqa: D102
        factor = self._factor(theta)
        return factor @ factor.swapaxes(-1, -2)

    def expand(self, theta: Array) -> Expansion:  # noqa: D102
        m, scale, below = self.n_visits, self._scale, self._below
        below_row, below_column = self._below_row, self._below_column
        factor = self._factor(theta)
        below_sd = np.exp(theta[..., below_row])
        # v_h: the derivative of the row of Lambda that parameter h moves.
        v = np.zeros((*theta.shape[:-1], self.n_parameters, m))
        v[..., :m, :] = factor
        v[..., below, below_column] = below_sd
        half = self._moves[:, :, None] * (v @ factor.swapaxes(-1, -2))[..., None, :]
        products = v @ v.swapaxes(-1, -2)

        def curvature(gamma: Array) -> Array:
            out = gamma[..., self._rows[0], self._rows[1]] * products
            pull = gamma @ factor
            out[..., scale, scale] += (pull * factor).sum(-1)
            mixed = pull[..., below_row, below_column] * below_sd
            out[..., below_row, below] += mixed
            out[..., below, below_row] += mixed
            return np.asarray(2.0 * out)

        def weighted_curvature(weights: Array) -> Array:
            rows = self._moves.T @ (weights * products) @ self._moves
            push = weights[..., scale, scale][..., None] * factor
            push[..., below_row, below_column] += 2.0 * weights[..., below_row, below] * below_sd
            push = push @ factor.swapaxes(-1, -2)
            return np.asarray(2.0 * rows + push + push.swapaxes(-1, -2))

        return Expansion(half + half.swapaxes(-1, -2), curvature, weighted_curvature)

    def start(self, moments: Array) -> Array:  # noqa: D102
        factor = np.linalg.cholesky(moments)
        scale = np.diagonal(factor, axis1=-2, axis2=-1)
        below = factor[..., self._below_row, self._below_column] / scale[..., self._below_row]
        return np.concatenate([np.log(scale), below], axis=-1)


class ScaledCorrelation(CovarianceStructure):
    """``Sigma = D P D``: standard deviations (one, or one per visit) times a correlation family."""

    def __init__(
        self,
        name: str,
        n_visits: int,
        correlation: Callable[[int], Correlation],
        *,
        heterogeneous: bool,
    ) -> None:
        self.name = name
        self.n_visits = n_visits
        self.correlation = correlation(n_visits)
        self.heterogeneous = heterogeneous
        self.n_scales = n_visits if heterogeneous else 1
        self.n_parameters = self.n_scales + self.correlation.n_parameters

    @cached_property
    def _scale_powers(self) -> Array:
        """(n_scales, m, m): how often scale h multiplies element ab of Sigma, 0, 1 or 2."""
        touched = np.eye(self.n_visits) if self.heterogeneous else np.ones((1, self.n_visits))
        return touched[:, :, None] + touched[:, None, :]

    def _scales(self, theta: Array) -> Array:
        sd = np.exp(theta[..., : self.n_scales])
        sd = np.broadcast_to(sd, (*theta.shape[:-1], self.n_visits))
        return sd[..., :, None] * sd[..., None, :]

    def covariance(self, theta: Array) -> Array:  # noqa: D102
        return self._scales(theta) * self.correlation.value(theta[..., self.n_scales :])

    def expand(self, theta: Array) -> Expansion:  # noqa: D102
        scales, shape = self._scales(theta), theta[..., self.n_scales :]
        powers = self._scale_powers
        sigma = scales * self.correlation.value(shape)
        by_shape = scales[..., None, :, :] * self.correlation.first(shape)
        by_scale = sigma[..., None, :, :] * powers

        def second() -> Array:
            k, s, m = self.n_parameters, self.n_scales, self.n_visits
            out = np.empty((*theta.shape[:-1], k, k, m, m))
            out[..., :s, :s, :, :] = sigma[..., None, None, :, :] * (powers[:, None] * powers)
            mixed = powers[:, None] * by_shape[..., None, :, :, :]
            out[..., :s, s:, :, :] = mixed
            out[..., s:, :s, :, :] = mixed.swapaxes(-3, -4)
            shapes = self.correlation.second(shape)
            out[..., s:, s:, :, :] = scales[..., None, None, :, :] * shapes
            return out

        return Expansion(
            np.concatenate([by_scale, by_shape], axis=-3),
            lambda gamma: np.einsum("...hjab,...ab->...hj", second(), gamma),
            lambda weights: np.einsum("...hjab,...hj->...ab", second(), weights),
        )

    def start(self, moments: Array) -> Array:  # noqa: D102
        variance = np.diagonal(moments, axis1=-2, axis2=-1)
        sd = np.sqrt(variance)
        observed = moments / (sd[..., :, None] * sd[..., None, :])
        if not self.heterogeneous:
            sd = np.sqrt(variance.mean(-1, keepdims=True))
        return np.concatenate([np.log(sd), self.correlation.start(observed)], axis=-1)


_FAMILIES: dict[str, tuple[Callable[[int], Correlation], bool]] = {
    "toep": (toeplitz, False),
    "toeph": (toeplitz, True),
    "ar1": (autoregressive, False),
    "ar1h": (autoregressive, True),
    "cs": (compound_symmetry, False),
    "csh": (compound_symmetry, True),
    "ad": (antedependence, False),
    "adh": (antedependence, True),
}

STRUCTURES: tuple[str, ...] = ("us", *_FAMILIES)


@lru_cache(maxsize=64)
def covariance_structure(name: str, n_visits: int) -> CovarianceStructure:
    """The covariance structure called ``name`` over ``n_visits`` visits; it holds no data.

    Raises:
        OptionError: the name is not one of :data:`STRUCTURES`.
    """
    if name == "us" or n_visits == 1:
        if name not in STRUCTURES:
            raise OptionError(_unknown(name))
        structure: CovarianceStructure = Unstructured(n_visits)
        structure.name = name
        return structure
    if name not in _FAMILIES:
        raise OptionError(_unknown(name))
    correlation, heterogeneous = _FAMILIES[name]
    return ScaledCorrelation(name, n_visits, correlation, heterogeneous=heterogeneous)


def _unknown(name: str) -> str:
    return f"covariance {name!r} is not known; choose one of {', '.join(STRUCTURES)}"
