"""An output as an RTF document: landscape, titles and column headings on every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from rtflite.rtf.syntax import RTFSyntaxGenerator  # type: ignore[import-untyped]

from seizureflow.displays.tables import Row, Table
from seizureflow.outputs.alignment import aligned
from seizureflow.outputs.output import Output
from seizureflow.outputs.rtf_rows import FONT, SIZE, Line, paragraph, row_of_cells, spanning_row
from seizureflow.outputs.rtf_text import escaped
from seizureflow.outputs.widths import column_widths, text_of

_PAGE = (11.0, 8.5)  # letter, landscape, inches; what is printed fits A4 too
_MARGINS = (0.9, 0.9, 1.0, 0.9, 0.5, 0.45)  # left, right, top, bottom, header, footer
WIDTH = _PAGE[0] - _MARGINS[0] - _MARGINS[1]
_TWIPS = 1440  # per inch
_SMALL = 8  # points
_KEPT_WHOLE = 12  # rows; a table that has no more is not divided between pages

_HEADINGS = Line(bold=True, above=True, below=True, heading=True, with_next=True)


def rtf_document(output: Output) -> str:
    """Write an output as RTF, in seven-bit characters.

    Titles and warnings are the header of the pages; source, program and page number their footer.
    Notes stand below the table that they are about.
    """
    syntax = RTFSyntaxGenerator
    parts = [
        rf"{{\rtf1\ansi\ansicpg1252\deff{FONT - 1}\deflang2057",
        syntax.generate_font_table(),
        syntax.generate_page_settings(*_PAGE, _MARGINS, "landscape"),
        f"{{\\header {_header(output)}}}",
        f"{{\\footer {_footer(output)}}}",
        *_body(output),
        "}",
    ]
    return "\n".join(parts) + "\n"


def _header(output: Output) -> str:
    lines = [
        paragraph(output.study, size=_SMALL),
        *(paragraph(warning, bold=True, centred=True) for warning in output.warnings),
        paragraph(f"{output.kind} {output.number}", bold=True, centred=True, size=SIZE + 1),
        paragraph(output.title, bold=True, centred=True, size=SIZE + 1),
        paragraph(output.population, centred=True),
        paragraph("", size=4),
    ]
    return "\n".join(lines)


def _footer(output: Output) -> str:
    page = (
        rf"{{\pard\ql\tqr\tx{round(WIDTH * _TWIPS)}\fs{2 * _SMALL}{{\f{FONT - 1} "
        rf"{escaped(output.program)}\tab Page {_field('PAGE')} of {_field('NUMPAGES')}}}\par}}"
    )
    return "\n".join([paragraph(output.source, size=_SMALL), page])


def _field(name: str) -> str:
    return rf"{{\field{{\*\fldinst {name} }}{{\fldrslt 1}}}}"


def _body(output: Output) -> Iterator[str]:
    captioned = len(output.tables) > 1
    for place, table in enumerate(output.tables):
        if place:
            yield paragraph("", size=SIZE)
        yield from _table(aligned(table), captioned, _SMALL if output.listing else SIZE)
        yield from (paragraph(note, size=_SMALL) for note in table.notes)
    if output.footnotes:
        yield paragraph("", size=4)
    yield from (paragraph(note, size=_SMALL) for note in output.footnotes)


def _table(table: Table, captioned: bool, size: int) -> Iterator[str]:
    ends = list(accumulate(column_widths(table, WIDTH, size)))
    sides = ["l"] + ["l" if k < table.words else "c" for k in range(len(table.columns))]
    if captioned:
        yield spanning_row(table.caption, WIDTH, Line(bold=True, heading=True, with_next=True))
    headings = [table.stub, *map(text_of, table.columns)]
    yield row_of_cells(headings, ends, sides, replace(_HEADINGS, size=size))
    for place, row in enumerate(table.rows):
        last = place == len(table.rows) - 1
        bound = not last and (len(table.rows) <= _KEPT_WHOLE or row.strong or not row.cells)
        line = Line(row.strong, row.indent, below=last, with_next=bound, size=size)
        yield _row(row, ends, sides, line)


def _row(row: Row, ends: list[float], sides: list[str], line: Line) -> str:
    if not row.cells:
        return spanning_row(row.heading, ends[-1], line)
    return row_of_cells([row.heading, *map(text_of, row.cells)], ends, sides, line)
