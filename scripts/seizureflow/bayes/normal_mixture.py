"""Mixtures of normal distributions as priors of the reference arm's mean, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from seizureflow.array_types import FloatArray

_NODES = 8001
_REACH = 12


@dataclass(frozen=True)
class NormalMixture:
    """A mixture of normal distributions.

    Attributes:
        weights: Weights of the components, adding up to 1.
        means: Their means.
        sds: Their standard deviations.
    """

    weights: FloatArray
    means: FloatArray
    sds: FloatArray

    @property
    def mean(self) -> float:
        """Mean."""
        return float(self.weights @ self.means)

    @property
    def variance(self) -> float:
        """Variance."""
        return float(self.weights @ (self.sds**2 + self.means**2)) - self.mean**2

    def cdf(self, value: float) -> float:
        """Distribution function."""
        return float(self.weights @ stats.norm.cdf(value, self.means, self.sds))

    def quantile(self, probability: float) -> float:
        """Quantile; the components' own ones enclose it."""
        ends = np.asarray(stats.norm.ppf(probability, self.means, self.sds))
        low, high = float(ends.min()), float(ends.max())
        if high - low < 1e-12:
            return low
        return float(brentq(lambda x: self.cdf(x) - probability, low, high, xtol=1e-12))


@dataclass(frozen=True)
class TwoMeans:
    """Estimated means of the reference and the active arm, with their joint covariance.

    Attributes:
        reference: Mean of the reference arm.
        active: Mean of the active arm.
        reference_variance: Variance of the former.
        active_variance: Variance of the latter.
        covariance: Their covariance, which an adjustment for covariates brings.
    """

    reference: float
    active: float
    reference_variance: float
    active_variance: float
    covariance: float


def reference_posterior(prior: NormalMixture, means: TwoMeans) -> NormalMixture:
    """Posterior of the reference arm's mean, with a flat prior of the active one; exact.

    Source:
        Schmidli et al., Biometrics 2014; 70: 1023-1032, section 2.3.
    """
    variance = means.reference_variance
    log_weights = stats.norm.logpdf(means.reference, prior.means, np.sqrt(prior.sds**2 + variance))
    with np.errstate(divide="ignore"):
        log_weights = log_weights + np.log(prior.weights)
    weights = np.exp(log_weights - log_weights.max())
    precision = prior.sds**-2 + 1 / variance
    centres = (prior.means * prior.sds**-2 + means.reference / variance) / precision
    return NormalMixture(weights / weights.sum(), centres, precision**-0.5)


def difference_posterior(reference: NormalMixture, means: TwoMeans) -> NormalMixture:
    """Posterior of active less reference; exact.

    Given the reference arm's true mean, that of the active arm is normal around its regression on
    it, so that what is learnt of the former moves the latter as far as the two are correlated.

    Args:
        reference: Posterior of the reference arm's mean.
        means: The estimates.
    """
    slope = means.covariance / means.reference_variance
    remaining = means.active_variance - slope * means.covariance
    centres = means.active + slope * (reference.means - means.reference) - reference.means
    return NormalMixture(
        reference.weights, centres, np.sqrt(remaining + (slope - 1) ** 2 * reference.sds**2)
    )


def moment_sample_size(prior: NormalMixture, sd: float) -> float:
    """Prior effective sample size: participants whose mean has the variance of the prior.

    Args:
        prior: The prior of a mean.
        sd: Standard deviation of one participant.
    """
    return sd**2 / prior.variance


def elir_sample_size(prior: NormalMixture, sd: float) -> float:
    """Prior effective sample size by the expected local-information ratio.

    Args:
        prior: The prior of a mean.
        sd: Standard deviation of one participant.

    Source:
        Neuenschwander et al., Biometrics 2020; 76: 578-587.
    """
    low = float((prior.means - _REACH * prior.sds).min())
    high = float((prior.means + _REACH * prior.sds).max())
    steps = int(min(max(_NODES, 40 * (high - low) / prior.sds.min()), 400_000))
    x = np.linspace(low, high, steps)[:, None]
    standard = (x - prior.means) / prior.sds
    logs = np.log(np.maximum(prior.weights, 1e-300)) + stats.norm.logpdf(x, prior.means, prior.sds)
    top = logs.max(axis=1, keepdims=True)
    shares = np.exp(logs - top)
    total = shares.sum(axis=1)
    first = (shares * -standard / prior.sds).sum(axis=1) / total
    second = (shares * (standard**2 - 1) / prior.sds**2).sum(axis=1) / total
    density = np.exp(top[:, 0]) * total
    return sd**2 * float(np.trapezoid(density * (first**2 - second), x[:, 0]))
