"""Logistic regression by likelihood and penalised likelihood, its profiles, and separation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats
from seizureflow.proportions.likelihood_profile import profile_inference
from seizureflow.proportions.logistic_fit import fit_logistic
from seizureflow.proportions.separation import find_separation
from statsmodels.discrete.discrete_model import Logit
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM


def endometrial():
    """Histology of the endometrium (Heinze & Schemper 2002, table III), 79 cases; NV separates."""
    rows = pd.read_csv(Path(__file__).parent / "endometrial.csv")
    matrix = np.column_stack([np.ones(len(rows)), rows[["NV", "PI", "EH"]]])
    return rows["HG"].to_numpy(dtype=float), matrix


def simulated(seed: int, size: int = 60):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(size), np.arange(size) % 2, rng.normal(size=size)])
    outcome = rng.random(size) < special.expit(matrix @ [-0.5, 0.8, 0.6])
    return outcome.astype(float), matrix


def table(responders: int, size: int, reference_responders: int, reference_size: int):
    """A 2 x 2 table as participants, the arm in the second column."""
    counts = [
        responders,
        size - responders,
        reference_responders,
        reference_size - reference_responders,
    ]
    outcome = np.repeat([1.0, 0.0, 1.0, 0.0], counts)
    return outcome, np.column_stack([np.ones(len(outcome)), np.repeat([1, 1, 0, 0], counts)])


def penalised(outcome, matrix, beta):
    predictor = matrix @ beta
    weight = special.expit(predictor) * special.expit(-predictor)
    information = matrix.T @ (weight[:, None] * matrix)
    likelihood = np.sum(outcome * predictor - np.logaddexp(0, predictor))
    return likelihood + np.linalg.slogdet(information)[1] / 2


# logistf of R on these data: coefficients and profile penalised 95% limits, as the tests of the
# Python package firthlogist give them to nine digits; logistf stops at about 1e-7.
LOGISTF = [
    (3.77455951, 1.0825371, 7.20928050),
    (2.92927330, 0.6097244, 7.85463171),
    (-0.03475175, -0.1244587, 0.04045547),
    (-2.60416387, -4.3651832, -1.23272106),
]


@pytest.mark.parametrize("column", range(4))
def test_firth_against_logistf(column):
    outcome, matrix = endometrial()
    fit = fit_logistic(outcome, matrix, firth=True)
    profile = profile_inference(outcome, matrix, fit, column, 0.95, firth=True)
    found = (fit.coefficients[column], profile.interval.lower, profile.interval.upper)
    assert fit.converged
    assert found == pytest.approx(LOGISTF[column], rel=1e-6)


@pytest.mark.parametrize(
    "counts", [(0, 6, 4, 6), (6, 6, 0, 5), (0, 4, 0, 7), (3, 9, 5, 11), (1, 1, 0, 2)]
)
def test_firth_of_a_2_by_2_table_adds_a_half_to_each_cell(counts):
    """The model is saturated: Jeffreys' penalty is then half an observation in each cell."""
    y, n, z, m = counts
    fit = fit_logistic(*table(*counts), firth=True)
    arm, reference = special.logit((y + 0.5) / (n + 1)), special.logit((z + 0.5) / (m + 1))
    assert fit.coefficients == pytest.approx([reference, arm - reference], abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_firth_solves_its_score_equations_and_maximises_its_likelihood(seed):
    outcome, matrix = simulated(seed)
    fit = fit_logistic(outcome, matrix, firth=True)
    probability = special.expit(matrix @ fit.coefficients)
    root = matrix * np.sqrt(probability * (1 - probability))[:, None]
    leverage = np.diag(root @ np.linalg.inv(root.T @ root) @ root.T)
    score = matrix.T @ (outcome - probability + leverage * (0.5 - probability))
    assert np.abs(score).max() < 1e-8
    best = optimize.minimize(
        lambda beta: -penalised(outcome, matrix, beta), np.zeros(3), method="BFGS"
    )
    assert fit.log_likelihood == pytest.approx(-best.fun, abs=1e-9)
    assert fit.coefficients == pytest.approx(best.x, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_maximum_likelihood_against_statsmodels(seed):
    outcome, matrix = simulated(seed)
    fit, other = fit_logistic(outcome, matrix), Logit(outcome, matrix).fit(disp=0, tol=1e-12)
    assert fit.coefficients == pytest.approx(other.params, rel=1e-9)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(other.bse, rel=1e-8)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_limits_of_the_profile_have_the_likelihood_that_defines_them(seed):
    """With the coefficient as offset, statsmodels fits the rest."""
    outcome, matrix = simulated(seed)
    fit = fit_logistic(outcome, matrix)
    found = profile_inference(outcome, matrix, fit, 1, 0.9)
    for limit in (found.interval.lower, found.interval.upper):
        held = GLM(outcome, matrix[:, [0, 2]], Binomial(), offset=matrix[:, 1] * limit).fit()
        fall = 2 * (fit.log_likelihood - held.llf)
        assert fall == pytest.approx(stats.chi2.ppf(0.9, 1), rel=1e-8)
    without = GLM(outcome, matrix[:, [0, 2]], Binomial()).fit()
    statistic = 2 * (fit.log_likelihood - without.llf)
    assert found.chi_square == pytest.approx(statistic, rel=1e-8)
    assert found.p_value == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-8)


# Outcome and covariate by participant; complete, and which coefficients are infinite.
X = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
SEPARATIONS = [
    ("apart", [0, 0, 0, 1, 1, 1], X, (True, (True, True))),
    ("tie on the border", [0, 0, 0, 1, 1, 1], [1, 2, 3, 3, 4, 5], (False, (True, True))),
    ("overlap", [0, 1, 0, 1, 0, 1], X, None),
    ("one crosses", [0, 0, 1, 0, 1, 1], X, None),
    ("nobody", [0] * 6, X, (True, (True, True))),
    ("everybody", [1] * 6, X, (True, (True, True))),
    ("empty cell", [0, 1, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1], (False, (False, True))),
]


@pytest.mark.parametrize(("outcome", "covariate", "expected"), [s[1:] for s in SEPARATIONS])
def test_separation(outcome, covariate, expected):
    matrix = np.column_stack([np.ones(6), covariate])
    found = find_separation(np.array(outcome, dtype=float), matrix)
    assert (found and (found.complete, found.infinite)) == expected


def test_separation_does_not_depend_on_the_scale_of_a_covariate():
    """A steep but finite estimate is none, however extreme its probabilities."""
    outcome = np.array([0.0, 0, 0, 1, 0, 1, 1, 1])
    steep = np.array([1, 2, 3, 4 - 1e-3, 4, 5, 6, 7])
    for scale in (1e-6, 1, 1e6):
        matrix = np.column_stack([np.ones(8), steep * scale])
        assert find_separation(outcome, matrix) is None


def test_endometrial_data_are_separated_by_nv_alone():
    found = find_separation(*endometrial())
    assert found is not None
    assert found.infinite == (False, True, False, False)
    assert not found.complete
