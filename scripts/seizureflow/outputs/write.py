"""Writes all outputs of a study into a folder, each as RTF, HTML and CSV, with an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from seizureflow.outputs.html import Pages
from seizureflow.outputs.long_form import csv_text
from seizureflow.outputs.output import Output
from seizureflow.outputs.rtf import rtf_document


def write_outputs(
    outputs: Sequence[Output], folder: Path, templates: Mapping[str, str], style: str
) -> None:
    """Write the files; the same outputs give the same bytes.

    Args:
        outputs: The outputs, at least one.
        folder: Where they go; made if it is not there.
        templates: Texts of the templates of pages by file name.
        style: Text of their style sheet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = Pages(templates, style)
    for output in outputs:
        texts = {
            "rtf": rtf_document(output),
            "html": pages.page(output),
            "csv": csv_text(output),
        }
        for suffix, text in texts.items():
            _write(folder / f"{output.file_name}.{suffix}", text)
    _write(folder / "index.html", pages.index(outputs))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
