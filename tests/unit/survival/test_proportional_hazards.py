"""Log-rank test and proportional hazards model, against closed forms and plain loops."""

import math

import numpy as np
import pytest
from scipy import stats
from seizureflow.survival.cox import compare_without_term, fit_cox, proportionality_test
from seizureflow.survival.logrank import logrank
from seizureflow.survival.newton import IndistinctError
from seizureflow.survival.partial_likelihood import partial_likelihood
from unit.survival.leukaemia import CONTROL, CONTROL_HAPPENED, TREATED, TREATED_HAPPENED

TIMES = np.concatenate([CONTROL, TREATED])
HAPPENED = np.concatenate([CONTROL_HAPPENED, TREATED_HAPPENED])
ARM = np.repeat([0, 1], [len(CONTROL), len(TREATED)])
ONE_STRATUM = np.zeros(len(TIMES), dtype=np.int64)


def leukaemia(ties: str):
    return partial_likelihood(TIMES, HAPPENED, ARM[:, None].astype(float), ONE_STRATUM, ties)


def random_trial(seed: int = 3, size: int = 40, ties: bool = True):
    """Times, events, two covariates and two strata."""
    rng = np.random.default_rng(seed)
    times = rng.exponential(5, size)
    covariates = np.column_stack([rng.integers(0, 2, size), rng.normal(size=size)]).astype(float)
    times = np.ceil(times) if ties else times
    return times, rng.random(size) < 0.7, covariates, rng.integers(0, 2, size)


def log_likelihood(times, happened, covariates, stratum, ties, point, by_time=None) -> float:
    """The log partial likelihood, event by event, from its definition."""
    total = 0.0
    for number in set(stratum):
        for time in sorted(set(times[happened & (stratum == number)])):
            values = covariates
            if by_time is not None:  # the covariate times log time, added as one more
                values = np.column_stack([covariates, covariates[:, by_time] * math.log(time)])
            weight = np.exp(values @ point)
            own = stratum == number
            risk = weight[own & (times >= time)].sum()
            tied = own & happened & (times == time)
            for place, row in enumerate(np.flatnonzero(tied)):
                left = place / tied.sum() if ties == "efron" else 0.0
                total += values[row] @ point - math.log(risk - left * weight[tied].sum())
    return total


def test_the_log_rank_test_of_the_leukaemia_trial():
    """Chi-squared 16.79, expected 10.75 and 19.25: Kleinbaum & Klein, Survival Analysis, 3rd ed., 2.4."""
    found = logrank(TIMES, HAPPENED, ARM, ONE_STRATUM, 2)
    assert found.observed.tolist() == [21, 9]
    assert found.expected.round(2).tolist() == [10.75, 19.25]
    assert round(found.chi_square, 2) == 16.79


def test_without_ties_the_log_rank_test_is_the_score_test_of_the_model():
    times, happened, covariates, stratum = random_trial(ties=False)
    arm = covariates[:, 0].astype(int)
    found = logrank(times, happened, arm, stratum, 2)
    likelihood = partial_likelihood(times, happened, covariates[:, :1], stratum, "breslow")
    _, score = compare_without_term(likelihood, fit_cox(likelihood), 0)
    assert score.chi_square == pytest.approx(found.chi_square, rel=1e-10)


def test_a_group_that_is_never_at_risk_leaves_the_test_of_the_others():
    two = logrank(TIMES, HAPPENED, ARM, ONE_STRATUM, 2)
    three = logrank(
        np.append(TIMES, 0.5), np.append(HAPPENED, False), np.append(ARM, 2), np.zeros(43), 3
    )
    assert three.df == 1
    assert three.chi_square == pytest.approx(two.chi_square, rel=1e-10)


def test_three_groups_have_two_degrees_of_freedom():
    """The statistic by its formula with the whole covariance, one group left out."""
    group = np.arange(len(TIMES)) % 3
    found = logrank(TIMES, HAPPENED, group, ONE_STRATUM, 3)
    difference, variance = np.zeros(3), np.zeros((3, 3))
    for time in set(TIMES[HAPPENED]):
        at_risk = np.array([((time <= TIMES) & (group == g)).sum() for g in range(3)])
        events = np.array([((time == TIMES) & HAPPENED & (group == g)).sum() for g in range(3)])
        share, d, n = at_risk / at_risk.sum(), events.sum(), at_risk.sum()
        difference += events - d * share
        if n > 1:
            variance += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    expected = difference[:2] @ np.linalg.inv(variance[:2, :2]) @ difference[:2]
    assert found.df == 2
    assert found.chi_square == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_partial_likelihood_is_its_definition(ties):
    data = random_trial()
    found = partial_likelihood(*data, ties)
    for point in (np.zeros(2), np.array([0.4, -0.7])):
        at = found.at(point)
        assert at.value == pytest.approx(log_likelihood(*data, ties, point), rel=1e-12)
        for term in range(2):  # central differences: exact to their step squared
            step = 1e-5 * np.eye(2)[term]
            up, down = found.at(point + step), found.at(point - step)
            assert at.score[term] == pytest.approx((up.value - down.value) / 2e-5, abs=1e-6)
            assert at.information[term] == pytest.approx((down.score - up.score) / 2e-5, abs=1e-6)


