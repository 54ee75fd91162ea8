"""The batched negative binomial fit against independent roads, and at the edges of the model."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats
from seizureflow.count_imputation.likelihood import CountData, evaluate, exceeding_counts
from seizureflow.count_imputation.regression import fit_counts
from validation.trial_data import DATA, read_participants

REFERENCE = json.loads((DATA / "one_row_per_participant.json").read_text())
EXPECTED = REFERENCE["one_row_per_participant"]
# Terms in R's order, after intercept and arm.
COVARIATES = {
    "two_arm_6_visits": ["log_baseline", "structural1", "high_baseline1"],
    "two_arm_10_visits": ["log_baseline", "structural1", "high_baseline1"],
    "two_arm_complete": ["log_baseline", "structural1"],
    "progabide": ["log_baseline"],
}


def trial_arrays(name: str):
    people = read_participants(name)
    columns = {
        "log_baseline": np.log(people["BSFREQ"]),
        "structural1": people.get("STRUCTFL", pd.Series("0", people.index)) == "1",
        "high_baseline1": people.get("HIGHBLFL", pd.Series("0", people.index)) == "1",
    }
    matrix = np.column_stack(
        [np.ones(len(people)), people["TRT01P"] != "placebo"]
        + [columns[term] for term in COVARIATES[name]]
    ).astype(float)
    return people["COUNT"].to_numpy(float), people["DAYS"].to_numpy(float) / 28, matrix


@pytest.mark.parametrize("name", COVARIATES)
def test_agrees_with_glm_nb_of_r(name):
    """Expected: R 4.2.2, MASS::glm.nb with epsilon 1e-12."""
    counts, exposure, matrix = trial_arrays(name)
    expected = EXPECTED[name]["negative_binomial"]
    fit = fit_counts(counts[None], exposure[None], matrix)
    assert [row["term"] for row in expected["coef"]][2:] == COVARIATES[name]
    estimates = [row["Estimate"] for row in expected["coef"]]
    errors = [row["Std. Error"] for row in expected["coef"]]
    assert fit.converged.all()
    assert fit.coefficients[0] == pytest.approx(estimates, rel=1e-6)
    assert np.sqrt(np.diag(fit.covariance[0])) == pytest.approx(errors, rel=1e-6)
    assert fit.theta[0] == pytest.approx(expected["theta"], rel=1e-6)
    # R's theta.ml() takes the information of the iteration before the last.
    se = fit.theta[0] * fit.log_alpha_se[0]
    assert se == pytest.approx(expected["se_theta"], rel=1e-4)


def test_data_sets_do_not_touch_each_other():
    rng = np.random.default_rng(5)
    matrix = np.column_stack([np.ones(30), np.repeat([0.0, 1.0], 15)])
    counts = rng.negative_binomial(1.5, 0.2, (7, 30)).astype(float)
    exposure = rng.uniform(0.5, 2, (7, 30))
    together = fit_counts(counts, exposure, matrix)
    for place in range(7):
        alone = fit_counts(counts[[place]], exposure[[place]], matrix)
        # Sums run in another order in one array of many than in one of one.
        assert together.coefficients[place] == pytest.approx(alone.coefficients[0], rel=1e-10)
        assert together.alpha[place] == pytest.approx(alone.alpha[0], rel=1e-9)


def test_rows_choose_from_the_design():
    rng = np.random.default_rng(6)
    matrix = np.column_stack([np.ones(20), rng.normal(size=20)])
    counts = rng.negative_binomial(2, 0.3, 20).astype(float)
    rows = rng.integers(20, size=(3, 20))
    chosen = fit_counts(counts[rows], np.ones((3, 20)), matrix, rows)
    for place in range(3):
        alone = fit_counts(counts[rows[[place]]], np.ones((1, 20)), matrix[rows[place]])
        assert chosen.coefficients[place] == pytest.approx(alone.coefficients[0], rel=1e-8)
        assert chosen.covariance[place] == pytest.approx(alone.covariance[0], rel=1e-8)


def test_a_participant_without_exposure_does_not_contribute():
    counts = np.array([3.0, 8, 1, 12, 5, 2, 30])
    matrix = np.column_stack([np.ones(7), [0.0, 0, 0, 1, 1, 1, 0]])
    with_nobody = fit_counts(
        np.append(counts, 0.0)[None], np.append(np.ones(7), 0.0)[None], np.vstack([matrix, [1, 1]])
    )
    without = fit_counts(counts[None], np.ones((1, 7)), matrix)
    assert with_nobody.coefficients == pytest.approx(without.coefficients, rel=1e-9)
    assert with_nobody.covariance == pytest.approx(without.covariance, rel=1e-9)


@pytest.mark.parametrize("alpha", [0.0, 1e-9, 1e-4, 0.3, 5.0])
def test_likelihood_and_its_derivatives(alpha):
    """Against scipy's probabilities, and numerical derivatives of the value."""
    rng = np.random.default_rng(7)
    design = rng.normal(size=(1, 12, 2))
    counts = rng.poisson(4, (1, 12)).astype(float)
    exposure = rng.uniform(0.5, 3, (1, 12))
    data = CountData(counts, exposure, design, exceeding_counts(counts))
    beta = np.array([0.4, -0.2])

    def value(parameters):
        return evaluate(data, parameters[None, :2], np.exp(parameters[2:])).value[0]

    found = evaluate(data, beta[None], np.array([alpha]))
    mean = exposure * np.exp(design[0] @ beta)
    if alpha in (0.0, 0.3, 5.0):
        law = stats.nbinom(1 / alpha, 1 / (1 + alpha * mean)) if alpha else stats.poisson(mean)
        constant = (special.gammaln(counts + 1) - counts * np.log(exposure)).sum()
        assert found.value[0] == pytest.approx(law.logpmf(counts).sum() + constant, rel=1e-10)
    if alpha >= 1e-4:
        at = np.append(beta, math.log(alpha))
        gradient = optimize.approx_fprime(at, value, 1e-6)
        assert found.gradient[0] == pytest.approx(gradient, rel=1e-3, abs=1e-4)

        def slope(parameters):
            return evaluate(data, parameters[None, :2], np.exp(parameters[2:])).gradient[0]

        second = np.array([(slope(at + h) - slope(at - h)) / 2e-6 for h in 1e-6 * np.eye(3)])
        assert found.information[0] == pytest.approx(-second, rel=1e-4, abs=1e-5)
    else:  # at the Poisson limit the score of alpha is half the excess of squared residuals
        excess = ((counts - mean) ** 2 - counts).sum() / 2
        assert found.alpha_score[0] == pytest.approx(excess, rel=1e-5)


