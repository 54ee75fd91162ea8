"""Puts together a domain's raw files, what the protocol says of them, and the last day of data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from seizureflow.raw_reading import RawSource

Entry = dict[str, Any]


def raw_source(
    domain: str, files: Mapping[str, str], entry: Entry, latest: pd.Timestamp, part: str = ""
) -> RawSource | None:
    """Give the source of a domain, or of a part of it.

    Args:
        domain: Name of the domain.
        files: Paths by name, as :meth:`seizureflow.protocol.Protocol.raw_files` names them.
        entry: The domain's entry of the protocol.
        latest: The last day that the data can hold.
        part: ``days`` or ``milestones``; the domain's own file without it.

    Returns:
        The source; None where the domain has no such part.
    """
    if part and part not in entry:
        return None
    path = files[part or "file"]
    supplement = files.get(f"{part}_supplement" if part else "supplement")
    return RawSource(domain, path, entry[part] if part else entry, latest, supplement)


def last_day(data_cutoff: str | None, today: date) -> pd.Timestamp:
    """The last day that the data can hold: the cut-off of the data, else today.

    A run that passes today passes on every later day with the same result.
    """
    return pd.Timestamp(data_cutoff) if data_cutoff else pd.Timestamp(today)
