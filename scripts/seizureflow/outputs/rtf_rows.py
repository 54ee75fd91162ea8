"""Rows of RTF tables: headings that repeat on each page, rows that span, rows of cells.

The syntax of rows, cells and text is written by rtflite; all text given to it is escaped already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rtflite.row import (  # type: ignore[import-untyped]
    Border,
    Cell,
    Row,
    TextContent,
)

from seizureflow.outputs.rtf_text import escaped

FONT = 4  # Arial, in rtflite's table of fonts
SIZE = 9  # points
_INDENT = 200  # twips
_REPEATED = r"\trhdr"  # a heading row, which readers repeat on each page
_WHOLE = r"\trkeep"  # a row that is not divided between pages


@dataclass(frozen=True)
class Line:
    """How a row is drawn.

    Attributes:
        bold: Whether its text is bold.
        indent: Whether its first cell is indented.
        above: Whether a rule stands above it.
        below: Whether a rule stands below it.
        heading: Whether it is repeated on each page.
        with_next: Whether it stays on the page of the next row.
        size: Size of its text, points.
    """

    bold: bool = False
    indent: bool = False
    above: bool = False
    below: bool = False
    heading: bool = False
    with_next: bool = False
    size: int = SIZE


def row_of_cells(
    texts: Sequence[str], ends: Sequence[float], justified: Sequence[str], line: Line
) -> str:
    """Write a row.

    Args:
        texts: Texts of the cells, as they are to be read.
        ends: Where each cell ends, inches from the left.
        justified: ``l`` or ``c`` for each cell.
        line: How it is drawn.
    """
    cells = [
        _cell(text, end, side, line, indent=line.indent and place == 0)
        for place, (text, end, side) in enumerate(zip(texts, ends, justified, strict=True))
    ]
    first, *others = Row(row_cells=cells, justification="l", height=0.1)._as_rtf()
    marks = (_REPEATED if line.heading else "") + _WHOLE
    written = "\n".join([first.replace(r"\trowd", rf"\trowd{marks}", 1), *others])
    return written.replace(r"\pard\hyph", r"\pard\keepn\hyph") if line.with_next else written


def spanning_row(text: str, end: float, line: Line) -> str:
    """Write a row of one cell over the whole width."""
    return row_of_cells([text], [end], ["l"], line)


def _cell(text: str, end: float, side: str, line: Line, *, indent: bool) -> Cell:
    none = Border(style="")
    return Cell(
        text=TextContent(
            text=escaped(text),
            font=FONT,
            size=line.size,
            format="b" if line.bold else None,
            justification=side,
            indent_left=_INDENT if indent else 0,
            convert=False,
            hyphenation=False,
        ),
        width=end,
        vertical_justification="bottom" if line.heading else "top",
        border_left=none,
        border_right=none,
        border_top=Border(style="single") if line.above else none,
        border_bottom=Border(style="single") if line.below else none,
    )


def paragraph(text: str, *, bold: bool = False, centred: bool = False, size: int = SIZE) -> str:
    """Write a paragraph of its own."""
    content = TextContent(
        text=escaped(text),
        font=FONT,
        size=size,
        format="b" if bold else None,
        justification="c" if centred else "l",
        convert=False,
        hyphenation=False,
    )
    return str(content._as_rtf("paragraph"))
