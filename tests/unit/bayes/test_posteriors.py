"""Posteriors against numerical integration of prior times likelihood."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats
from seizureflow.bayes.log_ratio import LogRatio
from seizureflow.bayes.posteriors import Prior, posterior
from seizureflow.registry import METHODS

MARGINS = (0.0, math.log(0.69), math.log(0.5))
ESTIMATE = LogRatio(-0.42, 0.2258, 6.0)
PRIORS = {
    "flat": Prior(0.0, math.inf),
    "sceptical": Prior(0.0, 0.2256),
    "vague": Prior(1.0, 50.0),
    "opposed": Prior(2.0, 0.1),
}


def by_quadrature(prior: Prior, t_likelihood: bool):
    likelihood = stats.t(6, -0.42, 0.2258) if t_likelihood else stats.norm(-0.42, 0.2258)
    weight = (lambda x: 1.0) if math.isinf(prior.sd) else stats.norm(prior.mean, prior.sd).pdf
    places = sorted({-0.42, *([] if math.isinf(prior.sd) else [prior.mean]), *MARGINS})

    def area(function, low: float, high: float) -> float:
        ends = [low, *(p for p in places if low < p < high), high]
        return sum(
            integrate.quad(
                lambda x: function(x) * likelihood.pdf(x) * weight(x), a, b, epsabs=0, limit=400
            )[0]
            for a, b in itertools.pairwise(ends)
        )

    low, high = -30.0, 30.0
    total = area(lambda x: 1.0, low, high)
    mean = area(lambda x: x, low, high) / total
    variance = area(lambda x: (x - mean) ** 2, low, high) / total
    return mean, math.sqrt(variance), [area(lambda x: 1.0, low, m) / total for m in MARGINS]


@pytest.mark.parametrize("t_likelihood", [False, True], ids=["normal", "t"])
@pytest.mark.parametrize("name", PRIORS)
def test_posterior_is_prior_times_likelihood(name, t_likelihood):
    found = posterior(ESTIMATE, PRIORS[name], MARGINS, 0.95, t_likelihood)
    mean, sd, probabilities = by_quadrature(PRIORS[name], t_likelihood)
    assert found.mean == pytest.approx(mean, abs=1e-5)
    # The flat prior leaves t tails of df 6, of which the quadrature cuts what is beyond 30.
    assert found.sd == pytest.approx(sd, rel=1e-4)
    assert found.probabilities == pytest.approx(probabilities, abs=1e-5)


def test_limits_hold_the_level():
    found = posterior(ESTIMATE, PRIORS["sceptical"], (), 0.9, True)
    again = posterior(
        ESTIMATE, PRIORS["sceptical"], (found.lower, found.median, found.upper), 0.9, True
    )
    assert again.probabilities == pytest.approx([0.05, 0.5, 0.95], abs=1e-6)


def test_a_flat_prior_gives_the_estimate_and_its_interval():
    found = posterior(ESTIMATE, PRIORS["flat"], (), 0.95, True)
    quantile = stats.t.ppf(0.975, 6)
    assert found.upper == pytest.approx(-0.42 + quantile * 0.2258)
    assert math.isinf(found.mean_ratio)


def test_a_t_likelihood_with_many_degrees_of_freedom_is_normal():
    many = LogRatio(-0.42, 0.2258, 1e7)
    found = posterior(many, PRIORS["sceptical"], MARGINS, 0.95, True)
    normal = posterior(many, PRIORS["sceptical"], MARGINS, 0.95, False)
    assert found.probabilities == pytest.approx(normal.probabilities, abs=1e-6)
    assert found.mean_ratio == pytest.approx(normal.mean_ratio, abs=1e-6)


def test_mean_ratio_is_that_of_a_lognormal():
    found = posterior(ESTIMATE, PRIORS["sceptical"], (), 0.95, False)
    expected = stats.lognorm(found.sd, scale=math.exp(found.mean)).mean()
    assert found.mean_ratio == pytest.approx(expected, rel=1e-12)


def test_default_priors_are_those_of_sceptics_and_enthusiasts():
    """5% beyond the reduction that is sought; 5% on the side of no reduction."""
    schema = METHODS["posterior_threshold"].options["priors"]
    priors = {entry["id"]: entry for entry in schema["default"]}
    sceptical, enthusiastic = priors["sceptical"], priors["enthusiastic"]
    assert priors["flat"]["sd"] is None
    assert stats.norm.cdf(math.log(0.69), 0, sceptical["sd"]) == pytest.approx(0.05, abs=1e-5)
    assert np.exp(enthusiastic["mean"]) == pytest.approx(0.69, abs=1e-6)
    assert stats.norm.sf(0, enthusiastic["mean"], enthusiastic["sd"]) == pytest.approx(
        0.05, abs=1e-5
    )
