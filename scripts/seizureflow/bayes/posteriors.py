"""Posterior of a log ratio from a normal or flat prior and a normal or t likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from seizureflow.array_types import FloatArray
from seizureflow.bayes.log_ratio import LogRatio

# Points of each of the two grids on which a posterior without closed form is held, and how far
# they reach, in standard deviations.
_POINTS = 8001
_REACH = 14


@dataclass(frozen=True)
class Prior:
    """Prior of a log ratio.

    Attributes:
        mean: Its mean; of no account where it is flat.
        sd: Its standard deviation; infinite for a flat prior.
    """

    mean: float
    sd: float


@dataclass(frozen=True)
class Posterior:
    """What is needed of a posterior.

    Attributes:
        mean: Mean of the log ratio.
        sd: Standard deviation of the log ratio.
        median: Median of the log ratio.
        lower: Lower limit of the equal-tailed credible interval.
        upper: Upper limit.
        mean_ratio: Mean of the ratio; infinite where it does not exist.
        probabilities: Probability that the log ratio is below each margin.
    """

    mean: float
    sd: float
    median: float
    lower: float
    upper: float
    mean_ratio: float
    probabilities: tuple[float, ...]


def posterior(
    estimate: LogRatio, prior: Prior, margins: tuple[float, ...], level: float, t_likelihood: bool
) -> Posterior:
    """Combine an estimate with a prior.

    Closed forms where there are any (a normal likelihood; a t likelihood with a flat prior), else
    integration on a grid, accurate to 1e-6.

    Args:
        estimate: The estimate.
        prior: The prior.
        margins: Log ratios whose probabilities are wanted.
        level: Level of the credible interval.
        t_likelihood: Whether the likelihood is the t density with the degrees of freedom of the
            estimate; it is the normal one otherwise, or where these are infinite.

    Source:
        Spiegelhalter, Abrams & Myles, Bayesian Approaches to Clinical Trials and Health-Care
        Evaluation, 2004, 3.7.
    """
    if not t_likelihood or math.isinf(estimate.df):
        return _normal(estimate, prior, margins, level)
    if math.isinf(prior.sd):
        return _student(estimate, margins, level)
    return _on_grid(estimate, prior, margins, level)


def _normal(
    estimate: LogRatio, prior: Prior, margins: tuple[float, ...], level: float
) -> Posterior:
    precision = estimate.se**-2
    prior_precision = 0.0 if math.isinf(prior.sd) else prior.sd**-2
    total = precision + prior_precision
    borrowed = prior_precision * prior.mean if prior_precision else 0.0
    mean, sd = (precision * estimate.value + borrowed) / total, total**-0.5
    law = stats.norm(mean, sd)
    lower, upper = law.interval(level)
    return Posterior(
        mean=mean,
        sd=sd,
        median=mean,
        lower=float(lower),
        upper=float(upper),
        mean_ratio=math.exp(mean + sd**2 / 2),
        probabilities=tuple(float(law.cdf(margin)) for margin in margins),
    )


def _student(estimate: LogRatio, margins: tuple[float, ...], level: float) -> Posterior:
    law = stats.t(estimate.df, estimate.value, estimate.se)
    lower, upper = law.interval(level)
    return Posterior(
        mean=estimate.value if estimate.df > 1 else math.nan,
        sd=float(law.std()) if estimate.df > 2 else math.inf,
        median=estimate.value,
        lower=float(lower),
        upper=float(upper),
        mean_ratio=math.inf,
        probabilities=tuple(float(law.cdf(margin)) for margin in margins),
    )


def _on_grid(
    estimate: LogRatio, prior: Prior, margins: tuple[float, ...], level: float
) -> Posterior:
    points, density = _gridded(estimate, prior)
    cumulative = np.concatenate([[0.0], np.cumsum(_pieces(points, density))])
    mean = _integral(points * density, points)
    sd = math.sqrt(_integral((points - mean) ** 2 * density, points))
    lower, median, upper = np.interp([(1 - level) / 2, 0.5, (1 + level) / 2], cumulative, points)
    return Posterior(
        mean=mean,
        sd=sd,
        median=float(median),
        lower=float(lower),
        upper=float(upper),
        mean_ratio=_integral(np.exp(points + np.log(np.maximum(density, 1e-300))), points),
        probabilities=tuple(float(np.interp(margin, points, cumulative)) for margin in margins),
    )


def posterior_density(
    estimate: LogRatio, prior: Prior, points: FloatArray, t_likelihood: bool
) -> FloatArray:
    """Density of the posterior of :func:`posterior` at log ratios.

    Args:
        estimate: The estimate.
        prior: The prior.
        points: Log ratios, shape (n,).
        t_likelihood: Whether the likelihood is the t density with the degrees of freedom of the
            estimate.

    Returns:
        The density at each, shape (n,).
    """
    if not t_likelihood or math.isinf(estimate.df):
        found = _normal(estimate, prior, (), 0.95)
        return np.asarray(stats.norm.pdf(points, found.mean, found.sd), dtype=np.float64)
    if math.isinf(prior.sd):
        density = stats.t.pdf(points, estimate.df, estimate.value, estimate.se)
        return np.asarray(density, dtype=np.float64)
    return np.interp(points, *_gridded(estimate, prior), left=0.0, right=0.0)


def _gridded(estimate: LogRatio, prior: Prior) -> tuple[FloatArray, FloatArray]:
    """Density on a fine grid over the likelihood and one over the prior, joined.

    Its integral by the trapezoidal rule is 1.
    """
    points = np.unique(
        np.concatenate([_grid(estimate.value, estimate.se), _grid(prior.mean, prior.sd)])
    )
    log_density = stats.t.logpdf(points, estimate.df, estimate.value, estimate.se)
    log_density = log_density + stats.norm.logpdf(points, prior.mean, prior.sd)
    density = np.exp(log_density - log_density.max())
    return points, density / _pieces(points, density).sum()


def _pieces(points: FloatArray, density: FloatArray) -> FloatArray:
    """Probability between neighbouring points, by the trapezoidal rule."""
    return np.diff(points) * (density[1:] + density[:-1]) / 2


def _grid(centre: float, sd: float) -> FloatArray:
    return np.linspace(centre - _REACH * sd, centre + _REACH * sd, _POINTS)


def _integral(values: FloatArray, points: FloatArray) -> float:
    return float(np.trapezoid(values, points))
