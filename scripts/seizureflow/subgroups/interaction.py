"""Tests of whether an effect differs between subgroups."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from formulaic import model_matrix
from scipy import linalg
from statsmodels.discrete.discrete_model import Logit

from seizureflow import distributions
from seizureflow.array_types import FloatArray

# A fitted probability this close to 0 or 1 shows that the likelihood has no finite maximum.
_SEPARATION = 1e-8


@dataclass(frozen=True)
class Interaction:
    """A test of equal effects.

    Attributes:
        kind: ``f`` or ``chi_square``.
        value: The statistic; not a number where there is none, and then ``reason`` says why.
        df: Its degrees of freedom.
        residual_df: Those of the denominator of F.
        p: p-value.
        reason: Why there is none.
    """

    kind: str
    value: float = math.nan
    df: float = math.nan
    residual_df: float = math.nan
    p: float = math.nan
    reason: str = ""


@dataclass(frozen=True)
class Columns:
    """Design columns without and with the interaction of one arm and the subgroups."""

    without: FloatArray
    with_it: FloatArray


def interaction_columns(
    frame: pd.DataFrame, covariates: tuple[str, ...], levels: pd.Series, arm: str
) -> Columns:
    """Columns of covariates, arms, subgroups and arms by subgroups.

    Args:
        frame: One row per participant with ``ARM`` (categories, the reference first) and the
            covariates.
        covariates: Names of the covariates.
        levels: Subgroup of every row.
        arm: Arm whose interaction is tested; those of other arms are in both.
    """
    base = np.asarray(model_matrix(" + ".join(["ARM", *covariates]), frame), dtype=np.float64)
    groups = pd.get_dummies(levels, drop_first=True).to_numpy(dtype=np.float64)
    products = {
        other: groups * (frame["ARM"] == other).to_numpy(dtype=np.float64)[:, None]
        for other in frame["ARM"].cat.categories[1:]
    }
    others = [columns for other, columns in products.items() if other != arm]
    without = np.column_stack([base, groups, *others])
    return Columns(without, np.column_stack([without, products[arm]]))


def f_test(outcome: FloatArray, columns: Columns) -> Interaction:
    """F test of least squares, of the model with the interaction against that without.

    Columns that others determine, as those of a covariate by which subgroups are formed, count
    once.

    Source:
        Cohen, Cohen, West & Aiken (2003), Applied Multiple Regression, 3rd ed., 5.5.
    """
    (rank_0, rest_0), (rank_1, rest_1) = (
        _rank_and_rest(outcome, matrix) for matrix in (columns.without, columns.with_it)
    )
    df, residual_df = rank_1 - rank_0, len(outcome) - rank_1
    if df <= 0 or residual_df <= 0 or rest_1 <= 1e-12 * max(float(outcome @ outcome), 1e-300):
        return Interaction("f", reason=_NOTHING_LEFT)
    value = (rest_0 - rest_1) / df / (rest_1 / residual_df)
    return Interaction(
        "f", value, df, residual_df, float(distributions.f_ratio.sf(value, df, residual_df))
    )


_NOTHING_LEFT = "The data leave nothing to test the interaction by."


def _rank_and_rest(outcome: FloatArray, matrix: FloatArray) -> tuple[int, float]:
    coefficients, _, rank, _ = np.linalg.lstsq(matrix, outcome, rcond=None)
    residuals = outcome - matrix @ coefficients
    return int(rank), float(residuals @ residuals)


def likelihood_ratio_test(outcome: FloatArray, columns: Columns) -> Interaction:
    """Likelihood ratio test of logistic regression, with the interaction against without."""
    fits = [_logistic(outcome, matrix) for matrix in (columns.without, columns.with_it)]
    if any(math.isnan(log_likelihood) for _, log_likelihood in fits):
        why = "Responders are separated from the others by the terms of the model."
        return Interaction("chi_square", reason=why)
    (rank_0, before), (rank_1, after) = fits
    df = rank_1 - rank_0
    if df <= 0:
        return Interaction("chi_square", reason=_NOTHING_LEFT)
    value = max(2 * (after - before), 0.0)
    return Interaction("chi_square", value, df, p=float(distributions.chi_square.sf(value, df)))


def _logistic(outcome: FloatArray, matrix: FloatArray) -> tuple[int, float]:
    """Rank, and maximal log-likelihood; not a number where there is no finite maximum."""
    _, triangle, order = linalg.qr(matrix, mode="economic", pivoting=True)
    size = np.abs(np.diag(triangle))
    rank = int((size > 1e-10 * size[0]).sum())
    if len(np.unique(outcome)) < 2:
        return rank, math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is looked for, and reported
        try:
            model = Logit(outcome, matrix[:, np.sort(order[:rank])])
            fit = model.fit(disp=0, method="newton", maxiter=100, tol=1e-12)
        except np.linalg.LinAlgError:
            return rank, math.nan
        probabilities = fit.predict()
    extreme = np.minimum(probabilities, 1 - probabilities).min() < _SEPARATION
    finite = fit.mle_retvals["converged"] and not extreme and np.isfinite(fit.bse).all()
    return rank, float(fit.llf) if finite else math.nan


def cochran_q(estimates: FloatArray, standard_errors: FloatArray) -> Interaction:
    """Heterogeneity of independent estimates; those that are not numbers are left out.

    Source:
        Cochran (1954), Biometrics 10:101-129.
    """
    known = np.isfinite(estimates) & (standard_errors > 0) & np.isfinite(standard_errors)
    if known.sum() < 2:
        return Interaction("chi_square", reason="Fewer than two subgroups have an estimate.")
    weights = 1 / standard_errors[known] ** 2
    mean = (weights * estimates[known]).sum() / weights.sum()
    value = float((weights * (estimates[known] - mean) ** 2).sum())
    df = int(known.sum()) - 1
    return Interaction("chi_square", value, df, p=float(distributions.chi_square.sf(value, df)))
