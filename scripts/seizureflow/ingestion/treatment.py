"""Ingests the treatment codes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.ingestion.ingested import Ingested, ingested
from seizureflow.raw_reading import RawSource, read_raw
from seizureflow.treatment import read_treatment

Entry = dict[str, Any]


def ingest_treatment(
    source: RawSource,
    arms: list[Entry],
    not_randomised: list[str],
    participants: pd.DataFrame,
    *,
    own_file: bool,
) -> Ingested:
    """Read the arm of every randomised participant.

    Args:
        source: The file of the codes, which may be that of the participants.
        arms: Entry ``design.arms`` of the protocol.
        not_randomised: Values that stand for no arm.
        participants: Table ``participants``.
        own_file: Whether the codes have a file of their own.

    Returns:
        The table ``treatment``.
    """
    columns = source.entry["columns"]
    raw = read_raw(source, {name: columns[name] for name in ("participant", "arm")})
    treatment, _ = read_treatment(raw, arms, participants, not_randomised, own_file=own_file)
    used = raw.column("participant").isin(treatment["USUBJID"])
    return ingested({"treatment": treatment}, [raw], [raw.account(used, "no arm")])
