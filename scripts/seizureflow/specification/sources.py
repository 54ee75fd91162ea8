"""Where values come from: the raw files and columns that a protocol names."""

from __future__ import annotations

from typing import Any

from seizureflow.displays.words import listed

Entry = dict[str, Any]

NO_SEIZURES = "none: the study has neither a diary nor counts per period"
NOT_COLLECTED = "Not collected in this study: missing in every row."

_RECORDED = ("date", "end_date", "recorded")
_COUNTED = ("type", "count", "cluster")


def collected(protocol: Entry, domain: str, column: str | None = None) -> bool:
    """Whether a study has a raw domain and, in it, a column.

    A study whose source is a standard has the columns of the standard.
    """
    entry = protocol["domains"].get(domain)
    if entry is None:
        return False
    return column is None or "source" in protocol or column in entry.get("columns", {})


def raw_source(protocol: Entry, domain: str, *columns: str) -> str:
    """A raw file and columns of it.

    Args:
        protocol: The protocol.
        domain: A raw domain that the study has.
        columns: This project's names of columns; none for the file as a whole.
    """
    entry = protocol["domains"][domain]
    named = entry.get("columns", {})
    return file_source(entry, [named[name] for name in columns if name in named], domain)


def file_source(entry: Entry, columns: list[str], domain: str) -> str:
    """A file, its sheet and columns of it, as an entry of the protocol describes it."""
    file = entry.get("file") or f"SDTM dataset of {domain.replace('_', ' ')}"
    place = f"{file}, sheet {entry['sheet']}" if "sheet" in entry else file
    if not columns:
        return place
    noun = "column" if len(columns) == 1 else "columns"
    return f"{place}, {noun} {listed(list(dict.fromkeys(columns)))}"


def recorded_source(protocol: Entry) -> str:
    """The raw columns that say which days were recorded."""
    domains = protocol["domains"]
    if "period_counts" in domains:
        return seizure_source(protocol)
    if "diary" not in domains:
        return NO_SEIZURES
    entry = domains["diary"].get("days") or domains["diary"]
    return file_source(entry, _named(entry, _RECORDED), "diary")


def seizure_source(protocol: Entry) -> str:
    """The raw columns that count seizures and, where a file of their own does, recorded days."""
    domains = protocol["domains"]
    if "period_counts" in domains:
        entry = domains["period_counts"]
        return file_source(entry, [p["column"] for p in entry["periods"]], "period_counts")
    if "diary" not in domains:
        return NO_SEIZURES
    entry = domains["diary"]
    columns = _named(entry, (*_RECORDED, *_COUNTED)) + list(entry.get("types", {}).values())
    columns += [entry["clusters"]] if "clusters" in entry else []
    source = file_source(entry, columns, "diary")
    return f"{source}; {recorded_source(protocol)}" if "days" in entry else source


def _named(entry: Entry, names: tuple[str, ...]) -> list[str]:
    columns = entry.get("columns", {})
    return [columns[name] for name in names if name in columns]
