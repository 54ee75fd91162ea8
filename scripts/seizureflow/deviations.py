"""Lists deviations that the data show: who was randomised against a criterion or stratum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from seizureflow.strata import stratum_differences

_COLUMNS = ["USUBJID", "KIND", "RULE", "LABEL", "FOUND", "EXPECTED"]


def list_deviations(
    adsl: pd.DataFrame,
    eligibility: pd.DataFrame,
    strata: Sequence[str],
    labels: Mapping[str, str],
) -> pd.DataFrame:
    """List randomised participants who failed a criterion or were put into a wrong stratum.

    Args:
        adsl: ADSL, indexed by participant, with ``RANDFL``, the variables of ``strata`` and
            ``STRAT1R`` ... where the strata used at randomisation are known.
        eligibility: Table ``eligibility``.
        strata: Variables by which randomisation was stratified.
        labels: Labels of these variables.

    Returns:
        Table ``deviations``, one row per participant and deviation.
    """
    randomised = adsl.index[adsl["RANDFL"] == "Y"]
    failed = eligibility[~eligibility["MET"].astype(bool) & eligibility["USUBJID"].isin(randomised)]
    against = pd.DataFrame(
        {
            "USUBJID": failed["USUBJID"],
            "KIND": "eligibility",
            "RULE": failed["CRITERION"],
            "LABEL": failed["LABEL"],
            "FOUND": failed["FOUND"],
            "EXPECTED": failed["EXPECTED"],
        }
    )
    wrong = stratum_differences(adsl.loc[randomised], strata)
    misplaced = wrong.assign(KIND="stratum", LABEL=wrong["RULE"].map(dict(labels)))
    parts = [part for part in (against, misplaced) if len(part)]
    if not parts:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(parts)[_COLUMNS].sort_values(
        ["USUBJID", "KIND"], kind="stable", ignore_index=True
    )
