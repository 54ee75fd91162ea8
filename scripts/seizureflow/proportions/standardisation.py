"""Risks of the arms standardised to all participants by a logistic working model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow.array_types import FloatArray, IntArray


@dataclass(frozen=True)
class StandardisedRisks:
    """Standardised risks, one element per arm.

    Attributes:
        risks: Mean over all participants of the risk that the model gives them in each arm.
        delta_covariance: Covariance with the covariates held fixed (delta method).
        robust_covariance: Covariance with the covariates random, whether the model is right or not.
    """

    risks: FloatArray
    delta_covariance: FloatArray
    robust_covariance: FloatArray


def standardise_risks(
    outcome: FloatArray,
    arm: IntArray,
    matrices: Sequence[FloatArray],
    coefficients: FloatArray,
    covariance: FloatArray,
    stratum: IntArray | None = None,
) -> StandardisedRisks:
    """Standardise the risks of a logistic model fitted by maximum likelihood.

    Without covariates the delta method gives ``p (1 - p) / n`` for each arm, the robust variance
    ``p (1 - p) / (n - 1)``.

    Args:
        outcome: 0 or 1 by participant.
        arm: Number of the arm of each participant, counted from 0.
        matrices: By arm, the design matrix with every participant put into that arm.
        coefficients: Maximum likelihood estimates; the model has an intercept and the arms.
        covariance: Their covariance.
        stratum: Number of each participant's stratum, counted from 0, where randomisation was
            stratified and balanced within the strata. The robust variance is then smaller by what
            the mean residuals of the strata explain.

    Source:
        Delta method: Ge et al., Drug Inf J 45 (2011) 481-493. Robust: Ye, Bannick, Yi & Shao, Stat
        Biosci / Biostat Epidemiol 7 (2023), with the stratified randomisation of Ye, Shao, Yi &
        Zhao, J Am Stat Assoc 118 (2023) 2370-2382, permuted blocks.
    """
    predicted = np.column_stack([special.expit(matrix @ coefficients) for matrix in matrices])
    gradient = np.array(
        [
            (risk * (1 - risk)) @ matrix / len(outcome)
            for risk, matrix in zip(predicted.T, matrices, strict=True)
        ]
    )
    return StandardisedRisks(
        predicted.mean(axis=0),
        gradient @ covariance @ gradient.T,
        _robust(outcome, arm, predicted, stratum),
    )


def _robust(
    outcome: FloatArray, arm: IntArray, predicted: FloatArray, stratum: IntArray | None
) -> FloatArray:
    arms = range(predicted.shape[1])
    share = np.array([np.mean(arm == a) for a in arms])
    residual_variance = np.array(
        [np.var(outcome[arm == a] - predicted[arm == a, a], ddof=1) for a in arms]
    )
    # Covariance within arm a of its outcomes with the predictions for every arm.
    cross = np.array([_covariances(outcome[arm == a], predicted[arm == a]) for a in arms])
    between = np.cov(predicted, rowvar=False, ddof=1)
    variance = np.diag(residual_variance / share) + cross + cross.T - between
    if stratum is not None:
        variance = variance - _explained_by_strata(outcome, arm, predicted, share, stratum)
    return variance / len(outcome)


def _covariances(outcome: FloatArray, predicted: FloatArray) -> FloatArray:
    centred = predicted - predicted.mean(axis=0)
    return (outcome - outcome.mean()) @ centred / (len(outcome) - 1)


def _explained_by_strata(
    outcome: FloatArray,
    arm: IntArray,
    predicted: FloatArray,
    share: FloatArray,
    stratum: IntArray,
) -> FloatArray:
    """What balance within strata takes from the variance; nothing of an arm absent from one."""
    arms = range(len(share))
    allocation = np.diag(share) - np.outer(share, share)
    total = np.zeros_like(allocation)
    for number in np.unique(stratum):
        residuals = [(outcome - predicted[:, a])[(stratum == number) & (arm == a)] for a in arms]
        means = np.diag([r.mean() / share[a] if len(r) else 0.0 for a, r in enumerate(residuals)])
        total += np.mean(stratum == number) * means @ allocation @ means
    return total
