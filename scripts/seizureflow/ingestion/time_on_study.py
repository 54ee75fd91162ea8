"""Says from which study day to which each participant was in the study, and who was randomised."""

from __future__ import annotations

import numpy as np
import pandas as pd

from seizureflow.study_days import study_day
from seizureflow.treatment import randomised_while_blinded


def time_on_study(
    participants: pd.DataFrame, treatment: pd.DataFrame | None, disposition: pd.DataFrame | None
) -> pd.DataFrame:
    """Give each participant's time on study.

    Args:
        participants: Table ``participants``.
        treatment: Table ``treatment``; None while treatment is blinded: who was randomised is then
            told by the dates.
        disposition: Table ``disposition``; None where the study has none.

    Returns:
        ``USUBJID``, ``FIRSTDY`` (day of screening), ``LASTDY`` (day of the end of study), both
        missing where unknown, and ``RANDFL``.
    """
    people = participants["USUBJID"]
    if disposition is None:
        last = pd.Series(pd.NA, index=participants.index, dtype="Int64")
    else:
        last = people.map(disposition.groupby("USUBJID")["ADY"].max().to_dict()).astype("Int64")
    randomised = (
        randomised_while_blinded(participants)
        if treatment is None
        else people.isin(treatment["USUBJID"])
    )
    return pd.DataFrame(
        {
            "USUBJID": people,
            "FIRSTDY": study_day(participants["SCRNDT"], participants["RFDT"]),
            "LASTDY": last,
            "RANDFL": np.where(randomised, "Y", "N"),
        }
    )
