"""Proportional hazards regression: the fit, tests of single terms and of proportionality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import FloatArray
from seizureflow.survival.newton import Evaluation, Maximum, maximise
from seizureflow.survival.partial_likelihood import PartialLikelihood


@dataclass(frozen=True)
class TermTest:
    """Test of one term with 1 degree of freedom.

    Attributes:
        chi_square: The statistic.
        p: Two-sided p.
    """

    chi_square: float
    p: float


def fit_cox(likelihood: PartialLikelihood) -> Maximum:
    """Maximise the partial likelihood.

    Raises:
        IndistinctError: Terms cannot be told apart.
    """
    return maximise(lambda point: _evaluation(likelihood, point), likelihood.scales)


def compare_without_term(
    likelihood: PartialLikelihood, fit: Maximum, term: int
) -> tuple[TermTest, TermTest]:
    """Likelihood ratio and score test of a term, the others being fitted without it.

    Args:
        likelihood: The partial likelihood.
        fit: Its maximum.
        term: Place of the term.
    """
    others = np.arange(likelihood.terms) != term

    def without(point: FloatArray) -> Evaluation:
        value, score, information = _evaluation(likelihood, _full(point, others))
        return value, score[others], information[np.ix_(others, others)]

    point, value = np.zeros(0), likelihood.at(np.zeros(likelihood.terms)).value
    if others.any():
        null = maximise(without, likelihood.scales[others])
        point, value = null.coefficients, null.value
    _, score, information = _evaluation(likelihood, _full(point, others))
    inverse = float(np.linalg.inv(information)[term, term])
    return _test(2 * (fit.value - value)), _test(float(score[term]) ** 2 * inverse)


def proportionality_test(likelihood: PartialLikelihood, fit: Maximum, term: int) -> TermTest:
    """Test whether the effect of a term changes with the logarithm of time.

    It is the score test of the product of the term and log time, added to the model.

    Args:
        likelihood: The partial likelihood.
        fit: Its maximum.
        term: Place of the term.

    Returns:
        The test; its statistic is not a number where all events are on one day.

    Source:
        Grambsch & Therneau, Biometrika 1994; as the score test of ``cox.zph`` in R's survival 3.
    """
    at = likelihood.at(fit.coefficients)
    # Centred, which changes nothing but rounding: the score of the term itself is 0.
    log_time = np.log(at.times) - np.log(at.times).mean()
    score = float(log_time @ at.excess[:, term])
    crossed = log_time @ at.spreads[:, term, :]
    own = float(log_time**2 @ at.spreads[:, term, term])
    left = own - float(crossed @ np.linalg.solve(at.information, crossed))
    if left <= 1e-10 * max(own, 1e-300):
        return TermTest(float("nan"), float("nan"))
    return _test(score**2 / left)


def _evaluation(likelihood: PartialLikelihood, point: FloatArray) -> Evaluation:
    found = likelihood.at(point)
    return found.value, found.score, found.information


def _full(point: FloatArray, others: FloatArray) -> FloatArray:
    coefficients = np.zeros(len(others))
    coefficients[others] = point
    return coefficients


def _test(chi_square: float) -> TermTest:
    chi_square = max(chi_square, 0.0)
    return TermTest(chi_square, float(distributions.chi_square.sf(chi_square, 1)))
