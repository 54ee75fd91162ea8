"""Renders a specification as a page: one file that asks no other host for anything."""

from __future__ import annotations

from seizureflow.displays.pages import content_policy, page_templates
from seizureflow.specification.model import Specification

_TEMPLATE = "define.html.j2"


def render_specification(specification: Specification, template: str, style: str) -> str:
    """Render a specification.

    Args:
        specification: The specification.
        template: Text of ``define.html.j2``.
        style: Text of the style sheet.

    Returns:
        The page. Its policy lets in this style and nothing else.
    """
    environment = page_templates({_TEMPLATE: template})
    page = environment.get_template(_TEMPLATE).render(
        specification=specification, style=style, policy=content_policy(style)
    )
    return page.replace("\r\n", "\n")
