"""Turns what the rules found into findings, one per rule and participant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seizureflow.diary_quality import found_values as found
from seizureflow.diary_quality.day_words import counted
from seizureflow.diary_quality.found_values import Assessed, Describe
from seizureflow.diary_quality.hits import QualityHits
from seizureflow.findings import Finding, Severity
from seizureflow.row_ranges import row_ranges

MOST_PARTICIPANTS = 100


@dataclass(frozen=True)
class RuleWords:
    """How the hits of a rule are worded.

    Attributes:
        severity: Severity of the findings.
        describe: Says what was found.
        noun: What one hit is.
        message: What is wrong; settings stand in braces.
        action: What to do.
        column: This project's name of the column concerned.
        of_seizures: Whether the rows are those of seizures, which may have a file of their own.
    """

    severity: Severity
    describe: Describe
    noun: str
    message: str
    action: str
    column: str = "date"
    of_seizures: bool = False


RULES: dict[str, RuleWords] = {
    "duplicate_day": RuleWords(
        "error",
        found.duplicates,
        "record",
        "The diary has more than one record of the same days.",
        "Keep one record; where they conflict, ask the site which one is right. A diary with a row "
        "for each seizure has the layout events.",
    ),
    "overlapping_records": RuleWords(
        "error",
        found.records,
        "record",
        "Records share days without being of the same days.",
        "Correct the first or last days so that no day is in two records.",
    ),
    "before_screening": RuleWords(
        "warning",
        found.days_and(lambda days: f"up to {counted(days, 'day')} before screening"),
        "record",
        "Diary days lie more than {maximum_days_outside} days before screening.",
        "Check these dates and the date of screening.",
    ),
    "after_end_of_study": RuleWords(
        "warning",
        found.days_and(lambda days: f"up to {counted(days, 'day')} after the end"),
        "record",
        "Diary days lie more than {maximum_days_outside} days after the participant's end of "
        "study.",
        "Check these dates and the date of the end of study.",
    ),
    "absurd_count": RuleWords(
        "error",
        found.counts_by_day,
        "row",
        "More than {maximum_daily_count} seizures of a type are entered for a day.",
        "Correct the count, or raise diary.quality.maximum_daily_count in protocol.yaml if it is "
        "real.",
        column="count",
        of_seizures=True,
    ),
    "count_on_missing_day": RuleWords(
        "warning",
        found.seizures,
        "row",
        "Seizures are entered on days that were not recorded; they are not counted.",
        "Check whether the days were recorded.",
        column="count",
        of_seizures=True,
    ),
    "cluster_and_single": RuleWords(
        "warning",
        found.days_by_type,
        "row",
        "Seizures of a type are entered both as a cluster and singly on one day.",
        "Check whether the single seizures are those of the cluster.",
        column="cluster",
        of_seizures=True,
    ),
    "status_epilepticus": RuleWords(
        "warning",
        found.days_by_type,
        "row",
        "The diary has days with status epilepticus: {status_words}.",
        "Check these days, and that the protocol means to count them so.",
        column="type",
        of_seizures=True,
    ),
    "identical_run": RuleWords(
        "warning",
        found.runs,
        "day",
        "The same seizures are entered on {identical_run_days} or more days on end.",
        "Ask the site whether the diary was kept daily.",
        column="count",
    ),
    "backfilled": RuleWords(
        "warning",
        found.days_and(lambda days: f"up to {counted(days, 'day')} later"),
        "record",
        "Days were entered more than {backfill_days} days afterwards.",
        "Ask the site how these days were reconstructed.",
        column="entered_date",
    ),
    "entered_before_day": RuleWords(
        "error",
        found.days_and(lambda days: f"up to {counted(days, 'day')} before"),
        "record",
        "Days were entered before they came.",
        "Correct the diary day or the date of entry.",
        column="entered_date",
    ),
    "low_compliance": RuleWords(
        "warning",
        found.periods,
        "period",
        "Fewer than {minimum_compliance}% of the days that could be recorded were recorded.",
        "Check for diary pages that are missing from the file.",
    ),
    "no_diary": RuleWords(
        "warning",
        found.nothing,
        "participant",
        "The participant was randomised and has no diary row.",
        "Add the diary, or check the identifier in the diary file.",
    ),
    "gap_in_diary": RuleWords(
        "note",
        found.total_days,
        "gap",
        "Days inside the diary have no row and are taken as not recorded.",
        "Check whether rows are missing from the file.",
    ),
}


def worded(
    rule: str,
    hits: QualityHits,
    assessed: Assessed,
    *,
    file: str,
    columns: Mapping[str, str],
    settings: Mapping[str, Any],
) -> list[Finding]:
    """Word the hits of a rule.

    Args:
        rule: One of :data:`RULES`.
        hits: Its hits.
        assessed: What was assessed.
        file: Raw file, as named in findings.
        columns: For each of this project's names, the column or columns of the raw file.
        settings: Values for the braces of the message.

    Returns:
        One finding for each of the first :data:`MOST_PARTICIPANTS` participants, and one more that
        sums up the others.
    """
    words = RULES[rule]
    message = words.message.format_map(settings)
    column = columns.get(words.column, "")
    axis, labels = assessed.diary.axis, assessed.diary.labels
    people, firsts = np.unique(axis.person(hits.begin), return_index=True)
    bounds = np.append(firsts, len(hits)).tolist()
    findings = []
    for number, person in enumerate(people[:MOST_PARTICIPANTS].tolist()):
        part = hits.part(bounds[number], bounds[number + 1])
        rows = part.row[part.row >= 0]
        value = words.describe(part, assessed)
        findings.append(
            Finding(
                words.severity,
                rule,
                file,
                column,
                str(labels[person]),
                row_ranges(rows) if len(rows) else "",
                value,
                message,
                words.action,
            )
        )
    others = len(people) - MOST_PARTICIPANTS
    if others > 0:
        left = len(hits) - bounds[MOST_PARTICIPANTS]
        who = f"and {others:,} more participant" + ("" if others == 1 else "s")
        value = "" if words.noun == "participant" else counted(left, words.noun)
        findings.append(
            Finding(words.severity, rule, file, column, who, "", value, message, words.action)
        )
    return findings