@pytest.mark.parametrize(("ties", "coefficient", "se"), [("breslow", -1.509, 0.410)])
def test_the_model_of_the_leukaemia_trial(ties, coefficient, se):
    """Kleinbaum & Klein, 3rd ed., 3.2, model 1: 1.509 (0.410), the other arm being the reference."""
    fit = fit_cox(leukaemia(ties))
    assert round(float(fit.coefficients[0]), 3) == coefficient
    assert round(math.sqrt(fit.covariance[0, 0]), 3) == se
    assert fit.converged


def test_the_likelihood_ratio_compares_with_the_fit_without_the_term():
    data = random_trial()
    likelihood = partial_likelihood(*data, "efron")
    ratio, _ = compare_without_term(likelihood, fit_cox(likelihood), 0)
    times, happened, covariates, stratum = data
    alone = fit_cox(partial_likelihood(times, happened, covariates[:, 1:], stratum, "efron"))
    expected = 2 * (fit_cox(likelihood).value - alone.value)
    assert ratio.chi_square == pytest.approx(expected, rel=1e-9)
    assert ratio.p == pytest.approx(stats.chi2.sf(expected, 1), rel=1e-9)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_proportionality_is_the_score_test_of_the_product_with_log_time(ties):
    """Score and information of the wider model by finite differences of its definition."""
    data = random_trial(seed=5)
    likelihood = partial_likelihood(*data, ties)
    fit = fit_cox(likelihood)
    found = proportionality_test(likelihood, fit, 0)
    point, step = np.append(fit.coefficients, 0.0), 1e-3

    def value(*shift: float) -> float:
        return log_likelihood(*data, ties, point + np.array(shift), by_time=0)

    unit = step * np.eye(3)
    score = np.array([(value(*u) - value(*-u)) / (2 * step) for u in unit])
    information = -np.array(
        [
            [
                (value(*(u + v)) - value(*(u - v)) - value(*(v - u)) + value(*(-u - v)))
                / (4 * step**2)
                for v in unit
            ]
            for u in unit
        ]
    )
    expected = score @ np.linalg.solve(information, score)
    assert found.chi_square == pytest.approx(expected, rel=1e-4)  # error of the differences


def test_a_hazard_ratio_that_changes_is_noticed():
    """Hazard ratio 1/5 at first, 5 later: crossing curves with about no effect on average."""
    rng = np.random.default_rng(0)
    early = rng.exponential(1 / np.repeat([1.0, 0.2], 150))
    late = 1 + rng.exponential(1 / np.repeat([0.2, 1.0], 150))
    times = np.where(early < 1, early, late)
    arm = np.repeat([0.0, 1.0], 150)[:, None]
    likelihood = partial_likelihood(
        times, np.ones(300, dtype=bool), arm, np.zeros(300, dtype=np.int64), "efron"
    )
    assert proportionality_test(likelihood, fit_cox(likelihood), 0).p < 1e-6


def test_the_order_of_rows_and_a_shift_of_covariates_change_nothing():
    times, happened, covariates, stratum = random_trial()
    fit = fit_cox(partial_likelihood(times, happened, covariates, stratum, "efron"))
    order = np.random.default_rng(1).permutation(len(times))
    moved = fit_cox(
        partial_likelihood(
            times[order], happened[order], covariates[order] + 1000, stratum[order], "efron"
        )
    )
    assert moved.coefficients == pytest.approx(fit.coefficients, rel=1e-8)


def test_an_effect_without_end_is_noticed_and_named():
    times = np.arange(1.0, 9.0)
    covariates = np.column_stack([np.repeat([1.0, 0.0], 4), np.tile([0.0, 1.0], 4)])
    happened = np.repeat([True, False], 4)
    fit = fit_cox(
        partial_likelihood(times, happened, covariates, np.zeros(8, dtype=np.int64), "efron")
    )
    assert not fit.converged
    assert fit.infinite.tolist() == [True, False]


@pytest.mark.parametrize(("second", "terms"), [(lambda x: 2 * x + 1, [1]), (np.ones_like, [1])])
def test_terms_that_say_the_same_are_named(second, terms):
    times, happened, covariates, stratum = random_trial()
    matrix = np.column_stack([covariates[:, 1], second(covariates[:, 1])])
    with pytest.raises(IndistinctError) as error:
        fit_cox(partial_likelihood(times, happened, matrix, stratum, "efron"))
    assert error.value.terms == terms


def test_a_covariate_on_a_scale_of_its_own_does_not_stop_the_fit():
    times, happened, covariates, stratum = random_trial()
    plain = fit_cox(partial_likelihood(times, happened, covariates, stratum, "efron"))
    scaled = fit_cox(partial_likelihood(times, happened, covariates * [1, 1e6], stratum, "efron"))
    assert scaled.converged
    assert scaled.coefficients * [1, 1e6] == pytest.approx(plain.coefficients, rel=1e-8)
