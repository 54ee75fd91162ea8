"""Draws parameters of the imputation model, from their posterior or by resampling."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.count_imputation.regression import CountFits, fit_counts
from seizureflow.count_imputation.trial import CountTrial
from seizureflow.problems import AnalysisError

# Where the logarithm of the shape has a larger standard error a normal distribution says nothing
# of it: a tenth of its draws would be off by a factor of more than five.
_LARGEST_LOG_SE = 1.0


@dataclass(frozen=True)
class Parameters:
    """Draws of the parameters of the imputation model.

    Attributes:
        coefficients: Log rates, shape (draws, terms).
        theta: Shapes, infinite without frailties, shape (draws, 1).
        usable: Whether the draw came from a fit that converged.
        notes: What a reader must know.
    """

    coefficients: FloatArray
    theta: FloatArray
    usable: BoolArray
    notes: tuple[str, ...] = ()


def imputation_fit(trial: CountTrial) -> CountFits:
    """Fit the imputation model to the recorded days; one data set.

    Raises:
        AnalysisError: The fit did not converge, or a term is not determined.
    """
    fit = fit_counts(trial.counts[None], trial.recorded[None], trial.matrix)
    if not fit.converged[0]:
        raise AnalysisError(
            "The negative binomial model of the recorded days, from which missing days are "
            "imputed, has no finite maximum: a covariate may hold values whose participants had "
            "no seizure or no recorded day. Remove it, or join its categories."
        )
    return fit


def posterior_draws(fit: CountFits, draws: int, rng: np.random.Generator) -> Parameters:
    """Draw from the normal approximation of the posterior of coefficients and log shape.

    The two are independent, as their expected information is zero.

    Args:
        fit: The imputation model, one data set.
        draws: Number of draws.
        rng: Source of random numbers.
    """
    root = np.linalg.cholesky(fit.covariance[0])
    normal = rng.standard_normal((draws, len(root) + 1))
    theta, se = float(fit.theta[0]), float(fit.log_alpha_se[0])
    notes: tuple[str, ...] = ()
    if math.isinf(theta):
        notes = (
            "The counts of recorded days are no more variable than Poisson counts: missing days "
            "are imputed without frailties.",
        )
        shapes = np.full(draws, math.inf)
    elif not se < _LARGEST_LOG_SE:
        notes = (
            "The shape of the negative binomial distribution is hardly determined by these data "
            f"(standard error of its logarithm {se:.1f}); it is held at its estimate in all draws.",
        )
        shapes = np.full(draws, theta)
    else:
        shapes = theta * np.exp(se * normal[:, -1])
    return Parameters(
        fit.coefficients[0] + normal[:, :-1] @ root.T,
        shapes[:, None],
        np.ones(draws, dtype=bool),
        notes,
    )


def resampled_rows(trial: CountTrial, samples: int, rng: np.random.Generator) -> IntArray:
    """Resample participants with replacement within arms; shape (samples, participants)."""
    rows = np.empty((samples, trial.size), dtype=np.int64)
    for arm in range(len(trial.arm_ids)):
        own = np.flatnonzero(trial.arms == arm)
        rows[:, own] = rng.choice(own, (samples, len(own)))
    return rows


def bootstrap_fits(trial: CountTrial, rows: IntArray) -> Parameters:
    """Fit the imputation model to resampled participants.

    Args:
        trial: The participants.
        rows: Result of :func:`resampled_rows`.
    """
    fits = fit_counts(trial.counts[rows], trial.recorded[rows], trial.matrix, rows)
    return Parameters(fits.coefficients, fits.theta[:, None], fits.converged)
