"""Sandwich covariances of the coefficients of estimating equations, some for few participants."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.count_models.errors import CountModelError
from seizureflow.count_models.gee import GeeFit

CovarianceKind = Literal["sandwich", "mancl_derouen", "kauermann_carroll", "fay_graubard", "model"]

# Fay & Graubard's bound on the correction of a term.
_LARGEST_LEVERAGE = 0.75


def gee_covariance(fit: GeeFit, kind: CovarianceKind) -> FloatArray:
    """Covariance of the coefficients.

    Args:
        fit: Solution of the estimating equations.
        kind: ``sandwich`` (Liang & Zeger 1986); residuals corrected by ``(I - H)^-1`` (Mancl &
            DeRouen, Biometrics 2001; 57: 126-134) or ``(I - H)^-1/2`` (Kauermann & Carroll, JASA
            2001; 96: 1387-1396); scores corrected term by term (Fay & Graubard, Biometrics 2001;
            57: 1198-1206); or ``model``, which is right only if the working correlation is.

    Raises:
        CountModelError: A participant determines a term alone, so that a correction is infinite.
    """
    bread = fit.model_covariance
    if kind == "model":
        return bread
    if kind == "sandwich":
        scores = fit.parts.scores
    elif kind == "fay_graubard":
        scores = _fay_graubard(fit)
    else:
        scores = _with_corrected_residuals(fit, kind)
    return np.asarray(bread @ (scores.T @ scores) @ bread, dtype=np.float64)


def _with_corrected_residuals(fit: GeeFit, kind: CovarianceKind) -> FloatArray:
    parts = fit.parts
    leverages = np.einsum(
        "ijp,pq,iqk->ijk", parts.derivatives, fit.model_covariance, parts.weighted
    )
    left = np.eye(leverages.shape[1]) - leverages
    if kind == "mancl_derouen":
        if np.abs(np.linalg.det(left)).min() < 1e-10:
            _refuse()
        residuals = np.linalg.solve(left, parts.residuals[:, :, None])[:, :, 0]
    else:
        residuals = np.einsum("ijk,ik->ij", _inverse_roots(left), parts.residuals)
    return np.asarray(np.einsum("ipj,ij->ip", parts.weighted, residuals), dtype=np.float64)


def _inverse_roots(left: FloatArray) -> FloatArray:
    """``(I - H)^-1/2``: H is similar to a symmetric matrix, so that its eigenvalues are real."""
    values, vectors = np.linalg.eig(left)
    if np.real(values).min() < 1e-10:
        _refuse()
    roots = vectors * (1 / np.sqrt(values))[:, None, :]
    return np.asarray(np.real(roots @ np.linalg.inv(vectors)), dtype=np.float64)


def _fay_graubard(fit: GeeFit) -> FloatArray:
    leverages = np.einsum("ipq,qp->ip", fit.parts.information, fit.model_covariance)
    return np.asarray(
        fit.parts.scores / np.sqrt(1 - np.minimum(leverages, _LARGEST_LEVERAGE)), dtype=np.float64
    )


def _refuse() -> None:
    raise CountModelError(
        "A participant alone determines a term, so that the small-sample correction is infinite. "
        "Use the plain sandwich, or remove a covariate."
    )
