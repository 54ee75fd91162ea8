"""What results are told apart by: arm, reference arm, visit, variable or term, and its value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from seizureflow.ars import identifiers
from seizureflow.ars.selections import condition
from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Result

Entry = dict[str, Any]

# For each grouping the part of a row that it holds, in the order in which results name them.
_PARTS = {
    identifiers.TREATMENT: "group",
    identifiers.REFERENCE: "reference",
    identifiers.VISIT: "visit",
    identifiers.VARIABLE: "variable",
    identifiers.LEVEL: "level",
}


def groupings(labels: Labels) -> list[Entry]:
    """The grouping factors of a study.

    A comparison has two: the arm, and the arm that it is compared with. Variables and levels are
    those that a method names (model terms, described variables, kinds of event), so that they are
    not of one variable of a dataset.
    """
    dummy = f" ({DUMMY_TREATMENT})" if is_dummy(labels.protocol["treatment"]) else ""
    arms = [(arm["id"], arm["label"] + dummy) for arm in labels.arms]
    visits = [(visit["id"], visit["label"]) for visit in labels.protocol["design"]["visits"]]
    treatment = ("ADSL", "TRT01P")
    return [
        _defined(identifiers.TREATMENT, f"Treatment{dummy}", treatment, arms),
        _defined(identifiers.REFERENCE, f"Reference arm{dummy}", treatment, arms[:1]),
        _defined(identifiers.VISIT, "Visit", ("ADSZ", "AVISIT"), visits),
        {
            "id": identifiers.VARIABLE,
            "name": "Variable, model term or kind of event",
            "dataDriven": True,
        },
        {
            "id": identifiers.LEVEL,
            "name": "Value of the variable or name of the event",
            "dataDriven": True,
        },
    ]


def _defined(
    identifier: str, name: str, variable: tuple[str, str], groups: Sequence[tuple[str, str]]
) -> Entry:
    """A grouping whose groups are known from the plan."""
    return {
        "id": identifier,
        "name": name,
        "groupingDataset": variable[0],
        "groupingVariable": variable[1],
        "dataDriven": False,
        "groups": [
            {
                "id": identifiers.group(identifier, value),
                "name": label,
                "level": 1,
                "order": place,
                "condition": condition(*variable, [value]),
            }
            for place, (value, label) in enumerate(groups, start=1)
        ],
    }


class Groups:
    """Finds the groups of a row among those that a study's groupings define."""

    def __init__(self, defined: Iterable[Entry]) -> None:
        self._known = {
            entry["id"]: {group["id"] for group in entry.get("groups", ())} for entry in defined
        }

    def of(self, row: Result) -> list[Entry]:
        """The groups that a result is about; none where it is about all participants."""
        return [
            self._group(grouping, value)
            for grouping, part in _PARTS.items()
            if (value := getattr(row, part)) is not None
        ]

    def _group(self, grouping: str, value: str) -> Entry:
        identifier = identifiers.group(grouping, value)
        if identifier in self._known[grouping]:
            return {"groupingId": grouping, "groupId": identifier}
        return {"groupingId": grouping, "groupValue": value}

    def ordered(self, rows: Sequence[Result]) -> list[Entry]:
        """The groupings that an analysis uses, and whether each of their groups has results."""
        named = [group for row in rows for group in self.of(row)]
        used = [name for name in _PARTS if any(group["groupingId"] == name for group in named)]
        found = {group.get("groupId") for group in named}
        return [
            {
                "order": place,
                "groupingId": name,
                "resultsByGroup": self._known[name] <= found,
            }
            for place, name in enumerate(used, start=1)
        ]
