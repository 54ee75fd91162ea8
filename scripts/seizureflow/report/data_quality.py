"""What the raw data are like: findings, rows, seizure types, recorded days and deviations.

The numbers here count rows, days and people of the data; they are no results of an analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import minus
from seizureflow.displays.words import count_of, upper_first
from seizureflow.ilae import CLASSES
from seizureflow.report.finding_groups import MOST_LISTED, Findings, findings_by_rule
from seizureflow.rounding import rounded

_CLASS_LABELS = {entry.id: entry.label for entry in CLASSES}
_MAPPED = {"protocol": "named in the plan", "ilae": "by its ILAE 2017 class"}
_ABSENT = "–"


@dataclass(frozen=True)
class DataQuality:
    """The section on data quality; None where the study has no such table.

    Attributes:
        findings: Findings by rule.
        rows: What became of every row of every raw file.
        seizure_types: What every seizure type of the raw files was taken for.
        recording: How completely the diary was kept, by period.
        deviations: Sentences on protocol deviations; empty where they are not known.
        deviation_tables: The deviations.
    """

    findings: Findings
    rows: Table | None
    seizure_types: Table | None
    recording: Table | None
    deviations: tuple[str, ...]
    deviation_tables: tuple[Table, ...]


def data_quality(
    findings: pd.DataFrame,
    row_accounting: pd.DataFrame | None,
    seizure_types: pd.DataFrame | None,
    compliance: pd.DataFrame | None,
    deviations: pd.DataFrame | None,
    labels: Labels,
) -> DataQuality:
    """Lay out the section.

    Args:
        findings: Table ``findings``.
        row_accounting: Table ``row_accounting``.
        seizure_types: Table ``seizure_types``.
        compliance: Table ``compliance``.
        deviations: Table ``deviations``.
        labels: Labels of the study.
    """
    return DataQuality(
        findings=findings_by_rule(findings),
        rows=None if row_accounting is None else rows_table(row_accounting),
        seizure_types=None if seizure_types is None else types_table(seizure_types, labels),
        recording=None if compliance is None else recording_table(compliance, labels),
        deviations=() if deviations is None else tuple(_deviation_sentences(deviations, labels)),
        deviation_tables=() if deviations is None else tuple(deviation_tables(deviations)),
    )


def rows_table(accounting: pd.DataFrame) -> Table | None:
    """Rows of every raw file: read, used and left out, the latter by reason."""
    if accounting.empty:
        return None
    body: list[Row] = []
    for (domain, file), rows in accounting.groupby(["DOMAIN", "FILE"], sort=False, dropna=False):
        used = int(rows.loc[rows["OUTCOME"] == "used", "ROWS"].sum())
        read = int(rows["ROWS"].sum())
        heading = f"{upper_first(_words(domain))}, {file}"
        body.append(Row(heading, _cells(read, used, read - used), strong=True))
        left_out = rows[(rows["OUTCOME"] != "used") & (rows["ROWS"] > 0)]
        for outcome, reason, number in left_out[["OUTCOME", "REASON", "ROWS"]].to_numpy():
            words = _text(reason) or "no reason given"
            named = words if outcome == "excluded" else f"{outcome}: {words}"
            body.append(Row(upper_first(named), _cells("", "", int(number)), indent=True))
    columns = (("Rows read",), ("Used",), ("Not used",))
    return Table("Rows of the raw files", "File, reason", columns, tuple(body))


def types_table(types: pd.DataFrame, labels: Labels) -> Table | None:
    """Every seizure type as it stands in the raw files, with what it was taken for."""
    if types.empty:
        return None
    body = []
    for row in types.to_dict("records"):
        taken, ilae, via = (_text(row[name]) for name in ("SEIZTYPE", "ILAE", "VIA"))
        counts = "" if pd.isna(row["COUNTABLE"]) else ("yes" if row["COUNTABLE"] else "no")
        cells = _cells(
            _taken_as(taken, labels),
            _CLASS_LABELS.get(ilae, _ABSENT),
            _MAPPED.get(via, via) or _ABSENT,
            counts or _ABSENT,
            _whole(row["ROWS"]),
            _whole(row["SEIZURES"]),
        )
        body.append(Row(_text(row["VERBATIM"]), cells))
    columns = (
        ("Taken as",),
        ("ILAE 2017 class",),
        ("How",),
        ("Counts",),
        ("Rows",),
        ("Seizures",),
    )
    return Table("Seizure types", "In the raw files", columns, tuple(body), words=4)


def _taken_as(name: str, labels: Labels) -> str:
    if not name:
        return "not mapped"
    label = labels.variable(name)
    return _words(name) if label == name else label


def recording_table(compliance: pd.DataFrame, labels: Labels) -> Table | None:
    """How completely the diary was kept: over participants, by period."""
    judged = compliance[compliance["EXPECTED"] > 0]
    if judged.empty:
        return None
    least = labels.protocol["diary"]["quality"]["minimum_compliance"]
    body = []
    for period, rows in judged.groupby("PERIOD", sort=False):
        percent = rows["PERCENT"].astype("float64")
        middle, low, high = (
            f"{rounded(float(value), 1)}%"
            for value in (percent.median(), percent.min(), percent.max())
        )
        days = (int(rows[name].sum()) for name in ("EXPECTED", "RECORDED", "MARKED", "ABSENT"))
        cells = _cells(
            len(rows), f"{middle} [{low} to {high}]", int((percent < least).sum()), *days
        )
        body.append(Row(upper_first(labels.window(str(period))), cells))
    columns = (
        ("Participants",),
        ("Days recorded, median [range]",),
        (f"Below {least:g}%",),
        ("Days expected",),
        ("Recorded",),
        ("Marked as missing",),
        ("Without a row",),
    )
    return Table("Recording of the diary by period", "Period", columns, tuple(body))


# For each kind of deviation, the caption of its table and the headings of its columns.
_DEVIATIONS = {
    "eligibility": (
        "Randomised participants who did not meet a criterion",
        ("Criterion", "Found", "Required"),
    ),
    "stratum": (
        "Randomised participants whose stratum differs from their data",
        ("Stratum", "Used at randomisation", "From the data"),
    ),
}


def deviation_tables(deviations: pd.DataFrame) -> Iterator[Table]:
    """A table of each kind of deviation that occurs, one row per participant and rule."""
    for kind, (caption, headings) in _DEVIATIONS.items():
        rows = deviations[deviations["KIND"] == kind]
        if rows.empty:
            continue
        body = [
            Row(
                _text(row["USUBJID"]),
                _cells(*(_text(row[name]) for name in ("LABEL", "FOUND", "EXPECTED"))),
            )
            for row in rows.head(MOST_LISTED).to_dict("records")
        ]
        rest = len(rows) - len(body)
        notes = (
            (f"{rest} more rows are in adam/deviations.parquet beside this file.",) if rest else ()
        )
        columns = tuple((heading,) for heading in headings)
        yield Table(caption, "Participant", columns, tuple(body), notes, words=3)


def _deviation_sentences(deviations: pd.DataFrame, labels: Labels) -> Iterator[str]:
    """How many randomised participants deviate in which way."""
    failed, misplaced = (
        deviations.loc[deviations["KIND"] == kind, "USUBJID"].nunique() for kind in _DEVIATIONS
    )
    if not labels.protocol["eligibility"]:
        yield "The plan states no criteria for randomisation that could be checked."
    elif failed:
        yield f"{_of_randomised(failed)} did not meet a criterion for randomisation."
    else:
        yield "Every randomised participant met every criterion that the plan states."
    if not labels.protocol["design"]["strata"]:
        return
    if misplaced:
        yield f"{_of_randomised(misplaced)} had another stratum at randomisation than in the data."
    elif _strata_used(labels):
        yield "Every stratum used at randomisation is that of the data."
    else:
        yield "The strata used at randomisation are not in the data."


def _of_randomised(count: int) -> str:
    return count_of(count, "randomised participant")


def _strata_used(labels: Labels) -> bool:
    columns = labels.protocol["domains"]["participants"]["columns"]
    return bool(columns.get("randomisation_strata"))


def _cells(*values: Any) -> tuple[tuple[str, ...], ...]:
    return tuple((str(value),) for value in values)


def _whole(value: Any) -> str:
    return _ABSENT if pd.isna(value) else minus(str(int(value)))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _words(name: Any) -> str:
    return _text(name).replace("_", " ")
