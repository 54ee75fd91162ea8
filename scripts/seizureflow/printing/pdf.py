"""Makes a PDF of a page, with no browser: the same page gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from seizureflow.printing.html_tree import parse_page
from seizureflow.printing.typst_source import typst_source


@dataclass(frozen=True)
class Printed:
    """A printed page.

    Attributes:
        content: The PDF.
        problem: What keeps it from being readable by everyone; empty where nothing does.
    """

    content: bytes
    problem: str = ""


def print_page(page: str, preamble: str, header: str, stamp: str = "") -> Printed:
    """Print a page.

    Args:
        page: HTML of the page.
        preamble: Text of ``report/print.typ``.
        header: What stands at the head of every sheet.
        stamp: What a reader must see on every sheet; empty where there is nothing.

    Returns:
        A tagged PDF with bookmarks, undated, its fonts embedded. It keeps to PDF/UA-1, unless that
        cannot be: a letter is in none of the fonts, say.
    """
    source = typst_source(parse_page(page), preamble)
    with TemporaryDirectory() as folder:
        files = {"main.typ": source.text.encode(), **source.images}
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        words = {"header": header, "stamp": stamp}
        try:
            return Printed(_compiled(Path(folder), words, ["ua-1"]))
        except typst.TypstError as error:
            if not str(error).startswith("PDF/UA-1 error"):
                raise
            return Printed(_compiled(Path(folder), words, []), str(error))


def _compiled(folder: Path, words: dict[str, str], standards: list[typst.PDFStandard]) -> bytes:
    return typst.compile(
        folder / "main.typ",
        root=folder,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=standards,
        sys_inputs=words,
    )
