"""Says at the end of a run what ran, what was reused, what warned, and where the reports are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from seizureflow.run_progress import duration


def run_summary(
    ran: Mapping[str, int], reused: int, seconds: float, studies: Iterable[Path]
) -> str:
    """The summary of a run, as lines for the console.

    Args:
        ran: How many jobs of each rule ran.
        reused: Jobs whose results of earlier runs were still right.
        seconds: What the run took.
        studies: Folders of the results of studies whose reports are up to date.
    """
    kinds = ", ".join(f"{rule} {count}" for rule, count in sorted(ran.items(), key=_most_first))
    number = sum(ran.values())
    lines = [f"{number} {'job' if number == 1 else 'jobs'} ran in {duration(seconds)}"]
    lines[0] += f"; {reused} had nothing to do." if reused else "."
    if reused and kinds:  # a run from clean runs every rule
        lines.append(f"Ran: {kinds}.")
    return "\n\n".join(filter(None, ["\n".join(lines), reports_of(studies)]))


def reports_of(studies: Iterable[Path]) -> str:
    """Where the reports of studies are, and what their steps warned of, as lines for the console.

    Args:
        studies: Folders of the results of studies whose reports are up to date.
    """
    return "\n\n".join(
        f"{folder.name}: {warnings_of(folder)}\n  {(folder / 'report.html').resolve()}"
        for folder in studies
    )


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    rule, count = counted
    return -count, rule


def warnings_of(folder: Path) -> str:
    """What the steps of a study warned of, counted.

    Args:
        folder: Folder of the study's results, which hold a report.
    """
    severities = Counter(row["severity"] for row in _rows(folder / "data_quality/findings.csv"))
    unsure, noted = set(), set()
    for row in _rows(folder / "ard.csv"):
        if row["CONVERGED"] == "False":
            unsure.add(row["ANALYSIS"])
        if row["NOTE"]:
            noted.add(row["ANALYSIS"])
    counted = [
        _counted(severities["warning"], "warning", "on the data"),
        _counted(severities["note"], "note", "on the data"),
        _counted(len(unsure), "analysis", "without convergence", "analyses"),
        _counted(len(noted), "analysis", "with notes on results", "analyses"),
    ]
    return (", ".join(filter(None, counted)) or "nothing to warn of") + "."


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file; the process that plans a run may have no pandas."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _counted(number: int, one: str, what: str, several: str = "") -> str:
    if not number:
        return ""
    return f"{number} {one if number == 1 else several or one + 's'} {what}"
