"""Mixtures of beta distributions as priors of a response probability."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from seizureflow.array_types import FloatArray
from seizureflow.problems import AnalysisError

# The tanh-sinh rule on the unit interval (Takahasi & Mori 1974).
_STEPS = np.linspace(-3.2, 3.2, 257)
_SHARES = special.expit(math.pi * np.sinh(_STEPS))
_WIDTHS = math.pi * np.cosh(_STEPS) * _SHARES * (1 - _SHARES) * (_STEPS[1] - _STEPS[0])
# Points of a trapezoidal rule on the logit scale.
_POINTS = 80_001
# Tails below exp(-_TAIL) are cut.
_TAIL = 40.0


@dataclass(frozen=True)
class BetaMixture:
    """A mixture of beta distributions.

    Attributes:
        weights: Weights of the components, adding up to 1.
        a: First shapes.
        b: Second shapes.
    """

    weights: FloatArray
    a: FloatArray
    b: FloatArray

    @property
    def mean(self) -> float:
        """Mean."""
        return float(self.weights @ (self.a / (self.a + self.b)))

    @property
    def variance(self) -> float:
        """Variance."""
        total = self.a + self.b
        second = self.a * (self.a + 1) / (total * (total + 1))
        return float(self.weights @ second) - self.mean**2

    def nodes(self, bend: float | None = None) -> tuple[FloatArray, FloatArray]:
        """Points of the unit interval with weights that integrate over the mixture.

        Args:
            bend: Where the function to integrate is not smooth.
        """
        points, weights = [], []
        for share, a, b in zip(self.weights, self.a, self.b, strict=True):
            x, width = _logit_nodes(float(a), float(b), bend)
            density = np.exp(
                a * special.log_expit(x) + b * special.log_expit(-x) - special.betaln(a, b)
            )
            points.append(special.expit(x))
            weights.append(share * density * width)
        return np.concatenate(points), np.concatenate(weights)

    def cdf(self, values: FloatArray) -> FloatArray:
        """Distribution function."""
        inside = np.clip(np.asarray(values, dtype=np.float64), 0, 1)
        return np.asarray(special.betainc(self.a, self.b, inside[..., None]) @ self.weights)


def _logit_nodes(a: float, b: float, bend: float | None) -> tuple[FloatArray, FloatArray]:
    """Logits that hold a beta distribution up to its tails, which are exponential there.

    The tanh-sinh rule between the tails, the centre and the bend converges whatever the function
    does at these.
    """
    centre = float(special.digamma(a) - special.digamma(b))
    spread = 8 * math.sqrt(special.polygamma(1, a) + special.polygamma(1, b))
    ends = {centre - spread - _TAIL / a, centre, centre + spread + _TAIL / b}
    if bend is not None and 0 < bend < 1:
        ends.add(float(np.clip(special.logit(bend), min(ends), max(ends))))
    points, widths = [], []
    for low, high in itertools.pairwise(sorted(ends)):
        points.append(low + (high - low) * _SHARES)
        widths.append((high - low) * _WIDTHS)
    return np.concatenate(points), np.concatenate(widths)


def beta_by_moments(mean: float, sd: float) -> tuple[float, float]:
    """Shapes of the beta distribution with a mean and a standard deviation.

    Raises:
        AnalysisError: There is no such distribution.
    """
    total = mean * (1 - mean) / sd**2 - 1 if 0 < mean < 1 and sd > 0 else 0.0
    if total <= 0:
        raise AnalysisError(
            f"No beta distribution has the mean {100 * mean:g}% and the standard deviation "
            f"{100 * sd:g} points. Give a mean between 0 and 100% and a smaller standard deviation."
        )
    return mean * total, (1 - mean) * total


def robust_beta_prior(
    historical: tuple[float, float], weight: float, vague: tuple[float, float] = (1.0, 1.0)
) -> BetaMixture:
    """Mix the prior from historical trials with a vague one.

    Args:
        historical: Shapes of the informative component.
        weight: Weight of the vague component.
        vague: Shapes of the vague component.

    Source:
        Schmidli et al., Biometrics 2014; 70: 1023-1032.
    """
    return BetaMixture(
        np.array([1 - weight, weight]),
        np.array([historical[0], vague[0]]),
        np.array([historical[1], vague[1]]),
    )


def beta_posterior(prior: BetaMixture, responders: int, participants: int) -> BetaMixture:
    """Update a mixture by responders among participants; exact.

    Source:
        Schmidli et al. 2014, section 2.3: weights follow the beta-binomial probability of the data
        under each component.
    """
    a, b = prior.a + responders, prior.b + (participants - responders)
    with np.errstate(divide="ignore"):
        log_weights = np.log(prior.weights) + special.betaln(a, b)
    log_weights -= special.betaln(prior.a, prior.b)
    weights = np.exp(log_weights - log_weights.max())
    return BetaMixture(weights / weights.sum(), a, b)


def moment_sample_size(prior: BetaMixture) -> float:
    """Prior effective sample size: that of the beta distribution with the same two moments."""
    return prior.mean * (1 - prior.mean) / prior.variance - 1


def elir_sample_size(prior: BetaMixture) -> float:
    """Prior effective sample size by the expected local-information ratio.

    Returns:
        The size; not a number where a component has a shape below 1, for which it may not exist.

    Source:
        Neuenschwander et al., Biometrics 2020; 76: 578-587.
    """
    shapes = np.concatenate([prior.a, prior.b])
    if (shapes < 1).any():
        return float("nan")
    beyond = shapes[shapes > 1] - 1
    reach = min(_TAIL / beyond.min() if len(beyond) else _TAIL, 600.0) + 20
    x = np.linspace(-reach, reach, _POINTS)
    p, q = special.expit(x)[:, None], special.expit(-x)[:, None]
    logs = (prior.a - 1) * special.log_expit(x)[:, None]
    logs = logs + (prior.b - 1) * special.log_expit(-x)[:, None]
    parts = prior.weights * np.exp(logs - special.betaln(prior.a, prior.b))
    # Derivatives of each component's log density, times p q and (p q)^2 so that they stay finite.
    slope = (prior.a - 1) * q - (prior.b - 1) * p
    curve = -(prior.a - 1) * q**2 - (prior.b - 1) * p**2
    density = parts.sum(axis=1)
    first = (parts * slope).sum(axis=1) / density
    second = (parts * (slope**2 + curve)).sum(axis=1) / density
    information = first**2 - second  # times (p q)^2; the binomial one is 1 / (p q)
    return float(np.trapezoid(density * information, x))
