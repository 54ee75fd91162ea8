"""Standardised risks: closed forms, the influence function, and variances seen in simulated trials."""

import numpy as np
import pytest
from scipy import special
from seizureflow.proportions.logistic_fit import fit_logistic
from seizureflow.proportions.standardisation import standardise_risks


def standardise(outcome, arm, covariates, stratum=None):
    covariates = np.asarray(covariates, dtype=float).reshape(len(outcome), -1)
    numbers = range(1, arm.max() + 1)

    def design(codes):
        dummies = [codes == number for number in numbers]
        return np.column_stack([np.ones(len(outcome)), *dummies, covariates]).astype(float)

    fit = fit_logistic(outcome, design(arm))
    matrices = [design(np.full(len(arm), number)) for number in (0, *numbers)]
    return standardise_risks(outcome, arm, matrices, fit.coefficients, fit.covariance, stratum)


def difference_variance(covariance) -> float:
    return float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])


def trial(rng, size: int = 200, blocks: bool = False, effect: float = 0.8):
    """A covariate, a strong stratum that the model leaves out, and the outcome."""
    covariate, stratum = rng.normal(size=size), rng.integers(0, 2, size)
    if blocks:
        arm = np.empty(size, dtype=np.int64)
        for number in (0, 1):
            where = np.flatnonzero(stratum == number)
            codes = np.arange(len(where)) % 2
            # Blocks of four in the order of entry.
            for start in range(0, len(where), 4):
                codes[start : start + 4] = rng.permutation(codes[start : start + 4])
            arm[where] = codes
    else:
        arm = rng.permutation(np.arange(size) % 2).astype(np.int64)
    risk = special.expit(-0.6 + effect * arm + 0.9 * covariate + 2.0 * (stratum - 0.5))
    return (rng.random(size) < risk).astype(float), arm, covariate, stratum


@pytest.mark.parametrize("sizes", [(30, 30), (20, 40)])
def test_without_covariates_both_variances_have_closed_forms(sizes):
    arm = np.repeat([0, 1], sizes)
    outcome = np.concatenate([np.arange(sizes[0]) % 4 == 0, np.arange(sizes[1]) % 2 == 0]).astype(
        float
    )
    found = standardise(outcome, arm, np.empty((len(arm), 0)))
    for number, size in enumerate(sizes):
        p = outcome[arm == number].mean()
        assert found.risks[number] == pytest.approx(p, rel=1e-10)
        assert found.delta_covariance[number, number] == pytest.approx(p * (1 - p) / size, rel=1e-8)
        assert found.robust_covariance[number, number] == pytest.approx(
            p * (1 - p) / (size - 1), rel=1e-8
        )
    assert found.delta_covariance[0, 1] == pytest.approx(0, abs=1e-12)
    assert found.robust_covariance[0, 1] == pytest.approx(0, abs=1e-12)


def test_robust_variance_is_that_of_the_influence_function():
    """Augmented inverse probability weighting: Tsiatis (2006), chapter 5; up to n against n - 1."""
    outcome, arm, covariate, _ = trial(np.random.default_rng(1), size=2000)
    found = standardise(outcome, arm, covariate)
    design = np.column_stack([np.ones(2000), arm, covariate])
    fit = fit_logistic(outcome, design)
    influence = []
    for number in (0, 1):
        predicted = special.expit(
            design[:, [0, 2]] @ fit.coefficients[[0, 2]] + number * fit.coefficients[1]
        )
        share = np.mean(arm == number)
        influence.append((arm == number) / share * (outcome - predicted) + predicted)
    expected = np.var(influence[1] - influence[0]) / 2000
    # Covariances within an arm stand for those of all: equal but for chance.
    assert difference_variance(found.robust_covariance) == pytest.approx(expected, rel=0.02)


def test_three_arms_are_each_standardised():
    rng = np.random.default_rng(3)
    arm = np.arange(240) % 3
    covariate = rng.normal(size=240)
    outcome = (rng.random(240) < special.expit(-0.5 + 0.5 * arm + covariate)).astype(float)
    found = standardise(outcome, arm, covariate)
    assert found.risks.shape == (3,)
    assert found.robust_covariance.shape == (3, 3)
    assert np.linalg.eigvalsh(found.robust_covariance).min() > 0


@pytest.mark.slow
@pytest.mark.parametrize("blocks", [False, True])
def test_variances_are_those_seen_in_simulated_trials(blocks):
    """1500 trials of 200: a standard deviation of them is known to 1.8%."""
    rng = np.random.default_rng(11)
    estimates, plain, stratified = [], [], []
    for _ in range(1500):
        outcome, arm, covariate, stratum = trial(rng, blocks=blocks)
        found = standardise(outcome, arm, covariate, stratum if blocks else None)
        estimates.append(found.risks[1] - found.risks[0])
        stratified.append(difference_variance(found.robust_covariance))
        if blocks:
            plain.append(
                difference_variance(standardise(outcome, arm, covariate).robust_covariance)
            )
    seen = np.std(estimates)
    assert np.sqrt(np.mean(stratified)) == pytest.approx(seen, rel=0.05)
    if blocks:  # without the strata the variance is too large
        assert np.sqrt(np.mean(plain)) > 1.06 * seen


def test_balanced_strata_make_the_variance_smaller():
    outcome, arm, covariate, stratum = trial(np.random.default_rng(2), blocks=True)
    plain = difference_variance(standardise(outcome, arm, covariate).robust_covariance)
    found = standardise(outcome, arm, covariate, stratum)
    assert difference_variance(found.robust_covariance) < 0.95 * plain
    assert found.delta_covariance == pytest.approx(
        standardise(outcome, arm, covariate).delta_covariance
    )


def test_a_stratum_without_one_of_the_arms_takes_nothing_for_it():
    outcome, arm, covariate, stratum = trial(np.random.default_rng(4))
    alone = stratum.copy()
    alone[np.flatnonzero(arm == 1)[:3]] = 2
    assert np.isfinite(standardise(outcome, arm, covariate, alone).robust_covariance).all()
