"""Draws from the posterior distribution of the mixed model with unstructured covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray
from seizureflow.imputation.conditional import fill_in
from seizureflow.imputation.mixed_model import Fit
from seizureflow.imputation.trial import IncompleteTrial

# Iterations of each chain, from the estimate. A chain forgets its start by the fraction of missing
# information per iteration; half of the information missing leaves 2^-60 of it.
CHAIN_LENGTH = 60


@dataclass(frozen=True)
class PosteriorDraws:
    """Independent draws.

    Attributes:
        beta: (B, p) coefficients; those of aliased columns are zero.
        sigma: (B, m, m) covariances between visits.
    """

    beta: FloatArray
    sigma: FloatArray


def draw_posterior(
    trial: IncompleteTrial,
    fit: Fit,
    draws: int,
    rng: np.random.Generator,
    chain_length: int = CHAIN_LENGTH,
) -> PosteriorDraws:
    """Draw from the posterior by data augmentation, one chain for each draw.

    The chains start at the fit, each is run for ``chain_length`` iterations, and its last state is
    the draw; so draws are independent. An iteration draws what is missing given the parameters
    (missing at random), the coefficients given the covariance, and the covariance given the
    coefficients. The prior is flat in the coefficients and, as rbmi's, weak in the covariance:
    inverse Wishart with m + 2 degrees of freedom, its mean the estimate of the fit.

    Args:
        trial: The trial.
        fit: Its fit, with unstructured covariance.
        draws: B, number of draws.
        rng: Random numbers.
        chain_length: Iterations of each chain.

    Source:
        Schafer (1997), Analysis of Incomplete Multivariate Data, 3.4; the prior is that of rbmi.
    """
    seen = trial.observed.any(1)
    outcome, design = trial.outcome[seen], trial.design[seen][..., fit.kept]
    n, m, p = design.shape
    products = np.einsum("iap,ibq->abpq", design, design).reshape(m * m, p * p)
    tall = design.reshape(n * m, p)
    beta = np.repeat(fit.beta[fit.kept][None], draws, axis=0)
    sigma = np.repeat(fit.sigma[None], draws, axis=0)
    for _ in range(chain_length):
        means = (beta @ tall.T).reshape(draws, n, m)
        filled = fill_in(outcome, means, sigma, rng)
        beta = _draw_coefficients(filled, sigma, products, tall, rng)
        residual = filled - (beta @ tall.T).reshape(draws, n, m)
        scale = fit.sigma + residual.swapaxes(-1, -2) @ residual
        sigma = _draw_inverse_wishart(scale, n + m + 2, rng)
    full = np.zeros((draws, len(fit.kept)))
    full[:, fit.kept] = beta
    return PosteriorDraws(full, sigma)


def _draw_coefficients(
    filled: FloatArray,
    sigma: FloatArray,
    products: FloatArray,
    tall: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """(B, p) from their normal distribution given outcomes without gaps and the covariance."""
    draws, m = len(sigma), sigma.shape[-1]
    p = tall.shape[1]
    precision = np.linalg.inv(sigma)
    information = (precision.reshape(draws, m * m) @ products).reshape(draws, p, p)
    score = (filled @ precision).reshape(draws, -1) @ tall
    root = np.linalg.cholesky(information)
    half = np.linalg.solve(root, score[..., None])
    noise = rng.standard_normal((draws, p, 1))
    return np.asarray(np.linalg.solve(root.swapaxes(-1, -2), half + noise)[..., 0])


def _draw_inverse_wishart(scale: FloatArray, df: float, rng: np.random.Generator) -> FloatArray:
    """(B, m, m) from the inverse Wishart distribution, by Bartlett's decomposition.

    ``scale = C C'`` and ``A A'`` standard Wishart with A lower triangular give
    ``(C A^-T)(C A^-T)'``.
    """
    draws, m = len(scale), scale.shape[-1]
    bartlett = np.tril(rng.standard_normal((draws, m, m)), -1)
    degrees = np.broadcast_to(df - np.arange(m), (draws, m))
    bartlett[:, np.arange(m), np.arange(m)] = np.sqrt(rng.chisquare(degrees))
    root = np.linalg.solve(bartlett, np.linalg.cholesky(scale).swapaxes(-1, -2))
    return np.asarray(root.swapaxes(-1, -2) @ root)
