"""Says from which study day to which each participant was in the study, and who was randomised."""

from __future__ import annotations

import numpy as np
import pandas as pd

from seizureflow.dummy_treatment import assumed_randomised
from seizureflow.study_days import study_day


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
    known = assumed_randomised(participants) if treatment is None else treatment
    return pd.DataFrame(
        {
            "USUBJID": people,
            "FIRSTDY": study_day(participants["SCRNDT"], participants["RFDT"]),
            "LASTDY": last,
            "RANDFL": np.where(people.isin(known["USUBJID"]), "Y", "N"),
        }
    )
