"""Exact unconditional tests of two proportions, and the exact interval of their difference."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.proportions.interval import Interval
from seizureflow.proportions.score_interval import restricted_variance, score_inference
from seizureflow.proportions.strata import StratifiedCounts, count_two_arms

# Values of the nuisance risk that are tried, then that many between the best one's neighbours.
_NUISANCE = 100
_SCAN = 0.01
_MARGIN = 0.15
# Scores are compared with this tolerance: tables that tie in exact arithmetic must tie here.
_TIE = 1e-9


def barnard_p(counts: StratifiedCounts) -> float:
    """Two-sided p of Barnard's test: tables are ordered by the pooled score statistic.

    SciPy's ``barnard_exact`` loses tables whose statistic ties with the observed one by all but a
    rounding error; here they count, as they must.

    Args:
        counts: Counts of two arms without strata.

    Source:
        Barnard, Biometrika 34 (1947) 123-138, with the statistic of Suissa & Shuster, J R Stat Soc
        A 148 (1985) 317-327.
    """
    tables = _Tables(*_numbers(counts))
    score = np.abs(tables.pooled_score())
    return tables.greatest_probability(score >= score[tables.y1, tables.y0] - _TIE)


def boschloo_p(counts: StratifiedCounts) -> float:
    """Two-sided p of Boschloo's test: tables are ordered by Fisher's one-sided p.

    It is twice the smaller one-sided p, and at most 1.

    Args:
        counts: Counts of two arms without strata.

    Source:
        Boschloo, Stat Neerl 24 (1970) 1-35; two sides as in SciPy's ``boschloo_exact``.
    """
    tables = _Tables(*_numbers(counts))
    one_sided = [
        tables.greatest_probability(fisher <= fisher[tables.y1, tables.y0] * (1 + _TIE))
        for fisher in tables.fisher_p()
    ]
    return min(1.0, 2 * min(one_sided))


def _numbers(counts: StratifiedCounts) -> tuple[int, int, int, int]:
    return (
        int(counts.responders[0]),
        int(counts.participants[0]),
        int(counts.reference_responders[0]),
        int(counts.reference_participants[0]),
    )


def exact_interval(counts: StratifiedCounts, level: float) -> Interval:
    """Exact interval of the risk difference: two one-sided tests by the score statistic, inverted.

    A limit is the most extreme difference at which the greatest probability, over all risks of the
    reference arm, of a score at least as extreme as the observed one exceeds half of
    ``1 - level``. It is sought within 0.15 around the score limit, and farther out if needed.

    Args:
        counts: Counts of two arms without strata.
        level: Confidence level; the coverage is at least that.

    Source:
        Chan & Zhang, Biometrics 55 (1999) 1202-1209.
    """
    y1, n1, y0, n0 = _numbers(counts)
    turned = count_two_arms(y0, n0, y1, n1)
    return Interval(_lower_limit(counts, level), -_lower_limit(turned, level))


def _lower_limit(counts: StratifiedCounts, level: float) -> float:
    alpha = (1 - level) / 2
    tables = _Tables(*_numbers(counts))
    if tables.observed == -1.0:
        return -1.0
    near = score_inference(counts, np.ones(1), level).interval.lower
    outside = max(-1.0, near - _MARGIN)
    while outside > -1.0 and tables.upper_tail(outside) > alpha:
        outside = max(-1.0, outside - _MARGIN)
    inside = outside
    while tables.upper_tail(inside) <= alpha and inside < tables.observed:
        outside, inside = inside, min(inside + _SCAN, tables.observed)
    if inside == outside:
        return -1.0
    while inside - outside > 1e-7:
        middle = (inside + outside) / 2
        if tables.upper_tail(middle) > alpha:
            inside = middle
        else:
            outside = middle
    return outside


class _Tables:
    """All tables that two arms can give, with the probability of those beyond the observed one."""

    def __init__(self, y1: int, n1: int, y0: int, n0: int) -> None:
        self.n1, self.n0, self.y1, self.y0 = n1, n0, y1, y0
        self.arm = np.arange(n1 + 1) / n1
        self.reference = np.arange(n0 + 1) / n0
        self.observed = y1 / n1 - y0 / n0
        self.arm_ways, self.reference_ways = _log_ways(n1), _log_ways(n0)

    def pooled_score(self) -> FloatArray:
        """Score statistic of equal risks; 0 where all or none responded. Arm by reference arm."""
        shares, reference = np.meshgrid(self.arm, self.reference, indexing="ij")
        pooled = (shares * self.n1 + reference * self.n0) / (self.n1 + self.n0)
        variance = pooled * (1 - pooled) * (1 / self.n1 + 1 / self.n0)
        known = variance > 0
        return np.where(known, (shares - reference) / np.sqrt(np.where(known, variance, 1)), 0.0)

    def fisher_p(self) -> tuple[FloatArray, FloatArray]:
        """Fisher's one-sided p of every table: of fewer and of more responders in the arm."""
        arm, reference = np.meshgrid(np.arange(self.n1 + 1), np.arange(self.n0 + 1), indexing="ij")
        total, both = self.n1 + self.n0, arm + reference
        return (
            np.asarray(stats.hypergeom.cdf(arm, total, both, self.n1)),
            np.asarray(stats.hypergeom.cdf(reference, total, both, self.n0)),
        )

    def upper_tail(self, difference: float) -> float:
        """Greatest probability of a score as great as the observed one, at a difference."""
        return self.greatest_probability(self._beyond(difference), difference, _NUISANCE)

    def greatest_probability(
        self, tables: BoolArray, difference: float = 0.0, tried: int = 1001
    ) -> float:
        """Greatest probability of some tables over all risks of the reference arm.

        Args:
            tables: Whether a table is one of them; arm by reference arm.
            difference: Risk of the arm less that of the reference arm.
            tried: Number of risks tried, before those around the best are tried too.
        """
        chosen = tables.astype(np.float64)
        low, high = max(0.0, -difference), min(1.0, 1.0 - difference)
        nuisance = np.linspace(low, high, tried)
        probability = self._probability(chosen, nuisance, difference)
        best = int(probability.argmax())
        between = np.linspace(nuisance[max(best - 1, 0)], nuisance[min(best + 1, tried - 1)], 21)
        finer = self._probability(chosen, between, difference)
        return float(min(1.0, max(probability[best], finer.max())))

    def _beyond(self, difference: float) -> BoolArray:
        """Whether a table's score is at least the observed one; arm by reference arm."""
        shares, reference = np.meshgrid(self.arm, self.reference, indexing="ij")
        variance = restricted_variance(
            shares, reference, np.array([self.n1]), np.array([self.n0]), difference
        )
        deviation = shares - reference - difference
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(
                variance > 1e-15,
                deviation / np.sqrt(variance),
                np.where(np.abs(deviation) < 1e-12, 0.0, np.sign(deviation) * np.inf),
            )
        return score >= score[self.y1, self.y0] - _TIE

    def _probability(
        self, chosen: FloatArray, reference_risk: FloatArray, difference: float
    ) -> FloatArray:
        risk = np.clip(reference_risk + difference, 0, 1)
        arm = _binomial(self.arm_ways, risk)
        reference = _binomial(self.reference_ways, reference_risk)
        return np.sum((arm @ chosen) * reference, axis=1)


def _log_ways(size: int) -> FloatArray:
    """Logarithm of the binomial coefficients of a sample."""
    successes = np.arange(size + 1)
    ways: FloatArray = -special.betaln(1 + size - successes, 1 + successes) - np.log(size + 1)
    return ways


def _binomial(ways: FloatArray, risk: FloatArray) -> FloatArray:
    """Binomial probabilities, risks by successes."""
    successes = np.arange(len(ways))
    failures = len(ways) - 1 - successes
    probability: FloatArray = np.exp(
        ways + special.xlogy(successes, risk[:, None]) + special.xlog1py(failures, -risk[:, None])
    )
    return probability
