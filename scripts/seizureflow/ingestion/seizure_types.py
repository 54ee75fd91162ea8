"""Maps the seizure types of a raw file to those of the protocol, and shows what became what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.ilae import MappedType, declared_class, map_types
from seizureflow.raw_table import RawTable

Entry = dict[str, Any]

_COLUMNS = ["VERBATIM", "SEIZTYPE", "ILAE", "VIA", "COUNTABLE", "ROWS", "SEIZURES"]


@dataclass(frozen=True)
class TypeInFile:
    """A seizure type as it stands in a raw file, and in how many rows."""

    mapped: MappedType
    rows: int


def map_column(
    raw: RawTable, name: str, types: list[Entry]
) -> tuple[pd.Series[Any], list[TypeInFile]]:
    """Map a column of seizure types; an unknown one is an error, with the nearest known.

    Args:
        raw: The table.
        name: The column.
        types: Entry ``diary.seizure_types`` of the protocol.

    Returns:
        Ids of the protocol's types, missing where a cell is empty or unknown; and each value.
    """
    coded = raw.coded(name)
    rows = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.categories))
    mapping = map_types([str(value) for value in coded.categories], types)
    for entry in mapping:
        if entry.type_id is None and entry.verbatim:
            raw.refuse(
                "unknown_seizure_type",
                name,
                pd.Series(np.asarray(coded == entry.verbatim), index=raw.cells.index),
                "The seizure type is none of the protocol's, by name, synonym or ILAE 2017 class.",
                "Correct the cell, or add it to the synonyms of a type in protocol.yaml. "
                + entry.suggestion,
            )
    ids = [entry.type_id if entry.verbatim else None for entry in mapping]
    meant = np.array([*ids, None], dtype=object)  # the last is that of a missing cell, code -1
    mapped = pd.Series(meant[coded.codes], index=raw.cells.index)
    named = [
        TypeInFile(entry, int(count))
        for entry, count in zip(mapping, rows, strict=True)
        if entry.verbatim
    ]
    return mapped, named


def types_table(
    mapping: list[TypeInFile], raw: RawTable, name: str, seizures: pd.Series[Any]
) -> pd.DataFrame:
    """Table ``seizure_types`` of the values found in a column.

    Args:
        mapping: What :func:`map_column` gave.
        raw: The table.
        name: The column.
        seizures: Seizures of each row that could be used; missing for the others.
    """
    totals = seizures.groupby(np.asarray(raw.column(name))).sum().to_dict()
    rows = [
        (
            entry.mapped.verbatim,
            entry.mapped.type_id,
            entry.mapped.ilae_id,
            entry.mapped.via,
            entry.mapped.countable,
            entry.rows,
            int(totals.get(entry.mapped.verbatim, 0)),
        )
        for entry in mapping
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def declared_table(
    counts: Mapping[str, tuple[int, int]], types: list[Entry], names: Mapping[str, str]
) -> pd.DataFrame:
    """Table ``seizure_types`` of types that have a column of their own.

    Args:
        counts: By type, the rows with seizures and how many seizures these are.
        types: Entry ``diary.seizure_types`` of the protocol.
        names: Column of the raw file, by type.
    """
    by_id = {entry["id"]: entry for entry in types}
    table = [
        (
            names[name],
            name,
            declared_class(by_id[name]),
            "protocol",
            by_id[name]["countable"],
            rows,
            seizures,
        )
        for name, (rows, seizures) in counts.items()
    ]
    return pd.DataFrame(table, columns=_COLUMNS)