def test_counts_less_variable_than_poisson_give_the_poisson_fit():
    counts = np.array([[5.0, 5, 5, 5, 3, 3, 3, 3]])
    matrix = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
    fit = fit_counts(counts, np.ones((1, 8)), matrix)
    assert fit.converged.all()
    assert fit.alpha[0] == 0
    assert math.isinf(fit.theta[0])
    assert fit.coefficients[0] == pytest.approx([math.log(5), math.log(0.6)], rel=1e-9)
    # Poisson: variance of the log ratio is 1/20 + 1/12.
    assert fit.covariance[0, 1, 1] == pytest.approx(1 / 20 + 1 / 12, rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "exposure"),
    [
        ([0, 0, 0, 0, 0, 0], [1] * 6),  # no seizure at all
        ([4, 2, 5, 0, 0, 0], [1] * 6),  # none in an arm
        ([4, 2, 5, 0, 0, 0], [1, 1, 1, 0, 0, 0]),  # an arm was never seen
    ],
)
def test_what_has_no_finite_maximum_is_marked(counts, exposure):
    matrix = np.column_stack([np.ones(6), np.repeat([0.0, 1.0], 3)])
    fit = fit_counts(np.array([counts], float), np.array([exposure], float), matrix)
    assert not fit.converged.any()


def test_dependent_columns_are_marked():
    matrix = np.column_stack([np.ones(6), np.repeat([0.0, 1.0], 3), np.repeat([0.0, 2.0], 3)])
    fit = fit_counts(np.array([[4.0, 2, 5, 1, 9, 3]]), np.ones((1, 6)), matrix)
    assert not fit.converged.any()


@pytest.mark.parametrize("largest", [1e3, 2e5])
def test_very_large_counts(largest):
    """One arm of one count each way from the mean: the mean is the rate."""
    counts = np.array([[0.5, 1.5, 0.7, 1.3]]) * largest
    fit = fit_counts(counts, np.ones((1, 4)), np.ones((4, 1)))
    assert fit.converged.all()
    assert fit.coefficients[0, 0] == pytest.approx(math.log(largest), rel=1e-10)
