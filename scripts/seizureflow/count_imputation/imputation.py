"""Estimates of the treatment effect from imputed data, with both of their variances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.count_imputation.parameters import (
    Parameters,
    bootstrap_fits,
    imputation_fit,
    posterior_draws,
    resampled_rows,
)
from seizureflow.count_imputation.pooling import Pooled, bootstrapped, rubin
from seizureflow.count_imputation.regression import CountFits, fit_counts
from seizureflow.count_imputation.strategies import (
    Rates,
    Seen,
    Strategy,
    Uniforms,
    impute_after,
    impute_between,
)
from seizureflow.count_imputation.trial import CountTrial
from seizureflow.problems import AnalysisError
from seizureflow.streams import Streams

# Fewer samples than this share must fail for the others to stand for all.
_FAILURES_BORNE = 0.1


@dataclass(frozen=True)
class Assumption:
    """What is assumed of the days after the end of follow-up.

    Attributes:
        strategy: Whose rate holds, see
            :func:`seizureflow.count_imputation.strategies.impute_after`.
        multipliers: Factor of that rate, by number of the arm.
    """

    strategy: Strategy
    multipliers: FloatArray


@dataclass(frozen=True)
class Estimates:
    """Estimates of the log rate ratios of the arms against the reference.

    Attributes:
        pooled: By number of the arm less one.
        imputed: Mean number of imputed seizures by arm; empty where it was not counted.
        theta: Shape of the imputation model; not a number where there is none for all.
        notes: What a reader must know.
    """

    pooled: tuple[Pooled, ...]
    imputed: FloatArray
    theta: float
    notes: tuple[str, ...]


def draw_parameters(
    trial: CountTrial, draws: int, how: Literal["normal", "bootstrap"], streams: Streams
) -> tuple[Parameters, CountFits]:
    """Draw parameters of the imputation model, and give its fit.

    Args:
        trial: The participants.
        draws: Number of draws; of bootstrap samples without a finite maximum there are fewer.
        how: From the normal approximation of the posterior, or from bootstrap samples.
        streams: Random streams.

    Raises:
        AnalysisError: The imputation model cannot be fitted.
    """
    fit, rng = imputation_fit(trial), streams.generator("parameters")
    if how == "normal":
        return posterior_draws(fit, draws, rng), fit
    parameters = bootstrap_fits(trial, resampled_rows(trial, draws, rng))
    kept = parameters.usable
    notes = _failures(int((~kept).sum()), draws, "bootstrap samples of the imputation model")
    return (
        Parameters(parameters.coefficients[kept], parameters.theta[kept], kept[kept], notes),
        fit,
    )


def estimate_by_rubin(
    trial: CountTrial,
    assumption: Assumption,
    draws: int,
    how: Literal["normal", "bootstrap"],
    streams: Streams,
) -> Estimates:
    """Impute with parameters drawn from their posterior, and combine by Rubin's rules.

    Args:
        trial: The participants.
        assumption: What is assumed of the days after the end of follow-up.
        draws: Number of imputed data sets.
        how: How parameters are drawn, see :func:`draw_parameters`.
        streams: Random streams.

    Raises:
        AnalysisError: Imputation or analysis model cannot be fitted.
    """
    parameters, fit = draw_parameters(trial, draws, how, streams)
    uniforms = Uniforms.draw(len(parameters.theta), trial.size, streams.generator("counts"))
    added = _impute(trial, parameters, assumption, uniforms)
    analysed = fit_counts(trial.counts + added, trial.length[None], trial.matrix)
    used = analysed.converged
    notes = (*parameters.notes, *_failures(int((~used).sum()), len(used), "imputed data sets"))
    return Estimates(
        pool_by_rubin(analysed, trial.effects),
        np.array([added[:, trial.arms == arm].sum(axis=1).mean() for arm in _arms(trial)]),
        float(fit.theta[0]),
        notes,
    )


def pool_by_rubin(analysed: CountFits, effects: IntArray) -> tuple[Pooled, ...]:
    """Combine the converged fits of imputed data sets, for each column that is an effect."""
    used = analysed.converged
    return tuple(
        rubin(analysed.coefficients[used, effect], analysed.covariance[used, effect, effect])
        for effect in effects
    )


def estimate_by_bootstrap(
    trial: CountTrial, assumption: Assumption, samples: int, each: int, streams: Streams
) -> Estimates:
    """Resample participants within arms, impute each sample a few times, and combine.

    Imputations use the maximum likelihood estimates of the sample: that these vary from sample to
    sample is what accounts for their uncertainty.

    Args:
        trial: The participants.
        assumption: What is assumed of the days after the end of follow-up.
        samples: Number of bootstrap samples.
        each: Imputed data sets of each.
        streams: Random streams.

    Raises:
        AnalysisError: More than a tenth of the samples admit no fit.
    """
    rows = resampled_rows(trial, samples, streams.generator("samples"))
    fitted = bootstrap_fits(trial, rows)
    repeated = np.repeat(np.arange(samples)[fitted.usable], each)
    rows = rows[repeated]
    parameters = Parameters(
        fitted.coefficients[repeated], fitted.theta[repeated], fitted.usable[repeated]
    )
    uniforms = Uniforms.draw(len(repeated), trial.size, streams.generator("counts"))
    added = _impute(trial, parameters, assumption, uniforms, rows)
    analysed = fit_counts(trial.counts[rows] + added, trial.length[rows], trial.matrix, rows)
    used: BoolArray = np.all(analysed.converged.reshape(-1, each), axis=1)
    notes = _failures(samples - int(used.sum()), samples, "bootstrap samples")
    effects = analysed.coefficients[:, trial.effects].reshape(len(used), each, -1)[used]
    pooled = tuple(bootstrapped(effects[:, :, place]) for place in range(effects.shape[2]))
    return Estimates(pooled, np.empty(0), float("nan"), notes)


def rates_of(trial: CountTrial, parameters: Parameters, rows: IntArray | None = None) -> Rates:
    """Rates of all participants (or of resampled ones) for each draw of the parameters."""
    own = np.exp(parameters.coefficients @ trial.matrix.T)
    reference = np.exp(parameters.coefficients @ trial.reference_matrix.T)
    if rows is not None:
        own = np.take_along_axis(own, rows, axis=1)
        reference = np.take_along_axis(reference, rows, axis=1)
    return Rates(own, reference, parameters.theta)


def seen_of(trial: CountTrial, rows: IntArray | None = None) -> Seen:
    """What is known of all participants, or of resampled ones."""
    chosen = np.arange(trial.size)[None] if rows is None else rows
    return Seen(
        trial.counts[chosen], trial.recorded[chosen], trial.between[chosen], trial.after[chosen]
    )


def _impute(
    trial: CountTrial,
    parameters: Parameters,
    assumption: Assumption,
    uniforms: Uniforms,
    rows: IntArray | None = None,
) -> FloatArray:
    """Seizures of all missing days, shape (draws, participants)."""
    seen, rates = seen_of(trial, rows), rates_of(trial, parameters, rows)
    multiplier = assumption.multipliers[trial.arms if rows is None else trial.arms[rows]]
    between = impute_between(seen, rates, uniforms)
    after = impute_after(seen, between, rates, assumption.strategy, multiplier, uniforms)
    return between + after


def _arms(trial: CountTrial) -> range:
    return range(len(trial.arm_ids))


def _failures(failed: int, number: int, what: str) -> tuple[str, ...]:
    """Say how many data sets admitted no fit; refuse where they are too many to be left out."""
    if failed > _FAILURES_BORNE * number or number - failed < 2:
        raise AnalysisError(
            f"{failed} of {number} {what} admit no finite rate ratio, too many to be left out: "
            "an arm has too few participants with seizures. Compare the arms by an analysis of "
            "seizure freedom."
        )
    return (f"{failed} of {number} {what} admit no finite rate ratio and are left out.",) * (
        failed > 0
    )
