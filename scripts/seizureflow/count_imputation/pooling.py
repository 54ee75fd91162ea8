"""Combines the estimates of imputed data sets into one with its variance."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seizureflow import distributions
from seizureflow.array_types import FloatArray


@dataclass(frozen=True)
class Pooled:
    """An estimate from imputed data sets.

    Attributes:
        estimate: Mean of the estimates.
        se: Its standard error.
        df: Degrees of freedom of the t distribution that it is referred to; infinite for normal.
        monte_carlo_se: Standard deviation of the estimate over repetitions with other random
            numbers; not a number where it cannot be told.
        missing_information: Share of the variance that is due to missing data; not a number where
            it cannot be told.
    """

    estimate: float
    se: float
    df: float
    monte_carlo_se: float = math.nan
    missing_information: float = math.nan

    def limits(self, level: float) -> tuple[float, float]:
        """Interval of a confidence level."""
        reach = self.se * float(distributions.student_t.ppf((1 + level) / 2, self.df))
        return self.estimate - reach, self.estimate + reach

    @property
    def p_value(self) -> float:
        """Two-sided p-value of a zero effect."""
        z = abs(self.estimate) / self.se
        return 2 * float(distributions.student_t.sf(z, self.df))


def rubin(estimates: FloatArray, variances: FloatArray) -> Pooled:
    """Combine by Rubin's rules.

    The complete-data analysis is referred to the normal distribution, so the degrees of freedom are
    ``(m - 1) (1 + 1/r)^2``, ``r`` being the relative increase in variance.

    Args:
        estimates: Shape (imputations,), at least two.
        variances: Same shape.

    Source:
        Rubin, Multiple imputation for nonresponse in surveys, 1987, equations 3.1.2 to 3.1.8.
    """
    number = len(estimates)
    within, between = float(variances.mean()), float(estimates.var(ddof=1))
    added = (1 + 1 / number) * between
    total = within + added
    # Equal estimates differ by rounding only: nothing was missing.
    known = added <= 1e-20 * total
    return Pooled(
        estimate=float(estimates.mean()),
        se=math.sqrt(total),
        df=math.inf if known else (number - 1) * (total / added) ** 2,
        monte_carlo_se=math.sqrt(between / number),
        missing_information=0.0 if known else added / total,
    )


def bootstrapped(estimates: FloatArray) -> Pooled:
    """Combine estimates of data sets that were resampled first and then imputed.

    The variance between bootstrap samples, less what the random imputations within a sample add to
    it, estimates the variance over repeated trials, whether or not imputation and analysis models
    agree.

    Args:
        estimates: Shape (samples, imputations per sample), at least two of each.

    Source:
        von Hippel & Bartlett, Statistical Science 2021; 36: 400-420 (doi 10.1214/20-STS793),
        section 4; the R packages bootImpute and rbmi compute the same.
    """
    samples, each = estimates.shape
    means = estimates.mean(axis=1)
    between = each * float(means.var(ddof=1))
    within = float(((estimates - means[:, None]) ** 2).sum()) / (samples * (each - 1))
    weights = (samples + 1) / (samples * each)
    if between > within:
        variance = weights * between - within / each
    else:  # the samples differ by no more than imputation does: one variance for all
        variance = float(estimates.var(ddof=1)) / (samples * each)
    spread = (weights * between) ** 2 / (samples - 1)
    spread += within**2 / (samples * each**2 * (each - 1))
    return Pooled(
        estimate=float(estimates.mean()),
        se=math.sqrt(variance),
        df=max(3.0, variance**2 / spread) if spread > 0 else math.inf,
        monte_carlo_se=math.sqrt(between / (samples * each)),
    )
