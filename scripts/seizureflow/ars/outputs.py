"""The files that show the results of a study, and the list of contents."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import Any

from seizureflow.ars import identifiers
from seizureflow.ars.terms import file_type
from seizureflow.displays.labels import ROLES

Entry = dict[str, Any]


@dataclass(frozen=True)
class OutputFile:
    """A file that shows results.

    Attributes:
        name: Short name.
        label: What it is.
        location: Where it is, relative to the reporting event.
        analyses: Analyses that it shows; None for all.
    """

    name: str
    label: str
    location: str
    analyses: tuple[str, ...] | None = None

    @property
    def suffix(self) -> str:
        """Ending of its name, without the full stop."""
        return PurePosixPath(self.location).suffix.removeprefix(".")


def outputs(files: tuple[OutputFile, ...], protocol: Entry) -> list[Entry]:
    """Describe output files; each analysis that one shows is a display."""
    return [_output(file, protocol) for file in files]


def _output(file: OutputFile, protocol: Entry) -> Entry:
    shown = [
        entry
        for entry in protocol["analyses"]
        if file.analyses is None or entry["id"] in file.analyses
    ]
    return {
        "id": identifiers.output(file.name),
        "name": file.label,
        "fileSpecifications": [
            {
                "name": PurePosixPath(file.location).name,
                "location": file.location,
                "fileType": file_type(file.suffix),
            }
        ],
        "displays": [
            {
                "order": place,
                "display": {
                    "id": identifiers.display(file.name, entry["id"]),
                    "name": entry["id"],
                    "displayTitle": entry["label"],
                },
            }
            for place, entry in enumerate(shown, start=1)
        ],
    }


def list_of_contents(files: tuple[OutputFile, ...], protocol: Entry) -> Entry:
    """The planned analyses by role, in the order of the plan, and the outputs."""
    order = count(1)
    items: list[Entry] = []
    for role, words in ROLES.items():
        chosen = [entry for entry in protocol["analyses"] if entry["role"] == role]
        if chosen:
            items.append(
                {
                    "name": words,
                    "level": 1,
                    "order": next(order),
                    "sublist": {"listItems": [*map(_item, chosen, count(1))]},
                }
            )
    items += [
        {
            "name": file.label,
            "level": 1,
            "order": next(order),
            "outputId": identifiers.output(file.name),
        }
        for file in files
    ]
    return {
        "name": "List of planned analyses",
        "label": "LOPA",
        "contentsList": {"listItems": items},
    }


def _item(entry: Entry, place: int) -> Entry:
    identifier = identifiers.analysis(entry["id"])
    return {"name": entry["label"], "level": 2, "order": place, "analysisId": identifier}
