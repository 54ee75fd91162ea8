"""Figures as part of the page, with their text for those who cannot see them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Figure:
    """A figure: its data as an address, its text and its caption."""

    id: str
    title: str
    source: str
    alt: str
    caption: str


def embedded(path: str | Path) -> str:
    """A file as a ``data:`` address."""
    file = Path(path)
    content = base64.b64encode(file.read_bytes()).decode("ascii")
    return f"data:{_MEDIA_TYPES[file.suffix]};base64,{content}"


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
        )
        for name, path in paths.items()
    }
