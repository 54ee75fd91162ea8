"""Models of recurrent events, against Poisson regressions and plain loops."""

import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.survival.cox import fit_cox
from seizureflow.survival.partial_likelihood import partial_likelihood
from seizureflow.survival.recurrent import fit_recurrent
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM


def diary(seed: int = 0, people: int = 16, days: int = 12):
    """Counts, covariates, days and participants; a quarter of the days was not recorded."""
    rng = np.random.default_rng(seed)
    person, day = np.repeat(np.arange(people), days), np.tile(np.arange(days), people)
    covariates = np.column_stack([np.arange(people) % 2, rng.normal(size=people)])[person]
    rate = 0.4 * rng.gamma(2, 0.5, people)[person] * np.exp(-0.5 * covariates[:, 0])
    counts = rng.poisson(rate).astype(float)
    kept = rng.random(len(day)) < 0.75
    return counts[kept], covariates[kept], day[kept], person[kept]


def poisson(counts, covariates, nuisance, person):
    """Poisson regression with a free rate for each value of the nuisance, sandwich by participant."""
    matrix = np.column_stack([covariates, pd.get_dummies(nuisance).to_numpy(dtype=float)])
    return GLM(counts, matrix, family=Poisson()).fit(
        tol=1e-14,
        maxiter=200,
        cov_type="cluster",
        cov_kwds={"groups": person, "use_correction": False},
    )


def test_it_is_the_poisson_regression_with_a_rate_for_every_day():
    """Breslow's likelihood is that of Poisson counts whose daily rates are maximised out.

    The robust covariance of the coefficients is then that of the Poisson model, clustered.
    """
    counts, covariates, day, person = diary()
    fit = fit_recurrent(counts, covariates, day, person)
    eventful = np.isin(day, day[counts > 0])
    expected = poisson(counts[eventful], covariates[eventful], day[eventful], person[eventful])
    assert fit.maximum.converged
    assert fit.maximum.coefficients == pytest.approx(expected.params[:2], rel=1e-9)
    assert fit.robust == pytest.approx(np.asarray(expected.cov_params())[:2, :2], rel=1e-8)


def test_a_constant_baseline_gives_the_poisson_regression_of_the_totals():
    """One risk set of all days: the rate ratio is that of the totals per recorded day."""
    counts, covariates, day, person = diary(seed=1)
    arm = covariates[:, :1]
    fit = fit_recurrent(counts, arm, np.zeros_like(day), person)
    rates = [counts[arm[:, 0] == a].sum() / (arm[:, 0] == a).sum() for a in (0, 1)]
    assert fit.maximum.coefficients[0] == pytest.approx(math.log(rates[1] / rates[0]), rel=1e-10)
    residuals = counts - np.array(rates)[arm[:, 0].astype(int)]
    variance = 0.0
    for a in (0, 1):  # sandwich of a log rate: sum of squared residuals of persons / total squared
        own = [residuals[(person == p) & (arm[:, 0] == a)].sum() for p in set(person)]
        variance += sum(value**2 for value in own) / counts[arm[:, 0] == a].sum() ** 2
    assert fit.robust[0, 0] == pytest.approx(variance, rel=1e-10)


def test_the_robust_covariance_is_the_sum_over_participants_of_lin_and_wei():
    """Scores by their formula, participant by participant and day by day (Lin & Wei 1989, 2.3)."""
    counts, covariates, day, person = diary(seed=2, people=8)
    fit = fit_recurrent(counts, covariates, day, person)
    weight = np.exp(covariates @ fit.maximum.coefficients)
    scores = {p: np.zeros(2) for p in set(person)}
    information = np.zeros((2, 2))
    for t in set(day):
        at_risk = day == t
        share = weight[at_risk] / weight[at_risk].sum()
        mean, events = share @ covariates[at_risk], counts[at_risk].sum()
        centred = covariates[at_risk] - mean
        information += events * (centred * share[:, None]).T @ centred
        residuals = counts[at_risk] - events * share
        for p, row, residual in zip(person[at_risk], centred, residuals, strict=True):
            scores[p] += row * residual
    inverse = np.linalg.inv(information)
    middle = sum(np.outer(score, score) for score in scores.values())
    assert fit.maximum.covariance == pytest.approx(inverse, rel=1e-9)
    assert fit.robust == pytest.approx(inverse @ middle @ inverse, rel=1e-9)


def test_a_day_with_two_seizures_is_two_days_with_one_at_the_same_time():
    """Breslow: the likelihood of a count is that of as many single events, tied."""
    counts = np.array([2.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    x = np.array([[1.0], [0.0], [0.0], [1.0], [1.0], [0.0]])
    day, person = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 3, 2])
    fit = fit_recurrent(counts, x, day, person)

    def value(b: float) -> float:
        total = 0.0
        for c, row, t in zip(counts, x[:, 0], day, strict=True):
            total += c * (b * row - math.log(np.exp(b * x[day == t, 0]).sum()))
        return total

    b = float(fit.maximum.coefficients[0])
    assert fit.maximum.value == pytest.approx(value(b), rel=1e-12)
    assert (value(b + 1e-5) - value(b - 1e-5)) / 2e-5 == pytest.approx(0, abs=1e-8)


def test_single_events_are_those_of_the_model_for_one_event():
    """With one event each, its follow-up ending there, it is the proportional hazards model."""
    rng = np.random.default_rng(7)
    times, happened = rng.integers(1, 9, 30), rng.random(30) < 0.6
    covariates = rng.normal(size=(30, 2))
    person = np.repeat(np.arange(30), times)
    day = np.concatenate([np.arange(1, time + 1) for time in times])
    counts = ((day == times[person]) & happened[person]).astype(float)
    fit = fit_recurrent(counts, covariates[person], day, person)
    cox = fit_cox(
        partial_likelihood(
            times.astype(float), happened, covariates, np.zeros(30, dtype=np.int64), "breslow"
        )
    )
    assert fit.maximum.coefficients == pytest.approx(cox.coefficients, rel=1e-9)
    assert fit.maximum.covariance == pytest.approx(cox.covariance, rel=1e-9)


def test_its_test_holds_its_level_where_participants_are_many():
    """Overdispersed counts without an effect: 5% of tests reject (200 trials, binomial limits)."""
    rng = np.random.default_rng(11)
    people, days = 160, 10
    person, day = np.repeat(np.arange(people), days), np.tile(np.arange(days), people)
    arm = (person % 2).astype(float)[:, None]
    rejected = 0
    for _ in range(200):
        counts = rng.poisson(0.3 * rng.gamma(1, 1, people)[person]).astype(float)
        fit = fit_recurrent(counts, arm, day, person)
        z = fit.maximum.coefficients[0] / math.sqrt(fit.robust[0, 0])
        rejected += abs(z) > 1.96
    assert 2 <= rejected <= 20  # 99.5% limits of 200 draws at 5%
