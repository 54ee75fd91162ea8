"""Imputation by conditional means, and the quantities that an analysis of them gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.imputation.conditional import fill_in
from seizureflow.imputation.linear_analysis import linear_analysis
from seizureflow.imputation.mixed_model import Fit, FitError, fit_mixed_model
from seizureflow.imputation.strategies import means_under
from seizureflow.imputation.trial import IncompleteTrial


@dataclass(frozen=True)
class Recipe:
    """How outcomes are imputed and analysed.

    Attributes:
        strategy: See :func:`seizureflow.imputation.strategies.means_under`.
        structure: Covariance structure.
        targets: (m, t) weights of the visits in each of the t outcomes that are analysed.
    """

    strategy: str
    structure: str
    targets: FloatArray


def impute(
    trial: IncompleteTrial,
    own: FloatArray,
    reference: FloatArray,
    sigma: FloatArray,
    strategy: str,
    rng: np.random.Generator | None = None,
) -> FloatArray:
    """Impute under B sets of parameters.

    Args:
        trial: The trial.
        own: (B, n, m) means in the participants' own arms.
        reference: (B, n, m) means in the reference arm.
        sigma: (B, m, m) covariances.
        strategy: The strategy.
        rng: Where draws are wanted in place of conditional means.

    Returns:
        (B, n, m) outcomes without gaps.

    Raises:
        FitError: A mean that is needed cannot be estimated, since nobody was seen where it is.
    """
    means = means_under(strategy, own, reference, trial.departure)
    filled = fill_in(trial.outcome, means, sigma, rng)
    unknown = np.isnan(filled).any(0)
    if unknown.any():
        visits = [trial.visits[visit] for visit in np.flatnonzero(unknown.any(0))]
        raise FitError(
            f"the means that {strategy} needs at {', '.join(visits)} cannot be estimated, since "
            "nobody of the arm in question was seen there"
        )
    return filled


def impute_by_conditional_mean(trial: IncompleteTrial, fit: Fit, strategy: str) -> FloatArray:
    """(n, m) outcomes with what is missing replaced by its expectation; see :func:`impute`."""
    own, reference = fit.means(trial.design), fit.means(trial.reference_design)
    return impute(trial, own[None], reference[None], fit.sigma[None], strategy)[0]


def conditional_mean_quantities(
    trial: IncompleteTrial, recipe: Recipe, start: FloatArray | None = None
) -> FloatArray:
    """(2K + 1, t) differences and LS means: fit, impute, analyse.

    Args:
        trial: The trial, or a resample of it.
        recipe: How it is imputed and analysed.
        start: Covariance parameters to start from; the fit converges fully whatever they are.

    Raises:
        FitError: It cannot be done.

    Source:
        Wolbers et al. (2022), Pharmaceutical Statistics 21, 1246-1257.
    """
    analysis = linear_analysis(trial)
    fit = fit_mixed_model(trial, recipe.structure, start)
    filled = impute_by_conditional_mean(trial, fit, recipe.strategy)
    return analysis.quantities(filled[None], recipe.targets)[0]


def delta_slopes(
    trial: IncompleteTrial, targets: FloatArray, *, cumulative: bool = False
) -> FloatArray:
    """(n_arms, 2K + 1, t) change of the quantities per unit of a delta in each arm.

    A delta is added to what was imputed from the departure on; not to what is missing before it.
    The quantities are linear in it, since conditional means do not depend on it.

    Args:
        trial: The trial, or a resample of it.
        targets: (m, t) weights of the visits.
        cumulative: Whether the delta is added once more at every further visit.
    """
    m = trial.outcome.shape[1]
    since = np.arange(m) - trial.departure[:, None] + 1.0
    unit = np.where(trial.after_departure, since if cumulative else 1.0, 0.0)
    in_arm = trial.arm == np.arange(trial.n_arms)[:, None]
    return linear_analysis(trial).quantities(in_arm[:, :, None] * unit, targets)
