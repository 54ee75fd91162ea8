"""Estimates with their uncertainty, by resampling or by multiple imputation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.imputation.conditional_mean import Recipe, conditional_mean_quantities, impute
from seizureflow.imputation.linear_analysis import linear_analysis
from seizureflow.imputation.mixed_model import Fit, FitError, fit_mixed_model
from seizureflow.imputation.pooling import Pooled, pool
from seizureflow.imputation.posterior import draw_posterior
from seizureflow.imputation.resampling import bootstrap, jackknife, jackknife_errors, resample
from seizureflow.imputation.trial import IncompleteTrial

# Draws of parameters per draw wanted; most resamples of a trial that can be analysed can be.
_MOST_ATTEMPTS = 2


@dataclass(frozen=True)
class RepeatedSampling:
    """Estimates from conditional means, with their error over repeated trials.

    Attributes:
        estimate: (2K + 1, t) quantities, see :class:`.linear_analysis.LinearAnalysis`.
        se: (2K + 1, t) standard errors; NaN where they do not exist.
        problem: Why they do not.
        failed: Resamples without an answer, replaced by others.
    """

    estimate: FloatArray
    se: FloatArray
    problem: str = ""
    failed: int = 0


def by_jackknife(trial: IncompleteTrial, recipe: Recipe, fit: Fit) -> RepeatedSampling:
    """Conditional means; each participant is left out in turn, and everything done anew.

    Source:
        Wolbers et al. (2022), Pharmaceutical Statistics 21, 1246-1257.
    """
    estimate = conditional_mean_quantities(trial, recipe, fit.theta)
    try:
        values = jackknife(trial, lambda part: conditional_mean_quantities(part, recipe, fit.theta))
    except FitError as error:
        return RepeatedSampling(estimate, np.full_like(estimate, np.nan), str(error))
    return RepeatedSampling(estimate, jackknife_errors(values))


def by_bootstrap(
    trial: IncompleteTrial, recipe: Recipe, fit: Fit, samples: int, rng: np.random.Generator
) -> RepeatedSampling:
    """Conditional means; participants are drawn anew within arms, and everything done anew."""
    estimate = conditional_mean_quantities(trial, recipe, fit.theta)
    try:
        drawn = bootstrap(
            trial,
            lambda part: conditional_mean_quantities(part, recipe, fit.theta),
            samples,
            rng,
        )
    except FitError as error:
        return RepeatedSampling(estimate, np.full_like(estimate, np.nan), str(error))
    return RepeatedSampling(estimate, drawn.values.std(0, ddof=1), failed=drawn.failed)


def by_bayes(
    trial: IncompleteTrial, recipe: Recipe, fit: Fit, draws: int, rng: np.random.Generator
) -> Pooled:
    """Multiple imputation with parameters from their posterior, pooled by Rubin's rules.

    Args:
        trial: The trial.
        recipe: How it is imputed and analysed.
        fit: Its fit with unstructured covariance.
        draws: Number of imputed data sets.
        rng: Random numbers.

    Raises:
        FitError: A mean that is needed cannot be estimated.
    """
    drawn = draw_posterior(trial, fit, draws, rng)
    own = fit.means_of(trial.design, drawn.beta)
    reference = fit.means_of(trial.reference_design, drawn.beta)
    return _pooled(trial, recipe, own, reference, drawn.sigma, rng)


def by_approximate_bayes(
    trial: IncompleteTrial, recipe: Recipe, fit: Fit, draws: int, rng: np.random.Generator
) -> tuple[Pooled, int]:
    """Multiple imputation with parameters from fits to bootstrap samples (Little & Rubin 2002).

    Returns:
        The pooled quantities, and the number of bootstrap samples that could not be used; others
        were drawn in their place.

    Raises:
        FitError: Too many bootstrap samples cannot be used.
    """
    parameters: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    failed = 0
    while len(parameters) < draws:
        try:
            one = fit_mixed_model(trial.take(resample(trial, rng)), recipe.structure, fit.theta)
            own, reference = one.means(trial.design), one.means(trial.reference_design)
            # Means that the strategy needs may be unknown in this sample though not in the trial.
            impute(trial, own[None], reference[None], one.sigma[None], recipe.strategy)
            parameters.append((own, reference, one.sigma))
        except FitError as error:
            failed += 1
            if failed + len(parameters) >= _MOST_ATTEMPTS * draws:
                raise FitError(f"{failed} bootstrap samples have no answer: {error}") from error
    own_all, reference_all, sigma = (np.stack(part) for part in zip(*parameters, strict=True))
    return _pooled(trial, recipe, own_all, reference_all, sigma, rng), failed


def _pooled(
    trial: IncompleteTrial,
    recipe: Recipe,
    own: FloatArray,
    reference: FloatArray,
    sigma: FloatArray,
    rng: np.random.Generator,
) -> Pooled:
    filled = impute(trial, own, reference, sigma, recipe.strategy, rng)
    analysis = linear_analysis(trial)
    return pool(
        analysis.quantities(filled, recipe.targets),
        analysis.variances(filled, recipe.targets),
        analysis.residual_df,
    )
