"""Assesses the quality of a diary: every rule, and the table of compliance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from seizureflow.diary_quality.coded_diary import Period, code_diary
from seizureflow.diary_quality.counts import (
    absurd_counts,
    clusters_counted_singly,
    counts_on_missing_days,
    days_with_status,
)
from seizureflow.diary_quality.entry_lag import backfilled_days, entered_before_day
from seizureflow.diary_quality.found_values import Assessed
from seizureflow.diary_quality.gaps import gaps_in_diary
from seizureflow.diary_quality.identical_runs import identical_runs
from seizureflow.diary_quality.recorded_days import (
    compliance_table,
    low_compliance,
    people_without_diary,
    period_days,
)
from seizureflow.diary_quality.repeated_days import duplicate_days, overlapping_records
from seizureflow.diary_quality.study_bounds import after_end_of_study, before_screening
from seizureflow.diary_quality.wording import RULES, worded
from seizureflow.findings import Finding

Entry = dict[str, Any]


def assess_diary(
    intervals: pd.DataFrame,
    seizures: pd.DataFrame,
    people: pd.DataFrame,
    periods: Sequence[Period],
    settings: Entry,
    *,
    file: str,
    seizures_file: str | None = None,
    columns: Mapping[str, str] | None = None,
    status_types: Collection[str],
    status_words: str,
) -> tuple[list[Finding], pd.DataFrame]:
    """Apply every rule of diary quality.

    Args:
        intervals: ``USUBJID``, ``START`` and ``END`` (study days, half-open), ``RECORDED``,
            ``ENTRYLAG`` (days from the diary day to its entry, may be missing) and ``ROW`` (row of
            the raw file as findings shall name it). Duplicates and overlaps are allowed.
        seizures: ``USUBJID``, ``START`` (that of its interval), ``SEIZTYPE``, ``COUNT``,
            ``CLUSTER`` and ``ROW``, with those on days that were not recorded.
        people: ``USUBJID``, ``FIRSTDY`` and ``LASTDY`` (study days of screening and end of study,
            may be missing) and ``RANDFL``.
        periods: ``(id, label, start, end)``, half-open study days.
        settings: Entry ``diary.quality`` of the protocol.
        file: Raw file of the days, as named in findings.
        seizures_file: Raw file of the seizures, where it is another.
        columns: For each of this project's names (``date``, ``recorded``, ``entered_date``,
            ``count``, ``type``, ``cluster``), the column or columns of the raw files.
        status_types: Seizure types that stand for status epilepticus.
        status_words: How the protocol counts them, as a clause: "each day counts as one seizure".

    Returns:
        The findings, by rule and participant, and the table of
        :func:`seizureflow.diary_quality.recorded_days.compliance`.
    """
    diary = code_diary(intervals, seizures, people, periods)
    days = period_days(diary, periods)
    assessed = Assessed(diary, periods)
    values = {**settings, "status_words": status_words}
    outside = settings["maximum_days_outside"]
    rules = {
        "duplicate_day": lambda: duplicate_days(diary),
        "overlapping_records": lambda: overlapping_records(diary),
        "before_screening": lambda: before_screening(diary, outside),
        "after_end_of_study": lambda: after_end_of_study(diary, outside),
        "absurd_count": lambda: absurd_counts(diary, settings["maximum_daily_count"]),
        "count_on_missing_day": lambda: counts_on_missing_days(diary),
        "cluster_and_single": lambda: clusters_counted_singly(diary),
        "status_epilepticus": lambda: days_with_status(diary, status_types),
        "identical_run": lambda: identical_runs(diary, settings["identical_run_days"]),
        "backfilled": lambda: backfilled_days(diary, settings["backfill_days"]),
        "entered_before_day": lambda: entered_before_day(diary),
        "low_compliance": lambda: low_compliance(diary, days, settings["minimum_compliance"]),
        "no_diary": lambda: people_without_diary(diary),
        "gap_in_diary": lambda: gaps_in_diary(diary),
    }
    findings: list[Finding] = []
    if intervals.empty:  # the reader of the file has said why
        return findings, compliance_table(diary, days, periods)
    for rule, hits in rules.items():  # one rule at a time, so that its arrays are freed
        named = (RULES[rule].of_seizures and seizures_file) or file
        findings += worded(
            rule, hits(), assessed, file=named, columns=columns or {}, settings=values
        )
    return findings, compliance_table(diary, days, periods)
