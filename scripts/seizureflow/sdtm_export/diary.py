"""Makes the SDTM datasets of a daily diary (docs/sdtm-diary.md): CE, SUPPCE and FA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.problems import InputError, Problem
from seizureflow.protocol import Protocol
from seizureflow.sdtm_export.notation import iso_dates, supplemental_qualifiers

DIARY = "SEIZURE DIARY"


def diary_datasets(
    protocol: Protocol, people: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Make the datasets of a daily diary.

    Args:
        protocol: The study's protocol.
        people: Table ``participants``.
        tables: Tables ``intervals`` and ``seizures``.

    Raises:
        InputError: An interval is longer than a day.
    """
    intervals, seizures = tables["intervals"], tables["seizures"]
    _refuse_long_intervals(intervals)
    types = {entry["id"]: entry["label"] for entry in protocol.data["diary"]["seizure_types"]}
    day_one = people.set_index("USUBJID")["RFDT"]
    label = seizures["SEIZTYPE"].astype("str").map(types)
    events = pd.DataFrame(
        {
            "USUBJID": seizures["USUBJID"].astype("str"),
            "CETERM": label,
            "CEDECOD": label.str.upper(),
            "CECAT": DIARY,
            "CESTDTC": _dates_of(seizures, day_one),
        }
    ).reset_index(drop=True)
    events.insert(1, "CESEQ", events.groupby("USUBJID").cumcount() + 1)
    counts = seizures["COUNT"].reset_index(drop=True)
    several, cluster = counts > 1, seizures["CLUSTER"].reset_index(drop=True)
    qualifiers = pd.concat(
        [
            pd.DataFrame(
                {
                    "ROW": events.index[several],
                    "QNAM": "CENUM",
                    "QLABEL": "Number of Seizures",
                    "QVAL": counts[several].astype("str"),
                }
            ),
            pd.DataFrame(
                {
                    "ROW": events.index[cluster],
                    "QNAM": "CECLUST",
                    "QLABEL": "Cluster of Seizures Not Told Apart",
                    "QVAL": "Y",
                }
            ),
        ]
    )
    mark = np.where(intervals["RECORDED"], "Y", "N")
    days = pd.DataFrame(
        {
            "USUBJID": intervals["USUBJID"].astype("str"),
            "FATESTCD": "DIARYREC",
            "FATEST": "Diary Day Recorded",
            "FAOBJ": DIARY,
            "FACAT": DIARY,
            "FAORRES": mark,
            "FASTRESC": mark,
            "FADTC": _dates_of(intervals, day_one),
        }
    )
    if intervals["ENTRYLAG"].notna().any():
        days["FAENDTC"] = iso_dates(
            pd.to_datetime(days["FADTC"])
            + pd.to_timedelta(intervals["ENTRYLAG"].reset_index(drop=True), unit="D")
        )
    return {
        "CE": events,
        "SUPPCE": supplemental_qualifiers(events, "CE", "CESEQ", qualifiers),
        "FA": days,
    }


def _dates_of(frame: pd.DataFrame, day_one: pd.Series[Any]) -> pd.Series[Any]:
    """ISO dates of study days."""
    first = frame["USUBJID"].astype("str").map(day_one.to_dict())
    days = frame["START"] - (frame["START"] > 0).astype("int64")
    return iso_dates(pd.to_datetime(first) + pd.to_timedelta(days, unit="D")).reset_index(drop=True)


def _refuse_long_intervals(intervals: pd.DataFrame) -> None:
    after = (intervals["START"] + 1).where(intervals["START"] != -1, 1)
    if (intervals["END"] != after).any():
        raise InputError(
            [
                Problem(
                    "the diary",
                    "An interval is longer than a day; the SDTM mapping holds daily diaries.",
                )
            ]
        )
