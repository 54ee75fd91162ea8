"""Exact unconditional tests and interval: published examples, enumeration, coverage."""

import numpy as np
import pytest
from scipy import stats
from seizureflow.proportions.score_interval import restricted_variance
from seizureflow.proportions.strata import count_two_arms
from seizureflow.proportions.unconditional import barnard_p, boschloo_p, exact_interval

# Vaccine trial of Mehta & Senchaudhuri, Conditional versus unconditional exact tests for comparing
# two binomials (2003): 7 of 15 infected against 12 of 15; two-sided Barnard 0.0682, one-sided
# 0.0341; the example of scipy.stats.barnard_exact.
VACCINE = count_two_arms(7, 15, 12, 15)


def test_barnard_of_the_vaccine_trial():
    assert round(barnard_p(VACCINE), 4) == 0.0682


def test_tables_that_tie_with_the_observed_one_count():
    """Arms of 15: a table ties with the observed one by all but rounding, which SciPy leaves out."""
    lost = stats.barnard_exact([[7, 12], [8, 3]]).pvalue
    assert barnard_p(VACCINE) - lost == pytest.approx(6.49e-5, rel=1e-2)


def test_boschloo_of_scipy_s_example():
    """74 of 117 against 31 of 63 satisfied: one-sided p 0.0355 (documentation of boschloo_exact)."""
    counts = count_two_arms(74, 117, 31, 63)
    assert boschloo_p(counts) == pytest.approx(2 * 0.0355, abs=2e-4)


@pytest.mark.parametrize("numbers", [(10, 32, 6, 34), (2, 11, 7, 13), (8, 31, 2, 28)])
def test_tests_against_scipy(numbers):
    y, n, z, m = numbers
    table, counts = [[y, z], [n - y, m - z]], count_two_arms(*numbers)
    assert barnard_p(counts) == pytest.approx(stats.barnard_exact(table).pvalue, abs=2e-6)
    assert boschloo_p(counts) == pytest.approx(stats.boschloo_exact(table).pvalue, abs=2e-6)


@pytest.mark.parametrize("numbers", [(0, 5, 0, 6), (5, 5, 6, 6)])
def test_one_outcome_alone_gives_no_evidence(numbers):
    assert barnard_p(count_two_arms(*numbers)) == 1
    assert boschloo_p(count_two_arms(*numbers)) == 1


@pytest.mark.parametrize("numbers", [(7, 15, 12, 15), (2, 6, 0, 5), (0, 4, 3, 4), (4, 9, 4, 7)])
def test_tests_by_enumeration_of_all_tables(numbers):
    """The definition: greatest probability, over the common risk, of tables as extreme or more."""
    y, n, z, m = numbers
    first, second = np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij")
    pooled = (first + second) / (n + m)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (first / n - second / m) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    score = np.nan_to_num(score)
    less = stats.hypergeom.cdf(first, n + m, first + second, n)
    greater = stats.hypergeom.cdf(second, n + m, first + second, m)

    def greatest(beyond) -> float:
        risks = np.linspace(0, 1, 4001)[:, None]
        arm = stats.binom.pmf(np.arange(n + 1), n, risks)
        other = stats.binom.pmf(np.arange(m + 1), m, risks)
        return np.max(np.sum((arm @ beyond) * other, axis=1))

    counts = count_two_arms(*numbers)
    barnard = greatest(np.abs(score) >= abs(score[y, z]) - 1e-9)
    # The common risk is tried at 4000 values here, at 1000 and then at closer ones there.
    assert barnard_p(counts) == pytest.approx(barnard, abs=2e-6)
    one_sided = min(greatest(f <= f[y, z] * (1 + 1e-9)) for f in (less, greater))
    assert boschloo_p(counts) == pytest.approx(min(1, 2 * one_sided), abs=2e-6)


def upper_tail(y, n, z, m, difference) -> float:
    first, second = np.meshgrid(np.arange(n + 1) / n, np.arange(m + 1) / m, indexing="ij")
    variance = restricted_variance(first, second, np.array([n]), np.array([m]), difference)
    score = (first - second - difference) / np.sqrt(np.maximum(variance, 1e-300))
    beyond = score >= score[y, z] - 1e-9
    risks = np.linspace(max(0, -difference), min(1, 1 - difference), 3001)
    arm = stats.binom.pmf(np.arange(n + 1), n, np.clip(risks + difference, 0, 1)[:, None])
    other = stats.binom.pmf(np.arange(m + 1), m, risks[:, None])
    return np.max(np.sum((arm @ beyond) * other, axis=1))


@pytest.mark.parametrize("numbers", [(7, 15, 12, 15), (10, 32, 6, 34), (5, 8, 1, 9)])
def test_limits_are_where_the_tail_is_half_of_alpha(numbers):
    y, n, z, m = numbers
    found = exact_interval(count_two_arms(*numbers), 0.95)
    assert upper_tail(y, n, z, m, found.lower - 1e-4) <= 0.025 + 1e-6
    assert upper_tail(y, n, z, m, found.lower + 1e-4) > 0.025 - 1e-6
    assert upper_tail(z, m, y, n, -found.upper - 1e-4) <= 0.025 + 1e-6
    assert upper_tail(z, m, y, n, -found.upper + 1e-4) > 0.025 - 1e-6


def test_coverage_is_at_least_the_level_for_all_risks():
    """Arms of 5 and 6: the probability of every table, at a grid of both risks."""
    n, m = 5, 6
    limits = {
        (y, z): exact_interval(count_two_arms(y, n, z, m), 0.9)
        for y in range(n + 1)
        for z in range(m + 1)
    }
    for p in np.linspace(0.02, 0.98, 25):
        for q in np.linspace(0.02, 0.98, 25):
            covered = sum(
                stats.binom.pmf(y, n, p) * stats.binom.pmf(z, m, q)
                for (y, z), found in limits.items()
                if found.lower <= p - q <= found.upper
            )
            assert covered >= 0.9 - 1e-9, (p, q)


def test_the_interval_turns_with_the_arms():
    found, turned = (
        exact_interval(count_two_arms(*numbers), 0.95) for numbers in ((3, 11, 6, 9), (6, 9, 3, 11))
    )
    assert (found.lower, found.upper) == pytest.approx((-turned.upper, -turned.lower), abs=1e-9)
