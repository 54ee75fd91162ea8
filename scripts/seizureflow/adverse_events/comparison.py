"""Two arms' risks of an event compared: difference, ratio and Fisher's exact test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from seizureflow.adverse_events.risk_ratio import risk_ratio, risk_ratio_interval
from seizureflow.proportions.interval import Interval
from seizureflow.proportions.risk_difference import newcombe_interval
from seizureflow.proportions.score_interval import score_inference
from seizureflow.proportions.strata import StratifiedCounts


@dataclass(frozen=True)
class RiskComparison:
    """A risk against that of the reference arm.

    Attributes:
        difference: Risk of the arm less that of the reference arm.
        difference_interval: Its limits.
        ratio: Risk of the arm over that of the reference arm; not a number where neither had an
            event, infinite where the reference arm alone had none.
        ratio_interval: Its limits, infinity among them.
        p_value: Of Fisher's exact test, two-sided.
    """

    difference: float
    difference_interval: Interval
    ratio: float
    ratio_interval: Interval
    p_value: float


def compare_risks(
    events: int,
    size: int,
    reference_events: int,
    reference_size: int,
    level: float,
    interval: str = "miettinen_nurminen",
) -> RiskComparison:
    """Compare the risks of two arms.

    Args:
        events: Participants of the arm with the event.
        size: Participants of the arm, at least 1.
        reference_events: Participants of the reference arm with the event.
        reference_size: Participants of the reference arm, at least 1.
        level: Confidence level.
        interval: That of the difference: ``miettinen_nurminen`` or ``newcombe``.

    Source:
        Miettinen & Nurminen, Stat Med 4 (1985) 213-226; Newcombe, Stat Med 17 (1998) 873-890.
    """
    counts = StratifiedCounts(
        ("all",), *(np.array([float(n)]) for n in (events, size, reference_events, reference_size))
    )
    one = np.ones(1)
    limits = (
        newcombe_interval(counts, one, level)
        if interval == "newcombe"
        else score_inference(counts, one, level).interval
    )
    table = np.array(
        [[events, size - events], [reference_events, reference_size - reference_events]]
    )
    return RiskComparison(
        events / size - reference_events / reference_size,
        limits,
        risk_ratio(events, size, reference_events, reference_size),
        risk_ratio_interval(events, size, reference_events, reference_size, level),
        min(float(stats.fisher_exact(table).pvalue), 1.0),
    )
