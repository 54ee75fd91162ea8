"""Fits the mixed model to an incomplete trial, again and again where it is resampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.imputation.trial import IncompleteTrial
from seizureflow.mmrm.errors import MMRMError, RankDeficientError
from seizureflow.mmrm.identifiability import check_identifiable, check_residuals
from seizureflow.mmrm.likelihood import Likelihood
from seizureflow.mmrm.optimise import maximise, starting_values
from seizureflow.mmrm.patterns import compress, lay_out
from seizureflow.mmrm.standardise import Standardised, standardise
from seizureflow.mmrm.structures import covariance_structure

_MAX_ITERATIONS = 100
# Of a row of the design, relative to its length, outside the space that the data span.
_ESTIMABLE = 1e-8


class FitError(Exception):
    """The model could not be fitted; the message says why."""


@dataclass(frozen=True)
class Fit:
    """Restricted maximum likelihood fit of the mixed model.

    Attributes:
        beta: (p,) coefficients; those of aliased columns are zero.
        sigma: (m, m) covariance between the visits of a participant.
        null_space: (p, d) basis of the directions that the data say nothing about; d is 0 where the
            design has full rank.
        kept: (p,) columns that were fitted.
        theta: (k,) covariance parameters, in the units of the outcome.
        structure: Name of the covariance structure.
        n_scales: How many of the covariance parameters are log standard deviations.
    """

    beta: FloatArray
    sigma: FloatArray
    null_space: FloatArray
    kept: BoolArray
    theta: FloatArray
    structure: str
    n_scales: int

    def means(self, design: FloatArray) -> FloatArray:
        """Means for rows (n, m, p) of the design; NaN where the data do not determine them."""
        return self.means_of(design, self.beta[None])[0]

    def means_of(self, design: FloatArray, betas: FloatArray) -> FloatArray:
        """(B, n, m) means under other coefficients (B, p), NaN where this fit's data are silent."""
        n, m, p = design.shape
        means = np.asarray(betas @ design.reshape(n * m, p).T).reshape(-1, n, m)
        if self.null_space.shape[1] == 0:
            return means
        outside = np.abs(design @ self.null_space).max(-1)
        length = np.linalg.norm(design, axis=-1)
        return np.where(outside <= _ESTIMABLE * np.maximum(length, 1.0), means, np.nan)


def fit_mixed_model(trial: IncompleteTrial, structure: str, start: FloatArray | None = None) -> Fit:
    """Fit by restricted maximum likelihood, to full convergence from any start.

    Columns of the design that the observed rows cannot tell apart from others are set aside (an arm
    without anybody at a visit, a stratum that a resample has lost): means that would need them are
    then not known, the others are unaffected.

    Args:
        trial: The trial; at every visit somebody was seen.
        structure: Covariance structure, see :func:`seizureflow.mmrm.mmrm`.
        start: Covariance parameters of a fit to similar data, in the units of the outcome.

    Raises:
        FitError: The covariance is not identified, or the iterations did not converge.
    """
    observed = trial.observed
    m = observed.shape[1]
    who, visit = np.nonzero(observed)
    if not observed.any(0).all():
        raise FitError("at some visit nobody was seen")
    X, y = trial.design[observed], trial.outcome[observed]
    # Participants without a visit tell the model nothing.
    position = np.cumsum(observed.any(1)) - 1
    subject, visits = position[who].astype(np.intp), visit.astype(np.intp)
    layout = lay_out(subject, visits, np.zeros(len(y), dtype=np.intp), m, 1)
    covariance = covariance_structure(structure, m)
    try:
        check_identifiable(layout, covariance, pd.Index(trial.visits), None)
        kept = np.ones(X.shape[1], dtype=bool)
        try:
            standard = standardise(compress(layout, X, y[None]), trial.terms)
        except RankDeficientError as error:
            kept = ~np.isin(trial.terms, error.aliased)
            names = [name for name, keep in zip(trial.terms, kept, strict=True) if keep]
            standard = standardise(compress(layout, X[:, kept], y[None]), names)
        check_residuals(standard.data, covariance, pd.Index(trial.visits), None)
    except MMRMError as error:
        raise FitError(str(error)) from error
    likelihood = Likelihood(standard.data, covariance, reml=True)
    first = starting_values(likelihood)
    if start is not None:
        shift = np.where(np.arange(len(start)) < covariance.n_scales, np.log(standard.scale[0]), 0)
        first = (start - shift)[None]
    optimum = maximise(likelihood, first, max_iterations=_MAX_ITERATIONS)
    if not optimum.converged[0] and start is not None:
        return fit_mixed_model(trial, structure)
    if not optimum.converged[0]:
        raise FitError(optimum.message[0])
    # One step more squares the distance that is left, so that the start does not show.
    last = maximise(likelihood, optimum.theta, max_iterations=1)
    optimum = last if last.converged[0] else optimum
    theta = optimum.theta[0].copy()
    theta[: covariance.n_scales] += np.log(standard.scale[0])
    return Fit(
        beta=_coefficients(likelihood, standard, optimum.theta, kept),
        sigma=covariance.covariance(theta[None, None])[0, 0],
        null_space=_null_space(X) if not kept.all() else np.zeros((X.shape[1], 0)),
        kept=kept,
        theta=theta,
        structure=structure,
        n_scales=covariance.n_scales,
    )


def fit_first_that_converges(
    trial: IncompleteTrial, structures: list[str]
) -> tuple[Fit, list[str]]:
    """Try covariance structures in turn.

    Returns:
        The fit, and for each structure that failed before it the reason.

    Raises:
        FitError: None of them converged.
    """
    failures: list[str] = []
    for structure in structures:
        try:
            return fit_mixed_model(trial, structure), failures
        except FitError as error:
            failures.append(f"{structure}: {str(error).rstrip('.')}")
    raise FitError("; ".join(failures))


def _coefficients(
    likelihood: Likelihood, standard: Standardised, theta: FloatArray, kept: BoolArray
) -> FloatArray:
    at = likelihood.evaluate(theta, np.array([0]))
    beta = np.zeros(len(kept))
    moved = np.linalg.solve(standard.triangle, at.gamma[0])
    beta[kept] = standard.ols[0] + standard.scale[0] * moved
    return beta


def _null_space(X: FloatArray) -> FloatArray:
    """(p, d) orthonormal basis of the coefficients that no row of X sees."""
    length = np.linalg.norm(X, axis=0)
    length = np.where(length > 0, length, 1.0)
    _, singular, rows = np.linalg.svd(X / length, full_matrices=True)
    rank = int((singular > 1e-7).sum())
    basis = rows[rank:].T / length[:, None]
    return np.asarray(basis / np.linalg.norm(basis, axis=0))
