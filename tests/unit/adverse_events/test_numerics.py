"""Intervals and the double false discovery rate, against published values and brute force."""

import itertools
import math

import numpy as np
import pytest
from scipy import optimize, stats
from seizureflow.adverse_events.comparison import compare_risks
from seizureflow.adverse_events.double_fdr import benjamini_hochberg, double_fdr
from seizureflow.adverse_events.rates import (
    rate_difference_interval,
    rate_interval,
    rate_ratio_interval,
)
from seizureflow.adverse_events.risk_ratio import risk_ratio, risk_ratio_interval

LEVEL = 0.95
CRITICAL = stats.norm.ppf(0.975)
TABLES = [(7, 34, 1, 34), (56, 70, 48, 80), (3, 10, 9, 11), (5, 84, 11, 86), (40, 41, 12, 40)]


def restricted_z(events, size, other_events, other_size, ratio):
    """Score statistic of a risk ratio with the restricted likelihood maximised by brute force."""

    def minus_log_likelihood(other):
        risk = ratio * other
        return -(
            events * math.log(risk)
            + (size - events) * math.log1p(-risk)
            + other_events * math.log(other)
            + (other_size - other_events) * math.log1p(-other)
        )

    edge = min(1.0, 1.0 / ratio)
    other = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(1e-12, edge * (1 - 1e-12)), method="bounded",
        options={"xatol": 1e-13},
    ).x  # fmt: skip
    risk, total = ratio * other, size + other_size
    variance = risk * (1 - risk) / size + ratio**2 * other * (1 - other) / other_size
    deviation = events / size - ratio * other_events / other_size
    return deviation / math.sqrt(variance * total / (total - 1))


@pytest.mark.parametrize("table", TABLES)
def test_limits_of_the_risk_ratio_are_where_the_brute_force_test_turns(table):
    interval = risk_ratio_interval(*table, LEVEL)
    # 1e-5: the maximiser finds the flat top of a likelihood to the root of the machine's precision.
    assert restricted_z(*table, interval.lower) == pytest.approx(CRITICAL, abs=1e-5)
    assert restricted_z(*table, interval.upper) == pytest.approx(-CRITICAL, abs=1e-5)


@pytest.mark.parametrize("table", TABLES)
def test_the_ratio_of_the_arms_the_other_way_round_is_the_inverse(table):
    interval = risk_ratio_interval(*table, LEVEL)
    other = risk_ratio_interval(*table[2:], *table[:2], LEVEL)
    assert other.lower == pytest.approx(1 / interval.upper, rel=1e-9)
    assert other.upper == pytest.approx(1 / interval.lower, rel=1e-9)


@pytest.mark.parametrize("table", TABLES)
def test_interval_of_ratio_and_difference_agree_on_no_difference(table):
    """At a ratio of 1 and a difference of 0 both score statistics are the same."""
    found = compare_risks(*table, LEVEL)
    of_difference = found.difference_interval.lower <= 0 <= found.difference_interval.upper
    assert of_difference == (found.ratio_interval.lower <= 1 <= found.ratio_interval.upper)


def test_published_differences():
    """56/70 against 48/80: Newcombe, Stat Med 17 (1998) 873-890, table II, (a)."""
    table = (56, 70, 48, 80)
    score = compare_risks(*table, LEVEL).difference_interval
    assert (round(score.lower, 4), round(score.upper, 4)) == (0.0528, 0.3382)
    hybrid = compare_risks(*table, LEVEL, "newcombe").difference_interval
    assert (round(hybrid.lower, 4), round(hybrid.upper, 4)) == (0.0524, 0.3339)


# table -> estimate, whether the limits are 0 and infinite
@pytest.mark.parametrize(
    ("table", "estimate", "open_below", "open_above"),
    [
        ((0, 30, 3, 30), 0.0, True, False),
        ((3, 30, 0, 30), math.inf, False, True),
        ((0, 30, 0, 30), math.nan, True, True),
        ((30, 30, 30, 30), 1.0, False, False),
        ((1, 1, 0, 1), math.inf, False, True),
    ],
)
def test_ratios_without_events_have_the_limits_that_they_can_have(
    table, estimate, open_below, open_above
):
    assert risk_ratio(*table) == pytest.approx(estimate, nan_ok=True)
    interval = risk_ratio_interval(*table, LEVEL)
    assert (interval.lower == 0, math.isinf(interval.upper)) == (open_below, open_above)


