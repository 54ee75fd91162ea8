"""Figures as part of the page, with their text for those who cannot see them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from seizureflow.damaged_files import read_to_end
from seizureflow.figures.catalogue import FIGURES, Section

_VIEW_BOX = re.compile(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Figure:
    """A figure: its data as an address, its text, its caption, and its width and height."""

    id: str
    title: str
    source: str
    alt: str
    caption: str
    size: tuple[int, int] | None = None


def embedded(path: str | Path) -> str:
    """A file as a ``data:`` address.

    Raises:
        InputError: The file is cut short.
    """
    file = Path(path)
    content = base64.b64encode(read_to_end(file)).decode("ascii")
    return f"data:{_MEDIA_TYPES[file.suffix]};base64,{content}"


def shape_of(path: str | Path) -> tuple[int, int] | None:
    """Width and height of a picture, so that a page keeps its place before it is drawn.

    Returns:
        Pixels of a PNG, units of the view box of an SVG; None where the file does not say.
    """
    head = Path(path).read_bytes()[:2000]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    box = _VIEW_BOX.search(head)
    return (round(float(box[1])), round(float(box[2]))) if box else None


def figures(paths: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> dict[str, Figure]:
    """Embed the figures of the study.

    Args:
        paths: Files by name, in the order of the report.
        words: Title, alternative text (``alt``) and caption of each, as drawn with it.
    """
    return {
        name: Figure(
            name.replace("_", "-"),
            words[name]["title"],
            embedded(path),
            words[name]["alt"],
            words[name]["caption"],
            shape_of(path),
        )
        for name, path in paths.items()
    }


def figures_by_section(shown: Mapping[str, Figure]) -> dict[str, list[Figure]]:
    """Figures by the section of the report that the catalogue gives them, in its order.

    Args:
        shown: Figures by name; every name is in the catalogue.
    """
    return {
        section: [
            shown[name]
            for name, needs in FIGURES.items()
            if needs.section == section and name in shown
        ]
        for section in get_args(Section)
    }
