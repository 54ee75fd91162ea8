"""Writes a page as Typst source: headings, text, lists, tables and figures, no layout of screens.

Every text goes into a string literal, so that nothing in it is taken for markup.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field

from seizureflow.printing.html_tree import Element
from seizureflow.printing.picture_svg import picture_style, picture_svg

# What only a screen needs.
_SKIPPED = frozenset(("script", "style", "nav", "button", "input", "dialog", "template", "head"))
# The rows of the results behind the numbers would be most of the paper; they are in ard.csv.
_SCREEN_CLASSES = frozenset(("unseen", "skip", "skip-table", "rows", "row-tools", "index"))
_BLOCK_NAMES = (
    "p div section article header footer main aside figure figcaption table ul ol dl dt dd li "
    "details summary h1 h2 h3 h4 h5 h6 svg blockquote pre hr fieldset form"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SPACE = re.compile(r"\s+")
_WIDE = 100  # characters in a row of a table that has to be broken
_WIDEST = 45  # characters that a column is given at most
_MANY_COLUMNS = 7
_SUFFIXES = {"image/svg+xml": "svg", "image/png": "png"}


@dataclass
class TypstSource:
    """Source of a document with the files that it shows."""

    text: str
    images: dict[str, bytes] = field(default_factory=dict)


def typst_source(page: Element, preamble: str) -> TypstSource:
    """Write a page as Typst.

    Args:
        page: The parsed page.
        preamble: Typst source that sets page, fonts and the functions that the source calls,
            see ``report/print.typ``.

    Returns:
        Source and images by the names that it uses.
    """
    writer = _Writer(page)
    body = next(page.find("body"))
    title = next(page.find("title")).text()
    head = f"#set document(title: {literal(title)}, date: none)\n"
    return TypstSource(f"{head}{preamble}\n{writer.flow(body.children)}", writer.images)


def literal(text: str) -> str:
    """A text as a Typst string literal."""
    return json.dumps(text, ensure_ascii=False).replace("\\u", "\\\\u")


def _is_printed(element: Element) -> bool:
    if element.tag in _SKIPPED or _SCREEN_CLASSES & element.classes:
        return False
    return element.attributes.get("data-print") != "no" and "hidden" not in element.attributes


def _printed(element: Element) -> list[Element]:
    found = [element]
    for child in _elements(element):
        if _is_printed(child):
            found += _printed(child)
    return found


def _elements(element: Element) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element)]


class _Writer:
    """Writes one page."""

    def __init__(self, page: Element) -> None:
        self.images: dict[str, bytes] = {}
        self._names = {
            element.attributes["id"]
            for element in _printed(next(page.find("body")))
            if element.attributes.get("id")
        }
        self._linked = {
            element.attributes["href"][1:]
            for element in page.find("a")
            if element.attributes.get("href", "").startswith("#")
        }
        self._style = picture_style("".join(style.text() for style in page.find("style")))

    def flow(self, children: list[Element | str]) -> str:
        """Blocks and runs of text, one after another."""
        parts: list[str] = []
        for child in children:
            if isinstance(child, str):
                words = _SPACE.sub(" ", child)
                if words.strip() or (words and parts and not parts[-1].endswith("\n\n")):
                    parts.append(f"#{literal(words)};")
            elif _is_printed(child):
                written = self.element(child)
                parts.append(f"\n\n{written}\n\n" if child.tag in _BLOCKS else written)
        return "".join(parts)

    def element(self, element: Element) -> str:
        """An element with its anchor, where something links to it."""
        writer = getattr(self, f"_{element.tag}", None)
        if writer is None and re.fullmatch("h[1-6]", element.tag):
            writer = self._heading
        written = str(writer(element) if writer else self._plain(element))
        name = element.attributes.get("id", "")
        if name in self._names & self._linked and element.tag in _BLOCKS:
            return f"#metadata(none)#label({literal(name)})\n{written}"
        return written

    def _plain(self, element: Element) -> str:
        return self._styled(element, ("dummy", "warning"))

    def _p(self, element: Element) -> str:
        return self._styled(element, ("note", "warning", "kicker"))

    def _styled(self, element: Element, styles: tuple[str, ...]) -> str:
        """What is in an element, by the first of some functions that is among its classes."""
        inner = self.flow(element.children)
        style = next((name for name in styles if name in element.classes), None)
        return f"#{style}[{inner}]" if style and inner else inner

    def _heading(self, element: Element) -> str:
        return f"#heading(level: {element.tag[1]})[{self.flow(element.children)}]"

    def _b(self, element: Element) -> str:
        return f"#strong[{self.flow(element.children)}]"

    _strong = _b
    _summary = _b

    def _em(self, element: Element) -> str:
        return f"#emph[{self.flow(element.children)}]"

    def _code(self, element: Element) -> str:
        return f"#raw({literal(element.text())})"

    def _br(self, element: Element) -> str:
        return "#linebreak()"

    def _a(self, element: Element) -> str:
        if "anchor" in element.classes:
            return ""
        target, inner = element.attributes.get("href", ""), self.flow(element.children)
        if target.startswith(("https://", "http://")):
            return f"#link({literal(target)})[{inner}]"
        if target.startswith("#") and target[1:] in self._names:
            return f"#to({literal(target[1:])})[{inner}]"
        return inner

    def _items(self, element: Element) -> str:
        return "".join(f"[{self.element(i)}]," for i in _elements(element) if _is_printed(i))

    def _ul(self, element: Element) -> str:
        return f"#list({self._items(element)})"

    def _ol(self, element: Element) -> str:
        return f"#enum({self._items(element)})"

    def _dl(self, element: Element) -> str:
        items: list[str] = []
        term = ""
        for child in element.find("dt", "dd"):
            if child.tag == "dt":
                term = self.flow(child.children)
            else:
                items.append(f"terms.item([{term}],[{self.flow(child.children)}])")
        return f"#terms({','.join(items)},)" if items else ""

    def _figure(self, element: Element) -> str:
        return f"#block(breakable: false)[{self.flow(element.children)}]"

    def _figcaption(self, element: Element) -> str:
        return f"#note[{self.flow(element.children)}]"

    def _img(self, element: Element) -> str:
        kind, _, data = element.attributes["src"].removeprefix("data:").partition(";base64,")
        if kind not in _SUFFIXES:
            return ""
        return self._image(base64.b64decode(data), kind, element.attributes.get("alt", ""))

    def _image(self, content: bytes, kind: str, alt: str) -> str:
        name = f"figure_{len(self.images) + 1}.{_SUFFIXES[kind]}"
        self.images[name] = content
        return f"#image({literal(name)}, width: 100%, alt: {literal(alt)})"

    def _svg(self, element: Element) -> str:
        drawing = picture_svg(element, self._style)
        alt = element.attributes.get("aria-label", "")
        return self._image(drawing.encode(), "image/svg+xml", alt)

    def _table(self, element: Element) -> str:
        rows = [row for row in element.find("tr") if _is_printed(row)]
        head = [row for part in element.find("thead") for row in part.find("tr")]
        columns = max((sum(map(_span, _elements(row))) for row in rows), default=0)
        if not columns:
            return ""
        top = "".join(self._cell(cell, head=True) for row in head for cell in _elements(row))
        body = "".join(
            self._cell(cell, head=False)
            for row in rows
            if row not in head
            for cell in _elements(row)
        )
        caption = next(element.find("caption"), None)
        before = f"#caption[{self.flow(caption.children)}]\n" if caption else ""
        header = f"table.header({top})," if top else ""
        small = "true" if columns > _MANY_COLUMNS else "false"
        return f"{before}#rows({_widths(rows, columns)}, small: {small}, {header}{body})"

    def _cell(self, cell: Element, *, head: bool) -> str:
        inner = self.flow(cell.children)
        if not head and cell.tag == "th" and _span(cell) > 1:
            inner = f"#strong[{inner}]"
        if "indent" in cell.classes:
            inner = f"#h(0.8em){inner}"
        side = "left" if cell.tag == "th" or "words" in cell.classes else "auto"
        return f"table.cell(colspan: {_span(cell)}, align: {side})[{inner}],"


def _span(cell: Element) -> int:
    return int(cell.attributes.get("colspan", "1"))


def _widths(rows: list[Element], columns: int) -> str:
    """Widths of columns: as wide as they are, or shares of the page where that is too much."""
    longest, word = [1] * columns, [1] * columns
    for row in rows:
        cells = _elements(row)
        if len(cells) == columns:
            for place, cell in enumerate(cells):
                text = cell.text()
                longest[place] = max(longest[place], len(text))
                word[place] = max(word[place], *map(len, text.split() or [""]))
    if sum(longest) <= _WIDE:
        return f"columns: ({', '.join(['auto'] * columns)},)"
    shares = [max(w, min(length, _WIDEST)) for w, length in zip(word, longest, strict=True)]
    return f"columns: ({', '.join(f'{share}fr' for share in shares)},)"
