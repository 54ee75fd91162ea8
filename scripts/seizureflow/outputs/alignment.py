"""Puts the decimal points of a column one below the other, by spaces as wide as a digit."""

from __future__ import annotations

from dataclasses import replace

from seizureflow.displays.tables import Table
from seizureflow.displays.values import Cell, Number, Piece

FIGURE_SPACE = "\u2007"  # as wide as a digit
PUNCTUATION_SPACE = "\u2008"  # as wide as a full stop
Shape = tuple[str | None, ...]


def aligned(table: Table) -> Table:
    """Pad the numbers of a table, so that columns of centred cells have their points aligned.

    Cells of a column that are composed alike are aligned with each other: single numbers, and
    counts with their percentage. Others, such as means or ranges of one variable after another,
    have nothing to be aligned with. The numbers stay as they are: the spaces stand around them.
    """
    widths = [_widths([r.cells[k] for r in table.rows if r.cells]) for k in _columns(table)]
    rows = tuple(
        replace(
            row, cells=tuple(_padded(cell, w) for cell, w in zip(row.cells, widths, strict=True))
        )
        if row.cells
        else row
        for row in table.rows
    )
    return replace(table, rows=rows)


def _columns(table: Table) -> range:
    return range(len(table.columns))


def _shape(cell: Cell) -> Shape:
    return tuple(None if isinstance(piece, Number) else piece for piece in cell)


def _is_aligned(cell: Cell) -> bool:
    numbers = [piece.text for piece in cell if isinstance(piece, Number)]
    is_share = len(numbers) > 1 and numbers[1].endswith("%") and " to " not in cell
    return len(cell) == 1 or is_share


def _parts(text: str) -> tuple[int, int]:
    """Characters before the decimal point, and from it on.

    >>> _parts("−12.5%"), _parts("7")
    ((3, 3), (1, 0))
    """
    whole, point, decimals = text.partition(".")
    return len(whole), len(point + decimals)


def _widths(cells: list[Cell]) -> dict[Shape, list[tuple[int, int]]]:
    """The most characters before and after the point, for each number of each shape."""
    found: dict[Shape, list[tuple[int, int]]] = {}
    for cell in filter(_is_aligned, cells):
        sizes = [_parts(piece.text) for piece in cell if isinstance(piece, Number)]
        known = found.setdefault(_shape(cell), sizes)
        found[_shape(cell)] = [
            (max(a[0], b[0]), max(a[1], b[1])) for a, b in zip(known, sizes, strict=True)
        ]
    return found


def _padded(cell: Cell, widths: dict[Shape, list[tuple[int, int]]]) -> Cell:
    if not _is_aligned(cell):
        return cell
    sizes = iter(widths[_shape(cell)])
    pieces: list[Piece] = []
    for piece in cell:
        if isinstance(piece, Number):
            (before, after), (own_before, own_after) = next(sizes), _parts(piece.text)
            pieces += [*_space(before - own_before), piece]
            if len(cell) == 1:
                pieces += _after(after, own_after)
        else:
            pieces.append(piece)
    return tuple(pieces)


def _space(count: int) -> list[Piece]:
    return [FIGURE_SPACE * count] if count else []


def _after(wanted: int, own: int) -> list[Piece]:
    """Spaces for decimals that a number lacks, and for the point where it has none."""
    if wanted == own:
        return []
    point = PUNCTUATION_SPACE if own == 0 else ""
    return [point + FIGURE_SPACE * (wanted - own - len(point))]
