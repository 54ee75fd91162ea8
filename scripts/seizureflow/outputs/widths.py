"""How wide each column of a printed table is, from the text that it holds."""

from __future__ import annotations

from seizureflow.displays.tables import Table
from seizureflow.displays.values import Cell, Number

_CHARACTER = 0.068  # inches of an average character of Arial, 9 points
_PADDING = 0.16  # inches within a cell, both sides together
_LONGEST_WORD = 24  # characters; a longer one is broken
_INDENT = 3  # characters


def text_of(cell: Cell) -> str:
    """A cell as text."""
    return "".join(piece.text if isinstance(piece, Number) else piece for piece in cell)


def column_widths(table: Table, total: float) -> list[float]:
    """Divide the width of a page.

    No column is narrower than its longest word, as far as the page allows; what remains is
    divided by how long the columns' texts are. A column that would do with less gets no more.

    Args:
        table: The table.
        total: Width of the page, inches.

    Returns:
        Widths of the columns, inches, that of the row headings first.
    """
    texts = [_stub_texts(table), *(_column_texts(table, k) for k in range(len(table.columns)))]
    least = [_PADDING + _CHARACTER * _longest_word(column) for column in texts]
    wanted = [_PADDING + _CHARACTER * _longest(column) for column in texts]
    if sum(wanted) <= total:
        return _stretched(wanted, total)
    if sum(least) >= total:
        return [total * width / sum(least) for width in least]
    room = total - sum(least)
    missing = [want - low for want, low in zip(wanted, least, strict=True)]
    return [low + room * lack / sum(missing) for low, lack in zip(least, missing, strict=True)]


def _stretched(wanted: list[float], total: float) -> list[float]:
    """Widths for the whole page: what is too much goes to all columns alike."""
    extra = (total - sum(wanted)) / len(wanted)
    return [width + extra for width in wanted]


def _stub_texts(table: Table) -> list[str]:
    return [
        table.stub,
        *(" " * _INDENT * row.indent + row.heading for row in table.rows if row.cells),
    ]


def _column_texts(table: Table, place: int) -> list[str]:
    """The cells of a column; its heading may be wrapped, so that its halves count."""
    heading = text_of(table.columns[place])
    cells = (text_of(row.cells[place]) for row in table.rows if row.cells)
    return [heading[: (len(heading) + 1) // 2 + 4], *cells, *heading.split()]


def _longest(texts: list[str]) -> int:
    return max(map(len, texts), default=1)


def _longest_word(texts: list[str]) -> int:
    """The longest piece that cannot be broken; numbers with their limits are kept whole."""
    words = [word for text in texts for word in _unbroken(text)]
    return min(_LONGEST_WORD, max(map(len, words), default=1))


def _unbroken(text: str) -> list[str]:
    return [text] if text[:1].isdigit() and "(" in text else text.split()
