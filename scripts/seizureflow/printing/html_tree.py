"""Reads a page that this project wrote into a tree of elements and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Elements without an end: of HTML, and those of drawings that hold nothing.
_VOID_HTML = "area base br col embed hr img input link meta source track wbr"
_VOID = frozenset(f"{_VOID_HTML} line rect circle path polyline".split())
_SPACE = re.compile(r"\s+")


@dataclass
class Element:
    """An element with its attributes and what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    def descendants(self) -> Iterator[Element]:
        """The element and all elements in it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.descendants()

    def find(self, *tags: str) -> Iterator[Element]:
        """Elements in it that have one of some tags."""
        return (element for element in self.descendants() if element.tag in tags)

    def text(self) -> str:
        """All its text, white space collapsed."""
        parts = [child if isinstance(child, str) else child.text() for child in self.children]
        return _SPACE.sub(" ", "".join(parts)).strip()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        while len(self._open) > 1 and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse_page(text: str) -> Element:
    """Parse a page.

    Args:
        text: HTML in which every element that is not void is closed, as this project writes it.
    """
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root
