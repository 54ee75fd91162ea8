"""Ingests seizure counts per period: each period of each participant becomes one interval."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.cell_values import numbers
from seizureflow.ingestion.ingested import Ingested, ingested
from seizureflow.ingestion.membership import check_known, participants_of
from seizureflow.ingestion.seizure_types import declared_table
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.study_days import interval_length

Entry = dict[str, Any]


def ingest_period_counts(
    source: RawSource, participants: pd.DataFrame, types: list[Entry], maximum_daily_count: int
) -> Ingested:
    """Read counts per period.

    Args:
        source: The raw file, one row per participant.
        participants: Table ``participants``.
        types: Entry ``diary.seizure_types`` of the protocol.
        maximum_daily_count: More seizures than this on every day of a period are an error.

    Returns:
        The tables ``intervals`` (a period with an empty cell is not recorded), ``seizures`` and
        ``seizure_types``.
    """
    domain = source.entry
    periods: list[Entry] = domain["periods"]
    columns = {"participant": domain["participant"]}
    raw = read_raw(source, columns | {period["column"]: period["column"] for period in periods})
    known = check_known(raw, participants)
    raw.refuse(
        "duplicate_participant",
        "participant",
        known & raw.column("participant").duplicated(keep=False),
        "A participant has more than one row.",
        "Keep one row per participant.",
    )
    parts = []
    for period in periods:
        start, end = period["days"]
        counts = numbers(raw, period["column"], counts=True)
        raw.refuse(
            "absurd_count",
            period["column"],
            counts > maximum_daily_count * interval_length(start, end),
            f"The count is above {maximum_daily_count} on every day of the period.",
            "Correct it, or raise diary.quality.maximum_daily_count if it is real.",
        )
        parts.append(
            pd.DataFrame(
                {
                    "USUBJID": participants_of(raw, participants),
                    "START": start,
                    "END": end,
                    "RECORDED": counts.notna(),
                    "ENTRYLAG": pd.NA,
                    "ROW": raw.row_numbers,
                    "SEIZTYPE": domain["seizure_type"],
                    "COUNT": counts,
                    "CLUSTER": False,
                }
            )[known]
        )
    rows = pd.concat(parts).sort_values(["USUBJID", "START"], ignore_index=True)
    present = rows.loc[rows["COUNT"] > 0]
    seizures = present[["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER", "ROW"]]
    seizures = seizures.astype({"COUNT": "int64"}).reset_index(drop=True)
    kind = domain["seizure_type"]
    tables = {
        "intervals": rows[["USUBJID", "START", "END", "RECORDED", "ENTRYLAG", "ROW"]],
        "seizures": seizures,
        "seizure_types": declared_table(
            {kind: (len(seizures), int(seizures["COUNT"].sum()))}, types, {kind: kind}
        ),
    }
    return ingested(tables, [raw], [raw.account(known)])
