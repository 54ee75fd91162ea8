"""Renders the page: one file that asks no other host for anything."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from seizureflow.displays.pages import content_policy, page_templates


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
    environment = page_templates(templates)
    # Ids of elements that need one and have no name of their own: the same for the same page.
    environment.globals["next_id"] = count(1).__next__
    page = environment.get_template(name).render(
        **context, style=style, program=program, policy=content_policy(style, program)
    )
    return page.replace("\r\n", "\n")
