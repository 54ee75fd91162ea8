"""Mixtures of betas: moments, posteriors, sample sizes and comparisons."""

import math

import numpy as np
import pytest
from scipy import integrate, stats
from seizureflow.bayes.beta_mixture import (
    BetaMixture,
    beta_by_moments,
    beta_posterior,
    elir_sample_size,
    moment_sample_size,
    robust_beta_prior,
)
from seizureflow.bayes.response_rates import compare_rates, rate_interval
from seizureflow.problems import AnalysisError


def mixture(*parts: tuple[float, float, float]) -> BetaMixture:
    weights, a, b = np.array(parts).T
    return BetaMixture(weights, a, b)


def beta(a: float, b: float) -> BetaMixture:
    return mixture((1.0, a, b))


def density(prior: BetaMixture, p: float) -> float:
    return float(prior.weights @ stats.beta.pdf(p, prior.a, prior.b))


def test_shapes_by_moments():
    """Mean 0.211 and standard deviation 0.1: n = 0.211 x 0.789 / 0.01 - 1 = 15.6479."""
    a, b = beta_by_moments(0.211, 0.1)
    assert (a, b) == pytest.approx((0.211 * 15.6479, 0.789 * 15.6479), rel=1e-12)
    assert stats.beta(a, b).std() == pytest.approx(0.1)


@pytest.mark.parametrize(("mean", "sd"), [(0.2, 0.4), (0.2, 0.5), (0.0, 0.1), (1.2, 0.1)])
def test_impossible_moments_are_refused(mean, sd):
    with pytest.raises(AnalysisError, match="No beta distribution has the mean"):
        beta_by_moments(mean, sd)


@pytest.mark.parametrize("responders", [0, 6, 34])
def test_posterior_is_prior_times_binomial_likelihood(responders):
    prior = robust_beta_prior((3.3, 12.3), 0.5)
    found = beta_posterior(prior, responders, 34)

    def integrand(p: float) -> float:
        return density(prior, p) * stats.binom.pmf(responders, 34, p)

    total = integrate.quad(integrand, 0, 1)[0]
    for p in (0.02, 0.2, 0.6, 0.97):
        assert density(found, p) == pytest.approx(integrand(p) / total, rel=1e-7)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_a_component_without_weight_gets_none(weight):
    found = beta_posterior(robust_beta_prior((3.3, 12.3), weight), 6, 34)
    assert found.weights[1] == weight


def test_a_conflict_with_history_shifts_the_weight():
    prior = robust_beta_prior((20.0, 80.0), 0.2)
    assert beta_posterior(prior, 8, 40).weights[1] < 0.2 < beta_posterior(prior, 30, 40).weights[1]


def test_sample_sizes_are_those_of_rbest():
    """Help page of ess() of the R package RBesT 1.8: ELIR 7.65152, moment 3.161034."""
    prior = mixture((0.2, 1, 1), (0.8, 10, 2))
    assert elir_sample_size(prior) == pytest.approx(7.65152, abs=5e-6)
    assert moment_sample_size(prior) == pytest.approx(3.161034, abs=5e-7)


@pytest.mark.parametrize(("a", "b"), [(5, 15), (1.4, 2.0), (3.3, 12.3)])
def test_the_sample_size_of_one_beta_is_the_sum_of_its_shapes(a, b):
    assert elir_sample_size(beta(a, b)) == pytest.approx(a + b, rel=1e-6)
    assert moment_sample_size(beta(a, b)) == pytest.approx(a + b, rel=1e-10)


def test_local_information_needs_shapes_of_1_or_more():
    assert math.isnan(elir_sample_size(beta(0.5, 3)))


def test_probability_of_a_higher_rate_is_the_sum_of_beta_functions():
    """For whole shapes a1: sum over i < a1 of B(a0 + i, b0 + b1) / ((b1 + i) B(1 + i, b1) B(a0, b0))
    (Evan Miller, "Formulas for Bayesian A/B testing", 2015)."""
    from scipy.special import betaln

    a1, b1, a0, b0 = 11, 23, 7, 29
    terms = [
        betaln(a0 + i, b0 + b1) - math.log(b1 + i) - betaln(1 + i, b1) - betaln(a0, b0)
        for i in range(a1)
    ]
    found = compare_rates(beta(a1, b1), beta(a0, b0), 0.95)
    assert found.higher == pytest.approx(np.exp(terms).sum(), abs=1e-9)


@pytest.mark.parametrize(
    ("active", "reference"),
    [
        (beta(11, 23), mixture((0.7, 9.3, 40.3), (0.3, 7, 29))),
        (beta(1, 33), mixture((0.7, 3.3, 46.3), (0.3, 1, 35))),
        (beta(31, 1), beta(1, 31)),
        (beta(0.5, 4.5), beta(0.7, 30.3)),
    ],
    ids=["ordinary", "no responders", "all against none", "shapes below 1"],
)
def test_limits_hold_the_level_by_another_quadrature(active, reference):
    found = compare_rates(active, reference, 0.9)
    for interval, bound in (
        (found.risk_difference, lambda p, x: p + x),
        (found.odds_ratio, lambda p, x: x * p / (1 - p + x * p)),
    ):
        for value, wanted in (
            (interval.lower, 0.05),
            (interval.median, 0.5),
            (interval.upper, 0.95),
        ):
            # Over quantiles of the reference, each component by itself.
            below = sum(
                weight
                * integrate.quad(
                    lambda u, a=a, b=b, value=value, bound=bound: float(
                        active.cdf(np.array(bound(stats.beta.ppf(u, a, b), value)))
                    ),
                    0,
                    1,
                    limit=400,
                    epsabs=1e-9,
                )[0]
                for weight, a, b in zip(reference.weights, reference.a, reference.b, strict=True)
            )
            assert below == pytest.approx(wanted, abs=2e-6)


def test_equal_arms_have_no_higher_rate():
    found = compare_rates(beta(4, 9), beta(4, 9), 0.95)
    assert found.higher == pytest.approx(0.5, abs=1e-9)
    assert found.odds_ratio.median == pytest.approx(1, abs=1e-6)


def test_interval_of_one_rate():
    found = rate_interval(beta(4, 9), 0.9)
    expected = stats.beta(4, 9).ppf([0.5, 0.05, 0.95])
    assert (found.median, found.lower, found.upper) == pytest.approx(tuple(expected), abs=1e-10)
