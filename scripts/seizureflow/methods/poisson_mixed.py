"""Poisson mixed model of the seizure counts at the visits."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec
from seizureflow.count_models.mixed_results import analyse_mixed


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit by maximum likelihood and give the rate ratios with Wald intervals.

    The rate ratio is that of participants with the same random effect; with an effect of the
    participant alone it is also that of the means of the population.

    Options: ``random_effects`` (``participant``; ``participant_and_row``, which adds one of every
    count; ``participant_and_slope``, which adds one of the participant's trend over the visits),
    ``quadrature_points`` (for ``participant`` alone; 1 is Laplace's method), ``visit_effect``,
    ``arm_by`` and ``arm_by_visit``.

    Limits: It supposes that counts vary about the rate of a participant and visit as Poisson
    counts do; seizures vary more, so that its errors are too small for most diaries.

    Args:
        spec: The analysis; it takes no endpoint.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: There are no seizures in an arm, the terms cannot be told apart, or the
            likelihood has no maximum.

    Source:
        Breslow & Clayton (JASA 1993; 88: 9-25), models II, III and IV of 6.2, by maximum
        likelihood instead of their approximation.
    """
    return analyse_mixed(
        spec, data, random_effects=spec.options["random_effects"], negative_binomial=False
    )
