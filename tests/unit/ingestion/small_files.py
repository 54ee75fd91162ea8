"""What ingestion needs besides a raw file: participants, seizure types and the last day of data."""

import pandas as pd
from seizureflow.findings import Finding
from seizureflow.raw_reading import RawSource

LATEST = pd.Timestamp("2021-01-01")
# A's day 1 is 2 March 2020; B has none.
PEOPLE = pd.DataFrame(
    {"USUBJID": ["A", "B"], "RFDT": pd.to_datetime(["2020-03-02", None]).astype("datetime64[ms]")}
)
TYPES = [
    {"id": "motor", "label": "Motor", "countable": True},
    {"id": "aura", "label": "Aura", "countable": False, "synonyms": ["FAS"]},
]


def source(domain: str, path: str, entry: dict) -> RawSource:
    """Where the rows of a domain are."""
    return RawSource(domain, path, entry, LATEST)


def rules(findings: list[Finding]) -> list[tuple[str, str]]:
    """Severity and rule of each finding."""
    return [(finding.severity, finding.rule) for finding in findings]


def accounts(table: pd.DataFrame) -> list[tuple[str, str, int]]:
    """What became of the rows of files."""
    return list(table[["OUTCOME", "REASON", "ROWS"]].itertuples(index=False, name=None))
