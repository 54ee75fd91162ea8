"""Which adverse events emerged under treatment, by the rule of the protocol."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray

Entry = dict[str, Any]


def start_of_risk(people: pd.DataFrame, rule: Entry) -> pd.Series[Any]:
    """Date from which an event emerges; missing for who was never at risk.

    Args:
        people: Rows of ADSL, or rows with its ``TRTSDT`` and ``RANDDT``.
        rule: Entry ``domains.adverse_events.emergent`` of the protocol.
    """
    first_dose: pd.Series[Any] = people["TRTSDT"]
    # Where the risk ends with days after the last dose, who had none was never at risk.
    if rule["from"] == "first_dose" or rule["until_days_after_last_dose"] is not None:
        return first_dose
    return first_dose.fillna(people["RANDDT"])


def are_emergent(events: pd.DataFrame, rule: Entry) -> BoolArray:
    """Give whether each event emerged under treatment.

    An event emerged where it began on or after the first day at risk and, where the rule says so,
    not more than a number of days after the last dose. Where the rule asks for worsening, an event
    of a term that the participant already had before then must also be more severe than the worst
    of those before.

    Args:
        events: One row per event with ``USUBJID``, ``AETERM``, ``AEBODSYS``, ``AESEVN``, ``ASTDT``
            and its participant's ``TRTSDT``, ``TRTEDT`` and ``RANDDT``.
        rule: Entry ``domains.adverse_events.emergent`` of the protocol.

    Source:
        ICH E9, glossary: treatment emergent.
    """
    start = start_of_risk(events, rule)
    emerged = events["ASTDT"] >= start
    after = rule["until_days_after_last_dose"]
    if after is not None:
        emerged &= events["ASTDT"] <= events["TRTEDT"] + pd.Timedelta(days=after)
    if rule["worsened"]:
        emerged &= ~_no_worse_than_before(events, (events["ASTDT"] < start).to_numpy())
    return np.asarray(emerged, dtype=bool)


def _no_worse_than_before(events: pd.DataFrame, before: BoolArray) -> pd.Series[bool]:
    """Whether the participant had the same term, at least as severe, before the time at risk.

    An event of unknown severity counts as worse: it is not left out on a guess.
    """
    keys = ["USUBJID", "AEBODSYS", "AETERM"]
    severity = pd.to_numeric(events["AESEVN"]).astype("float64")
    earlier = severity.where(before).groupby([events[key] for key in keys], dropna=False)
    worst = earlier.transform("max")
    return severity <= worst
