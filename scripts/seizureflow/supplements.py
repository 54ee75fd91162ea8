"""Merges supplemental qualifiers (SDTM SUPP--) into the records that they qualify."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray
from seizureflow.cell_text import text_of
from seizureflow.findings import Finding
from seizureflow.readers import FileTable
from seizureflow.readers.control_characters import shown
from seizureflow.row_ranges import row_ranges

_NEEDED = ("USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")


@dataclass(frozen=True)
class Merged:
    """Records with their supplemental qualifiers.

    Attributes:
        frame: The records, with one column more per qualifier.
        findings: What was found.
        usable: Whether each qualifier became part of a record.
    """

    frame: pd.DataFrame
    findings: list[Finding]
    usable: BoolArray


def merge_supplement(parent: FileTable, supplement: FileTable) -> Merged:
    """Give the parent's records with one column more per qualifier.

    Args:
        parent: The records, with ``USUBJID``.
        supplement: The qualifiers: a record is found by ``USUBJID`` and, where ``IDVAR`` names a
            variable of the parent, by its value ``IDVARVAL``.

    Returns:
        The parent's rows, and findings: qualifiers that match no record, that stand twice, or that
        are named like a variable of the parent are errors, and so are columns that are missing.

    Source:
        CDISC SDTM Implementation Guide 3.4, 8.4.
    """
    findings = list(supplement.findings)
    absent = [name for name in _NEEDED if name not in supplement.frame]
    frame = parent.frame
    if absent or "USUBJID" not in frame:
        if _is_readable(supplement):
            message = "A SUPP-- file needs the column."
            findings += [
                _finding(supplement, name, [], "", "missing_column", message) for name in absent
            ]
        if "USUBJID" not in frame and _is_readable(parent):
            message = "Records with supplemental qualifiers need the column."
            findings.append(_finding(parent, "USUBJID", [], "", "missing_column", message))
        return Merged(frame, findings, np.zeros(len(supplement.frame), dtype=bool))
    given = supplement.frame[list(_NEEDED)].apply(text_of)
    position = pd.Series(-1, index=given.index, dtype="int64")
    for variable, rows in given.groupby("IDVAR", sort=False):
        position.loc[rows.index] = _positions(frame, str(variable), rows)
    findings += _report(
        supplement, given, position < 0, "orphan_supplement", "The qualifier matches no record."
    )
    twice = (position >= 0) & pd.DataFrame({"p": position, "q": given["QNAM"]}).duplicated(
        keep=False
    )
    findings += _report(
        supplement, given, twice, "duplicate_supplement", "A record has the qualifier twice."
    )
    clash = given["QNAM"].isin([str(name) for name in frame.columns])
    findings += _report(
        supplement, given, clash, "supplement_clash", "The qualifier is named like a variable."
    )
    usable = (position >= 0) & ~twice & ~clash
    merged = frame.copy()
    for name, rows in given[usable].groupby("QNAM", sort=True):
        values = np.full(len(frame), "", dtype=object)
        values[position.loc[rows.index].to_numpy()] = rows["QVAL"].to_numpy()
        merged[str(name)] = pd.Series(values, index=frame.index, dtype="str")
    return Merged(merged, findings, usable.to_numpy(dtype=bool))


def _is_readable(table: FileTable) -> bool:
    return not any(found.severity == "error" for found in table.findings)


def _positions(parent: pd.DataFrame, variable: str, rows: pd.DataFrame) -> Any:
    """Row of the parent that each qualifier belongs to, -1 where there is none or several."""
    people = text_of(parent["USUBJID"])
    if variable == "":
        keys, wanted = people, rows["USUBJID"]
    elif variable in parent:
        keys = people + "\0" + _comparable(text_of(parent[variable]))
        wanted = rows["USUBJID"] + "\0" + _comparable(rows["IDVARVAL"])
    else:
        return -1
    unique = ~keys.duplicated(keep=False)
    lookup = pd.Series(np.flatnonzero(unique), index=keys[unique].to_numpy())
    return wanted.map(lookup).fillna(-1).astype("int64").to_numpy()


def _comparable(text: pd.Series[Any]) -> pd.Series[Any]:
    """Write numbers in one way: 1, 1.0 and 01 are the same."""
    number = pd.to_numeric(text, errors="coerce")
    return text.where(number.isna(), text_of(number))


def _report(
    supplement: FileTable,
    given: pd.DataFrame,
    wrong: pd.Series[Any],
    rule: str,
    message: str,
) -> list[Finding]:
    findings = []
    for participant, rows in given[wrong].groupby("USUBJID", sort=False):
        positions = rows.index.to_list()
        findings.append(
            _finding(
                supplement,
                "QNAM",
                positions,
                ", ".join(sorted({repr(shown(name)) for name in rows["QNAM"]})),
                rule,
                message,
                str(participant),
            )
        )
    return findings


def _finding(
    supplement: FileTable,
    field: str,
    positions: list[int],
    value: str,
    rule: str,
    message: str,
    participant: str = "",
) -> Finding:
    return Finding(
        "error",
        rule,
        supplement.file,
        field,
        shown(participant),
        row_ranges(supplement.numbers[positions]),
        value,
        message,
        "Correct the records and their supplemental qualifiers, or export them again.",
    )
