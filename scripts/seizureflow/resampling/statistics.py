"""The statistics that are bootstrapped, each under many samples at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.resampling.bootstrap_samples import weights_of
from seizureflow.resampling.weighted_regression import weighted_coefficients


@dataclass(frozen=True)
class TwoArms:
    """Two arms whose difference is estimated.

    Attributes:
        outcome: Outcomes of the endpoint.
        frequency: Seizure frequencies in the window.
        active: 1 for participants of the active arm, 0 for those of the reference.
        matrix: Design matrix of arm and covariates.
        effect: Column of the matrix that is the effect of the arm.
    """

    outcome: FloatArray
    frequency: FloatArray
    active: IntArray
    matrix: FloatArray
    effect: int


# Gives, from the trial and the samples (positions in rows), one estimate per sample.
SampleStatistic = Callable[[TwoArms, IntArray], FloatArray]


def adjusted_difference(trial: TwoArms, samples: IntArray) -> FloatArray:
    """Effect of the arm in the analysis of covariance."""
    weights = weights_of(samples, len(trial.outcome))
    return weighted_coefficients(trial.matrix, trial.outcome, weights)[:, trial.effect]


def mean_difference(trial: TwoArms, samples: IntArray) -> FloatArray:
    """Difference of mean outcomes."""
    active, reference = _by_arm(trial, trial.outcome, samples)
    return active.mean(axis=1) - reference.mean(axis=1)


def median_difference(trial: TwoArms, samples: IntArray) -> FloatArray:
    """Difference of median outcomes."""
    active, reference = _by_arm(trial, trial.outcome, samples)
    return np.median(active, axis=1) - np.median(reference, axis=1)


def log_ratio_of_means(trial: TwoArms, samples: IntArray) -> FloatArray:
    """Log ratio of mean seizure frequencies."""
    active, reference = _by_arm(trial, trial.frequency, samples)
    return _log_ratio(active.mean(axis=1), reference.mean(axis=1))


def log_ratio_of_medians(trial: TwoArms, samples: IntArray) -> FloatArray:
    """Log ratio of median seizure frequencies."""
    active, reference = _by_arm(trial, trial.frequency, samples)
    return _log_ratio(np.median(active, axis=1), np.median(reference, axis=1))


STATISTICS: Mapping[str, SampleStatistic] = {
    "ancova": adjusted_difference,
    "mean_difference": mean_difference,
    "median_difference": median_difference,
    "ratio_of_means": log_ratio_of_means,
    "ratio_of_medians": log_ratio_of_medians,
}
RATIOS_OF_FREQUENCIES = ("ratio_of_means", "ratio_of_medians")


def leave_one_out(statistic: SampleStatistic, trial: TwoArms) -> FloatArray:
    """The statistic without each participant; not a number where it does not exist."""
    by_arm = np.argsort(trial.active, kind="stable")  # so that all samples have the same columns
    values = np.full(len(by_arm), np.nan)
    for arm in (0, 1):
        members = np.flatnonzero(trial.active == arm)
        if len(members) > 1:
            kept = np.array([by_arm[by_arm != member] for member in members])
            values[members] = statistic(trial, kept)
    return values


def _by_arm(trial: TwoArms, values: FloatArray, samples: IntArray) -> tuple[FloatArray, FloatArray]:
    """Values of the active and of the reference arm; samples keep the arms in the same columns."""
    in_active = trial.active[samples[0]] == 1
    drawn = values[samples]
    return drawn[:, in_active], drawn[:, ~in_active]


def _log_ratio(active: FloatArray, reference: FloatArray) -> FloatArray:
    """Log ratio; not a number where an arm has none of what is compared."""
    positive = (active > 0) & (reference > 0)
    ratio = np.divide(active, reference, out=np.ones_like(active), where=positive)
    return np.where(positive, np.log(ratio), np.nan)
