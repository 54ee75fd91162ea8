"""Reads the rows of a domain from its raw file, under this project's column names.

Reading never raises on what a file holds: every misfit is a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray
from seizureflow.cell_text import text_of
from seizureflow.findings import Finding
from seizureflow.raw_table import RawTable, accounting, quoted
from seizureflow.readers import FileTable, read_file
from seizureflow.readers.control_characters import shown
from seizureflow.suggestions import nearest
from seizureflow.supplements import merge_supplement

Entry = dict[str, Any]


@dataclass(frozen=True)
class RawSource:
    """Where the rows of a domain are and how they are read.

    Attributes:
        domain: Name of the domain.
        file: Path of the raw file.
        entry: What the protocol says of the file: ``columns``, ``keep``, ``values`` and the options
            of the format. ``optional`` names columns that the file need not have, ``alternatives``
            columns that stand for others that it does not have.
        latest: The last day that the data can hold.
        supplement: Path of the supplemental qualifiers, where there are any.
    """

    domain: str
    file: str
    entry: Entry
    latest: pd.Timestamp
    supplement: str | None = None


def read_raw(source: RawSource, columns: Mapping[str, str]) -> RawTable:
    """Read the rows of a domain.

    Args:
        source: Where they are.
        columns: For each of this project's names, the column that holds it.

    Returns:
        The table. Columns that the file lacks are reported in its findings as errors, except the
        optional ones.
    """
    entry, keep = source.entry, source.entry.get("keep", {})
    others = entry.get("alternatives", {})
    candidates = {name: [column, *others.get(name, [])] for name, column in columns.items()}
    every = {column for named in candidates.values() for column in named}
    wanted = None if source.supplement else sorted({*every, *keep})
    encoding = entry.get("encoding", "utf-8")
    table = read_file(
        source.file,
        columns=wanted,
        sheet=entry.get("sheet"),
        encoding=encoding,
        delimiter=entry.get("delimiter"),
    )
    findings, header = list(table.findings), list(table.all_columns)
    frame, numbers = table.frame, table.numbers
    companions = []
    if source.supplement:
        supplement = read_file(source.supplement, encoding=encoding)
        merged = merge_supplement(table, supplement)
        frame = merged.frame
        findings += merged.findings
        header = [*header, *(name for name in frame.columns if name not in header)]
        companions = [_qualifiers(source.domain, supplement, merged.usable, {*every, *keep})]
    unreadable = any(found.severity == "error" for found in table.findings)
    left_out: dict[str, int] = {}
    for column, values in keep.items():
        if column in frame:
            kept = text_of(frame[column]).isin(values).to_numpy()
            if (~kept).any():
                left_out[f"{column} is not {' or '.join(values)}"] = int((~kept).sum())
                if not kept.any():
                    findings.append(_nothing_kept(source.file, column, values, frame[column]))
            frame, numbers = frame[kept].reset_index(drop=True), numbers[kept]
        elif not unreadable:
            findings.append(_missing(source.file, column, "keep", header))
    named, absent = _present(candidates, set(frame.columns))
    if not unreadable:
        optional = entry.get("optional", ())
        findings += [
            _missing(source.file, " or ".join(candidates[name]), name, header)
            for name in absent
            if name not in optional
        ]
    cells = frame[list(named.values())].copy()
    cells.columns = pd.Index(list(named))
    for name, meanings in entry.get("values", {}).items():
        if name in cells:
            cells[name] = _meant(cells[name], meanings)
    raw = RawTable(source.domain, source.file, cells, {**columns} | named, numbers, source.latest)
    raw.findings, raw.left_out, raw.companions = findings, left_out, companions
    return raw


def _qualifiers(
    domain: str, supplement: FileTable, usable: BoolArray, named: Collection[str]
) -> pd.DataFrame:
    """Say what became of the supplemental qualifiers."""
    if "QNAM" not in supplement.frame:
        return accounting(domain, supplement.file, [("error", "see the findings", len(usable))])
    wanted = text_of(supplement.frame["QNAM"]).isin(named).to_numpy()
    counts = [
        ("used", "", int((usable & wanted).sum())),
        ("excluded", "a qualifier that the protocol does not name", int((usable & ~wanted).sum())),
        ("error", "see the findings", int((~usable).sum())),
    ]
    return accounting(domain, supplement.file, counts)


def _present(
    candidates: Mapping[str, list[str]], header: set[str]
) -> tuple[dict[str, str], list[str]]:
    """For each name the first of its columns that the file has; and names that have none."""
    first = {
        name: next((column for column in columns if column in header), None)
        for name, columns in candidates.items()
    }
    named = {name: column for name, column in first.items() if column is not None}
    return named, [name for name in candidates if name not in named]


def _meant(cells: pd.Series[Any], meanings: Mapping[str, Any]) -> pd.Series[Any]:
    """Replace values by what they stand for; a value that is not named stands for itself."""
    coded = pd.Categorical(text_of(cells))
    words = {str(raw): str(meant) for raw, meant in meanings.items()}
    new = np.array([words.get(value, value) for value in coded.categories], dtype=object)
    return pd.Series(new[coded.codes] if len(new) else [], index=cells.index, dtype="str")


def _nothing_kept(file: str, column: str, values: list[str], cells: pd.Series[Any]) -> Finding:
    return Finding(
        "warning",
        "nothing_kept",
        file,
        column,
        "",
        "",
        quoted(text_of(cells).drop_duplicates()),
        f"No row belongs to the domain: the column is nowhere {' or '.join(values)}.",
        "Check the export, or mend keep in protocol.yaml.",
    )


def _missing(file: str, column: str, name: str, header: list[str]) -> Finding:
    return Finding(
        "error",
        "missing_column",
        file,
        column,
        "",
        "",
        "",
        f"The file has no column {column}, which the protocol names for {name}.",
        "Add the column, or mend its name in protocol.yaml. " + nearest(column, map(shown, header)),
    )
