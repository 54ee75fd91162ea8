"""Analyses of covariance of ranks that randomisation justifies: Quade's and Koch's."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.ranks.stratified import Strata, divide
from seizureflow.ranks.ties import midranks

StratumWeights = Literal["mantel_haenszel", "sample_size"]


@dataclass(frozen=True)
class QuadeComparison:
    """Residuals of ranks, compared between groups.

    Attributes:
        f: F statistic of all groups.
        f_p: Its p.
        df: Residual degrees of freedom: values less groups.
        differences: Of each group but the first from the first: mean residual rank.
        standard_errors: Of the differences, from the variance within all groups.
    """

    f: float
    f_p: float
    df: int
    differences: FloatArray
    standard_errors: FloatArray


def quade_comparison(
    ranks: FloatArray, covariates: FloatArray, groups: IntArray
) -> QuadeComparison:
    """Compare groups by the residuals of the ranks of the outcome on those of covariates.

    The regression knows nothing of the groups, so that with groups formed at random the residuals
    are exchangeable; the F test of the residuals is an approximation to the permutation test.

    Args:
        ranks: Ranks of the outcome, n.
        covariates: Ranks of covariates (or columns of categories), n x q, without intercept.
        groups: Group of each value: 0, 1, ...

    Source:
        Quade, J Am Stat Assoc 1967;62:1187.
    """
    matrix = np.column_stack([np.ones(len(ranks)), covariates])
    residuals = ranks - matrix @ np.linalg.lstsq(matrix, ranks, rcond=None)[0]
    sizes = np.bincount(groups).astype(np.float64)
    means = np.bincount(groups, residuals) / sizes
    df = len(ranks) - len(sizes)
    within = float(np.sum((residuals - means[groups]) ** 2))
    between = float(np.sum(sizes * (means - residuals.mean()) ** 2))
    if df < 1 or within <= 1e-12 * float(np.sum(ranks**2)):
        nothing = np.full(len(sizes) - 1, math.nan)
        return QuadeComparison(math.nan, math.nan, df, means[1:] - means[0], nothing)
    f = between / (len(sizes) - 1) / (within / df)
    return QuadeComparison(
        f=f,
        f_p=float(distributions.f_ratio.sf(f, len(sizes) - 1, df)),
        df=df,
        differences=means[1:] - means[0],
        standard_errors=np.sqrt(within / df * (1 / sizes[1:] + 1 / sizes[0])),
    )


@dataclass(frozen=True)
class RandomisationCovariance:
    """A difference of means, adjusted for covariates by their covariance under randomisation.

    Attributes:
        difference: Adjusted difference of mean scores, first group minus the other.
        se: Its standard error under the null hypothesis.
        chi_square: Square of their ratio, 1 degree of freedom; not a number without variance.
        p_value: Two-sided.
        unadjusted: The difference without covariates.
        unadjusted_se: Its standard error.
        strata: Number of strata in which both groups are.
        silent: The other strata, each with its number of values.
    """

    difference: float
    se: float
    chi_square: float
    p_value: float
    unadjusted: float
    unadjusted_se: float
    strata: int
    silent: dict[Hashable, int]


def standardised_ranks(values: FloatArray, division: Strata) -> FloatArray:
    """Ranks within strata over the size of the stratum plus one; 0 in silent strata.

    Args:
        values: Any unit.
        division: The strata.
    """
    scores = np.zeros(len(values))
    for number in range(division.count):
        here = division.numbers == number
        scores[here] = midranks(values[here]) / (here.sum() + 1)
    return scores


def randomisation_covariance(
    outcome: FloatArray,
    covariates: FloatArray,
    first: BoolArray,
    strata: Sequence[Hashable],
    weights: StratumWeights = "mantel_haenszel",
    ranked: Sequence[bool] | None = None,
) -> RandomisationCovariance:
    """Compare standardised ranks of two groups, adjusted for chance differences of covariates.

    In each stratum the differences d of the means of outcome and covariates have, over all
    divisions of the stratum into groups of these sizes, expectation 0 and covariance
    ``n / (n1 n2) S`` with S the covariance of the n values. They are combined over the strata, and
    the part of the outcome's difference that those of the covariates foretell is taken off. No
    model of the outcome is assumed. Without covariates, and with weights n1 n2 / n
    (``mantel_haenszel``), the test is van Elteren's.

    Args:
        outcome: Outcomes, n.
        covariates: Covariates, n x q; columns of 0 and 1 for categories.
        first: Which values are those of the first group.
        strata: Stratum of each value.
        weights: Of a stratum: n1 n2 / n, or n (``sample_size``).
        ranked: Which covariates enter by their ranks, the others as they are; by default all.

    Source:
        Koch, Tangen, Jung & Amara, Stat Med 1998;17:1863; Stokes, Davis & Koch, Categorical Data
        Analysis Using SAS, 3rd ed., ch. 7.
    """
    division = divide(first, strata)
    columns = [standardised_ranks(outcome, division)]
    for column, rank in zip(covariates.T, ranked or [True] * covariates.shape[1], strict=True):
        columns.append(standardised_ranks(column, division) if rank else column)
    scores = np.column_stack(columns)
    distance = np.zeros(scores.shape[1])
    covariance = np.zeros((scores.shape[1], scores.shape[1]))
    total = 0.0
    for number in range(division.count):
        here = division.numbers == number
        inside, active = scores[here], first[here]
        n, n1 = len(inside), int(active.sum())
        weight = n1 * (n - n1) / n if weights == "mantel_haenszel" else float(n)
        spread = np.atleast_2d(np.cov(inside, rowvar=False)) * n / (n1 * (n - n1))
        distance += weight * (inside[active].mean(axis=0) - inside[~active].mean(axis=0))
        covariance += weight**2 * spread
        total += weight
    if total == 0:
        nan = math.nan
        return RandomisationCovariance(nan, nan, nan, nan, nan, nan, 0, division.silent)
    return _adjusted(distance / total, covariance / total**2, division)


def _adjusted(
    distance: FloatArray, covariance: FloatArray, division: Strata
) -> RandomisationCovariance:
    """Take off the outcome's difference what those of the covariates foretell."""
    # What varies within no stratum foretells nothing: the generalised inverse is 0 there.
    slopes = covariance[0, 1:] @ np.linalg.pinv(covariance[1:, 1:], rcond=1e-10, hermitian=True)
    difference = float(distance[0] - slopes @ distance[1:])
    variance = float(covariance[0, 0] - slopes @ covariance[1:, 0])
    varies = variance > 1e-12 * max(float(covariance[0, 0]), 1e-300)
    chi_square = difference**2 / variance if varies else math.nan
    return RandomisationCovariance(
        difference=difference,
        se=math.sqrt(variance) if varies else math.nan,
        chi_square=chi_square,
        p_value=float(distributions.chi_square.sf(chi_square, 1)),
        unadjusted=float(distance[0]),
        unadjusted_se=math.sqrt(float(covariance[0, 0])),
        strata=division.count,
        silent=division.silent,
    )
