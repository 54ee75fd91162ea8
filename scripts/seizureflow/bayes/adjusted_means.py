"""LS means of an analysis of covariance with their joint covariance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.analysis import Arm
from seizureflow.bayes.normal_mixture import NormalMixture, TwoMeans
from seizureflow.design_matrix import build_design
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class AdjustedMeans:
    """LS means by arm.

    Attributes:
        means: LS mean of each arm.
        covariance: Their covariance, by pairs of arms.
        residual_sd: Residual standard deviation.
    """

    means: Mapping[str, float]
    covariance: Mapping[tuple[str, str], float]
    residual_sd: float

    def pair(self, reference: str, active: str) -> TwoMeans:
        """The means of two arms."""
        covariance = self.covariance
        return TwoMeans(
            reference=self.means[reference],
            active=self.means[active],
            reference_variance=covariance[reference, reference],
            active_variance=covariance[active, active],
            covariance=covariance[reference, active],
        )

    def difference(self, reference: str, active: str) -> NormalMixture:
        """Active less reference, as one normal distribution around the estimate."""
        pair = self.pair(reference, active)
        variance = pair.reference_variance + pair.active_variance - 2 * pair.covariance
        return NormalMixture(
            np.ones(1), np.array([pair.active - pair.reference]), np.array([math.sqrt(variance)])
        )


def adjusted_means(
    frame: pd.DataFrame, arms: Sequence[Arm], covariates: Sequence[str]
) -> AdjustedMeans:
    """Fit by least squares and give the LS means.

    Args:
        frame: One row per participant with ``ARM``, ``OUTCOME`` and the covariates.
        arms: Arms, the reference first.
        covariates: Covariates.

    Raises:
        AnalysisError: The model cannot be fitted, or leaves no residual variance.
    """
    design = build_design(frame, arms, covariates)
    matrix, outcome = design.matrix.to_numpy(), frame["OUTCOME"].to_numpy(dtype=np.float64)
    df = len(outcome) - matrix.shape[1]
    if df < 1:
        raise AnalysisError(
            f"{len(outcome)} participants are too few for {matrix.shape[1]} coefficients."
        )
    coefficients, _, _, _ = np.linalg.lstsq(matrix, outcome, rcond=None)
    residual = outcome - matrix @ coefficients
    variance = float(residual @ residual) / df
    if variance <= 1e-24 * max(1.0, float(np.abs(outcome).max()) ** 2):
        raise AnalysisError(
            "All outcomes are as the model has them, to the last digit: without residual variance "
            "there is nothing to weigh the earlier trials against."
        )
    rows = design.lsmean_rows.to_numpy(dtype=np.float64)
    names = [str(name) for name in design.lsmean_rows.index]
    table = variance * (rows @ np.linalg.inv(matrix.T @ matrix) @ rows.T)
    return AdjustedMeans(
        means=dict(zip(names, (rows @ coefficients).tolist(), strict=True)),
        covariance={
            (one, other): float(table[i, j])
            for i, one in enumerate(names)
            for j, other in enumerate(names)
        },
        residual_sd=math.sqrt(variance),
    )
