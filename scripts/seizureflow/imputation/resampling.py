"""Variances over repeated trials: by leaving participants out, and by drawing them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.imputation.mixed_model import FitError
from seizureflow.imputation.trial import IncompleteTrial

# Attempts per replicate wanted; most resamples of a trial that can be analysed can be.
_MOST_ATTEMPTS = 2


def jackknife(
    trial: IncompleteTrial, statistic: Callable[[IncompleteTrial], FloatArray]
) -> FloatArray:
    """(n, ...) values of a statistic with each participant left out in turn.

    Raises:
        FitError: It does not exist without one of them.
    """
    n = len(trial.arm)
    values = []
    for left_out in range(n):
        try:
            values.append(statistic(trial.take(np.delete(np.arange(n), left_out))))
        except FitError as error:
            raise FitError(f"with one participant left out it has no answer: {error}") from error
    return np.stack(values)


def jackknife_covariance(values: FloatArray) -> FloatArray:
    """(c, c) covariance of c statistics from their (n, c) values with one participant left out.

    ``(n - 1) / n * sum (value - mean)(value - mean)'``, as in rbmi.
    """
    n = len(values)
    deviations = values - values.mean(0)
    return np.asarray((n - 1) / n * deviations.T @ deviations)


def jackknife_errors(values: FloatArray) -> FloatArray:
    """(...) standard errors from (n, ...) values with one participant left out."""
    n = len(values)
    return np.asarray(np.sqrt((n - 1) / n * ((values - values.mean(0)) ** 2).sum(0)))


@dataclass(frozen=True)
class Bootstrap:
    """Values of a statistic in resamples.

    Attributes:
        values: (B, ...) values.
        failed: Resamples in which there was none; others were drawn in their place.
    """

    values: FloatArray
    failed: int


def bootstrap(
    trial: IncompleteTrial,
    statistic: Callable[[IncompleteTrial], FloatArray],
    samples: int,
    rng: np.random.Generator,
) -> Bootstrap:
    """Values of a statistic in resamples of the participants, drawn within arms.

    Raises:
        FitError: Too many resamples have no answer.
    """
    values: list[FloatArray] = []
    failed = 0
    while len(values) < samples:
        try:
            values.append(statistic(trial.take(resample(trial, rng))))
        except FitError as error:
            failed += 1
            if len(values) + failed >= _MOST_ATTEMPTS * samples:
                raise FitError(f"{failed} bootstrap samples have no answer: {error}") from error
    return Bootstrap(np.stack(values), failed)


def resample(trial: IncompleteTrial, rng: np.random.Generator) -> np.ndarray:
    """Positions of participants drawn with replacement within their arms."""
    parts = [np.flatnonzero(trial.arm == arm) for arm in range(trial.n_arms)]
    return np.concatenate([rng.choice(part, len(part)) for part in parts])
