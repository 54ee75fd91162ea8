"""Comparisons of outcomes of which some are only known to be worse than all others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.ranks.ties import midranks, tie_groups


@dataclass(frozen=True)
class RankComparison:
    """Two arms compared by ranks.

    Attributes:
        z: Wilcoxon's statistic, standardised with the variance for ties; positive where the active
            arm has the higher (worse) ranks.
        p: Its two-sided p, normal approximation without continuity correction.
        better: Probability that a participant of the active arm fares better than one of the
            reference arm, ties counting one half.
        better_se: Its standard error; 0 where the arms do not overlap.
    """

    z: float
    p: float
    better: float
    better_se: float


def worst_ranked(outcome: FloatArray, worst: BoolArray) -> FloatArray:
    """Outcomes with infinity, the worst, for those with the event.

    Source:
        Lachin (1999), Controlled Clinical Trials 20, 408-422 (tied worst ranks).
    """
    return np.where(worst, np.inf, outcome)


def compare_ranks(reference: FloatArray, active: FloatArray) -> RankComparison:
    """Compare two arms; infinity ranks worst, and ties have their mean rank.

    Args:
        reference: Outcomes of the reference arm.
        active: Outcomes of the active arm.

    Returns:
        The comparison; z and p are NaN where all outcomes are equal.

    Source:
        Wilcoxon (1945); DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845, for the
        standard error of the probability.
    """
    n_r, n_a = len(reference), len(active)
    both = np.concatenate([reference, active])
    ranks, groups = midranks(both), tie_groups(both)
    n = n_r + n_a
    spread = n_r * n_a / (n * (n - 1)) * float(((ranks - (n + 1) / 2) ** 2).sum())
    excess = float(ranks[n_r:].sum()) - n_a * (n + 1) / 2
    z = excess / math.sqrt(spread) if spread > 0 else math.nan
    lower, own = groups[:n_r], groups[n_r:, None]
    wins = (own < lower) + 0.5 * (own == lower)
    variance = math.nan
    if min(n_r, n_a) > 1:
        variance = float(wins.mean(1).var(ddof=1) / n_a + wins.mean(0).var(ddof=1) / n_r)
    return RankComparison(
        z, 2 * float(distributions.normal.sf(abs(z))), float(wins.mean()), variance**0.5
    )


def rank_ancova(outcome: FloatArray, active: BoolArray, covariates: FloatArray) -> float:
    """Two-sided p of the rank analysis of covariance.

    The ranks of the outcome are regressed on the covariates of all participants, and the residuals
    of the two arms compared by a one-way analysis of variance.

    Args:
        outcome: (n,) outcomes; infinity ranks worst.
        active: (n,) who is in the active arm.
        covariates: (n, c) covariates, numeric ones as ranks, without the constant.

    Returns:
        p; NaN where residuals do not vary or n is below 3.

    Source:
        Quade (1967), Journal of the American Statistical Association 62, 1187-1200.
    """
    n = len(outcome)
    ranks = midranks(outcome)
    design = np.column_stack([np.ones(n), covariates])
    residual = ranks - design @ np.linalg.lstsq(design, ranks, rcond=None)[0]
    groups = residual[active], residual[~active]
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in groups)
    if n < 3 or within <= 1e-12 * float((ranks**2).sum()):
        return math.nan
    between = sum(len(part) * float(part.mean() - residual.mean()) ** 2 for part in groups)
    return float(distributions.f_ratio.sf(between / (within / (n - 2)), 1, n - 2))


@dataclass(frozen=True)
class TrimmedDifference:
    """Difference of trimmed means.

    Attributes:
        difference: Active less reference.
        se: From resamples drawn within arms.
        p: Two-sided, from permutations of the arms.
        kept: Participants whose outcome enters the mean, reference and active arm.
        failed: Resamples in which an arm kept nobody, left out of the standard error.
    """

    difference: float
    se: float
    p: float
    kept: tuple[int, int]
    failed: int


def trimmed_difference(
    reference: FloatArray,
    active: FloatArray,
    share: float | None,
    draws: int,
    rng: np.random.Generator,
) -> TrimmedDifference:
    """Compare the means of what is left when the same share of worst outcomes leaves either arm.

    Args:
        reference: Outcomes of the reference arm, infinity for those with the event.
        active: Outcomes of the active arm.
        share: Share trimmed; None for the larger share of events, which is found anew in every
            permutation and resample ("adaptive").
        draws: Permutations, and resamples.
        rng: Random numbers.

    Returns:
        The comparison; ``difference`` is NaN where an arm keeps nobody, or keeps an event.

    Source:
        Permutt & Li (2017), Pharmaceutical Statistics 16, 20-28. The standard error from resamples
        is an addition.
    """
    n_r, n_a = len(reference), len(active)
    both = np.concatenate([reference, active])
    observed = _trimmed_differences(reference[None], active[None], share)[0]
    shuffled = rng.permuted(np.repeat(both[None], draws, axis=0), axis=1)
    permuted = _trimmed_differences(shuffled[:, :n_r], shuffled[:, n_r:], share)
    # A permutation that has no difference is counted as extreme, which keeps the level.
    extreme = ~(np.abs(permuted) < abs(observed) * (1 - 1e-12))
    resampled = _trimmed_differences(
        rng.choice(reference, (draws, n_r)), rng.choice(active, (draws, n_a)), share
    )
    usable = np.isfinite(resampled)
    trimmed = _trimmed_counts(reference[None], active[None], share)
    return TrimmedDifference(
        float(observed),
        float(resampled[usable].std(ddof=1)) if usable.sum() > 1 else math.nan,
        (1 + int(extreme.sum())) / (1 + draws) if np.isfinite(observed) else math.nan,
        (n_r - int(trimmed[0][0]), n_a - int(trimmed[1][0])),
        int((~usable).sum()),
    )


def _trimmed_counts(
    reference: FloatArray, active: FloatArray, share: float | None
) -> tuple[FloatArray, FloatArray]:
    """(B,) numbers that leave each arm."""
    n_r, n_a = reference.shape[1], active.shape[1]
    if share is None:
        events_r, events_a = np.isinf(reference).sum(1), np.isinf(active).sum(1)
        # Whole numbers, so that the arm with the larger share loses its events and no more.
        more_in_reference = events_r * n_a >= events_a * n_r
        leave_r = np.where(more_in_reference, events_r, -(-events_a * n_r // n_a))
        leave_a = np.where(more_in_reference, -(-events_r * n_a // n_r), events_a)
        return leave_r, leave_a
    counts = [np.full(len(reference), math.ceil(share * n - 1e-9)) for n in (n_r, n_a)]
    return counts[0], counts[1]


def _trimmed_differences(
    reference: FloatArray, active: FloatArray, share: float | None
) -> FloatArray:
    """(B,) differences of trimmed means of B pairs of samples; NaN where there is none."""
    means = []
    leaving = _trimmed_counts(reference, active, share)
    for sample, leave in zip((reference, active), leaving, strict=True):
        n = sample.shape[1]
        ordered = np.sort(sample, axis=1)
        inside = np.arange(n) < n - leave[:, None]
        has_event = (inside & np.isinf(ordered)).any(1)
        total = np.where(inside & np.isfinite(ordered), ordered, 0.0).sum(1)
        size = n - leave
        usable = (size > 0) & ~has_event
        means.append(np.where(usable, total / np.maximum(size, 1), np.nan))
    return np.asarray(means[1] - means[0])
