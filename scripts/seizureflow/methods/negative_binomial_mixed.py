"""Negative binomial mixed model of the seizure counts at the visits."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec
from seizureflow.count_models.mixed_results import analyse_mixed


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit by maximum likelihood and give the rate ratios with Wald intervals.

    Each participant has a normal random effect on the log rate; given it, the counts are negative
    binomial. The rate ratio is that of participants with the same random effect, and also that of
    the means of the population.

    Options: ``quadrature_points`` (1 is Laplace's method), ``visit_effect``, ``arm_by`` and
    ``arm_by_visit``.

    Limits: In a simulation of trials with 66 participants it rejected a true null hypothesis in
    about 10% at the nominal 5%: its intervals are those of large samples.

    Args:
        spec: The analysis; it takes no endpoint.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: There are no seizures in an arm, the terms cannot be told apart, or the
            likelihood has no maximum.

    Source:
        Booth, Casella, Friedl & Hobert (Stat Modelling 2003; 3: 179-191).
    """
    return analyse_mixed(spec, data, random_effects="participant", negative_binomial=True)
