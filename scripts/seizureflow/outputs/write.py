"""Writes all outputs of a study into a folder, each as RTF, HTML and CSV, with an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from seizureflow.outputs.html import Pages
from seizureflow.outputs.long_form import csv_text
from seizureflow.outputs.output import Output
from seizureflow.outputs.rtf import rtf_document
from seizureflow.whole_files import whole_folder, write_whole


def write_outputs(
    outputs: Sequence[Output], folder: Path, templates: Mapping[str, str], style: str
) -> None:
    """Write the files; the same outputs give the same bytes.

    Args:
        outputs: The outputs, at least one.
        folder: Where they go; it appears whole or not at all, and replaces one that is there.
        templates: Texts of the templates of pages by file name.
        style: Text of their style sheet.
    """
    pages = Pages(templates, style)
    with whole_folder(folder) as partial:
        for output in outputs:
            texts = {
                "rtf": rtf_document(output),
                "html": pages.page(output),
                "csv": csv_text(output),
            }
            for suffix, text in texts.items():
                write_whole(partial / f"{output.file_name}.{suffix}", text)
        write_whole(partial / "index.html", pages.index(outputs))
