"""Mantel-Haenszel, score, Newcombe and Sato against published examples and other software."""

import numpy as np
import pytest
from scipy import optimize, stats
from seizureflow.proportions.interval import wilson
from seizureflow.proportions.mantel_haenszel import mantel_haenszel
from seizureflow.proportions.risk_difference import (
    newcombe_interval,
    sato_standard_error,
    stratum_weights,
    wald_standard_error,
    weighted_risks,
)
from seizureflow.proportions.score_interval import restricted_risk, score_inference
from seizureflow.proportions.strata import StratifiedCounts, count_two_arms
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

ONE = np.ones(1)


def strata(*rows: tuple[float, float, float, float]) -> StratifiedCounts:
    """Responders and participants of the arm, then of the reference arm, by stratum."""
    labels = tuple(str(number) for number in range(len(rows)))
    return StratifiedCounts(labels, *np.array(rows, dtype=float).T)


# Agresti, Categorical Data Analysis (2013), table 6.9: a cream against infection in eight centres.
CENTRES = strata(
    (11, 36, 10, 37),
    (16, 20, 22, 32),
    (14, 19, 7, 19),
    (2, 16, 1, 17),
    (6, 17, 0, 12),
    (1, 11, 0, 10),
    (1, 5, 1, 9),
    (4, 6, 6, 7),
)
SPARSE = strata((1, 2, 0, 1), (2, 3, 1, 4), (0, 2, 1, 3), (1, 1, 0, 2), (3, 5, 2, 6), (2, 2, 2, 3))


def test_mantel_haenszel_of_agresti():
    """Agresti: odds ratio 2.13, CMH 6.38 with p 0.012, Breslow-Day 8.0 with p 0.33, 7 df."""
    found = mantel_haenszel(CENTRES)
    assert round(found.odds_ratio, 2) == 2.13
    assert round(found.chi_square, 2) == 6.38
    assert round(found.p_value, 3) == 0.012
    assert round(found.homogeneity, 1) == 8.0
    assert found.homogeneity_df == 7
    assert round(found.homogeneity_p, 2) == 0.33


def test_a_deviation_smaller_than_the_correction_is_not_corrected():
    """R 4.2, mantelhaen.test: ``YATES <- if (correct && (abs(DELTA) >= .5)) .5 else 0``.

    Here DELTA is -0.092, from 4 of 9 against 4 of 8, and 3 of 8 against 2 of 6.
    """
    counts = strata((4, 9, 4, 8), (3, 8, 2, 6))
    corrected, plain = (mantel_haenszel(counts, correction=on) for on in (True, False))
    assert corrected.chi_square == plain.chi_square == pytest.approx(0.00433993, rel=1e-5)
    assert corrected.p_value == pytest.approx(stats.chi2.sf(0.00433993, 1), rel=1e-5)


@pytest.mark.parametrize("counts", [CENTRES, SPARSE])
@pytest.mark.parametrize("correction", [False, True])
def test_mantel_haenszel_against_statsmodels(counts, correction):
    tables = [
        np.array([[y, n - y], [z, m - z]])
        for y, n, z, m in zip(
            counts.responders,
            counts.participants,
            counts.reference_responders,
            counts.reference_participants,
            strict=True,
        )
    ]
    other = StratifiedTable(tables)
    found = mantel_haenszel(counts, correction=correction)
    assert found.odds_ratio == pytest.approx(other.oddsratio_pooled, rel=1e-10)
    assert found.log_odds_ratio_se == pytest.approx(other.logodds_pooled_se, rel=1e-10)
    test = other.test_null_odds(correction=correction)
    assert found.chi_square == pytest.approx(test.statistic, rel=1e-10)
    assert found.p_value == pytest.approx(test.pvalue, rel=1e-10)
    homogeneity = other.test_equal_odds(adjust=True)
    assert found.homogeneity == pytest.approx(homogeneity.statistic, rel=1e-8)
    assert found.homogeneity_p == pytest.approx(homogeneity.pvalue, rel=1e-8)


def test_a_stratum_with_one_arm_or_one_outcome_adds_nothing():
    more = strata(
        *zip(
            CENTRES.responders,
            CENTRES.participants,
            CENTRES.reference_responders,
            CENTRES.reference_participants,
            strict=True,
        ),
        (3, 9, 0, 0),
        (0, 4, 0, 5),
        (4, 4, 5, 5),
    )
    assert mantel_haenszel(more) == mantel_haenszel(CENTRES)


@pytest.mark.parametrize(
    ("counts", "odds_ratio"),
    [
        (strata((0, 5, 2, 5), (0, 4, 1, 4)), 0.0),
        (strata((3, 5, 0, 5), (1, 4, 0, 4)), np.inf),
        (strata((0, 5, 0, 5)), np.nan),
        (strata((1, 1, 0, 0)), np.nan),
    ],
)
def test_mantel_haenszel_without_a_finite_odds_ratio(counts, odds_ratio):
    found = mantel_haenszel(counts)
    assert found.odds_ratio == pytest.approx(odds_ratio, nan_ok=True)
    assert np.isnan(found.log_odds_ratio_se)
    assert np.isnan(found.p_value) == np.isnan(odds_ratio)


