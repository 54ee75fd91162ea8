"""Checks what a protocol says of its raw files: that they are there, with the columns they need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from seizureflow.domain_columns import EVENT_COLUMNS, EVENT_DAY_COLUMNS, REQUIRED_COLUMNS
from seizureflow.suggestions import nearest
from seizureflow.yaml_source import Key

Entry = dict[str, Any]


class Report(Protocol):
    """Takes a problem of the protocol: its key, what is wrong, and details."""

    def __call__(self, key: Key, what: str, **details: str) -> None:
        """Take a problem."""


def check_domains(data: Entry, folder: Path, report: Report) -> None:
    """Report every problem with the raw files that a protocol names.

    Args:
        data: The protocol, with the defaults of its source filled in.
        folder: The study's folder.
        report: Takes the problems.
    """
    domains = data["domains"]
    for key, entry in _file_entries(domains):
        if "file" not in entry and "source" not in data:
            report(key, 'The key "file" is missing.', action='Add "file".')
    for key, name in _named_files(data):
        _check_file(key, folder, name, report)
    for key, entry, needed in _column_entries(domains):
        for column in needed:
            if column not in entry.get("columns", {}):
                what = f'The key "{column}" is missing.'
                report((*key, "columns"), what, action=f'Add "{column}".')
    for name, entry in domains.items():
        _check_values(("domains", name, "values"), entry, report)
    _check_seizure_domain(data, report)
    _check_diary_layout(domains.get("diary"), report)
    _check_measurements(data, report)
    _check_treatment(data, report)
    _check_blinding(data, report)
    _check_cutoff(data, report)


def _file_entries(domains: Entry) -> Iterator[tuple[Key, Entry]]:
    for name, entry in domains.items():
        yield ("domains", name), entry
        for part in ("days", "milestones"):
            if part in entry:
                yield ("domains", name, part), entry[part]


def _named_files(data: Entry) -> Iterator[tuple[Key, str]]:
    """Files that must be there; the treatment codes need not be while they are not read."""
    for key, entry in _file_entries(data["domains"]):
        if key[1] == "treatment_codes" and data["treatment"] == "blinded":
            continue
        for part in ("file", "supplement"):
            if part in entry:
                yield (*key, part), entry[part]
    copies = data.get("provenance", {}).get("known_copies")
    if copies:
        yield ("provenance", "known_copies"), copies


def _check_file(key: Key, folder: Path, name: str, report: Report) -> None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        report(
            key,
            "The file lies outside the study's folder.",
            found=name,
            action="Copy it into the folder.",
        )
    elif not path.is_file():
        present = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
        report(
            key,
            f"The file {path} does not exist.",
            action=f"Put it there, or mend the name. {nearest(path.name, present)}",
        )


def _column_entries(domains: Entry) -> Iterator[tuple[Key, Entry, tuple[str, ...]]]:
    for name, needed in REQUIRED_COLUMNS.items():
        if name not in domains:
            continue
        entry, key = domains[name], ("domains", name)
        if name == "diary" and entry["layout"] == "events":
            yield key, entry, EVENT_COLUMNS
            if "days" in entry:
                yield (*key, "days"), entry["days"], EVENT_DAY_COLUMNS
        else:
            yield key, entry, needed


def _check_values(key: Key, entry: Entry, report: Report) -> None:
    """Values are replaced in a column that the entry names."""
    columns = entry.get("columns", {})
    for name in entry.get("values", {}):
        if name not in columns:
            what = f'The entry has no column "{name}" whose values could stand for others.'
            report((*key, name), what, expected=", ".join(columns), action=nearest(name, columns))


def _check_seizure_domain(data: Entry, report: Report) -> None:
    """A study may have no seizures (its safety alone is analysed), but not two sources of them."""
    domains = data["domains"]
    if "diary" in domains and "period_counts" in domains:
        report(
            ("domains",),
            "Seizures must come from a daily diary or from counts per period, one of the two.",
            action="Give either domains.diary or domains.period_counts.",
        )
    periods = domains.get("period_counts", {}).get("periods", [])
    for index, period in enumerate(periods):
        for other in periods[:index]:
            if period["days"][0] < other["days"][1] and other["days"][0] < period["days"][1]:
                report(
                    ("domains", "period_counts", "periods", index, "days"),
                    f"The period overlaps that of {other['column']}.",
                    found=f"{period['days']} and {other['days']}",
                    action="Let periods follow each other.",
                )


def _check_diary_layout(diary: Entry | None, report: Report) -> None:
    if diary is None:
        return
    key = ("domains", "diary")
    if diary["layout"] == "days" and "types" not in diary:
        report(key, 'The key "types" is missing.', action="Name the column of each seizure type.")
    if diary["layout"] == "events":
        if "days" not in diary:
            report(
                key,
                "A diary of events does not say which days were recorded.",
                action="Add days: the file of recorded days. A missing day is never a zero.",
            )
        for name in ("types", "clusters"):
            if name in diary:
                report(
                    (*key, name),
                    f"A diary of events has no {name}.",
                    action="Delete it; columns.type and columns.cluster say it.",
                )


def _check_measurements(data: Entry, report: Report) -> None:
    """Results that belong to visits as recorded need a column of visits."""
    for name in ("laboratory", "vital_signs"):
        entry = data["domains"].get(name)
        if entry is None or entry["visit_assignment"] != "recorded":
            continue
        if "visit" not in entry["columns"]:
            report(
                ("domains", name, "columns"),
                "Nothing says which visit a result belongs to.",
                action="Name the column visit, or set visit_assignment: nearest_day.",
            )


def _check_treatment(data: Entry, report: Report) -> None:
    domains = data["domains"]
    in_people = "arm" in domains["participants"]["columns"]
    if data["treatment"] == "unblinded":
        if not in_people and "treatment_codes" not in domains:
            report(
                ("domains",),
                "Nothing says which arm a participant was in.",
                action="Add domains.treatment_codes, or columns.arm of the participants.",
            )
        if in_people and "treatment_codes" in domains and "source" not in data:
            report(
                ("domains", "treatment_codes"),
                "The arms stand in two files.",
                action="Keep domains.treatment_codes or columns.arm of the participants.",
            )


def _check_blinding(data: Entry, report: Report) -> None:
    """While treatment is blinded, the column of the codes must not come in under another name."""
    people = data["domains"]["participants"]
    columns = people["columns"]
    arm = columns.get("arm")
    if data["treatment"] != "blinded" or arm is None:
        return
    key = ("domains", "participants")
    uses: list[tuple[Key, Any]] = [
        ((*key, "columns", name), column) for name, column in columns.items() if name != "arm"
    ]
    for part in ("covariates", "randomisation_strata"):
        entries = columns.get(part, {})
        uses += [((*key, "columns", part, n, "column"), e["column"]) for n, e in entries.items()]
    uses += [((*key, "keep", column), column) for column in people.get("keep", {})]
    for place, column in uses:
        if column == arm:
            report(
                place,
                "The column holds the treatment codes, which are not read while treatment is "
                "blinded.",
                found=str(column),
                action="Name another column, or take the entry out.",
            )


def _check_cutoff(data: Entry, report: Report) -> None:
    if "data_cutoff" not in data:
        return
    try:
        date.fromisoformat(data["data_cutoff"])
    except ValueError:
        report(("data_cutoff",), "The calendar has no such day.", found=data["data_cutoff"])
