"""How much of a window each participant's diary covers, and what kind of time is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMNS = ("COUNT", "RECORDED", "BETWEEN", "AFTER", "LENGTH")


def missing_time(
    adsl: pd.DataFrame, adsz: pd.DataFrame, intervals: pd.DataFrame, window: str
) -> pd.DataFrame:
    """Divide the days of a window into recorded days and two kinds of missing ones.

    Days after the last recorded day of a participant who did not complete the study are days after
    the end of follow-up: what happened on them depends on why the participant left. All other
    missing days lie between recorded days, or belong to a participant who completed (one whose last
    visit came some days early). Where the study does not say who completed, all days after the last
    recorded one count as after the end of follow-up.

    Args:
        adsl: Participants, rows of table ``adsl``.
        adsz: Table ``adsz``.
        intervals: Table ``intervals``.
        window: The window.

    Returns:
        For each participant, indexed by ``USUBJID``: ``COUNT`` (countable seizures on recorded
        days), and in days ``RECORDED``, ``BETWEEN`` (missing while under follow-up), ``AFTER``
        (after the end of follow-up) and ``LENGTH`` (of the window); missing for a participant
        without the window.
    """
    people = pd.Index(adsl["USUBJID"].astype("str"))
    rows = adsz[adsz["AVISIT"] == window].assign(USUBJID=lambda frame: frame["USUBJID"].astype(str))
    count = _parameter(rows, "SZCOUNT").reindex(people)
    days = _parameter(rows, "SZDAYS").reindex(people)
    recorded = intervals.loc[intervals["RECORDED"].to_numpy(dtype=bool), ["USUBJID", "END"]]
    ends = recorded["END"].astype("float64").groupby(recorded["USUBJID"].astype("str")).max()
    completed = adsl["COMPLFL"] if "COMPLFL" in adsl else pd.Series(pd.NA, index=adsl.index)
    stayed = completed.eq("Y").fillna(False).to_numpy(dtype=bool)
    low, high = (days[name].to_numpy(dtype=np.float64) for name in ("AWLO", "AWHI"))
    # Nobody who was never recorded has an end of follow-up before day 1.
    followed = np.clip(ends.reindex(people).fillna(-np.inf).to_numpy(), low, high)
    seen = days["AVAL"].to_numpy(dtype=np.float64)
    after = np.where(stayed, 0.0, high - followed)
    return pd.DataFrame(
        {
            "COUNT": count["AVAL"].to_numpy(dtype=np.float64),
            "RECORDED": seen,
            "BETWEEN": high - low - seen - after,
            "AFTER": np.where(np.isnan(seen), np.nan, after),
            "LENGTH": high - low,
        },
        index=people,
    )


def _parameter(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    return rows.loc[rows["PARAMCD"] == code, ["USUBJID", "AVAL", "AWLO", "AWHI"]].set_index(
        "USUBJID"
    )
