"""Residual covariance structures over visits: from unconstrained parameters to a covariance matrix.

Every structure maps ``theta`` (..., k) to ``Sigma`` (..., m, m) and gives first and second
derivatives; the leading dimensions stack groups or outcomes. Scales enter as log standard
deviations, always first in ``theta``. The parameters are those of R's mmrm (vignette "Covariance
Structures"), because the full Kenward-Roger adjustment depends on them: see ``docs/mmrm.md``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property

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
    def jacobian(self, theta: Array) -> Array:
        """``dSigma / dtheta_h``, (..., k, m, m)."""

    @abstractmethod
    def curvature(self, theta: Array, gamma: Array) -> Array:
        """``sum_ab gamma_ab d2Sigma_ab / dtheta_h dtheta_j``, (..., k, k), for symmetric gamma."""

    @abstractmethod
    def weighted_curvature(self, theta: Array, weights: Array) -> Array:
        """``sum_hj weights_hj d2Sigma / dtheta_h dtheta_j``, (..., m, m), for symmetric weights."""

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
        self.below_row, self.below_column = np.tril_indices(m, -1)
        self.row = np.concatenate([np.arange(m), self.below_row])

    def _factor(self, theta: Array) -> Array:
        m = self.n_visits
        unit = np.zeros((*theta.shape[:-1], m, m))
        unit[..., np.arange(m), np.arange(m)] = 1.0
        unit[..., self.below_row, self.below_column] = theta[..., m:]
        return np.exp(theta[..., :m])[..., None] * unit

    def _directions(self, theta: Array, factor: Array) -> Array:
        """``v_h``, (..., k, m): the derivative of the row of Lambda that parameter h moves."""
        m = self.n_visits
        v = np.zeros((*theta.shape[:-1], self.n_parameters, m))
        v[..., :m, :] = factor
        below = np.arange(m, self.n_parameters)
        v[..., below, self.below_column] = np.exp(theta[..., self.below_row])
        return v

    def covariance(self, theta: Array) -> Array:  # noqa: D102
        factor = self._factor(theta)
        return factor @ factor.swapaxes(-1, -2)

    def jacobian(self, theta: Array) -> Array:  # noqa: D102
        factor = self._factor(theta)
        moved = self._directions(theta, factor) @ factor.swapaxes(-1, -2)
        jacobian = np.zeros((*theta.shape[:-1], self.n_parameters, self.n_visits, self.n_visits))
        h = np.arange(self.n_parameters)
        jacobian[..., h, self.row, :] = moved
        jacobian[..., h, :, self.row] += np.moveaxis(moved, -2, 0)
        return jacobian

    def curvature(self, theta: Array, gamma: Array) -> Array:  # noqa: D102
        m = self.n_visits
        factor = self._factor(theta)
        v = self._directions(theta, factor)
        out = gamma[..., self.row[:, None], self.row[None, :]] * (v @ v.swapaxes(-1, -2))
        pull = gamma @ factor
        s = np.arange(m)
        out[..., s, s] += (pull * factor).sum(-1)
        below = np.arange(m, self.n_parameters)
        mixed = pull[..., self.below_row, self.below_column] * np.exp(theta[..., self.below_row])
        out[..., self.below_row, below] += mixed
        out[..., below, self.below_row] += mixed
        return 2.0 * out

    def weighted_curvature(self, theta: Array, weights: Array) -> Array:  # noqa: D102
        m = self.n_visits
        factor = self._factor(theta)
        v = self._directions(theta, factor)
        membership = np.zeros((m, self.n_parameters))
        membership[self.row, np.arange(self.n_parameters)] = 1.0
        rows = membership @ (weights * (v @ v.swapaxes(-1, -2))) @ membership.T
        s = np.arange(m)
        push = weights[..., s, s][..., None] * factor
        below = np.arange(m, self.n_parameters)
        push[..., self.below_row, self.below_column] += (
            2.0 * weights[..., self.below_row, below] * np.exp(theta[..., self.below_row])
        )
        push = push @ factor.swapaxes(-1, -2)
        return 2.0 * rows + push + push.swapaxes(-1, -2)

    def start(self, moments: Array) -> Array:  # noqa: D102
        factor = np.linalg.cholesky(moments)
        scale = np.diagonal(factor, axis1=-2, axis2=-1)
        below = factor[..., self.below_row, self.below_column] / scale[..., self.below_row]
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

    def jacobian(self, theta: Array) -> Array:  # noqa: D102
        scales, shape = self._scales(theta), theta[..., self.n_scales :]
        sigma = scales * self.correlation.value(shape)
        by_scale = sigma[..., None, :, :] * self._scale_powers
        by_shape = scales[..., None, :, :] * self.correlation.first(shape)
        return np.concatenate([by_scale, by_shape], axis=-3)

    def _second(self, theta: Array) -> Array:
        """``d2Sigma / dtheta_h dtheta_j``, (..., k, k, m, m)."""
        k, s, m = self.n_parameters, self.n_scales, self.n_visits
        scales, shape = self._scales(theta), theta[..., self.n_scales :]
        powers = self._scale_powers
        second = np.empty((*theta.shape[:-1], k, k, m, m))
        sigma = scales * self.correlation.value(shape)
        second[..., :s, :s, :, :] = sigma[..., None, None, :, :] * (powers[:, None] * powers)
        first = scales[..., None, :, :] * self.correlation.first(shape)
        mixed = powers[:, None] * first[..., None, :, :, :]
        second[..., :s, s:, :, :] = mixed
        second[..., s:, :s, :, :] = mixed.swapaxes(-3, -4)
        second[..., s:, s:, :, :] = scales[..., None, None, :, :] * self.correlation.second(shape)
        return second

    def curvature(self, theta: Array, gamma: Array) -> Array:  # noqa: D102
        return np.einsum("...hjab,...ab->...hj", self._second(theta), gamma)

    def weighted_curvature(self, theta: Array, weights: Array) -> Array:  # noqa: D102
        return np.einsum("...hjab,...hj->...ab", self._second(theta), weights)

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


def covariance_structure(name: str, n_visits: int) -> CovarianceStructure:
    """The covariance structure called ``name`` over ``n_visits`` visits.

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
