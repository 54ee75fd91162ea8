"""What one step of ingestion gives: tables, findings, and what became of every row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from seizureflow.findings import Finding
from seizureflow.raw_table import RawTable


@dataclass(frozen=True)
class Ingested:
    """The outcome of reading the raw files of one domain.

    Attributes:
        tables: Canonical tables by name.
        findings: What was found.
        accounting: Table ``row_accounting``.
    """

    tables: dict[str, pd.DataFrame]
    findings: list[Finding]
    accounting: pd.DataFrame


def ingested(
    tables: dict[str, pd.DataFrame],
    raws: Iterable[RawTable],
    accounts: Iterable[pd.DataFrame],
) -> Ingested:
    """Put together the findings and accounts of the files that a step has read."""
    findings = [finding for raw in raws for finding in raw.findings]
    return Ingested(tables, findings, pd.concat(list(accounts), ignore_index=True))
