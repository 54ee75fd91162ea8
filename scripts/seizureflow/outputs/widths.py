"""How wide each column of a printed table is, from the text that it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rtflite.strwidth import get_string_width  # type: ignore[import-untyped]

from seizureflow.displays.tables import Table
from seizureflow.displays.values import Cell, Number

_PADDING = 0.24  # inches within a cell, both sides together
_BOLD = 1.1  # times as wide
_LONGEST_WORD = 2.0  # inches; a longer one is broken
_INDENT = "    "


def text_of(cell: Cell) -> str:
    """A cell as text."""
    return "".join(piece.text if isinstance(piece, Number) else piece for piece in cell)


def column_widths(table: Table, total: float, size: int = 9) -> list[float]:
    """Divide the width of a page.

    No column is narrower than its longest word, as far as the page allows; what remains is
    divided by how long the columns' texts are. Where all texts have room, what is too much goes
    to all columns alike.

    Args:
        table: The table.
        total: Width of the page, inches.
        size: Size of the text, points.

    Returns:
        Widths of the columns, inches, that of the row headings first.
    """
    places = range(len(table.columns))
    columns = [_stub(table, size), *(_column(table, place, size) for place in places)]
    least = [column.least for column in columns]
    wanted = [column.wanted for column in columns]
    if sum(wanted) <= total:
        extra = (total - sum(wanted)) / len(wanted)
        return [width + extra for width in wanted]
    if sum(least) >= total:
        return [total * width / sum(least) for width in least]
    room = total - sum(least)
    missing = [want - low for want, low in zip(wanted, least, strict=True)]
    return [low + room * lack / sum(missing) for low, lack in zip(least, missing, strict=True)]


@dataclass(frozen=True)
class _Column:
    """The width that a column needs, and that in which nothing is wrapped, inches."""

    least: float
    wanted: float


def _stub(table: Table, size: int) -> _Column:
    rows = [row for row in table.rows if row.cells]
    texts = [_INDENT * row.indent + row.heading for row in rows]
    return _measured(table.stub, texts, size, bold=any(row.strong for row in rows))


def _column(table: Table, place: int, size: int) -> _Column:
    rows = [row for row in table.rows if row.cells]
    texts = [text_of(row.cells[place]) for row in rows]
    return _measured(
        text_of(table.columns[place]), texts, size, bold=any(row.strong for row in rows)
    )


def _measured(heading: str, texts: list[str], size: int, *, bold: bool) -> _Column:
    """Measure a column; its heading is bold, and may be wrapped to about half its length."""
    wider = _BOLD if bold else 1.0
    words = {word for text in texts for word in _unbroken(text)}
    longest = wider * _widest(set(texts), size)
    in_heading = _BOLD * _widest(set(heading.split()), size)
    least = max(in_heading, wider * _widest(words, size))
    half_heading = _BOLD * _width(heading, size) / 2
    return _Column(
        _PADDING + min(least, _LONGEST_WORD), _PADDING + max(least, longest, half_heading)
    )


def _unbroken(text: str) -> list[str]:
    """Pieces that are not broken; a number with its limits is kept whole."""
    return [text] if text[:1] in "0123456789−" and "(" in text else text.split()


def _widest(texts: set[str], size: int) -> float:
    return max((_width(text, size) for text in texts), default=0.0)


@cache
def _width(text: str, size: int) -> float:
    return float(get_string_width(text, font="Arial", font_size=size))
