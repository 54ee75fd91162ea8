"""The filled checklists as one table, a row for each thing asked for."""

from __future__ import annotations

import pandas as pd

from seizureflow.checklists.fill import Checklist, FilledItem, FilledPart
from seizureflow.displays.values import Number

COLUMNS = (
    "CHECKLIST",
    "ITEM",
    "SECTION",
    "TOPIC",
    "ASKS",
    "STATUS",
    "ANSWER",
    "RESULTS",
    "WHERE",
    "STATEMENT",
    "SOURCE",
    "TO_DO",
)


def checklist_table(checklists: list[Checklist]) -> pd.DataFrame:
    """Give the checklists as a table.

    Args:
        checklists: Filled checklists.

    Returns:
        Text columns: the item, what it asks, its status, the answer with the results rows that its
        numbers are (parted by a blank) and the places that show them, the study's statement with
        its source, and what would answer it where it is missing.
    """
    rows = [
        _row(checklist.definition.id, item, part)
        for checklist in checklists
        for item in checklist.items
        for part in item.parts
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _row(checklist: str, item: FilledItem, part: FilledPart) -> tuple[str, ...]:
    numbers = [piece for piece in part.said if isinstance(piece, Number)]
    said = "".join(piece.text if isinstance(piece, Number) else piece for piece in part.said)
    return (
        checklist,
        item.number,
        item.section,
        item.topic,
        part.asks,
        str(part.status),
        said,
        " ".join(number.identity for number in numbers),
        " ".join(link.address for link in part.links),
        part.statement,
        part.source,
        part.to_do,
    )