# Newcombe, Stat Med 17 (1998) 873-890, table II, where d is the risk in the first arm less that in
# the second: limits of Miettinen-Nurminen (method 6) and of the hybrid score (method 10).
NEWCOMBE = [
    ((56, 70, 48, 80), (0.0528, 0.3382), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1700, 0.8406), (0.1705, 0.8090)),
    ((10, 10, 0, 20), (0.7156, 1.0000), (0.6791, 1.0000)),
]


@pytest.mark.parametrize(("numbers", "score", "hybrid"), NEWCOMBE)
def test_intervals_of_newcombe_s_table(numbers, score, hybrid):
    counts = count_two_arms(*numbers)
    found = score_inference(counts, ONE, 0.95).interval
    assert (round(found.lower, 4), round(found.upper, 4)) == score
    found = newcombe_interval(counts, ONE, 0.95)
    assert (round(found.lower, 4), round(found.upper, 4)) == hybrid


@pytest.mark.parametrize("numbers", [(10, 32, 6, 34), (1, 12, 4, 15), (0, 8, 3, 9), (7, 7, 2, 9)])
def test_newcombe_and_wilson_against_statsmodels(numbers):
    counts = count_two_arms(*numbers)
    hybrid = newcombe_interval(counts, ONE, 0.95)
    expected = confint_proportions_2indep(*numbers, method="newcomb", compare="diff")
    assert (hybrid.lower, hybrid.upper) == pytest.approx(expected, abs=1e-10)
    single = wilson(numbers[0], numbers[1], 1.959963984540054)
    expected = proportion_confint(numbers[0], numbers[1], method="wilson")
    assert (single.lower, single.upper) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("numbers", [(10, 32, 6, 34), (1, 12, 4, 15), (5, 8, 3, 9)])
def test_score_interval_with_the_restricted_likelihood_maximised_numerically(numbers):
    """The method "score" of statsmodels 0.15 is no second road: it misses Newcombe's table."""
    y, n, z, m = numbers
    found = score_inference(count_two_arms(*numbers), ONE, 0.95).interval
    for limit, sign in ((found.lower, 1), (found.upper, -1)):
        risk = restricted_by_search(numbers, limit)
        variance = risk * (1 - risk) / n + (risk - limit) * (1 - risk + limit) / m
        z_score = (y / n - z / m - limit) / np.sqrt(variance * (n + m) / (n + m - 1))
        assert sign * z_score == pytest.approx(1.959963984540054, abs=1e-4)


def restricted_by_search(numbers, difference: float) -> float:
    y, n, z, m = numbers

    def fall(p: float) -> float:
        return -(stats.binom.logpmf(y, n, p) + stats.binom.logpmf(z, m, p - difference))

    low, high = max(0.0, difference), min(1.0, 1 + difference)
    return optimize.minimize_scalar(
        fall, bounds=(low + 1e-9, high - 1e-9), method="bounded", options={"xatol": 1e-11}
    ).x


# Stratified Miettinen-Nurminen with weights of sample size, from the tests of the R package
# metalite.ae: the first against a validated SAS macro, the second the example of rate_compare().
THREE = ([1, 2, 3] * 38 + [1, 3, 3, 1, 2], [2] + [1, 2, 3] * 37 + [1, 1, 2, 3], 70, 46)
FOUR = ([1, 2, 3, 4] * 12 + [1, 3, 3, 1] + [1, 2, 3, 4] * 12, [1, 2, 3, 4] * 25, 80, 40)
METALITE = [
    (THREE, (0.19181238694, 0.063398653094, 0.31395972269, 2.9215992269)),
    (FOUR, (0.3998397, 0.2684383, 0.5172779, 5.712797)),
]


def ordered(reference, arm, reference_failures, failures):
    """Counts where the first participants of each arm, in the order of their strata, fail."""
    return strata(
        *(
            (
                sum(s == label for s in arm[failures:]),
                arm.count(label),
                sum(s == label for s in reference[reference_failures:]),
                reference.count(label),
            )
            for label in sorted(set(arm))
        )
    )


@pytest.mark.parametrize(("data", "expected"), METALITE)
def test_stratified_score_interval_against_published_values(data, expected):
    counts = ordered(*data)
    weights = stratum_weights(counts, "sample_size")
    found = score_inference(counts, weights, 0.95)
    difference = weighted_risks(counts, weights).difference
    # The published limits are found by bisection to 1e-6.
    assert (difference, found.interval.lower, found.interval.upper, found.z) == pytest.approx(
        expected, abs=2e-6
    )


def test_stratified_score_interval_with_mantel_haenszel_weights_against_cicalc():
    """The example of ci_prop_diff_mn_strata() of the R package cicalc, as printed: 95% and 99%.

    It alternates treat and control along 9, 1, 3, 7 | 7, 3, 2, 8 outcomes.
    """
    outcome = np.repeat([1, 0, 1, 0, 1, 0, 1, 0], [9, 1, 3, 7, 7, 3, 2, 8])
    treated, second = np.arange(40) % 2 == 0, np.arange(40) >= 20
    counts = strata(
        *(
            (outcome[treated & s].sum(), 10, outcome[~treated & s].sum(), 10)
            for s in (~second, second)
        )
    )
    weights = stratum_weights(counts, "mantel_haenszel")
    for level, expected in ((0.95, (-0.1606, 0.4338)), (0.99, (-0.2509, 0.5072))):
        found = score_inference(counts, weights, level).interval
        assert (round(found.lower, 4), round(found.upper, 4)) == expected


