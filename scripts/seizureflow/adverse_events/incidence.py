"""Participants with an event, their time to the first, all events and the whole time at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.adverse_events.risk_period import days_between

YEAR = 365.25  # days


@dataclass(frozen=True)
class TimeAtRisk:
    """What incidence and rate of a kind of events in an arm rest on.

    Attributes:
        participants: Participants with an event.
        years_to_first: Time at risk of all, to the first event of those who had one.
        events: All events.
        years: Time at risk of all.
    """

    participants: int
    years_to_first: float
    events: int
    years: float


def time_to_first(events: pd.DataFrame, at_risk: pd.DataFrame, arm: str) -> TimeAtRisk:
    """Add up events and time of an arm; the day of the first event is still at risk.

    Args:
        events: Rows of ADAE of one kind.
        at_risk: Indexed by participant: ``TRT01P``, ``START`` and ``END`` of the time at risk.
        arm: The arm, with at least one participant at risk.
    """
    own = at_risk[at_risk["TRT01P"] == arm]
    counted = events[events["USUBJID"].isin(own.index)]
    first = counted.groupby("USUBJID")["ASTDT"].min().reindex(own.index)
    whole = days_between(own["START"], own["END"]).to_numpy(dtype=np.float64)
    until = days_between(own["START"], first).to_numpy(dtype=np.float64, na_value=np.nan)
    happened = first.notna().to_numpy()
    return TimeAtRisk(
        int(happened.sum()),
        float(np.where(happened, until, whole).sum() / YEAR),
        len(counted),
        float(whole.sum() / YEAR),
    )
