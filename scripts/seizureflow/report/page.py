"""Renders the page: one file that asks no other host for anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from seizureflow.displays.values import Number


def render_page(templates: Mapping[str, str], style: str, context: dict[str, Any]) -> str:
    """Render the report.

    Args:
        templates: Texts of the templates by file name; ``report.html.j2`` is the page.
        style: Text of the style sheet.
        context: Variables of the page.

    Returns:
        The page. Its policy lets in this style and embedded images, and nothing else.
    """
    environment = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["number"] = lambda piece: isinstance(piece, Number)
    page = environment.get_template("report.html.j2").render(
        **context, style=style, policy=content_policy(style)
    )
    return page.replace("\r\n", "\n")


def content_policy(style: str) -> str:
    """The Content-Security-Policy of a page with one inline style and embedded images."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
