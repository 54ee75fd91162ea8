"""Definitions of checklists: their items, and what answers each part of one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One thing that an item asks for.

    Attributes:
        asks: What it asks for, in our words.
        evidence: Name of the evidence that answers it; None where only the study can.
        key: Key of the protocol's entry ``reporting`` that answers it; None where only results do.
    """

    asks: str
    evidence: str | None
    key: str | None


@dataclass(frozen=True)
class Item:
    """One numbered item, or half of one (``17b``).

    Attributes:
        number: Its number in the source.
        section: Section of the source.
        topic: What it is about.
        parts: What it asks for.
        each_estimand: Whether it is asked of every estimand of the plan.
    """

    number: str
    section: str
    topic: str
    parts: tuple[Part, ...]
    each_estimand: bool = False


@dataclass(frozen=True)
class Definition:
    """A checklist.

    Attributes:
        id: Short name, which is also its anchor on the page.
        title: Its name.
        about: What it is, in a sentence.
        citation: Its source.
        address: Address of the source.
        items: Its items, in order.
    """

    id: str
    title: str
    about: str
    citation: str
    address: str
    items: tuple[Item, ...]


def read_definition(text: str) -> Definition:
    """Read a definition.

    Args:
        text: JSON text, see ``report/checklists/``.

    Raises:
        KeyError: An entry lacks a key.
    """
    data: Entry = json.loads(text)
    items = tuple(
        Item(
            number=entry["number"],
            section=section["section"],
            topic=entry["topic"],
            parts=tuple(
                Part(part["asks"], part.get("evidence"), part.get("key")) for part in entry["parts"]
            ),
            each_estimand=section.get("each_estimand", False),
        )
        for section in data["sections"]
        for entry in section["items"]
    )
    return Definition(
        data["id"], data["title"], data["about"], data["citation"], data["address"], items
    )
