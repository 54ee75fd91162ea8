"""Participants with an inadequate response: other medication needed, or stopped for lack of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic

_LABEL = "With an inadequate response"


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count the participants of each arm.

    A participant counts where a medication was started for the reason ``medication_reason`` on or
    after study day ``medication_from_day``, or who left for the reason ``disposition_reason``.

    Args:
        spec: The analysis with these options.
        data: Tables ``adsl``, ``medications`` and ``disposition``.
    """
    options = spec.options
    medications, disposition = data["medications"], data["disposition"]
    changed = medications.loc[
        (medications["REASON"] == options["medication_reason"])
        & (medications["ASTDY"] >= options["medication_from_day"]).fillna(False),
        "USUBJID",
    ]
    stopped = disposition.loc[disposition["REASON"] == options["disposition_reason"], "USUBJID"]
    people = in_set(data["adsl"], spec.population)
    statistics = []
    for arm in spec.arms:
        members = people.loc[people["TRT01P"] == arm.id, "USUBJID"]
        count = float(members.isin({*changed, *stopped}).sum())
        share = 100 * count / len(members) if len(members) else float("nan")
        note = None if len(members) else "The arm has no participants."
        statistics += [
            Statistic("participants", "Participants", float(len(members)), group=arm.id),
            Statistic("participants_with_event", _LABEL, count, group=arm.id),
            Statistic(
                "participants_with_event_percent", _LABEL, share, group=arm.id, unit="%", note=note
            ),
        ]
    return AnalysisResult(tuple(statistics))
