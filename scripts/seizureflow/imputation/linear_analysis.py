"""Analysis of covariance at each visit, as weights on outcomes without gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.imputation.mixed_model import FitError
from seizureflow.imputation.trial import IncompleteTrial

_ESTIMABLE = 1e-8


@dataclass(frozen=True)
class LinearAnalysis:
    """Ordinary least squares of outcomes on arm and covariates, the same at every visit.

    The quantities are the K differences from the reference arm, in the order of the arms, and then
    the K + 1 LS means. An LS mean is the mean over all participants of what the model predicts had
    they all been in the arm (rbmi's weights "counterfactual"); with covariates that do not interact
    with the arm, that is the prediction at the covariates' means.

    Attributes:
        weights: (2K + 1, n) weights of the participants' outcomes.
        hat: (n, n) projection onto the model.
        residual_df: Participants less coefficients.
    """

    weights: FloatArray
    hat: FloatArray
    residual_df: int

    def quantities(self, outcomes: FloatArray, targets: FloatArray) -> FloatArray:
        """(B, 2K + 1, t) quantities for B sets of outcomes.

        Args:
            outcomes: (B, n, m) without gaps.
            targets: (m, t) weights of the visits in each of t outcomes.
        """
        return np.asarray(self.weights @ (outcomes @ targets))

    def variances(self, outcomes: FloatArray, targets: FloatArray) -> FloatArray:
        """(B, 2K + 1, t) their variances had the outcomes been seen; arguments as above."""
        values = outcomes @ targets
        residual = values - self.hat @ values
        scale = (residual**2).sum(-2, keepdims=True) / self.residual_df
        return np.asarray(scale * (self.weights**2).sum(-1)[:, None])


def linear_analysis(trial: IncompleteTrial) -> LinearAnalysis:
    """Prepare the analysis of a trial, or of a resample of it.

    Raises:
        FitError: An arm is empty, or cannot be told apart from the covariates.
    """
    design, arms = trial.analysis_design, trial.arm_columns
    n, q = design.shape
    inverse = np.linalg.pinv(design)
    contrasts = np.zeros((2 * trial.n_arms - 1, q))
    contrasts[np.arange(len(arms)), arms] = 1.0
    contrasts[len(arms) :] = design.mean(0)
    contrasts[len(arms) :, arms] = np.eye(trial.n_arms)[:, 1:]
    if not np.allclose(contrasts @ (inverse @ design), contrasts, atol=_ESTIMABLE, rtol=0):
        raise FitError("an arm is empty, or cannot be told apart from the covariates")
    rank = int(np.linalg.matrix_rank(design))
    return LinearAnalysis(contrasts @ inverse, design @ inverse, n - rank)
