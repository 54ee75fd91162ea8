"""Renders the page: one file that asks no other host for anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from itertools import count
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined


def render_page(
    templates: Mapping[str, str],
    style: str,
    context: dict[str, Any],
    program: str = "",
    name: str = "report.html.j2",
) -> str:
    """Render the report, or another page with the same style and program.

    Args:
        templates: Texts of the templates by file name.
        style: Text of the style sheet.
        context: Variables of the page.
        program: Text of the script that the page holds.
        name: File name of the template that is the page.

    Returns:
        The page. Its policy lets in this style, this script and embedded images, and nothing else.

    Raises:
        ValueError: The style or the script would end its own element.
    """
    if "</" in style or "</script" in program.lower() or "<!--" in program:
        raise ValueError("The style or the script of a page holds what would end it too early.")
    environment = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # Ids of elements that need one and have no name of their own: the same for the same page.
    environment.globals["next_id"] = count(1).__next__
    page = environment.get_template(name).render(
        **context, style=style, program=program, policy=content_policy(style, program)
    )
    return page.replace("\r\n", "\n")


def content_policy(style: str, program: str = "") -> str:
    """The Content-Security-Policy of a page with one inline style and embedded images.

    Args:
        style: Text of the style.
        program: Text of the one inline script; empty where the page has none.
    """
    scripts = f"script-src '{_digest(program)}'; " if program else ""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"sha256-{digest}"
