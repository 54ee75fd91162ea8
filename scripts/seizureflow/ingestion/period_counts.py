"""Ingests seizure counts per period: each period of each participant becomes one interval."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.findings import Finding
from seizureflow.ingestion.membership import check_known
from seizureflow.raw_table import read_raw

Entry = dict[str, Any]


def ingest_period_counts(
    path: str, domain: Entry, participants: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Read counts per period.

    Args:
        path: The raw file, one row per participant.
        domain: Entry ``domains.period_counts`` of the protocol.
        participants: Table ``participants``.

    Returns:
        The tables ``intervals`` (a period with an empty cell is not recorded) and ``seizures``, and
        the findings.
    """
    periods: list[Entry] = domain["periods"]
    columns = {"participant": domain["participant"]}
    raw = read_raw(path, columns | {period["column"]: period["column"] for period in periods})
    known = check_known(raw, participants)
    parts = []
    for period in periods:
        start, end = period["days"]
        counts = raw.numbers(period["column"], counts=True)[known]
        parts.append(
            pd.DataFrame(
                {
                    "USUBJID": raw.column("participant")[known],
                    "START": start,
                    "END": end,
                    "RECORDED": counts.notna(),
                    "SEIZTYPE": domain["seizure_type"],
                    "COUNT": counts,
                    "CLUSTER": False,
                }
            )
        )
    rows = pd.concat(parts).sort_values(["USUBJID", "START"], ignore_index=True)
    seizures = rows.loc[rows["COUNT"] > 0, ["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"]]
    intervals = rows[["USUBJID", "START", "END", "RECORDED"]]
    return intervals, seizures.reset_index(drop=True), raw.findings
