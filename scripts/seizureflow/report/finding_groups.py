"""Findings on the raw data by rule: how many, of whom, what to do, and the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pandas as pd

from seizureflow.displays.words import count_of, listed, upper_first
from seizureflow.findings import FINDING_COLUMNS, Finding, Severity, frame_findings

MOST_LISTED = 200  # a page that lists more is no longer read


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one rule and one severity.

    Attributes:
        severity: Their severity.
        rule: What the rule is about, in words.
        count: How many they are.
        participants: How many participants they concern.
        message: What is wrong, of the first where they differ.
        action: What to do, of the first where they differ.
        differ: Whether messages or actions differ among them.
        listed: The first of them.
    """

    severity: str
    rule: str
    count: int
    participants: int
    message: str
    action: str
    differ: bool
    listed: tuple[Finding, ...]


@dataclass(frozen=True)
class Findings:
    """All findings in a sentence and by rule, the gravest first."""

    sentence: str
    groups: tuple[FindingGroup, ...]


def findings_by_rule(frame: pd.DataFrame) -> Findings:
    """Group the findings by severity and rule.

    Args:
        frame: Table ``findings``.
    """
    findings = frame[FINDING_COLUMNS].fillna("").astype("str")
    if findings.empty:
        return Findings("The checks of the raw data gave no findings.", ())
    severities = get_args(Severity)
    counts = {severity: int((findings["severity"] == severity).sum()) for severity in severities}
    named = [count_of(count, severity) for severity, count in counts.items() if count]
    sentence = f"The checks of the raw data gave {listed(named)}."
    if counts["note"] == len(findings):
        sentence += " None asks for action."
    groups = [_group(rows) for _, rows in findings.groupby(["severity", "rule"], sort=False)]
    groups.sort(key=lambda group: severities.index(group.severity))
    return Findings(sentence, tuple(groups))


def _group(rows: pd.DataFrame) -> FindingGroup:
    first = frame_findings(rows.head(MOST_LISTED))
    people = rows["participant"]
    return FindingGroup(
        severity=first[0].severity,
        rule=upper_first(first[0].rule.replace("_", " ")),
        count=len(rows),
        participants=int(people[people != ""].nunique()),
        message=first[0].message,
        action=first[0].action,
        differ=len(rows[["message", "action"]].drop_duplicates()) > 1,
        listed=tuple(first),
    )