# Exact limits of a Poisson mean as tabulated (Garwood, Biometrika 28 (1936) 437-442).
@pytest.mark.parametrize(
    ("events", "lower", "upper"),
    [(0, 0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (20, 12.22, 30.89)],
)
def test_published_limits_of_a_poisson_mean(events, lower, upper):
    interval = rate_interval(events, 1.0, LEVEL)
    assert (round(interval.lower, 2), round(interval.upper, 2)) == (lower, upper)
    doubled = rate_interval(events, 2.0, LEVEL)
    assert doubled.upper == pytest.approx(interval.upper / 2)


@pytest.mark.parametrize("events", [0, 1, 4, 25])
def test_limits_of_a_rate_have_the_tails_that_define_them(events):
    interval = rate_interval(events, 3.0, LEVEL)
    assert stats.poisson.cdf(events, 3 * interval.upper) == pytest.approx(0.025)
    if events:
        assert stats.poisson.sf(events - 1, 3 * interval.lower) == pytest.approx(0.025)


RATES = [(7, 12.0, 9, 30.0), (3, 10.0, 2, 4.0), (15, 8.5, 22, 15.3), (1, 5.0, 1, 7.0)]


@pytest.mark.parametrize("rates", RATES)
def test_limits_of_the_rate_ratio_have_the_binomial_tails_that_define_them(rates):
    events, time, other_events, other_time = rates
    interval = rate_ratio_interval(*rates, LEVEL)
    total = events + other_events
    share = [r * time / (r * time + other_time) for r in (interval.lower, interval.upper)]
    assert stats.binom.sf(events - 1, total, share[0]) == pytest.approx(0.025)
    assert stats.binom.cdf(events, total, share[1]) == pytest.approx(0.025)


@pytest.mark.parametrize("rates", RATES)
def test_limits_of_the_rate_difference_are_where_the_brute_force_test_turns(rates):
    events, time, other_events, other_time = rates

    def z(difference):
        def minus_log_likelihood(other):
            return -(
                events * math.log(other + difference)
                - time * (other + difference)
                + other_events * math.log(other)
                - other_time * other
            )

        low = max(0.0, -difference) + 1e-12
        other = optimize.minimize_scalar(
            minus_log_likelihood, bounds=(low, 50), method="bounded", options={"xatol": 1e-13}
        ).x
        deviation = events / time - other_events / other_time - difference
        return deviation / math.sqrt((other + difference) / time + other / other_time)

    interval = rate_difference_interval(*rates, LEVEL)
    assert z(interval.lower) == pytest.approx(CRITICAL, abs=1e-5)
    assert z(interval.upper) == pytest.approx(-CRITICAL, abs=1e-5)


def test_rates_without_events_are_bounded_by_the_times():
    """Without events the restricted rates are 0 and the difference itself: z² = difference x time."""
    interval = rate_difference_interval(0, 10.0, 0, 20.0, LEVEL)
    assert interval.lower == pytest.approx(-(CRITICAL**2) / 20)
    assert interval.upper == pytest.approx(CRITICAL**2 / 10)
    ratio = rate_ratio_interval(0, 10.0, 0, 20.0, LEVEL)
    assert (ratio.lower, ratio.upper) == (0, math.inf)


# The example of the R package c212 (Carragher), help of c212.DFDR, with the tests that it flags.
SYSTEMS = [1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4]
P_VALUES = [
    0.135005, 0.010000, 0.001000, 0.005000, 0.153501, 0.020000, 0.0013, 0.0023, 0.011, 0.023000,
    0.016, 0.0109, 0.559111, 0.751986, 0.308339, 0.837154, 0.325882,
]  # fmt: skip
FLAGGED = {2, 3, 4, 6, 7, 8, 9, 10, 11, 12}


@pytest.mark.parametrize("pooled", [True, False])
def test_the_published_example_is_flagged_as_published(pooled):
    found = double_fdr(np.array(P_VALUES), list(map(str, SYSTEMS)), 0.05, 0.05, pooled=pooled)
    assert set(np.flatnonzero(found.flagged) + 1) == FLAGGED


def test_the_double_false_discovery_rate_by_hand():
    """Two body systems: smallest p 0.01 and 0.30 become 0.02 and 0.30 among two.

    Within the first (0.01, 0.04): 0.02 and 0.04; within the second (0.30, 0.50): 0.50 and 0.50.
    """
    found = double_fdr(np.array([0.01, 0.04, 0.30, 0.50]), ["a", "a", "b", "b"], 0.05, 0.03)
    assert found.groups == ("a", "b")
    assert found.group_p == pytest.approx([0.02, 0.30])
    assert found.test_p == pytest.approx([0.02, 0.04, 0.50, 0.50])
    assert found.p_values == pytest.approx([0.02, 0.04, 0.50, 0.50])
    assert found.flagged.tolist() == [True, False, False, False]


def test_the_modified_procedure_by_hand():
    """Adjusted within: a (0.01, 0.04) 0.02, 0.04; b (0.02) 0.02; c (0.9) 0.9.

    Smallest by group 0.02, 0.02, 0.9 become 0.03, 0.03, 0.9: a and b are chosen at 0.05, and their
    tests 0.01, 0.02, 0.04 together become 0.03, 0.03, 0.04.
    """
    found = double_fdr(
        np.array([0.01, 0.04, 0.02, 0.9]), ["a", "a", "b", "c"], 0.05, 0.035, pooled=True
    )
    assert found.group_p == pytest.approx([0.03, 0.03, 0.9])
    assert found.test_p == pytest.approx([0.03, 0.04, 0.03, 0.9])
    assert found.flagged.tolist() == [True, False, True, False]


def rejected_by_steps(p_values, level):
    """Benjamini and Hochberg's procedure as printed: the largest k with p(k) <= k/m level."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    passing = [
        k for k in range(1, len(order) + 1) if p_values[order[k - 1]] <= k / len(order) * level
    ]
    return set(order[: max(passing, default=0)])


def test_adjusted_p_values_reject_what_the_steps_reject():
    rng = np.random.default_rng(3)
    for size, level in itertools.product((1, 2, 5, 12), (0.01, 0.1, 0.5)):
        p_values = rng.beta(0.4, 1.0, size)
        found = set(np.flatnonzero(benjamini_hochberg(p_values) <= level))
        assert found == rejected_by_steps(p_values.tolist(), level)


@pytest.mark.parametrize("pooled", [True, False])
def test_flags_are_those_of_two_procedures_one_after_the_other(pooled):
    rng = np.random.default_rng(4)
    for _ in range(50):
        sizes = rng.integers(1, 6, 5)
        systems = np.repeat(np.arange(5), sizes)
        p_values = rng.beta(0.3, 1.0, len(systems))
        own = [np.flatnonzero(systems == s) for s in range(5)]
        standing = [
            min(p_values[rows]) if not pooled else min(benjamini_hochberg(p_values[rows]))
            for rows in own
        ]
        chosen = rejected_by_steps(standing, 0.1)
        expected = set()
        families = [own[s] for s in chosen]
        if pooled and families:
            families = [np.concatenate(families)]
        for rows in families:
            expected |= {int(rows[i]) for i in rejected_by_steps(p_values[rows].tolist(), 0.2)}
        found = double_fdr(p_values, list(map(str, systems)), 0.1, 0.2, pooled=pooled)
        assert set(np.flatnonzero(found.flagged).tolist()) == expected


@pytest.mark.parametrize(("pooled", "expected"), [(True, 0.05), (False, 0.245)])
def test_how_many_trials_without_any_effect_have_a_flag(pooled, expected):
    """With nothing to find every flag is false: the share of trials with one is the rate itself.

    The smallest p-value adjusted within its group is uniform (Simes), so that the modification
    holds the first level. The smallest of 5 p-values is not: the procedure of 2004 does not.
    """
    rng = np.random.default_rng(5)
    systems = [str(s) for s in range(8) for _ in range(5)]
    flagged = [
        double_fdr(p_values, systems, 0.05, 0.1, pooled=pooled).flagged.any()
        for p_values in rng.random((1000, 40))
    ]
    assert np.mean(flagged) == pytest.approx(expected, abs=4 * math.sqrt(expected / 1000))