@pytest.mark.parametrize("counts", [CENTRES, SPARSE])
def test_score_test_with_mantel_haenszel_weights_is_the_cmh_test(counts):
    found = score_inference(counts, stratum_weights(counts, "mantel_haenszel"), 0.95)
    assert found.p_value == pytest.approx(mantel_haenszel(counts).p_value, rel=1e-8)


@pytest.mark.parametrize("difference", [-0.6, -0.1, 0.0, 0.25, 0.7])
@pytest.mark.parametrize("numbers", [(10, 32, 6, 34), (0, 5, 3, 7), (4, 4, 0, 3), (2, 9, 2, 9)])
def test_restricted_estimate_maximises_the_likelihood(numbers, difference):
    y, n, z, m = numbers
    risk = restricted_risk(np.array([y / n]), np.array([z / m]), np.array([m / n]), difference)
    assert risk[0] == pytest.approx(restricted_by_search(numbers, difference), abs=2e-5)


def test_sato_of_agresti():
    """Agresti (2013), page 231: difference 0.130, standard error 0.050; R cicalc: 0.0313 to 0.2284."""
    weights = stratum_weights(CENTRES, "mantel_haenszel")
    difference, se = weighted_risks(CENTRES, weights).difference, sato_standard_error(CENTRES)
    assert (round(difference, 3), round(se, 3)) == (0.130, 0.050)
    limits = difference - 1.959964 * se, difference + 1.959964 * se
    assert tuple(round(limit, 4) for limit in limits) == (0.0313, 0.2284)


def test_without_strata_every_weighting_is_the_same():
    counts = count_two_arms(10, 32, 6, 34)
    for kind in ("mantel_haenszel", "sample_size"):
        assert stratum_weights(counts, kind) == pytest.approx([1])
    p, q = 10 / 32, 6 / 34
    expected = np.sqrt(p * (1 - p) / 32 + q * (1 - q) / 34)
    assert wald_standard_error(counts, ONE) == pytest.approx(expected, rel=1e-12)


def test_stratified_newcombe_of_equal_strata_is_nearly_that_of_their_sum():
    """Strata with the same risks and sizes hold what their sum holds, up to the order 1/n."""
    counts = strata(*[(24, 80, 16, 80)] * 4)
    weights = stratum_weights(counts, "mantel_haenszel")
    found = newcombe_interval(counts, weights, 0.95)
    whole = newcombe_interval(count_two_arms(96, 320, 64, 320), ONE, 0.95)
    assert (found.lower, found.upper) == pytest.approx((whole.lower, whole.upper), abs=2e-3)


def test_stratified_newcombe_by_its_published_steps():
    """Yan & Su (2010) step by step on two strata, with plain arithmetic."""
    counts = strata((5, 20, 2, 18), (9, 15, 6, 16))
    w = stratum_weights(counts, "mantel_haenszel")
    z = 1.959963984540054

    def limits(y, n):
        p = np.array(y) / n
        v = p * (1 - p) / n
        q = z * np.sqrt(np.sum(w**2 * v)) / np.sum(w * np.sqrt(v))
        low = [
            proportion_confint(a, b, alpha=2 * stats.norm.sf(q), method="wilson")
            for a, b in zip(y, n, strict=True)
        ]
        return np.array(low).T @ w

    n1, n0 = np.array([20, 15]), np.array([18, 16])
    (l1, u1), (l0, u0) = limits([5, 9], n1), limits([2, 6], n0)
    a, b = np.sum(w**2 / n1), np.sum(w**2 / n0)
    d = float(w @ (np.array([5, 9]) / n1 - np.array([2, 6]) / n0))
    expected = (
        d - z * np.sqrt(a * l1 * (1 - l1) + b * u0 * (1 - u0)),
        d + z * np.sqrt(a * u1 * (1 - u1) + b * l0 * (1 - l0)),
    )
    found = newcombe_interval(counts, w, 0.95)
    assert (found.lower, found.upper) == pytest.approx(expected, rel=1e-10)


@pytest.mark.slow
def test_stratified_score_interval_covers_near_its_level():
    """Two strata of 15 and 25 per arm, difference 0.2: 2000 draws."""
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(2000):
        y, z = rng.binomial([15, 25], [0.4, 0.6]), rng.binomial([15, 25], [0.2, 0.4])
        counts = strata((y[0], 15, z[0], 15), (y[1], 25, z[1], 25))
        found = score_inference(counts, stratum_weights(counts, "mantel_haenszel"), 0.95).interval
        covered += found.lower <= 0.2 <= found.upper
    assert 0.935 < covered / 2000 < 0.965  # 0.95 with three standard errors of 2000 draws
